package dev.raptor.app.command;

import dev.raptor.app.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private Path folder;

  @Test
  void refusesWhatIsNotAllowed() throws IOException {
    Path ranges = Files.writeString(folder.resolve("ranges.json"), "{\"mass_kg\": [0.4, 0.2]}");
    Path vehicle = Files.writeString(folder.resolve("mine.json"), "{}");
    Run.of("train", "--hidden", 0).isRefused("--hidden is 0, allowed: 1 or more");
    Run.of("train", "--quads", 0).isRefused("--quads is 0, allowed: 1 or more");
    Run.of("train", "--quads", 2, "--vehicles", vehicle)
        .isRefused("--quads draws quadrotors, allowed only without --vehicles");
    Run.of("train", "--distribution", ranges)
        .isRefused(ranges + ": mass_kg is [0.4,0.2], allowed: [MIN, MAX]");
    Run.of("train", "--vehicles", vehicle).isRefused(vehicle + ": key 'mass_kg' is missing");
    Run.of("train", "--vehicles", vehicle, "--distribution", ranges)
        .isRefused("--vehicles and --distribution, allowed: one of the two");
  }
}
