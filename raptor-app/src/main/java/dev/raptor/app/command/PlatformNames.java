package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Platforms as the command line names them. */
final class PlatformNames {
  private PlatformNames() {}

  /**
   * The vehicles in those files, and behind them the platforms of those names, or of the name
   * 'all'.
   *
   * @throws InvalidInputException if there is no platform of a name; the message lists those there
   *     are
   */
  static List<Quadrotor> resolve(List<Path> files, List<String> names) throws IOException {
    List<Quadrotor> platforms = new ArrayList<>();
    for (Path file : files) {
      platforms.add(QuadrotorFile.read(FileArgument.input(file)));
    }
    for (String name : names) {
      Optional<Quadrotor> platform = find(name);
      if (name.equalsIgnoreCase("all")) {
        platforms.addAll(Quadrotors.all());
      } else if (platform.isPresent()) {
        platforms.add(platform.get());
      } else {
        throw new InvalidInputException(
            "unknown platform '%s', allowed: all, %s"
                .formatted(name, String.join(", ", Quadrotors.names())));
      }
    }
    return platforms;
  }

  /** The platform of that name, however it is capitalised. */
  static Optional<Quadrotor> find(String name) {
    return Quadrotors.all().stream().filter(q -> q.name().equalsIgnoreCase(name)).findFirst();
  }
}
