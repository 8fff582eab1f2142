package dev.raptor.sim.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TrimTest {
  private static Quadrotor shifted(double x, double y, double torqueConstantM) {
    Quadrotor q = Quadrotors.named("x500_sim");
    List<Vec3> rotors =
        q.rotorPositionsM().stream().map(r -> new Vec3(r.x() + x, r.y() + y, r.z())).toList();
    return Quadrotor.of(
        "shifted",
        q.massKg(),
        q.inertiaKgM2(),
        rotors,
        q.thrustCurve(),
        torqueConstantM,
        q.timeConstantRisingS(),
        q.timeConstantFallingS());
  }

  @Test
  void aVehicleThatBalancesHoversAtOneThrottle() {
    for (Quadrotor quadrotor : Quadrotors.all()) {
      Trim trim = Trim.of(quadrotor);
      assertThat(trim.throttles())
          .allSatisfy(n -> assertThat(n).isCloseTo(quadrotor.hoverThrottle(), within(1e-9)));
      assertThat(Math.abs(trim.torqueNm().x()) + Math.abs(trim.torqueNm().y())).isLessThan(1e-12);
    }
  }

  @Property(tries = 50)
  void theThrustsOfAShiftedVehicleCarryItAndTurnItNoWay(
      @ForAll @DoubleRange(min = -0.1, max = 0.1) double x,
      @ForAll @DoubleRange(min = -0.1, max = 0.1) double y) {
    Quadrotor quadrotor = shifted(x, y, 0.1);
    double weightN = quadrotor.massKg() * Simulator.GRAVITY_MS2;
    Trim trim = Trim.of(quadrotor);
    double[] sums = new double[4];
    for (int i = 0; i < 4; i++) {
      double f = trim.thrustsN().get(i);
      Vec3 r = quadrotor.rotorPositionsM().get(i);
      sums[0] += f;
      sums[1] += r.y() * f;
      sums[2] -= r.x() * f;
      sums[3] += Quadrotor.yawSign(i) * f;
      if (f > 0) {
        assertThat(quadrotor.thrustCurve().thrustN(trim.throttles().get(i)))
            .isCloseTo(f, within(1e-9));
      }
    }
    assertThat(sums).containsExactly(new double[] {weightN, 0, 0, 0}, within(1e-9));
    assertThat(trim.torqueNm().x()).isCloseTo(y * weightN, within(1e-9));
    assertThat(trim.torqueNm().y()).isCloseTo(-x * weightN, within(1e-9));
  }

  @Test
  void refusesAVehicleWithoutYaw() {
    assertThatThrownBy(() -> Trim.of(shifted(0, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be turned about each axis");
  }
}
