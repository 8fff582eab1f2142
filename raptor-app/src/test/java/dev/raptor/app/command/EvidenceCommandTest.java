package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.app.Run;
import dev.raptor.core.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceCommandTest {
  @TempDir private Path folder;

  @Test
  void withoutItsMemoryThePolicyFallsFromTheSky() throws IOException {
    Path json = folder.resolve("memory.json");
    Run run =
        Run.of(
                "evidence",
                "memory",
                "--policy",
                "pretrained",
                "--quads",
                20,
                "--episodes",
                5,
                "--json",
                json)
            .succeeds();

    assertThat(run.out()).contains("memory cleared - pretrained");
    Map<?, ?> difference = (Map<?, ?>) ((List<?>) read(json).get("differences")).get(0);
    assertThat((double) ((Map<?, ?>) difference.get("return_mean")).get("mean")).isLessThan(-200);
  }

  @Test
  void theMemoryTellsTheThrustToWeightRatio() throws IOException {
    Path json = folder.resolve("probe.json");
    Run.of("evidence", "probe", "--quads", 200, "--episodes", 5, "--json", json).succeeds();

    List<?> readings = (List<?>) read(json).get("readings");
    assertThat(readings).hasSize(7);
    assertThat(r2(readings.get(0))).isLessThan(r2(readings.get(4)));
    assertThat(r2(readings.get(4))).isBetween(0.7, 1.0);
  }

  @Test
  void refusesWhatIsNotAllowed() {
    Run.of("evidence").isRefused("a command is needed, allowed: memory, probe, scaling, width");
    Run.of("evidence", "probe", "--quads", 1).isRefused("--quads is 1, allowed: 2 or more");
    Run.of("evidence", "width", "--run", folder, "--hidden", "4,0")
        .isRefused("--hidden is 0, allowed: 1 or more");
    Run.of("evidence", "width", "--run", folder, "--seed", 0)
        .isRefused("--seed is 0, which draws the vehicles of --train-seed, allowed: another");
    Run.of("evidence", "scaling", "--run", folder, "--method", "NONE")
        .isRefused("--method is NONE, allowed: PPO, GRADIENT");
  }

  private static double r2(Object reading) {
    return (double) ((Map<?, ?>) reading).get("r2");
  }

  private static Map<?, ?> read(Path json) throws IOException {
    return (Map<?, ?>) Json.parse(Files.readString(json));
  }
}
