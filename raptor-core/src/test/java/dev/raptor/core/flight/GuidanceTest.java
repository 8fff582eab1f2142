package dev.raptor.core.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GuidanceTest {
  private static final double STEP_S = 0.01;
  private static final ErrorClip CLIP = new ErrorClip(0.5, 2.5);
  private static final GuidanceLimits LIMITS = new GuidanceLimits(2, 1, Math.toRadians(45));

  private final VehicleState<Frame.Flu> state = VehicleState.flu();
  private final Target<Frame.Flu> target = Target.flu();
  private final Guidance guidance = new Guidance(LIMITS, CLIP);
  private long now;

  private Target<?> setpoint() {
    return guidance.setpoint();
  }

  /** The vehicle is where the setpoint was. */
  private void follow() {
    put(setpoint().position, Math.atan2(setpoint().sinYaw, setpoint().cosYaw));
    lead(STEP_S);
  }

  private void lead(double seconds) {
    guidance.lead(seconds, state, target);
  }

  private void put(double[] position, double yaw) {
    state.position(now, position[0], position[1], position[2]);
    state.attitudeWxyz(now, Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2));
  }

  private void begin(double x, double y, double z, double yaw) {
    put(new double[] {x, y, z}, yaw);
    state.velocity(now, 0, 0, 0);
    lead(0);
  }

  @Test
  void goesStraightWithinTheLimitsAndStops() {
    target.hover(0, 0, 0, 0, 0);
    begin(12, -9, 8, 0);
    double before = 17;
    double speedBefore = 0;
    double fastest = 0;
    for (int i = 0; i < 2000; i++) {
      follow();
      double[] p = setpoint().position;
      double[] v = setpoint().velocity;
      assertThat(p[1]).isCloseTo(-0.75 * p[0], within(1e-9));
      assertThat(p[2]).isCloseTo(p[0] * 2 / 3, within(1e-9));
      double left = Math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
      double speed = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
      assertThat(left).isLessThanOrEqualTo(before);
      assertThat(speed).isLessThanOrEqualTo(2 + 1e-9);
      assertThat(Math.abs(speed - speedBefore)).isLessThanOrEqualTo(1 * STEP_S + 1e-3);
      before = left;
      speedBefore = speed;
      fastest = Math.max(fastest, speed);
    }
    assertThat(fastest).isCloseTo(2, within(1e-6));
    assertThat(setpoint().position).containsOnly(0);
    assertThat(setpoint().velocity).containsOnly(0);
  }

  @Test
  void isNoFasterThanThePolicyCanSee() {
    Guidance slow = new Guidance(LIMITS, new ErrorClip(0.5, 0.8));
    target.hover(0, 0, 0, 0, 0);
    put(new double[] {10, 0, 0}, 0);
    slow.lead(0, state, target);
    for (int i = 0; i < 500; i++) {
      put(slow.setpoint().position, 0);
      slow.lead(STEP_S, state, target);
      assertThat(slow.setpoint().velocity[0]).isBetween(-0.8 - 1e-9, 0.0);
    }
  }

  @Test
  void waitsForAVehicleThatIsStuckAndIsDrawnAlongByOneThatIsBlownAway() {
    target.hover(0, 0, 0, 0, 0);
    begin(10, 0, 0, 0);
    for (int i = 0; i < 2000; i++) {
      lead(STEP_S);
    }
    assertThat(setpoint().position[0]).isBetween(9.5 - 1e-9, 9.6);

    put(new double[] {20, 3, 0}, 0);
    lead(STEP_S);
    double dx = setpoint().position[0] - 20;
    double dy = setpoint().position[1] - 3;
    assertThat(Math.hypot(dx, dy)).isCloseTo(0.5, within(0.03));
  }

  @Test
  void aJumpOfTheTargetIsNoJumpOfTheSetpoint() {
    target.hover(0, 0, 0, 0, 0);
    begin(0, 0, 0, 0);
    follow();
    assertThat(setpoint().position).containsOnly(0);

    target.hover(0, 30, 0, 0, Math.PI - 0.01);
    double before = 0;
    double yawBefore = 0;
    for (int i = 0; i < 2500; i++) {
      follow();
      double yaw = Math.atan2(setpoint().sinYaw, setpoint().cosYaw);
      assertThat(setpoint().position[0] - before).isBetween(0.0, 2 * STEP_S + 1e-9);
      assertThat(yaw - yawBefore).isBetween(-1e-9, Math.toRadians(45) * STEP_S + 1e-9);
      before = setpoint().position[0];
      yawBefore = yaw;
    }
    assertThat(before).isEqualTo(30);
    assertThat(yawBefore).isCloseTo(Math.PI - 0.01, within(1e-9));
  }

  /** A planner's target, 20 times a second at 3 m/s, is flown as it is. */
  @Test
  void aTargetThatMovesAsItsVelocitySaysIsFollowed() {
    begin(3, 0, 0, 0);
    guidance.reset();
    for (int i = 0; i < 1000; i++) {
      if (i % 5 == 0) {
        double angle = i * STEP_S;
        target.track(
            0,
            3 * Math.cos(angle),
            3 * Math.sin(angle),
            0,
            -3 * Math.sin(angle),
            3 * Math.cos(angle),
            0,
            0);
      }
      follow();
      assertThat(setpoint().position).containsExactly(target.position, within(1e-15));
      assertThat(setpoint().velocity).containsExactly(target.velocity, within(1e-15));
    }
  }

  @Test
  void headingErrorsAreAtMostSixtyDegrees() {
    for (Guidance each : new Guidance[] {guidance, new Guidance(GuidanceLimits.NONE, CLIP)}) {
      target.hover(0, 0, 0, 0, 0);
      for (int degrees = -180; degrees <= 180; degrees += 15) {
        double yaw = Math.toRadians(degrees);
        put(new double[3], yaw);
        each.lead(STEP_S, state, target);
        double shown = Math.atan2(each.setpoint().sinYaw, each.setpoint().cosYaw);
        assertThat(Math.abs(Math.IEEEremainder(yaw - shown, 2 * Math.PI)))
            .isLessThanOrEqualTo(Math.toRadians(60) + 1e-9);
      }
    }
  }

  @Test
  void withoutLimitsTheTargetIsTheSetpoint() {
    Guidance none = new Guidance(GuidanceLimits.NONE, CLIP);
    target.track(0, 100, 20, 3, 4, 5, 6, 0.5);
    put(new double[3], 0);
    none.lead(STEP_S, state, target);
    assertThat(none.setpoint().position).isEqualTo(target.position);
    assertThat(none.setpoint().velocity).isEqualTo(target.velocity);
    assertThat(none.setpoint().sinYaw).isEqualTo(target.sinYaw);
  }

  @Test
  void refusesLimitsThatAreNone() {
    assertThatThrownBy(() -> new GuidanceLimits(0, 1, 1)).hasMessageContaining("'speed' is 0.0");
    assertThatThrownBy(() -> new GuidanceLimits(1, Double.NaN, 1))
        .hasMessageContaining("'acceleration' is NaN");
    assertThatThrownBy(() -> new GuidanceLimits(1, 1, -1))
        .hasMessageContaining("'heading rate' is -1.0");
  }
}
