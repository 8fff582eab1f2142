package dev.raptor.core.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.Observation;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VehicleStateTest {
  private static final double HALF = Math.sqrt(0.5);

  private final VehicleState<Frame.Flu> flu = VehicleState.flu();
  private final VehicleState<Frame.Frd> frd = VehicleState.frd();

  @Test
  void downIsUpAndRightIsLeft() {
    frd.position(0, 1, 2, 3);
    frd.velocity(0, 4, 5, 6);
    frd.angularVelocity(0, 7, 8, 9);
    // Half of a right turn, to the east.
    frd.attitudeWxyz(0, Math.cos(0.4), 0, 0, Math.sin(0.4));
    flu.set(frd);

    double[] three = new double[3];
    flu.position(three);
    assertThat(three).containsExactly(1, -2, -3);
    flu.velocity(three);
    assertThat(three).containsExactly(4, -5, -6);
    flu.angularVelocity(three);
    assertThat(three).containsExactly(7, -8, -9);
    double[] four = new double[4];
    flu.attitudeWxyz(four);
    assertThat(four)
        .containsExactly(new double[] {Math.cos(0.4), 0, 0, -Math.sin(0.4)}, within(1e-15));
  }

  /** A quarter turn to the left puts the nose, body x, where world y is. */
  @Test
  void attitudeTurnsBodyIntoWorld() {
    flu.attitudeWxyz(0, HALF, 0, 0, HALF);
    assertThat(rotation(observe(flu, at(0))))
        .containsExactly(new float[] {0, -1, 0, 1, 0, 0, 0, 0, 1}, within(1e-7f));
    flu.attitudeXyzw(0, 0, 0, HALF, HALF);
    assertThat(rotation(observe(flu, at(0))))
        .containsExactly(new float[] {0, -1, 0, 1, 0, 0, 0, 0, 1}, within(1e-7f));
  }

  @Property
  void thereAndBackIsTheSame(
      @ForAll @Size(12) List<@DoubleRange(min = -1000, max = 1000) Double> list) {
    double[] n = array(list);
    VehicleState<Frame.Flu> between = VehicleState.flu();
    VehicleState<Frame.Frd> back = VehicleState.frd();
    fill(frd, n, 1);
    between.set(frd);
    back.set(between);
    assertThat(numbers(back)).containsExactly(numbers(frd), within(0.0));

    // And so it is by way of numbers.
    double[] from = numbers(between);
    VehicleState<Frame.Flu> again = VehicleState.flu();
    again.position(0, from[0], from[1], from[2]);
    again.velocity(0, from[3], from[4], from[5]);
    again.angularVelocity(0, from[6], from[7], from[8]);
    again.attitudeXyzw(0, from[9], from[10], from[11], from[12]);
    assertThat(numbers(again)).containsExactly(from, within(1e-15));
  }

  @Property
  void bothFramesShowThePolicyTheSame(
      @ForAll @Size(12) List<@DoubleRange(min = -2, max = 2) Double> list,
      @ForAll @DoubleRange(min = -10, max = 10) double yaw) {
    double[] n = array(list);
    fill(flu, n, 1);
    fill(frd, n, -1);
    Target<Frame.Flu> up = Target.flu();
    up.track(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, yaw);
    Target<Frame.Frd> down = Target.frd();
    down.track(0, 0.1, -0.2, -0.3, 0.4, -0.5, -0.6, -yaw);
    assertThat(observe(frd, down)).containsExactly(observe(flu, up), within(0f));
  }

  /** By quaternions, as PX4's module does it: conj(q_t) q, and vectors turned by conj(q_t). */
  @Property
  void errorsAreInTheFrameOfTheTarget(
      @ForAll @Size(12) List<@DoubleRange(min = -0.3, max = 0.3) Double> list,
      @ForAll @DoubleRange(min = -4, max = 4) double yaw) {
    double[] n = array(list);
    fill(flu, n, 1);
    Target<Frame.Flu> target = Target.flu();
    target.track(0, 0.01, 0.02, -0.03, 0.1, -0.2, 0.3, yaw);
    float[] seen = observe(flu, target);

    double[] back = {Math.cos(yaw / 2), 0, 0, -Math.sin(yaw / 2)};
    double[] q = new double[4];
    flu.attitudeWxyz(q);
    VehicleState<Frame.Flu> relative = VehicleState.flu();
    double[] product = times(back, q);
    relative.attitudeWxyz(0, product[0], product[1], product[2], product[3]);
    assertThat(rotation(seen)).containsExactly(rotation(observe(relative, at(0))), within(1e-6f));

    double[] p = times(times(back, pure(n[0] - 0.01, n[1] - 0.02, n[2] + 0.03)), conjugate(back));
    double[] v = times(times(back, pure(n[3] - 0.1, n[4] + 0.2, n[5] - 0.3)), conjugate(back));
    for (int k = 0; k < 3; k++) {
      assertThat((double) seen[k]).isCloseTo(Math.clamp(p[1 + k], -0.5, 0.5), within(1e-6));
      assertThat((double) seen[Observation.VELOCITY + k])
          .isCloseTo(Math.clamp(v[1 + k], -1.0, 1.0), within(1e-6));
      assertThat((double) seen[Observation.ANGULAR_VELOCITY + k]).isCloseTo(n[6 + k], within(1e-6));
    }
  }

  @Test
  void errorsAreClippedAtTheEndsOfTheirRanges() {
    for (double sign : new double[] {-1, 1}) {
      flu.position(0, sign * 0.5, sign * Math.nextUp(0.5), sign * 1e9);
      flu.velocity(0, sign, sign * Math.nextUp(1.0), sign * 1e9);
      float[] seen = observe(flu, at(0));
      for (int k = 0; k < 3; k++) {
        assertThat(seen[Observation.POSITION + k]).isEqualTo((float) (sign * 0.5));
        assertThat(seen[Observation.VELOCITY + k]).isEqualTo((float) sign);
      }
    }
    flu.position(0, 0.25, -0.75, 1.5);
    float[] seen = new float[22];
    flu.observe(at(0), new ErrorClip(1, 1), seen);
    assertThat(seen).startsWith(0.25f, -0.75f, 1f);
  }

  @Test
  void theClipIsInTheFrameOfTheTarget() {
    flu.position(0, 2, 0, 0);
    assertThat(observe(flu, at(Math.PI / 4))).startsWith(0.5f, -0.5f, 0f);
    assertThat(observe(flu, at(Math.PI / 2))[1]).isEqualTo(-0.5f);
  }

  @Test
  void thePreviousActionIsLeftAlone() {
    float[] observation = new float[22];
    observation[18] = 0.1f;
    observation[21] = 0.4f;
    flu.observe(at(0), new ErrorClip(0.5, 1), observation);
    assertThat(observation[18]).isEqualTo(0.1f);
    assertThat(observation[21]).isEqualTo(0.4f);
    assertThatThrownBy(() -> flu.observe(at(0), new ErrorClip(0.5, 1), new float[26]))
        .hasMessage("an observation of 26 numbers, allowed are 22");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 2e9})
  void whatCannotBeIsNotTaken(double bad) {
    fill(flu, new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0.1, 0.2, 0.3}, 1);
    final double[] before = numbers(flu);
    Target<Frame.Flu> target = Target.flu();
    for (int k = 0; k < 3; k++) {
      double x = k == 0 ? bad : 0;
      double y = k == 1 ? bad : 0;
      double z = k == 2 ? bad : 0;
      assertThat(flu.position(9, x, y, z)).isFalse();
      assertThat(flu.velocity(9, x, y, z)).isFalse();
      assertThat(flu.angularVelocity(9, x, y, z)).isFalse();
      assertThat(flu.attitudeWxyz(9, 1, x, y, z)).isFalse();
      assertThat(flu.attitudeXyzw(9, 0, y, z, x)).isFalse();
      assertThat(target.hover(9, x, y, z, 0)).isFalse();
      assertThat(target.track(9, 0, 0, 0, x, y, z, 0)).isFalse();
    }
    assertThat(target.hover(9, 0, 0, 0, bad)).isEqualTo(bad == 2e9);
    assertThat(numbers(flu)).containsExactly(before);
    assertThat(flu.positionStamp.isFresh(0, 0)).isTrue();
    assertThat(flu.attitudeStamp.isFresh(0, 0)).isTrue();
  }

  @Test
  void takesWhatIsAtTheEndOfItsRange() {
    assertThat(flu.angularVelocity(0, 1000, -1000, 1000)).isTrue();
    assertThat(flu.angularVelocity(0, Math.nextUp(1000.0), 0, 0)).isFalse();
    assertThat(flu.position(0, 1e9, -1e9, 0)).isTrue();
    assertThat(flu.attitudeWxyz(0, 1.005, 0, 0, 0)).isTrue();
    assertThat(flu.attitudeWxyz(0, -1, 0, 0, 0)).isTrue();
    assertThat(flu.attitudeWxyz(0, 0, 0, 0, 0)).isFalse();
    assertThat(flu.attitudeWxyz(0, 0.97, 0, 0, 0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 0, -1, 1001})
  void refusesAClipThatIsNone(double bad) {
    assertThatThrownBy(() -> new ErrorClip(bad, 1)).hasMessageContaining("error clips are " + bad);
    assertThatThrownBy(() -> new ErrorClip(1, bad)).hasMessageContaining("m and " + bad);
  }

  private static Target<Frame.Flu> at(double yaw) {
    Target<Frame.Flu> target = Target.flu();
    target.hover(0, 0, 0, 0, yaw);
    return target;
  }

  private static <F extends Frame> float[] observe(VehicleState<F> state, Target<F> target) {
    float[] observation = new float[22];
    state.observe(target, new ErrorClip(0.5, 1), observation);
    return observation;
  }

  private static float[] rotation(float[] observation) {
    return Arrays.copyOfRange(observation, Observation.ROTATION, Observation.VELOCITY);
  }

  /** Position, velocity, rates and, as angles about two axes, attitude. */
  private static void fill(VehicleState<?> state, double[] n, int sign) {
    state.position(0, n[0], sign * n[1], sign * n[2]);
    state.velocity(0, n[3], sign * n[4], sign * n[5]);
    state.angularVelocity(0, n[6], sign * n[7], sign * n[8]);
    double[] roll = {Math.cos(n[9]), Math.sin(n[9]), 0, 0};
    double[] pitch = {Math.cos(n[10]), 0, Math.sin(n[10]), 0};
    double[] yaw = {Math.cos(n[11]), 0, 0, Math.sin(n[11])};
    double[] q = times(yaw, times(pitch, roll));
    state.attitudeWxyz(0, q[0], q[1], sign * q[2], sign * q[3]);
  }

  private static double[] numbers(VehicleState<?> state) {
    double[] three = new double[3];
    double[] four = new double[4];
    double[] all = new double[13];
    state.position(three);
    System.arraycopy(three, 0, all, 0, 3);
    state.velocity(three);
    System.arraycopy(three, 0, all, 3, 3);
    state.angularVelocity(three);
    System.arraycopy(three, 0, all, 6, 3);
    state.attitudeXyzw(four);
    System.arraycopy(four, 0, all, 9, 4);
    return all;
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(n -> n).toArray();
  }

  private static double[] pure(double x, double y, double z) {
    return new double[] {0, x, y, z};
  }

  private static double[] conjugate(double[] q) {
    return new double[] {q[0], -q[1], -q[2], -q[3]};
  }

  private static double[] times(double[] a, double[] b) {
    return new double[] {
      a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
      a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
      a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
      a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]
    };
  }
}
