package dev.raptor.sim.vehicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlatformFilesTest {
  private static final Path FOLDER = Path.of("src/main/resources/dev/raptor/sim/vehicle/platforms");

  /** A file that is not listed would be a platform that nobody can fly. */
  @Test
  void everyFileIsAPlatform() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".json"))
              .map(name -> name.replace(".json", ""))
              .toList();
      assertThat(names).containsExactlyInAnyOrderElementsOf(Quadrotors.names());
    }
    for (String name : Quadrotors.names()) {
      Quadrotor read = QuadrotorFile.read(FOLDER.resolve(name + ".json"));
      assertThat(read).isEqualTo(Quadrotors.named(name));
    }
  }
}
