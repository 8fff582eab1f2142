package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.app.Run;
import dev.raptor.core.io.Json;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribeCommandTest {
  @TempDir private Path folder;

  @Test
  void saysWhatFollowsFromTheParameters() throws IOException {
    Path quad = folder.resolve("mine.json");
    Path json = folder.resolve("figures.json");
    QuadrotorFile.write(quad, Quadrotors.named("mrs"));
    Run run = Run.of("describe", quad, "--json", json).succeeds();
    assertThat(run.out()).startsWith("mine").contains("thrust_to_weight", "2.692", "34 %");
    Map<?, ?> figures = (Map<?, ?>) Json.parse(Files.readString(json));
    assertThat(figures.get("vehicle")).isEqualTo("mine");
    assertThat(figures.get("thrust_to_weight")).isEqualTo(Quadrotors.named("mrs").thrustToWeight());
    assertThat(figures.get("hover_throttle")).isEqualTo(Quadrotors.named("mrs").hoverThrottle());
    Map<?, ?> trained = (Map<?, ?>) ((Map<?, ?>) figures.get("trained")).get("thrust_to_weight");
    assertThat(trained.get("min")).isEqualTo(1.5);
    assertThat(trained.get("inside")).isEqualTo(true);
  }

  @Test
  void warnsOfWhatNoPolicyHasSeenAndOfNothingElse() throws IOException {
    Path quad = folder.resolve("sampled.json");
    QuadrotorFile.write(quad, QuadrotorDistribution.sample(0, 1).get(0).quadrotor());
    assertThat(Run.of("describe", quad).succeeds().out())
        .contains("inside what policies are trained on")
        .doesNotContain("warning", "outside");
    assertThat(Run.of("describe", "Flightmare").succeeds().out())
        .contains("warning: thrust_to_weight is 12.12, trained on 1.500 to 5.000")
        .contains("outside");
    assertThat(Run.of("describe", "x500_real").succeeds().out())
        .contains("warning: inertia_kg_m2 has a part above the sum of the other two");
  }

  @Test
  void aVehicleThatCannotFlyIsDescribedToo() throws IOException {
    Path quad = folder.resolve("brick.json");
    Path json = folder.resolve("brick.out.json");
    Files.writeString(
        quad,
        """
        {"mass_kg": 5, "inertia_kg_m2": [0.01, 0.01, 0.02],
         "rotor_positions_m": [[0.1, -0.1, 0], [-0.1, -0.1, 0], [-0.1, 0.1, 0], [0.1, 0.1, 0]],
         "thrust_coefficients_n": [0, 2, -1], "torque_constant_m": 0.01,
         "time_constant_rising_s": 0.05, "time_constant_falling_s": 0.05}
        """);
    assertThat(Run.of("describe", quad, "--json", json).succeeds().out())
        .contains("cannot carry itself", "none");
    Map<?, ?> figures = (Map<?, ?>) Json.parse(Files.readString(json));
    assertThat(figures.get("hover_throttle")).isNull();
    assertThat((List<?>) figures.get("warnings")).isNotEmpty();
  }

  @Test
  void theVehicleOfTheManualCanBeRead() throws IOException {
    String manual = Files.readString(Path.of("..", "docs", "own-drone.md"));
    int start = manual.indexOf("```json") + "```json".length();
    Path quad = folder.resolve("manual.json");
    Files.writeString(quad, manual.substring(start, manual.indexOf("```", start)));
    assertThat(Run.of("describe", quad).succeeds().out())
        .contains("inside what policies are trained on");
  }

  @Test
  void refusesBadInput() throws IOException {
    Path bad = folder.resolve("bad.json");
    Files.writeString(bad, "{\"mass_kg\": -1}");
    Run.of("describe", folder.resolve("none.json")).isRefused("none.json", "no such file");
    Run.of("describe", bad).isRefused("bad.json", "is missing");
    Run.of("describe").isRefused("a vehicle is needed, allowed: a readable file, ", "crazyflie, ");
    Run.of("describe", "boeing").isRefused("boeing: no such file or platform", "crazyflie, ");
    Run.of("describe", "crazyflie", "--json", folder).isRefused("a folder");
  }
}
