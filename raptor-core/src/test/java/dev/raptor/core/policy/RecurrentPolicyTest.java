package dev.raptor.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.WarmUp;
import dev.raptor.core.network.RecurrentNetwork;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrentPolicyTest {
  private static final RecurrentPolicy POLICY = policy(RecurrentNetwork.RAPTOR);

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 37, 64})
  void aLaneOfABatchGivesTheBitsOfASession(int lanes) {
    for (RecurrentNetwork network :
        new RecurrentNetwork[] {
          RecurrentNetwork.RAPTOR, new RecurrentNetwork(22, 20, 4), new RecurrentNetwork(22, 7, 20)
        }) {
      RecurrentPolicy policy = policy(network);
      PolicyBatch batch = policy.newBatch(lanes);
      PolicySession[] sessions = new PolicySession[lanes];
      for (int lane = 0; lane < lanes; lane++) {
        sessions[lane] = policy.newSession();
      }
      SplittableRandom random = RandomStreams.of(2, lanes);
      float[] observations = new float[22 * lanes];
      int outputs = network.outputs();
      float[] actions = new float[outputs * lanes];
      float[] observation = new float[22];
      float[] action = new float[outputs];
      for (int t = 0; t < 50; t++) {
        if (t == 20) {
          batch.reset(lanes / 2);
          sessions[lanes / 2].reset();
        }
        for (int i = 0; i < observations.length; i++) {
          observations[i] = (float) random.nextGaussian();
        }
        batch.step(observations, actions);
        for (int lane = 0; lane < lanes; lane++) {
          for (int i = 0; i < 22; i++) {
            observation[i] = observations[i * lanes + lane];
          }
          sessions[lane].step(observation, action);
          for (int i = 0; i < outputs; i++) {
            assertThat(action[i]).isEqualTo(actions[i * lanes + lane]);
          }
        }
      }
    }
  }

  @Test
  void saysWhatItIs() {
    assertThat(policy(new RecurrentNetwork(22, 20, 4))).hasToString("policy of 22-20-4 in float");
  }

  /** The equations as they stand in {@link dev.raptor.core.network.Gru}, in double precision. */
  @Test
  void aSessionFollowsTheEquations() {
    float[] p = POLICY.parameters();
    PolicySession session = POLICY.newSession();
    SplittableRandom random = RandomStreams.of(3);
    float[] observation = new float[22];
    float[] action = new float[4];
    double[] h = new double[16];
    int gru = RecurrentNetwork.RAPTOR.gruOffset();
    for (int t = 0; t < 2000; t++) {
      double[] x = new double[22];
      for (int i = 0; i < 22; i++) {
        observation[i] = (float) random.nextGaussian();
        x[i] = observation[i];
      }
      session.step(observation, action);
      double[] e = dense(p, 0, 16, x);
      for (int i = 0; i < 16; i++) {
        e[i] = Math.max(0, e[i]);
      }
      double[] gi = dense(p, gru, 48, e);
      double[] gh = dense(p, gru + 48 * 17, 48, h);
      for (int i = 0; i < 16; i++) {
        double r = 1 / (1 + Math.exp(-gi[i] - gh[i]));
        double z = 1 / (1 + Math.exp(-gi[16 + i] - gh[16 + i]));
        double c = Math.tanh(gi[32 + i] + r * gh[32 + i]);
        h[i] = (1 - z) * c + z * h[i];
      }
      double[] expected = dense(p, RecurrentNetwork.RAPTOR.decoderOffset(), 4, h);
      for (int i = 0; i < 4; i++) {
        assertThat((double) action[i]).isCloseTo(expected[i], within(5e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aRefusedObservationLeavesTheMemoryAsItWas(float bad) {
    PolicySession disturbed = POLICY.newSession();
    PolicySession calm = POLICY.newSession();
    float[] good = new float[22];
    good[0] = Float.MAX_VALUE / 1e30f;
    float[] expected = new float[4];
    float[] actual = new float[4];
    calm.step(good, expected);
    disturbed.step(good, actual);
    for (int i = 0; i < 22; i++) {
      float[] observation = good.clone();
      observation[i] = bad;
      assertThatThrownBy(() -> disturbed.step(observation, actual))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("observation[%d] is %s", i, bad);
    }
    assertThatThrownBy(() -> disturbed.step(new float[21], actual))
        .hasMessageContaining("an observation of 21 numbers, allowed are 22");
    assertThatThrownBy(() -> disturbed.step(good, new float[5]))
        .hasMessageContaining("an action of 5 numbers, allowed are 4");
    calm.step(good, expected);
    disturbed.step(good, actual);
    assertThat(actual).containsExactly(expected);
  }

  @Test
  void anObservationThatOverflowsLeavesTheMemoryAsItWas() {
    float[] parameters = POLICY.parameters();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= 20;
    }
    RecurrentPolicy policy = new RecurrentPolicy(POLICY.network(), parameters, Map.of());
    PolicySession disturbed = policy.newSession();
    PolicySession calm = policy.newSession();
    float[] good = new float[22];
    float[] expected = new float[4];
    float[] actual = new float[4];
    calm.step(good, expected);
    disturbed.step(good, actual);
    float[] observation = new float[22];
    Arrays.fill(observation, 1e38f);
    observation[7] = Float.MAX_VALUE;
    assertThatThrownBy(() -> disturbed.step(observation, actual))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("observation[7] is 3.4028235E38, so large that sums of floats overflow");
    calm.step(good, expected);
    disturbed.step(good, actual);
    assertThat(actual).containsExactly(expected);
  }

  @Test
  void batchesRefuseLanesThatTheyDoNotHave() {
    for (int lanes : new int[] {0, -1, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> POLICY.newBatch(lanes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a batch of %d lanes, allowed are 1 to 16777216", lanes);
    }
    PolicyBatch batch = POLICY.newBatch(3);
    for (int lane : new int[] {-1, 3}) {
      assertThatThrownBy(() -> batch.reset(lane))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("lane is %d, allowed are 0 to 2", lane);
      assertThatThrownBy(() -> batch.readMemory(lane, new float[16]))
          .hasMessage("lane is %d, allowed are 0 to 2", lane);
    }
    assertThatThrownBy(() -> batch.readMemory(0, new float[15]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a memory of 15 numbers, allowed are 16");
  }

  @Test
  void aLaneRemembersWhatAloneItWouldRemember() {
    PolicyBatch many = POLICY.newBatch(37);
    SplittableRandom random = RandomStreams.of(5);
    float[] observations = new float[22 * 37];
    for (int i = 0; i < observations.length; i++) {
      observations[i] = (float) random.nextGaussian();
    }
    many.step(observations, new float[4 * 37]);
    for (int lane = 0; lane < 37; lane++) {
      PolicyBatch one = POLICY.newBatch(1);
      float[] observation = new float[22];
      for (int i = 0; i < 22; i++) {
        observation[i] = observations[i * 37 + lane];
      }
      one.step(observation, new float[4]);
      float[] expected = new float[16];
      float[] actual = new float[16];
      one.readMemory(0, expected);
      many.readMemory(lane, actual);
      assertThat(actual).containsExactly(expected).isNotEqualTo(new float[16]);
      many.reset(lane);
      many.readMemory(lane, actual);
      assertThat(actual).containsOnly(0);
    }
  }

  @Test
  void warmingUpSaysWhatItMeasured() {
    WarmUp warmUp = POLICY.warmUp();
    assertThat(warmUp.steps()).isGreaterThan(100_000);
    assertThat(warmUp.firstNanos()).isPositive();
    assertThat(warmUp.medianNanos()).isBetween(1L, warmUp.worstNanos());
  }

  private static RecurrentPolicy policy(RecurrentNetwork network) {
    return new RecurrentPolicy(network, network.initialise(RandomStreams.of(1)), Map.of());
  }

  private static double[] dense(float[] p, int at, int outputs, double[] x) {
    double[] y = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      y[o] = p[at + outputs * x.length + o];
      for (int i = 0; i < x.length; i++) {
        y[o] += p[at + o * x.length + i] * x[i];
      }
    }
    return y;
  }
}
