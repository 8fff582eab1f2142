package dev.raptor.core.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.PolicyBatch;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.ScalarIntegerKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPolicyTest {
  private static final int STEPS = 10_000;

  @Test
  void saysWhatItIs() {
    assertThat(RandomFixedPolicy.of(FixedFormat.W8A16, 16))
        .hasToString("policy of 22-16-4 in integers, 16x8");
  }

  /**
   * The CRC-32 of 10 000 steps' words. Another machine, JVM or kernel must give it too; it changes
   * with the format only, and the failing test prints the new one.
   */
  @ParameterizedTest
  @CsvSource({"8, 16, 1375041268", "8, 8, 3675061576", "4, 12, 2890936359"})
  void everyMachineGivesTheseWords(int weightBits, int activationBits, long hash) {
    FixedPolicy policy = RandomFixedPolicy.of(new FixedFormat(weightBits, activationBits), 16);
    FixedSession session = policy.newSession();
    FixedSession scalar = policy.newSession(new ScalarIntegerKernels());
    assertThat(IntegerKernels.active().name()).startsWith("vector");
    SplittableRandom random = RandomStreams.of(7);
    short[] observation = new short[22];
    short[] action = new short[4];
    short[] expected = new short[4];
    CRC32 crc = new CRC32();
    int moved = 0;
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < 18; i++) {
        observation[i] = (short) random.nextInt(-32768, 32768);
      }
      // The action goes into the next observation, as in flight.
      System.arraycopy(action, 0, observation, 18, 4);
      scalar.step(observation, expected);
      int before = action[0];
      session.step(observation, action);
      assertThat(action).containsExactly(expected);
      moved += action[0] == before ? 0 : 1;
      for (short word : action) {
        crc.update(word & 0xff);
        crc.update(word >> 8 & 0xff);
      }
    }
    assertThat(moved).as("steps that changed the action").isGreaterThan(STEPS / 2);
    assertThat(crc.getValue()).isEqualTo(hash);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 8})
  void wordsAndFloatsGiveTheSameWhateverTheNumberOfOutputs(int outputs) {
    FixedPolicy policy = RandomFixedPolicy.of(FixedFormat.W8A16, 11, outputs);
    FixedSession words = policy.newSession();
    FixedSession floats = policy.newSession(new ScalarIntegerKernels());
    SplittableRandom random = RandomStreams.of(11);
    short[] word = new short[22];
    short[] action = new short[outputs];
    float[] number = new float[22];
    float[] expected = new float[outputs];
    float[] commands = new float[outputs];
    for (int t = 0; t < 100; t++) {
      for (int i = 0; i < 22; i++) {
        number[i] = (float) random.nextGaussian();
      }
      policy.toWords(number, word);
      words.step(word, action);
      floats.step(number, expected);
      policy.toAction(action, commands);
      assertThat(commands).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 37, 64})
  void aLaneOfABatchGivesTheBitsOfASession(int lanes) {
    for (FixedFormat format : List.of(FixedFormat.W8A16, FixedFormat.W8A8)) {
      for (int hidden : new int[] {16, 11}) {
        FixedPolicy policy = RandomFixedPolicy.of(format, hidden);
        PolicyBatch batch = policy.newBatch(lanes);
        FixedSession session = policy.newSession();
        int lane = lanes / 2;
        SplittableRandom random = RandomStreams.of(2, lanes);
        float[] observations = new float[22 * lanes];
        float[] actions = new float[4 * lanes];
        float[] observation = new float[22];
        float[] action = new float[4];
        for (int t = 0; t < 60; t++) {
          if (t == 20) {
            batch.reset(lane);
            session.reset();
          }
          for (int i = 0; i < observations.length; i++) {
            observations[i] = (float) (3 * random.nextGaussian());
          }
          batch.step(observations, actions);
          for (int i = 0; i < 22; i++) {
            observation[i] = observations[i * lanes + lane];
          }
          session.step(observation, action);
          for (int i = 0; i < 4; i++) {
            assertThat(action[i]).isEqualTo(actions[i * lanes + lane]);
          }
          float[] memory = new float[hidden];
          batch.readMemory(lane, memory);
          for (int i = 0; i < hidden; i++) {
            assertThat(memory[i]).isEqualTo(session.state()[i] * 0x1p-15f);
          }
        }
      }
    }
  }

  @Test
  void floatsAndWordsMeanTheSame() {
    FixedPolicy policy = RandomFixedPolicy.of(FixedFormat.W8A16, 16);
    FixedSession floats = policy.newSession();
    FixedSession words = policy.newSession();
    float[] observation = new float[22];
    float[] action = new float[4];
    float[] expected = new float[4];
    short[] observationWords = new short[22];
    short[] actionWords = new short[4];
    SplittableRandom random = RandomStreams.of(3);
    for (int t = 0; t < 200; t++) {
      for (int i = 0; i < 22; i++) {
        observation[i] = (float) random.nextGaussian() * (t % 50 == 0 ? 1e6f : 1);
      }
      policy.toWords(observation, observationWords);
      words.step(observationWords, actionWords);
      policy.toAction(actionWords, expected);
      floats.step(observation, action);
      assertThat(action).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(shorts = {Short.MIN_VALUE, -32767, 0, Short.MAX_VALUE})
  void noWordOverflows(short word) {
    for (FixedFormat format : List.of(FixedFormat.W8A16, FixedFormat.W8A8)) {
      FixedPolicy policy = RandomFixedPolicy.of(format, 16);
      FixedSession session = policy.newSession();
      short[] observation = new short[22];
      Arrays.fill(observation, word);
      short[] action = new short[4];
      for (int t = 0; t < 1000; t++) {
        session.step(observation, action);
        for (int state : session.state()) {
          assertThat(state).isBetween(-32767, 32767);
        }
      }
    }
  }

  @Test
  void anActionSaturatesAtBothEnds() {
    FixedPolicy policy = RandomFixedPolicy.of(FixedFormat.W8A16, 16);
    FixedLayer decoder = policy.layers().get(3);
    int[] biases = {32767, -32767, 32767, -32767};
    int[] shifts = {1, 1, 1, 1};
    FixedLayer steep =
        new FixedLayer(16, 4, new int[64], biases, 8, 0, decoder.multipliers(), shifts);
    FixedPolicy saturated = withDecoder(policy, steep);
    short[] action = new short[4];
    saturated.newSession().step(new short[22], action);
    assertThat(action).containsExactly(new short[] {32767, -32767, 32767, -32767});
    float[] commands = new float[4];
    saturated.newSession().step(new float[22], commands);
    assertThat(commands).containsExactly(7.999756f, -7.999756f, 7.999756f, -7.999756f);
  }

  @Test
  void whatIntegersCannotHoldIsRefused() {
    FixedPolicy policy = RandomFixedPolicy.of(FixedFormat.W8A16, 16);
    FixedLayer decoder = policy.layers().get(3);
    int[] weights = new int[64];
    Arrays.fill(weights, 127);
    FixedLayer unshifted =
        new FixedLayer(16, 4, weights, new int[4], 0, 0, decoder.multipliers(), decoder.shifts());
    assertThatThrownBy(() -> withDecoder(policy, unshifted))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("decoder: the sum of row 0 may reach 66582544");
    weights[5] = 128;
    assertThatThrownBy(() -> withDecoder(policy, unshifted))
        .hasMessageContaining("decoder: weight [0][5] is 128, allowed: up to ±127");
    assertThatThrownBy(
            () -> new FixedLayer(1, 1, new int[1], new int[] {40000}, 0, 0, new int[1], new int[1]))
        .hasMessageContaining("a bias of 40000, allowed: -32767 to 32767");
    assertThatThrownBy(() -> RandomFixedPolicy.of(FixedFormat.W8A16, 256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256")
        .hasMessageContaining("allowed: up to 255 inputs, hidden units and outputs");
    assertThatThrownBy(() -> RandomFixedPolicy.of(FixedFormat.W8A16, 4, 256))
        .hasMessageContaining("allowed: up to 255 inputs, hidden units and outputs");
    assertThatThrownBy(() -> new FixedFormat(9, 16)).hasMessageContaining("allowed: 2 to 8");
    assertThatThrownBy(() -> new FixedFormat(8, 7)).hasMessageContaining("allowed: 8 to 16");
  }

  @Test
  void batchesRefuseLanesThatTheyDoNotHave() {
    FixedPolicy policy = RandomFixedPolicy.of(FixedFormat.W8A16, 16);
    assertThatThrownBy(() -> policy.newBatch(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a batch of 0 lanes, allowed are 1 to 16777216");
    PolicyBatch batch = policy.newBatch(3);
    assertThatThrownBy(() -> batch.reset(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lane is 3, allowed are 0 to 2");
  }

  @Test
  void aSessionCanBeTriedAndForgotten() {
    FixedPolicy policy = RandomFixedPolicy.of(FixedFormat.W8A8, 16);
    FixedSession session = policy.newSession();
    FixedSession copy = policy.newSession();
    short[] observation = new short[22];
    Arrays.fill(observation, (short) 1234);
    short[] action = new short[4];
    short[] expected = new short[4];
    session.step(observation, action);
    copy.copyFrom(session);
    session.step(observation, expected);
    copy.step(observation, action);
    assertThat(action).containsExactly(expected);
    FixedSession other = RandomFixedPolicy.of(FixedFormat.W8A8, 16).newSession();
    assertThatThrownBy(() -> copy.copyFrom(other)).hasMessageContaining("not of this policy");
    assertThatThrownBy(() -> copy.step(new short[21], action)).hasMessageContaining("22 and 4");
    float[] bad = new float[22];
    bad[7] = Float.NaN;
    assertThatThrownBy(() -> copy.step(bad, new float[4]))
        .hasMessageContaining("observation[7] is NaN");
  }

  private static FixedPolicy withDecoder(FixedPolicy policy, FixedLayer decoder) {
    List<FixedLayer> layers = policy.layers();
    return new FixedPolicy(
        policy.network(),
        policy.format(),
        policy.observationFractionBits(),
        policy.actionFractionBits(),
        List.of(layers.get(0), layers.get(1), layers.get(2), decoder),
        policy.table(),
        Map.of());
  }
}
