package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raptor.app.Run;
import dev.raptor.app.TestPolicies;
import dev.raptor.core.io.Json;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  private static final Path RELEASED =
      Path.of("../../shared/reference/released-policy/checkpoint.h5");

  @TempDir private Path folder;

  @Test
  void writesTheFiguresUnderTheirNames() throws IOException {
    Map<?, ?> figures = evaluate(TestPolicies.saveRandom(folder), "--quads", 3, "--episodes", 2);

    assertThat(figures.keySet().toArray())
        .containsExactly(
            "return_mean",
            "return_std_over_quads",
            "length_mean",
            "terminated_share",
            "steady_state_error_m",
            "settling_time_s",
            "quads",
            "episodes",
            "seed",
            "rate_rms_rad_s",
            "oscillation",
            "action_change",
            "saturated_share",
            "heading_error_deg");
    assertThat(figures.get("quads")).isEqualTo(3.0);
    assertThat(figures.get("episodes")).isEqualTo(2.0);
  }

  @Test
  void oneSeedGivesOneResult() throws IOException {
    Path policy = TestPolicies.saveRandom(folder);
    Object[] options = {"--quads", 3, "--episodes", 2, "--seed", 5};

    assertThat((Object) evaluate(policy, options)).isEqualTo(evaluate(policy, options));
    assertThat((Object) evaluate(policy, "--quads", 3, "--episodes", 2, "--seed", 6))
        .isNotEqualTo(evaluate(policy, options));
  }

  /** The simulator is the reference's: the released policy gets the reference's own figures. */
  @Test
  void theReleasedPolicyFliesAsItDidForItsAuthors() throws IOException {
    assumeThat(RELEASED).as("the released policy, which is not part of this project").exists();
    Path policy = folder.resolve("released.safetensors");
    Run.of("import", RELEASED, "--out", policy).succeeds();
    Object[] training = {"--quads", 1000, "--quad-seed", 0, "--seed", 1, "--reference", "mix"};

    Map<?, ?> absolute = evaluate(policy, append(training, "--observation", "absolute"));
    Map<?, ?> relative = evaluate(policy, append(training, "--observation", "relative"));

    assertThat((double) absolute.get("return_mean")).isCloseTo(618.5, Offset.offset(4.0));
    assertThat((double) absolute.get("length_mean")).isCloseTo(483, Offset.offset(1.5));
    assertThat((double) absolute.get("terminated_share")).isCloseTo(0.042, Offset.offset(0.004));
    assertThat((double) relative.get("return_mean")).isCloseTo(636.7, Offset.offset(4.0));
  }

  @Test
  void theReleasedPolicyFliesTheFigureEightAsItDidElsewhere() throws IOException {
    assumeThat(RELEASED).as("the released policy, which is not part of this project").exists();
    Path policy = folder.resolve("released.safetensors");
    Run.of("import", RELEASED, "--out", policy).succeeds();

    Map<?, ?> figures =
        evaluate(
            policy, "--platform", "crazyflie,mrs", "--reference", "figure-eight", "--episodes", 3);

    List<?> platforms = (List<?>) figures.get("platforms");
    assertThat(rmse(platforms.get(0))).isCloseTo(0.205, Offset.offset(0.003));
    assertThat(rmse(platforms.get(1))).isCloseTo(0.170, Offset.offset(0.003));
  }

  private static double rmse(Object platform) {
    Map<?, ?> policy = (Map<?, ?>) ((List<?>) ((Map<?, ?>) platform).get("policies")).get(0);
    return (double) policy.get("rmse_position_m");
  }

  /** They are told the vehicle, so that they hold where an untrained policy falls. */
  @Test
  void theTextbooksControllersFlyBesideThePolicies() throws IOException {
    Path policy = TestPolicies.saveRandom(folder);

    Map<?, ?> figures =
        evaluate(policy, "--platform", "mrs", "--episodes", 2, "--controller", "pid,geometric");

    Map<?, ?> platform = (Map<?, ?>) ((List<?>) figures.get("platforms")).get(0);
    List<Map<?, ?>> flown = new ArrayList<>();
    ((List<?>) platform.get("policies")).forEach(entry -> flown.add((Map<?, ?>) entry));
    assertThat(flown).hasSize(3);
    assertThat(flown.get(0).get("terminated_share")).isEqualTo(1.0);
    for (Map<?, ?> controller : flown.subList(1, 3)) {
      assertThat(controller.get("terminated_share")).isEqualTo(0.0);
      assertThat((double) controller.get("steady_state_error_m")).isLessThan(0.05);
    }
  }

  /** Each on the same flights: a policy against itself differs by nothing, in every figure. */
  @Test
  void policiesFlyTheSameFlights() throws IOException {
    Path policy = TestPolicies.saveRandom(folder);
    Path json = folder.resolve("e.json");
    Run run =
        Run.of(
                "evaluate",
                "--policy",
                "pretrained",
                "--policy",
                "pretrained",
                "--policy",
                policy,
                "--quads",
                3,
                "--episodes",
                2,
                "--wind",
                5,
                "--poke",
                1,
                "--json",
                json)
            .succeeds();

    Map<?, ?> figures = (Map<?, ?>) Json.parse(Files.readString(json));
    assertThat((List<?>) figures.get("policies")).hasSize(3);
    List<?> differences = (List<?>) figures.get("differences");
    assertThat(differences).hasSize(2);
    Map<?, ?> same = (Map<?, ?>) differences.get(0);
    assertThat(same.get("return_mean")).isEqualTo(Map.of("mean", 0.0, "standard_error", 0.0));
    Map<?, ?> other = (Map<?, ?>) differences.get(1);
    assertThat(other.get("policy")).isEqualTo("random");
    assertThat(other.get("minus")).isEqualTo("pretrained");
    assertThat((double) ((Map<?, ?>) other.get("length_mean")).get("mean")).isNegative();
    assertThat(run.out()).contains("wind 5.0 m/s, poke 1.0 m/s", "random - pretrained", " ± ");
  }

  @Test
  void tellsPlatformsApart() throws IOException {
    Path policy = TestPolicies.saveRandom(folder);
    Path json = folder.resolve("e.json");
    Run run =
        Run.of(
                "evaluate",
                "--policy",
                "pretrained," + policy,
                "--platform",
                "mrs,soft",
                "--episodes",
                2,
                "--json",
                json)
            .succeeds();

    List<?> platforms = (List<?>) ((Map<?, ?>) Json.parse(Files.readString(json))).get("platforms");
    assertThat(platforms.stream().map(p -> (String) ((Map<?, ?>) p).get("platform")))
        .containsExactly("mrs", "soft");
    assertThat(run.out().lines().map(line -> line.split(" ")[0]))
        .containsExactly(
            "2", "platform", "mrs", "mrs", "mrs", "soft", "soft", "soft", "all", "all", "all");
  }

  @Test
  void aVehicleOfOnesOwnFliesAsThePlatformWithItsNumbers() throws IOException {
    Path quad = folder.resolve("mrs.json");
    QuadrotorFile.write(quad, Quadrotors.named("mrs"));

    Map<?, ?> mine = onlyPlatform("--quad", quad);
    Map<?, ?> platform = onlyPlatform("--platform", "mrs");

    assertThat(mine.get("platform")).isEqualTo("mrs");
    assertThat((Object) mine.get("policies")).isEqualTo(platform.get("policies"));
  }

  private Map<?, ?> onlyPlatform(Object... options) throws IOException {
    Map<?, ?> figures = evaluate(Path.of("pretrained"), append(options, "--episodes", 2));
    List<?> platforms = (List<?>) figures.get("platforms");
    assertThat(platforms).hasSize(1);
    return (Map<?, ?>) platforms.get(0);
  }

  @Test
  void refusesWhatIsNotAllowed() {
    Run.of("evaluate", "--reference", "spiral")
        .isRefused("--reference is 'spiral', allowed: hover, langevin, mix, figure-eight");
    for (String option : new String[] {"--quads", "--quad-seed"}) {
      Run.of("evaluate", "--platform", "crazyflie", option, "3")
          .isRefused(option + " draws quadrotors, allowed only without --platform and --quad");
    }
    Run.of("evaluate", "--platform", "kite").isRefused("unknown platform 'kite', allowed: all, ");
    Run.of("evaluate", "--quads", 0).isRefused("--quads is 0, allowed: 1 or more");
    Run.of("evaluate", "--observation", "sideways").isRefused("RELATIVE, ABSOLUTE");
    Run.of("train", "--preset", "huge").isRefused("SMOKE, LAPTOP, FULL");
  }

  @Test
  void theFlightSuiteIsATableForPeopleAndOneForMachines() throws IOException {
    Path policy = TestPolicies.saveRandom(folder);
    Path json = folder.resolve("suite.json");
    Run run =
        Run.of(
            "evaluate",
            "--suite",
            "flight",
            "--policy",
            "pretrained," + policy,
            "--controller",
            "pid",
            "--quads",
            4,
            "--seed",
            2,
            "--vehicles",
            "SAMPLED",
            "--tests",
            "motors-10,jump-1m",
            "--json",
            json);
    assertThat(run.out())
        .contains("Sampled vehicles, 4 flights a test, seed 2", "motors-10", "jump-1m", "pid")
        .contains(" against pretrained: worse in motors-10, jump-1m; better in none")
        .doesNotContain("calm");
    Map<?, ?> results = (Map<?, ?>) Json.parse(Files.readString(json));
    List<?> tests = (List<?>) results.get("tests");
    assertThat(tests).hasSize(6);
    Map<?, ?> first = (Map<?, ?>) tests.get(0);
    assertThat(first.get("name")).isEqualTo("motors-10");
    assertThat(first.get("policy")).isEqualTo("pretrained");
    assertThat(((Number) first.get("survived_share")).doubleValue()).isEqualTo(1);
    assertThat(first.get("interval_95")).isEqualTo(List.of(0.0, 0.0));
  }

  @Test
  void controllersOfTheTextbookFlyTheSameFlights() throws IOException {
    Path json = folder.resolve("textbook.json");
    Run run =
        Run.of(
            "evaluate",
            "--controller",
            "pid,geometric,LQR",
            "--quads",
            20,
            "--episodes",
            1,
            "--seed",
            3,
            "--json",
            json);
    assertThat(run.succeeds().out()).contains("pid", "geometric", "lqr");
    Map<?, ?> results = (Map<?, ?>) Json.parse(Files.readString(json));
    List<?> policies = (List<?>) results.get("policies");
    assertThat(policies).hasSize(4);
    assertThat(policies)
        .allSatisfy(
            one ->
                assertThat(((Number) ((Map<?, ?>) one).get("return_mean")).doubleValue())
                    .isBetween(600.0, 750.0));
  }

  @Test
  void episodesMayBeLongEnoughForOscillationToShow() throws IOException {
    Object[] short5 = {"--platform", "crazyflie", "--episodes", 2, "--seed", 2};
    Map<?, ?> five = evaluate(Path.of("pretrained"), short5);
    Map<?, ?> twenty = evaluate(Path.of("pretrained"), append(short5, "--seconds", 20));
    Map<?, ?> a = (Map<?, ?>) ((List<?>) five.get("policies")).get(0);
    Map<?, ?> b = (Map<?, ?>) ((List<?>) twenty.get("policies")).get(0);
    assertThat(a.get("length_mean")).isEqualTo(500.0);
    assertThat(b.get("length_mean")).isEqualTo(2000.0);
    for (String figure : List.of("rate_rms_rad_s", "action_change", "heading_error_deg")) {
      assertThat((double) a.get(figure)).as(figure).isPositive();
      assertThat((Object) b.get(figure)).as(figure).isNotEqualTo(a.get(figure));
    }
    Run.of("evaluate", "--seconds", 0).isRefused("--seconds is 0.0, allowed: 0.01 to 600.0");
    Run.of("evaluate", "--reference", "figure-eight", "--seconds", 9).isRefused("--seconds is up");
  }

  @Test
  void aSuiteTakesNoOptionsThatItDecidesItself() {
    Run.of("evaluate", "--suite", "juggling").isRefused("--suite is 'juggling', allowed: flight");
    Run.of("evaluate", "--suite", "flight", "--episodes", 2).isRefused("--episodes is up to");
    Run.of("evaluate", "--suite", "flight", "--wind", 2).isRefused("effects are up to the suite");
    Run.of("evaluate", "--suite", "flight", "--tests", "nap").isRefused("unknown test 'nap'");
    Run.of("evaluate", "--suite", "flight", "--controller", "tea").isRefused("has 'tea', allowed");
    Run.of("evaluate", "--tests", "calm").isRefused("--tests belongs to a suite");
    Run.of("evaluate", "--vehicles", "PUBLIC").isRefused("--vehicles belongs to a suite");
    Run.of("evaluate", "--controller", "pid", "--observation", "absolute")
        .isRefused("--observation is absolute", "allowed: relative");
    Run.of("evaluate", "--controller", "tea").isRefused("has 'tea', allowed: policy, pid");
  }

  private Map<?, ?> evaluate(Path policy, Object... options) throws IOException {
    Path json = folder.resolve("e.json");
    Object[] fixed = {"evaluate", "--policy", policy, "--json", json};
    Run.of(append(fixed, options)).succeeds();
    return (Map<?, ?>) Json.parse(Files.readString(json));
  }

  private static Object[] append(Object[] first, Object... more) {
    Object[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  @Test
  void countsThatOverflowAreRefused() {
    Run.of("evaluate", "--quads", 3, "--episodes", 1431655766)
        .isRefused("3 quadrotors x 1431655766 episodes, allowed: up to ");
    Run.of("evaluate", "--quads", 2147483647).isRefused("2147483647, allowed: 0 to 1000000");
  }
}
