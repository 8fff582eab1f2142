package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.kernel.Dynamics;
import dev.raptor.sim.kernel.Episodes;
import dev.raptor.sim.kernel.ScalarDynamics;
import dev.raptor.sim.kernel.Vehicles;
import dev.raptor.sim.kernel.vector.VectorDynamics;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector dynamics give the scalar dynamics' bits. */
class DynamicsTest {
  private final Dynamics scalar = new ScalarDynamics();
  private final Dynamics vector = new VectorDynamics();

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 15, 16, 17, 40, 64, 79, 207})
  void stepsAndGoesBackBitForBit(int lanes) {
    SplittableRandom random = RandomStreams.of(lanes);
    Simulator simulator = new Simulator(lanes);
    List<SampledQuadrotor> sampled = QuadrotorDistribution.sample(lanes, lanes);
    for (int lane = 0; lane < lanes; lane++) {
      simulator.assign(lane, sampled.get(lane).quadrotor());
    }
    fill(simulator.disturbance(), 0.01, random);
    float[] expected = fill(new float[Simulator.STATE_ROWS * lanes], 1, random);
    float[] action = fill(new float[4 * lanes], 0.7, random);
    // What is not finite, what is clamped, and what is neither.
    expected[random.nextInt(expected.length)] = Float.NaN;
    expected[random.nextInt(expected.length)] = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < lanes; i++) {
      expected[random.nextInt(expected.length)] *= 3e5f;
    }
    float[] actual = expected.clone();
    for (int step = 0; step < 20; step++) {
      float[] history = fill(new float[expected.length + 3], 1, random);
      System.arraycopy(expected, 0, history, 3, expected.length);
      float[] actions = fill(new float[action.length + 5], 1, random);
      System.arraycopy(action, 0, actions, 5, action.length);
      float[] after = fill(new float[expected.length], 1, random);
      float[] expectedBefore = new float[after.length];
      float[] actualBefore = after.clone();
      float[] expectedAction = fill(new float[action.length], 1, random);
      float[] actualAction = expectedAction.clone();
      scalar.stepAdjoint(
          simulator.vehicles(), history, 3, actions, 5, after, expectedBefore, expectedAction);
      vector.stepAdjoint(
          simulator.vehicles(), history, 3, actions, 5, actualBefore, actualBefore, actualAction);
      assertThat(actualBefore).containsExactly(expectedBefore);
      assertThat(actualAction).containsExactly(expectedAction);

      scalar.step(simulator.vehicles(), expected, action);
      vector.step(simulator.vehicles(), actual, action);
      assertThat(actual).containsExactly(expected);
    }
  }

  /** Episodes that end, that follow the Langevin process, and one whose state is broken. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 15, 16, 17, 40, 64, 79, 207})
  void advanceEpisodesBitForBit(int lanes) {
    Episodes expected = episodes(lanes);
    Episodes actual = episodes(lanes);
    float[] expectedState = state(lanes);
    float[] actualState = expectedState.clone();
    Vehicles vehicles = vehicles(lanes);
    SplittableRandom random = RandomStreams.of(lanes);
    float[] expectedReward = new float[lanes];
    float[] actualReward = new float[lanes];
    boolean[] expectedOver = new boolean[lanes];
    boolean[] actualOver = new boolean[lanes];
    int ends = 0;
    for (int step = 0; step < 20; step++) {
      float[] action = fill(new float[4 * lanes], 0.7, random);
      scalar.advance(vehicles, expected, expectedState, action, expectedReward, expectedOver);
      vector.advance(vehicles, actual, actualState, action, actualReward, actualOver);
      assertThat(actualState).containsExactly(expectedState);
      assertThat(actualReward).containsExactly(expectedReward);
      assertThat(actualOver).containsExactly(expectedOver);
      assertThat(actual.reference()).containsExactly(expected.reference());
      assertThat(actual.langevin()).containsExactly(expected.langevin());
      for (int lane = 0; lane < lanes; lane++) {
        ends += expectedOver[lane] ? 1 : 0;
        expected.steps()[lane]++;
        actual.steps()[lane]++;
      }
      float[] expectedRotation = new float[9 * lanes + 2];
      float[] actualRotation = new float[9 * lanes + 2];
      scalar.rotations(lanes, expectedState, expectedRotation, 2);
      vector.rotations(lanes, actualState, actualRotation, 2);
      assertThat(actualRotation).containsExactly(expectedRotation);
    }
    assertThat(ends).isBetween(lanes > 1 ? 20 : 0, 20 * lanes);
    assertThat(expected.reference()[0]).isNotZero();
  }

  private static Vehicles vehicles(int lanes) {
    Simulator simulator = new Simulator(lanes);
    List<SampledQuadrotor> sampled = QuadrotorDistribution.sample(lanes, lanes);
    for (int lane = 0; lane < lanes; lane++) {
      simulator.assign(lane, sampled.get(lane).quadrotor());
    }
    return simulator.vehicles();
  }

  private static float[] state(int lanes) {
    float[] state = fill(new float[Simulator.STATE_ROWS * lanes], 1, RandomStreams.of(3, lanes));
    if (lanes > 1) {
      state[Simulator.WX * lanes + lanes / 2] = Float.NaN;
    }
    return state;
  }

  private static Episodes episodes(int lanes) {
    Episodes e = Episodes.of(lanes);
    SplittableRandom random = RandomStreams.of(4, lanes);
    fill(e.rewardConstant(), 1, random);
    fill(e.lastAction(), 0.5, random);
    for (int lane = 0; lane < lanes; lane++) {
      for (int k = 0; k < 3; k++) {
        e.limits()[k * lanes + lane] = random.nextInt(4) == 0 ? Float.POSITIVE_INFINITY : 2 + k;
      }
      e.keys()[lane] = random.nextInt();
      e.keys()[lanes + lane] = random.nextInt();
      if (lane % 3 == 0) {
        e.noise()[lane] = 0.05f;
        e.moving()[lane / Dynamics.TILE]++;
      }
    }
    return e;
  }

  @Test
  void tellFiniteNumbersFromOthers() {
    for (Dynamics dynamics : List.of(scalar, vector)) {
      for (int length : new int[] {0, 1, 16, 37}) {
        float[] x = fill(new float[length], 1e30, RandomStreams.of(1));
        assertThat(dynamics.isFinite(x)).isTrue();
        for (int i = 0; i < length; i++) {
          float was = x[i];
          for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            x[i] = bad;
            assertThat(dynamics.isFinite(x)).isFalse();
          }
          x[i] = was;
        }
      }
    }
  }

  private static float[] fill(float[] x, double scale, SplittableRandom random) {
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (scale * random.nextGaussian());
    }
    return x;
  }
}
