package dev.raptor.core.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MotorsTest {
  /** Shares of 0.1, 0.2, 0.3, 0.4 for front right, back right, back left, front left. */
  private static final float[] ACTION = {-0.8f, -0.6f, -0.4f, -0.2f};

  @ParameterizedTest
  @CsvSource({
    "RAPTOR,     0.1, 0.2, 0.3, 0.4",
    "PX4,        0.1, 0.3, 0.4, 0.2",
    "BETAFLIGHT, 0.2, 0.1, 0.3, 0.4"
  })
  void eachMotorGetsItsOwnCommand(MotorOrder order, double a, double b, double c, double d) {
    double[] throttles = new double[4];
    new Motors(order, ThrottleRange.unit(0)).toThrottles(ACTION, throttles);
    assertThat(throttles).containsExactly(new double[] {a, b, c, d}, within(1e-7));
  }

  @Property
  void throttlesLeadBackToTheirAction(
      @ForAll MotorOrder order,
      @ForAll @IntRange(min = 48, max = 2046) int idle,
      @ForAll @FloatRange(min = -1, max = 1) float a,
      @ForAll @FloatRange(min = -1, max = 1) float b,
      @ForAll @FloatRange(min = -1, max = 1) float c,
      @ForAll @FloatRange(min = -1, max = 1) float d) {
    Motors motors = new Motors(order, ThrottleRange.dshot(idle));
    double[] throttles = new double[4];
    float[] back = new float[4];
    motors.toThrottles(new float[] {a, b, c, d}, throttles);
    motors.toAction(throttles, back);
    assertThat(back).containsExactly(new float[] {a, b, c, d}, within(1e-7f));
  }

  @Property
  void noCommandIsBelowIdleOrAboveFull(
      @ForAll double command,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double idle,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double span) {
    ThrottleRange range = new ThrottleRange(idle, idle + span);
    assertThat(range.throttle(command)).isBetween(range.idle(), range.full());
    assertThat(range.throttle(-1)).isEqualTo(range.idle());
    assertThat(range.throttle(1)).isEqualTo(range.full());
    assertThat(range.command(range.idle())).isEqualTo(-1);
    assertThat(range.command(range.full())).isEqualTo(1);
  }

  @Property
  void moreCommandIsNeverLessThrottle(
      @ForAll @DoubleRange(min = -1, max = 1) double a,
      @ForAll @DoubleRange(min = -1, max = 1) double b) {
    ThrottleRange range = new ThrottleRange(0.07, 1);
    assertThat(range.throttle(Math.min(a, b))).isLessThanOrEqualTo(range.throttle(Math.max(a, b)));
  }

  /** As whole numbers too: what is sent over the wire. */
  @Test
  void endsAreMetToTheLastBit() {
    for (int idle = 48; idle < 2047; idle++) {
      ThrottleRange dshot = ThrottleRange.dshot(idle);
      assertThat((int) dshot.throttle(-1)).isEqualTo(idle);
      assertThat((int) dshot.throttle(Math.nextDown(-1.0))).isEqualTo(idle);
      assertThat((int) dshot.throttle(Double.NEGATIVE_INFINITY)).isEqualTo(idle);
      assertThat((int) dshot.throttle(Math.nextUp(-1.0))).isEqualTo(idle);
      assertThat((int) dshot.throttle(1)).isEqualTo(2047);
      assertThat((int) dshot.throttle(Double.POSITIVE_INFINITY)).isEqualTo(2047);
    }
    assertThat(ThrottleRange.unit(0).throttle(0)).isEqualTo(0.5);
    assertThat(new ThrottleRange(1050, 1950).throttle(0)).isEqualTo(1500);
  }

  @Test
  void refusesWhatIsNoThrottle() {
    assertThatThrownBy(() -> ThrottleRange.dshot(47)).hasMessage("idle is 47, allowed: 48 to 2046");
    assertThatThrownBy(() -> ThrottleRange.dshot(2047)).hasMessageContaining("idle is 2047");
    assertThat(ThrottleRange.dshot(48).throttle(-1)).isEqualTo(48);
    assertThat(ThrottleRange.dshot(2046).throttle(1)).isEqualTo(2047);
    ThrottleRange unit = ThrottleRange.unit(0.1);
    assertThatThrownBy(() -> unit.command(Math.nextDown(0.1)))
        .hasMessageContaining("allowed: 0.1 to 1.0");
    assertThatThrownBy(() -> unit.command(Math.nextUp(1.0)))
        .hasMessageContaining("throttle is 1.0");
    assertThatThrownBy(() -> unit.command(Double.NaN)).hasMessageContaining("throttle is NaN");
    assertThatThrownBy(() -> unit.throttle(Double.NaN)).hasMessageContaining("command is NaN");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -0.01, 1, 1.01})
  void refusesAnIdleOutsideTheUnitRange(double idle) {
    assertThatThrownBy(() -> ThrottleRange.unit(idle)).hasMessageContaining("idle is " + idle);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 0", "NaN, 1", "0, NaN", "0, Infinity", "-1e308, 1e308"})
  void refusesARangeThatIsNone(double idle, double full) {
    assertThatThrownBy(() -> new ThrottleRange(idle, full))
        .hasMessageContaining("throttles from " + idle);
  }

  @Test
  void refusesAnActionThatIsNone() {
    Motors motors = new Motors(MotorOrder.PX4, ThrottleRange.unit(0));
    double[] throttles = {9, 9, 9, 9};
    assertThatThrownBy(() -> motors.toThrottles(new float[] {0, 0, 0, Float.NaN}, throttles))
        .hasMessageContaining("NaN");
    assertThat(throttles).containsOnly(9);
    assertThatThrownBy(() -> motors.toThrottles(new float[22], throttles))
        .hasMessage("action of 22 motors, allowed are 4");
    assertThatThrownBy(() -> motors.toAction(new double[8], new float[4]))
        .hasMessage("throttles of 8 motors, allowed are 4");
  }
}
