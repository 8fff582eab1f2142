package dev.raptor.sim.effects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.Observation;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Effects on what is measured and on when commands arrive, each against its equation. */
class SensorEffectsTest {
  private static final Quadrotor X500 = Quadrotors.named("x500_sim");

  private static Effect.Active start(Effect effect) {
    return effect.start(X500, new SplittableRandom(6));
  }

  /** An observation turned about a unit axis from level. */
  private static float[] turned(double angle, double x, double y, double z) {
    double[] r = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    Turn.byBody(r, 0, angle * x, angle * y, angle * z);
    float[] observation = new float[Observation.SIZE];
    for (int i = 0; i < 9; i++) {
      observation[Observation.ROTATION + i] = (float) r[i];
    }
    return observation;
  }

  /** The angle of an observation's attitude from level, rad. */
  private static double angle(float[] o) {
    int r = Observation.ROTATION;
    double sine =
        Math.sqrt(
                Math.pow(o[r + 7] - o[r + 5], 2)
                    + Math.pow(o[r + 2] - o[r + 6], 2)
                    + Math.pow(o[r + 3] - o[r + 1], 2))
            / 2;
    return Math.atan2(sine, (o[r] + o[r + 4] + o[r + 8] - 1.0) / 2);
  }

  @Property(tries = 100)
  void aTurnIsTheMatrixOfItsAxisAndAngle(
      @ForAll @DoubleRange(min = -3, max = 3) double x,
      @ForAll @DoubleRange(min = -3, max = 3) double y,
      @ForAll @DoubleRange(min = -3, max = 3) double z) {
    double[] r = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    Turn.byBody(r, 0, x, y, z);
    // The quaternion of the turn, and its matrix as the simulator has it.
    double half = Math.sqrt(x * x + y * y + z * z) / 2;
    double w = Math.cos(half);
    double s = half == 0 ? 0 : Math.sin(half) / half / 2;
    double a = s * x;
    double b = s * y;
    double c = s * z;
    assertThat(r)
        .containsExactly(
            new double[] {
              1 - 2 * (b * b + c * c),
              2 * (a * b - w * c),
              2 * (a * c + w * b),
              2 * (a * b + w * c),
              1 - 2 * (a * a + c * c),
              2 * (b * c - w * a),
              2 * (a * c - w * b),
              2 * (b * c + w * a),
              1 - 2 * (a * a + b * b)
            },
            within(1e-12));
    Turn.byBody(r, 0, -x, -y, -z);
    assertThat(r).containsExactly(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, within(1e-12));
  }

  @Property(tries = 50)
  void theAngleToAnAttitudeThatJumpedFallsAsTheLagSays(
      @ForAll @DoubleRange(min = 0.01, max = 3.1) double jump,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double lagS,
      @ForAll @IntRange(max = 2) int axis) {
    Effect.Active lag = start(new AttitudeLag(lagS));
    float[] level = turned(0, 1, 0, 0);
    lag.observe(level);
    assertThat(angle(level)).isZero();
    for (int k = 1; k <= 20; k++) {
      float[] seen = turned(jump, axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0);
      lag.observe(seen);
      assertThat(jump - angle(seen))
          .isCloseTo(jump * Math.exp(-0.01 * k / lagS), within(2e-5 * k + 1e-4));
    }
  }

  @Property(tries = 50)
  void aGyroBehindAFilterForgetsAsTheLagSays(
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double lagS) {
    Effect.Active lag = start(new GyroLag(lagS));
    lag.observe(level());
    for (int k = 1; k <= 20; k++) {
      float[] seen = level();
      seen[Observation.ANGULAR_VELOCITY + 1] = 4;
      lag.observe(seen);
      assertThat((double) seen[Observation.ANGULAR_VELOCITY + 1])
          .isCloseTo(4 - 4 * Math.exp(-0.01 * k / lagS), within(1e-5));
      assertThat(seen[Observation.ANGULAR_VELOCITY]).isZero();
    }
  }

  @Test
  void aFilterThatStartsInATurnDoesNotStartAtRest() {
    float[] seen = level();
    seen[Observation.ANGULAR_VELOCITY] = 3;
    start(new GyroLag(0.5)).observe(seen);
    assertThat(seen[Observation.ANGULAR_VELOCITY]).isEqualTo(3);
  }

  @Test
  void aVibrationSwingsAtItsFrequencyAndFoldsAboveHalfTheRate() {
    for (int axis = 0; axis < 3; axis++) {
      Effect.Active slow = start(new GyroVibration(2, 13));
      Effect.Active fast = start(new GyroVibration(2, 113));
      double squares = 0;
      double real = 0;
      double imaginary = 0;
      for (int k = 0; k < 1000; k++) {
        float[] a = level();
        float[] b = level();
        slow.observe(a);
        fast.observe(b);
        float y = a[Observation.ANGULAR_VELOCITY + axis];
        assertThat(b[Observation.ANGULAR_VELOCITY + axis]).isCloseTo(y, within(1e-4f));
        squares += y * y / 1000;
        real += y * Math.cos(2 * Math.PI * 0.13 * k) / 500;
        imaginary += y * Math.sin(2 * Math.PI * 0.13 * k) / 500;
      }
      assertThat(squares).isCloseTo(2, within(0.01));
      assertThat(Math.hypot(real, imaginary)).isCloseTo(2, within(0.01));
    }
  }

  @Test
  void positionsAreLostForTheShareAndTheTimeThatTheySay() {
    Effect.Active active = start(new PositionDropouts(0.2, 0.15));
    int lost = 0;
    int times = 0;
    boolean before = false;
    int n = 400_000;
    float last = 0;
    for (int k = 0; k < n; k++) {
      float[] seen = level();
      Arrays.fill(seen, 0, 3, k);
      Arrays.fill(seen, Observation.VELOCITY, Observation.VELOCITY + 3, -k);
      active.observe(seen);
      boolean now = seen[0] != k;
      assertThat(seen[0]).isEqualTo(now ? last : k);
      assertThat(seen[Observation.VELOCITY + 2]).isEqualTo(-seen[0]);
      assertThat(seen[Observation.ROTATION]).isEqualTo(1);
      last = seen[0];
      lost += now ? 1 : 0;
      times += now && !before ? 1 : 0;
      before = now;
    }
    assertThat((double) lost / n).isCloseTo(0.2, within(0.01));
    assertThat(0.01 * lost / times).isCloseTo(0.15, within(0.01));
  }

  @Test
  void theFirstPositionIsNeverLost() {
    for (int flight = 0; flight < 500; flight++) {
      float[] seen = level();
      seen[0] = 7;
      new PositionDropouts(0.5, 0.01).start(X500, RandomStreams.of(flight)).observe(seen);
      assertThat(seen[0]).isEqualTo(7);
    }
  }

  @Property(tries = 20)
  void heldCommandsAreThoseOfTheLastStepSent(@ForAll @IntRange(min = 1, max = 10) int steps) {
    Effect.Active hold = start(new ActionHold(steps));
    for (int k = 0; k < 50; k++) {
      float[] action = {k, k + 1, k, k};
      hold.command(null, action);
      assertThat(action[0]).isEqualTo(k - k % steps);
      assertThat(action[1]).isEqualTo(k - k % steps + 1);
    }
  }

  @Test
  void aControllerAtHalfTheRateIsAskedHalfAsOften() {
    Controller counting =
        new Controller() {
          private int asked;

          @Override
          public void reset() {
            asked = 0;
          }

          @Override
          public void act(float[] observation, float[] action) {
            Arrays.fill(action, asked++);
          }
        };
    Controller half = Controller.every(2, counting);
    float[] action = new float[4];
    for (int flight = 0; flight < 2; flight++) {
      half.reset();
      for (int k = 0; k < 7; k++) {
        half.act(level(), action);
        assertThat(action).containsOnly(k / 2);
      }
    }
    assertThatThrownBy(() -> Controller.every(0, counting))
        .hasMessage("steps between commands are 0, allowed: 1 to 100");
  }

  @Test
  void theErrorsOfAnInertialUnitHaveTheirSpreads() {
    ImuNoise noise = new ImuNoise(0, 0.2, 0.1, 0.02, 1, 0.06, 3);
    int flights = 4000;
    double bias = 0;
    double scale = 0;
    double[] spread = new double[3];
    double[] kept = new double[3];
    int lag = 100;
    for (int flight = 0; flight < flights; flight++) {
      Effect.Active active = noise.start(X500, RandomStreams.of(3, flight));
      double[] first = new double[3];
      for (int k = 0; k <= lag; k++) {
        float[] seen = level();
        seen[Observation.ANGULAR_VELOCITY + 1] = 10;
        active.observe(seen);
        if (k > 0 && k < lag) {
          continue;
        }
        double[] e = {
          seen[Observation.ROTATION + 7],
          seen[Observation.ROTATION + 2],
          seen[Observation.ROTATION + 3]
        };
        if (k == 0) {
          bias += Math.pow(seen[Observation.ANGULAR_VELOCITY], 2) / flights;
          scale += Math.pow(seen[Observation.ANGULAR_VELOCITY + 1] - 10, 2) / flights;
          first = e;
        } else {
          for (int axis = 0; axis < 3; axis++) {
            spread[axis] += e[axis] * e[axis] / flights;
            kept[axis] += e[axis] * first[axis] / flights;
          }
        }
      }
    }
    assertThat(Math.sqrt(bias)).isCloseTo(0.2, within(0.01));
    // Bias and ten times the scale's error.
    assertThat(Math.sqrt(scale)).isCloseTo(Math.hypot(0.2, 1), within(0.04));
    double[] std = {0.02, 0.02, 0.06};
    double[] timeS = {1, 1, 3};
    for (int axis = 0; axis < 3; axis++) {
      assertThat(Math.sqrt(spread[axis])).isCloseTo(std[axis], within(0.04 * std[axis]));
      assertThat(kept[axis] / spread[axis]).isCloseTo(Math.exp(-1 / timeS[axis]), within(0.06));
    }
  }

  @Test
  void anAttitudeThatIsOffIsStillOne() {
    Effect.Active active = start(ImuNoise.DEFAULT.times(5));
    for (int k = 0; k < 100; k++) {
      float[] seen = turned(0.03 * k, 0.6, 0, 0.8);
      active.observe(seen);
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          double product = 0;
          for (int m = 0; m < 3; m++) {
            product +=
                seen[Observation.ROTATION + 3 * i + m] * seen[Observation.ROTATION + 3 * j + m];
          }
          assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-6));
        }
      }
    }
  }

  @Test
  void theErrorOfTheAttitudeIsInTheWorldWhereverTheNosePoints() {
    // Heading alone is off: however the vehicle is tilted, its body z keeps its height.
    ImuNoise heading = new ImuNoise(0, 0, 0, 0, 1, 0.3, 1);
    float[] exact = turned(0.7, 0.6, 0.8, 0);
    float[] seen = exact.clone();
    start(heading).observe(seen);
    assertThat(seen[Observation.ROTATION]).isNotEqualTo(exact[Observation.ROTATION]);
    for (int j = 0; j < 3; j++) {
      assertThat(seen[Observation.ROTATION + 6 + j])
          .isCloseTo(exact[Observation.ROTATION + 6 + j], within(1e-6f));
    }
  }

  @Test
  void refuseWhatIsNone() {
    assertThatThrownBy(() -> new AttitudeLag(-0.01))
        .hasMessage("lag of the attitude in s is -0.01, allowed: 0.0 to 1.0");
    assertThatThrownBy(() -> new GyroLag(Double.NaN)).hasMessageContaining("lag of the gyro");
    assertThatThrownBy(() -> new GyroVibration(-1, 10)).hasMessageContaining("vibration");
    assertThatThrownBy(() -> new GyroVibration(1, 2000)).hasMessageContaining("frequency");
    assertThatThrownBy(() -> new PositionDropouts(0.6, 1)).hasMessageContaining("0.0 to 0.5");
    assertThatThrownBy(() -> new PositionDropouts(0.1, 0)).hasMessageContaining("0.01 to 10.0");
    assertThatThrownBy(() -> new ActionHold(0)).hasMessageContaining("1.0 to 100.0");
    assertThatThrownBy(() -> new ImuNoise(0, 0, 0, 1, 1, 0, 1)).hasMessageContaining("tilt in rad");
    assertThatThrownBy(() -> ImuNoise.DEFAULT.times(-1)).hasMessageContaining("factor");
  }

  private static float[] level() {
    return turned(0, 1, 0, 0);
  }

  @Property(tries = 100)
  void aHeadingErrorTurnsTheAttitudeAboutTheVertical(
      @ForAll @DoubleRange(min = -3.1, max = 3.1) double error,
      @ForAll @DoubleRange(min = -1, max = 1) double heading) {
    float[] observation = turned(heading, 0, 0, 1);
    observation[Observation.POSITION] = 0.3f;
    start(new HeadingError(error)).observe(observation);
    int r = Observation.ROTATION;
    double seen = Math.atan2(observation[r + 3], observation[r]);
    assertThat(Math.IEEEremainder(seen - heading - error, 2 * Math.PI)).isCloseTo(0, within(1e-6));
    assertThat(observation[Observation.POSITION]).isEqualTo(0.3f);
    float[] tilted = turned(0.5, 1, 0, 0);
    float[] before = tilted.clone();
    start(new HeadingError(error)).observe(tilted);
    // Where up is stays known.
    assertThat(Arrays.copyOfRange(tilted, r + 6, r + 9))
        .containsExactly(Arrays.copyOfRange(before, r + 6, r + 9));
    assertThatThrownBy(() -> new HeadingError(4))
        .hasMessageContaining("error of the heading in rad is 4.0, allowed:");
  }

  @Property(tries = 50)
  void aGyroFilterHalvesThePowerAtItsCutoffAndLeavesWhatStands(
      @ForAll @DoubleRange(min = 2, max = 40) double cutoff) {
    Effect.Active filter = start(new GyroFilter(cutoff));
    int at = Observation.ANGULAR_VELOCITY;
    double squares = 0;
    double passed = 0;
    for (int k = 0; k < 20_000; k++) {
      float[] observation = new float[Observation.SIZE];
      double x = Math.sin(2 * Math.PI * cutoff * k * 0.01 + 0.3);
      observation[at] = (float) x;
      observation[at + 1] = 2;
      filter.observe(observation);
      assertThat(observation[at + 1]).isCloseTo(2f, within(1e-5f));
      if (k >= 5000) {
        squares += x * x;
        passed += (double) observation[at] * observation[at];
      }
    }
    assertThat(passed / squares).isCloseTo(0.5, within(0.01));
    assertThatThrownBy(() -> new GyroFilter(50))
        .hasMessage("cutoff of the gyro's filter in Hz is 50.0, allowed: 0.1 to 45.0");
  }
}
