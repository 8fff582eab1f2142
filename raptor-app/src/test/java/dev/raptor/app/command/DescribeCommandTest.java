package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.app.Run;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.io.Json;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
        .contains("of 20 flights hold")
        .doesNotContain("outside", "fly it in simulation first");
    assertThat(Run.of("describe", "Flightmare").succeeds().out())
        .contains("warning: thrust_to_weight is 12.12, trained on 1.500 to 5.000")
        .contains("outside");
    assertThat(Run.of("describe", "x500_real").succeeds().out())
        .contains("warning: inertia_kg_m2 has a part above the sum of the other two");
  }

  /** With the clip that the default loop once had, which let all platforms run away. */
  @Test
  void warnsOfAnErrorClipThatLetsTheVehicleRunAway() throws IOException {
    RecurrentPolicy policy = RecurrentPolicy.pretrained();
    Path file = folder.resolve("blind.safetensors");
    Map<String, Object> blind =
        Map.of(ErrorClip.KEY, Map.of("position_m", 0.5, "velocity_m_s", 1.0));
    PolicyFile.write(new RecurrentPolicy(policy.network(), policy.parameters(), blind), file);
    String warning = "faster than the policy's error clip";
    assertThat(Run.of("describe", "mrs", "--policy", file).succeeds().out()).contains(warning);
    assertThat(Run.of("describe", "mrs").succeeds().out()).doesNotContain(warning);
  }

  /** A vehicle of the training's kind with its rotors moved. */
  private Path moved(double forward, double left, double... arms) throws IOException {
    StringBuilder rotors = new StringBuilder();
    int[][] places = {{1, -1}, {-1, -1}, {-1, 1}, {1, 1}};
    for (int i = 0; i < 4; i++) {
      double arm = 0.12 * (arms.length == 0 ? 1 : arms[i]);
      rotors
          .append(i == 0 ? "" : ", ")
          .append("[%s, %s, 0]".formatted(arm * places[i][0] + forward, arm * places[i][1] + left));
    }
    Path quad = folder.resolve("moved.json");
    Files.writeString(
        quad,
        """
        {"mass_kg": 1.7, "inertia_kg_m2": [0.0123, 0.0126, 0.0227], "rotor_positions_m": [%s],
         "thrust_coefficients_n": [0.36, 1.47, 9.4], "torque_constant_m": 0.016,
         "time_constant_rising_s": 0.04, "time_constant_falling_s": 0.04}
        """
            .formatted(rotors));
    return quad;
  }

  @Test
  void aVehicleWithItsRotorsShiftedIsNotInside() throws IOException {
    assertThat(Run.of("describe", moved(0, 0)).succeeds().out())
        .contains("inside what policies are trained on", "20 of 20 flights hold, ", " 0 swing")
        .containsPattern("back right +4\\.169 +0\\.56");
    Path json = folder.resolve("moved.out.json");
    Run half = Run.of("describe", moved(0.085, 0), "--json", json).succeeds();
    assertThat(half.out())
        .contains("warning: balance is 0.5009, trained on 0.000 to 0.01000")
        .containsPattern("torque to trim, N m +0\\.000 -1\\.41")
        .doesNotContain("inside what");
    Map<?, ?> figures = (Map<?, ?>) Json.parse(Files.readString(json));
    List<?> throttles = (List<?>) figures.get("hover_throttles");
    assertThat((Double) throttles.get(1)).isGreaterThan((Double) throttles.get(0) + 0.3);
    assertThat(Run.of("describe", moved(0, -0.02)).succeeds().out()).contains("warning: balance");
  }

  @Test
  void armsOfUnequalLengthAreToldFromAnOffsetOfAllOfThem() throws IOException {
    String out = Run.of("describe", moved(0, 0, 1.2, 1, 1.2, 1)).succeeds().out();
    assertThat(out).contains("warning: arm_asymmetry is 0.1818").doesNotContain("warning: balance");
  }

  @Test
  void rollIsOfTheRotorsSidewaysAndPitchOfThoseAhead() throws IOException {
    String out = Run.of("describe", "soft").succeeds().out();
    Quadrotor soft = Quadrotors.named("soft");
    double full = Math.sqrt(2) * soft.thrustCurve().thrustN(1);
    assertThat(out)
        .containsPattern(figure("roll", full * 0.169 / soft.inertiaKgM2().x()))
        .containsPattern(figure("pitch", full * 0.142 / soft.inertiaKgM2().y()));
  }

  private static String figure(String axis, double value) {
    return String.format(Locale.ROOT, "%s_torque_to_inertia_per_s2 +%.4g ", axis, value);
  }

  @Test
  void rotorsThatTurnAnotherWayAreRefused() throws IOException {
    String quad = Files.readString(moved(0, 0));
    Path turned = folder.resolve("turned.json");
    Files.writeString(turned, quad.replace("{", "{\"yaw_directions\": [-1, 1, -1, 1], "));
    Run.of("describe", turned).succeeds();
    Files.writeString(turned, quad.replace("{", "{\"yaw_directions\": [1, -1, 1, -1], "));
    Run.of("describe", turned)
        .isRefused("turned.json: yaw_directions is [1", "the other way: swap the propellers");
    Files.writeString(turned, quad.replace("{", "{\"yaw_directions\": [-1, -1, 1, 1], "));
    Run.of("describe", turned).isRefused("beside each other turn the body the same way");
    Files.writeString(turned, quad.replace("{", "{\"yaw_directions\": [-1, 0, -1, 1], "));
    Run.of("describe", turned).isRefused("yaw_directions[1] is 0.0, allowed: -1 or 1");
  }

  @Test
  void aVehicleThatSwingsIsNotInside() throws IOException {
    Path fast = folder.resolve("fast.json");
    Files.writeString(fast, Files.readString(moved(0, 0)).replace("_s\": 0.04", "_s\": 0.004"));
    assertThat(Run.of("describe", fast).succeeds().out())
        .contains("warning: time_constant_rising_s is 0.004000")
        .doesNotContain("inside what");
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
