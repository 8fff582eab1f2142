package dev.raptor.examples;

import dev.raptor.sim.Quadrotor;
import dev.raptor.sim.Quadrotors;
import java.util.ArrayList;
import java.util.List;

/** Platforms as the command line names them. */
final class PlatformNames {
  private PlatformNames() {}

  /**
   * The platforms of those names, or of the name 'all'.
   *
   * @throws IllegalArgumentException if there is none of a name; the message lists those there are
   */
  static List<Quadrotor> resolve(List<String> names) {
    List<Quadrotor> platforms = new ArrayList<>();
    for (String name : names) {
      if (name.equals("all")) {
        platforms.addAll(Quadrotors.all());
      } else if (Quadrotors.names().contains(name)) {
        platforms.add(Quadrotors.named(name));
      } else {
        throw new IllegalArgumentException(
            "unknown platform '%s', allowed: all, %s"
                .formatted(name, String.join(", ", Quadrotors.names())));
      }
    }
    return platforms;
  }
}
