package dev.raptor.sim.vehicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ThrustCurveTest {
  @Property(tries = 200)
  void throttleUndoesThrust(@ForAll @DoubleRange(min = 0, max = 1) double n) {
    for (Quadrotor quadrotor : Quadrotors.all()) {
      ThrustCurve curve = quadrotor.thrustCurve();
      assertThat(curve.throttleFor(curve.thrustN(n))).isCloseTo(n, within(1e-6));
    }
    ThrustCurve straight = new ThrustCurve(0.1, 2, 0);
    assertThat(straight.throttleFor(straight.thrustN(n))).isCloseTo(n, within(1e-12));
  }

  @Test
  void throttleFollowsTheRisingBranch() {
    ThrustCurve dips = new ThrustCurve(0.1, -0.2, 2);
    assertThat(dips.throttleFor(dips.thrustN(0.7))).isCloseTo(0.7, within(1e-12));
    assertThat(dips.throttleFor(-1)).isNaN();
  }

  @Test
  void refusesACurveThatDoesNotPush() {
    assertThatThrownBy(() -> new ThrustCurve(1, -1, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("thrust_coefficients_n is [1.0, -1.0, 0.5], allowed: ");
    assertThatThrownBy(() -> new ThrustCurve(-1, 0.5, 0.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ThrustCurve(0, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ThrustCurve(0, 1, Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
