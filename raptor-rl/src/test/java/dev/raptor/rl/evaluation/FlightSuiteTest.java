package dev.raptor.rl.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.io.Json;
import dev.raptor.rl.evaluation.FlightSuiteResults.Row;
import dev.raptor.sim.controller.CascadedPid;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FlightSuiteTest {
  private static final Policy PRETRAINED = Policies.pretrained();

  private static FlightSuite suite(long seed, int sampled, String... tests) {
    return new FlightSuite(seed, EnumSet.of(VehicleSet.SAMPLED), sampled, Set.of(tests));
  }

  @Test
  void oneSeedGivesOneResultWhateverTheThreadsAndTheOthers() throws Exception {
    FlightSuite suite = suite(2, 70, "jump-1m", "gusts-flapping");
    FlightSuiteResults together = suite.run(Map.of("a", PRETRAINED));
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      FlightSuiteResults alone =
          one.submit(() -> suite(2, 70, "gusts-flapping").run(Map.of("a", PRETRAINED))).get();
      assertThat(alone.rows()).hasSize(1);
      assertThat(alone.rows().get(0)).isEqualTo(together.rows().get(1));
      assertThat(alone.memory()).isEqualTo(together.memory());
    }
    assertThat(suite(3, 70, "jump-1m").run(Map.of("a", PRETRAINED)).rows().get(0))
        .isNotEqualTo(together.rows().get(0));
  }

  @Test
  void aPolicyAgainstItselfDiffersInNothing() {
    Map<String, Policy> twice = new LinkedHashMap<>();
    twice.put("first", PRETRAINED);
    twice.put("second", PRETRAINED);
    FlightSuiteResults results =
        suite(2, 10, "centre-of-mass-10", "rate-50hz", "turn-90").run(twice);
    assertThat(results.rows()).hasSize(6);
    for (Row row : results.rows()) {
      assertThat(row.rmse()).isEqualTo(new FlightSuiteResults.Interval(0, 0));
      assertThat(row.isWorse() || row.isBetter()).isFalse();
    }
    Row first = results.row(VehicleSet.SAMPLED, "turn-90", "first");
    Row second = results.row(VehicleSet.SAMPLED, "turn-90", "second");
    assertThat(second.rmseM()).isEqualTo(first.rmseM());
    assertThat(second.quality()).isEqualTo(first.quality());
  }

  @Test
  void whoeverCannotFlyIsLostAndCountsAsFarAway() {
    Map<String, Policy> policies = new LinkedHashMap<>();
    policies.put("good", PRETRAINED);
    policies.put("idle", new IdlePolicy());
    FlightSuiteResults results = suite(2, 8, "jump-1m", "motors-10").run(policies);
    Row jump = results.row(VehicleSet.SAMPLED, "jump-1m", "idle");
    assertThat(jump.survivedShare()).isZero();
    assertThat(jump.rmseM()).isEqualTo(1 + FlightSuite.LOST_M);
    assertThat(jump.oscillatingShare()).isNaN();
    assertThat(jump.isWorse()).isTrue();
    Row motors = results.row(VehicleSet.SAMPLED, "motors-10", "idle");
    assertThat(motors.rmseM()).isEqualTo(FlightSuite.LOST_M);
    assertThat(motors.survived().high()).isEqualTo(-1);
    Row good = results.row(VehicleSet.SAMPLED, "motors-10", "good");
    assertThat(good.survivedShare()).isEqualTo(1);
    assertThat(good.rmseM()).isLessThan(0.2);
  }

  @Test
  void theEffectsArriveAtTheVehicle() {
    FlightSuiteResults results =
        suite(2, 16, "calm", "centre-of-mass-5", "centre-of-mass-10", "heading-error-30")
            .run(Map.of("p", PRETRAINED));
    double calm = results.row(VehicleSet.SAMPLED, "calm", "p").rmseM();
    double five = results.row(VehicleSet.SAMPLED, "centre-of-mass-5", "p").rmseM();
    double ten = results.row(VehicleSet.SAMPLED, "centre-of-mass-10", "p").rmseM();
    assertThat(five).isGreaterThan(calm);
    assertThat(ten).isGreaterThan(five);
    Row heading = results.row(VehicleSet.SAMPLED, "heading-error-30", "p");
    assertThat(heading.quality().headingErrorRad()).isGreaterThan(0.1);
  }

  @Test
  void controllersFlyBesideThePoliciesAndAreToldTheVehicleAsItShouldBe() {
    Map<String, Quadrotor> told = new ConcurrentHashMap<>();
    Function<Quadrotor, Controller> pid =
        quadrotor -> {
          told.put(quadrotor.name(), quadrotor);
          return new CascadedPid(quadrotor);
        };
    FlightSuiteResults results =
        suite(2, 8, "jump-2m", "motor-lag-3ms", "rate-50hz")
            .run(Map.of("policy", PRETRAINED), Map.of("pid", pid));
    assertThat(results.rows()).hasSize(6);
    for (String test : List.of("jump-2m", "motor-lag-3ms", "rate-50hz")) {
      Row row = results.row(VehicleSet.SAMPLED, test, "pid");
      assertThat(row.survivedShare()).as(test).isEqualTo(1);
      assertThat(row.rmseM()).as(test).isLessThan(0.01);
    }
    assertThat(told.values()).containsAll(VehicleSet.SAMPLED.vehicles(2, 8)).hasSize(8);
    assertThat(results.memory()).containsOnlyKeys("policy");
    assertThatThrownBy(() -> suite(1, 1, "calm").run(Map.of("a", PRETRAINED), Map.of("a", pid)))
        .hasMessageContaining("'a' names a policy and a controller");
  }

  @Test
  void machinesGetEveryTestWithItsIntervals() {
    Map<String, Policy> twice = new LinkedHashMap<>();
    twice.put("a", PRETRAINED);
    twice.put("b", new IdlePolicy());
    FlightSuiteResults results = suite(2, 4, "jump-1m").run(twice);
    Map<?, ?> json = (Map<?, ?>) Json.parse(Json.writePretty(results.toJson()));
    List<?> tests = (List<?>) json.get("tests");
    assertThat(tests).hasSize(2);
    Map<?, ?> b = (Map<?, ?>) tests.get(1);
    assertThat(b.get("name")).isEqualTo("jump-1m");
    assertThat(b.get("policy")).isEqualTo("b");
    assertThat(((Number) b.get("survived_share")).doubleValue()).isZero();
    assertThat(((Number) b.get("rmse_position_m")).doubleValue()).isEqualTo(3);
    assertThat(b.containsKey("oscillating_share")).isTrue();
    assertThat(b.containsKey("action_change")).isTrue();
    assertThat((List<?>) b.get("interval_95")).hasSize(2);
    assertThat((List<?>) json.get("memory")).hasSize(2);
  }

  @Test
  void everyNameIsATestAndNothingElseIs() {
    assertThat(FlightSuite.testNames()).doesNotHaveDuplicates().contains("calm", "figure-eight");
    assertThatThrownBy(() -> suite(1, 1, "juggling"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown test 'juggling', allowed: calm, ");
    assertThatThrownBy(() -> suite(1, 0, "calm"))
        .hasMessageContaining("0 sampled vehicles, allowed: at least 1");
    assertThatThrownBy(() -> suite(1, 1, "calm").run(Map.of()))
        .hasMessage("no policies, allowed: at least 1");
  }
}
