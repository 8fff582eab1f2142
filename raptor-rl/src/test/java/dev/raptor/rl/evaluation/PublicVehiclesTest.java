package dev.raptor.rl.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicVehiclesTest {
  private static final List<Quadrotor> ALL = PublicVehicles.all();

  private static Quadrotor named(String name) {
    return ALL.stream().filter(q -> q.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void thereAreFourteenThatNobodyTrainsOnAndAllCanHover() {
    assertThat(ALL).hasSize(14);
    assertThat(ALL).extracting(Quadrotor::name).doesNotHaveDuplicates();
    assertThat(ALL).extracting(Quadrotor::name).doesNotContainAnyElementsOf(Quadrotors.names());
    for (Quadrotor quadrotor : ALL) {
      assertThat(quadrotor.hoverThrottle()).as(quadrotor.name()).isBetween(0.15, 0.85);
      assertThat(quadrotor.thrustToWeight()).as(quadrotor.name()).isBetween(1.4, 12.0);
    }
  }

  @Test
  void theRacerMovesAsItsSourceSays() {
    Quadrotor racer = named("racer_5_inch");
    double square = 2000.0 * 2000.0;
    double throttle = (2000 - 248.59) / (3276.57 - 248.59);
    double thrust = racer.thrustCurve().thrustN(throttle);
    assertThat(thrust / racer.massKg()).isCloseTo(2.55e-6 * square, within(1e-9));
    double y = racer.rotorPositionsM().get(3).y();
    double x = racer.rotorPositionsM().get(3).x();
    assertThat(y * thrust / racer.inertiaKgM2().x()).isCloseTo(6.26e-5 * square, within(1e-9));
    assertThat(x * thrust / racer.inertiaKgM2().y()).isCloseTo(5.23e-5 * square, within(1e-9));
    assertThat(racer.torqueConstantM() * thrust / racer.inertiaKgM2().z())
        .isCloseTo(4.95e-6 * square, within(1e-9));
  }

  @Test
  void fullThrottleIsTheThrustOfTheSource() {
    assertThat(named("cf21").thrustCurve().thrustN(1)).isCloseTo(0.12, within(1e-12));
    assertThat(named("cf21_brushless").thrustCurve().thrustN(1)).isCloseTo(0.2, within(1e-12));
    assertThat(named("kingfisher").thrustCurve().thrustN(1)).isCloseTo(8.50, within(0.01));
    assertThat(named("kingfisher").thrustCurve().thrustN(0))
        .isCloseTo(1.562522e-6 * 150 * 150, within(1e-12));
    assertThat(named("cf2x").thrustToWeight()).isCloseTo(2.25, within(0.01));
  }
}
