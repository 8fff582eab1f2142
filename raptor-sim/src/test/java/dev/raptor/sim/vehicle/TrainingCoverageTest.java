package dev.raptor.sim.vehicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingCoverageTest {
  private static TrainingCoverage of(Quadrotor quadrotor, String key) {
    return TrainingCoverage.of(quadrotor).stream()
        .filter(figure -> figure.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void vehiclesOfTheTrainingAreInside() {
    List<SampledQuadrotor> sampled = QuadrotorDistribution.sample(0, 1000);
    for (SampledQuadrotor sample : sampled) {
      for (TrainingCoverage figure : TrainingCoverage.of(sample.quadrotor())) {
        assertThat(figure.place()).as(figure.toString()).isBetween(-1e-9, 1 + 1e-9);
      }
    }
  }

  @Test
  void saysWhereAVehicleLies() {
    Quadrotor soft = Quadrotors.named("soft");
    assertThat(of(soft, "thrust_to_weight").value()).isEqualTo(soft.thrustToWeight());
    assertThat(of(soft, "thrust_to_weight").place())
        .isCloseTo((soft.thrustToWeight() - 1.5) / 3.5, within(1e-12));
    assertThat(of(soft, "thrust_to_weight").isInside()).isTrue();
    assertThat(of(soft, "torque_constant_m").isInside()).isFalse();
    assertThat(of(soft, "torque_constant_m").place()).isGreaterThan(1);
    assertThat(of(Quadrotors.named("crazyflie"), "thrust_to_weight").place()).isNegative();
    assertThat(of(Quadrotors.named("flightmare"), "thrust_to_weight").isInside()).isFalse();
  }
}
