package dev.raptor.core.fixed.quantise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuantiserTest {
  private static final int FLIGHTS = 8;
  private static final int STEPS = 60;
  private static final RecurrentNetwork NETWORK = RecurrentNetwork.RAPTOR;
  private static final RecurrentPolicy POLICY =
      new RecurrentPolicy(NETWORK, NETWORK.initialise(RandomStreams.of(1)), Map.of());

  @Test
  void theIntegersComeNearerWithEveryBit() {
    double worst = rms(quantise(4, 8));
    double narrow = rms(quantise(8, 8));
    double wide = rms(quantise(8, 16));
    assertThat(wide).isLessThan(0.003);
    assertThat(narrow).isBetween(1.2 * wide, 0.01);
    assertThat(worst).isBetween(2 * narrow, 0.1);
  }

  /** What it learns with is what flies, but for the table and what has 16 bits. */
  @Test
  void theRoundedFloatsAreTheIntegers() {
    CalibrationData recording = recording();
    Quantiser quantiser = new Quantiser(POLICY, FixedFormat.W8A8, recording);
    FakeQuantisation rounding = new FakeQuantisation(quantiser, quantiser.calibrate());
    float[] p = POLICY.parameters();
    UnrolledNetwork rounded = rounding.unroll(NETWORK, 1, FLIGHTS);
    UnrolledNetwork plain = new UnrolledNetwork(NETWORK, 1, FLIGHTS);
    PolicyBatch fixed = quantiser.quantise(p, rounding.scales(), Map.of()).newBatch(FLIGHTS);
    float[] observation = new float[22 * FLIGHTS];
    float[] action = new float[4 * FLIGHTS];
    double error = 0;
    double plainError = 0;
    for (int t = 0; t < STEPS; t++) {
      System.arraycopy(
          recording.observations(), t * observation.length, observation, 0, observation.length);
      System.arraycopy(observation, 0, rounded.inputs(), 0, observation.length);
      System.arraycopy(observation, 0, plain.inputs(), 0, observation.length);
      fixed.step(observation, action);
      rounded.step(rounding.parameters(p), 0);
      plain.step(p, 0);
      error += squares(action, rounded.outputs());
      plainError += squares(action, plain.outputs());
      rounded.carryOver();
      plain.carryOver();
    }
    assertThat(error).isLessThan(0.5 * plainError);
  }

  private static double squares(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  @Test
  void theFloorsOfMemoryAreKept() {
    FixedPolicy wide = quantise(8, 16);
    FixedPolicy narrow = quantise(8, 8);
    assertThat(wide.flashBytes()).isLessThanOrEqualTo(3000);
    assertThat(narrow.flashBytes()).isLessThanOrEqualTo(2600);
    assertThat(wide.ramBytes()).isLessThanOrEqualTo(256);
    assertThat(narrow.ramBytes()).isLessThanOrEqualTo(256);
  }

  @Test
  void rowsOfZeroAndGiantBiasesHavePlace() {
    float[] p = POLICY.parameters();
    Arrays.fill(p, 0, 22, 0f);
    Arrays.fill(p, 22, 44, 1e-6f);
    p[22 * 16 + 1] = 3;
    RecurrentPolicy odd = new RecurrentPolicy(NETWORK, p, Map.of());
    Quantiser quantiser = new Quantiser(odd, FixedFormat.W8A16, recording());
    assertThat(rms(odd, quantiser.quantise(p, quantiser.calibrate(), Map.of()))).isLessThan(0.02);
  }

  @Test
  void flightsOfNoStepAreRefused() {
    assertThatThrownBy(() -> new CalibrationData(1, 1, 22, new int[1], new float[22]))
        .hasMessageContaining("no flight has a step");
  }

  private static FixedPolicy quantise(int weightBits, int activationBits) {
    Quantiser quantiser =
        new Quantiser(POLICY, new FixedFormat(weightBits, activationBits), recording());
    return quantiser.quantise(POLICY.parameters(), quantiser.calibrate(), Map.of());
  }

  private static CalibrationData recording() {
    SplittableRandom random = RandomStreams.of(2);
    float[] observations = new float[STEPS * 22 * FLIGHTS];
    for (int i = 0; i < observations.length; i++) {
      observations[i] = (float) random.nextGaussian();
    }
    int[] lengths = new int[FLIGHTS];
    Arrays.fill(lengths, STEPS);
    lengths[3] = STEPS / 2;
    return new CalibrationData(FLIGHTS, STEPS, 22, lengths, observations);
  }

  private static double rms(FixedPolicy fixed) {
    return rms(POLICY, fixed);
  }

  /** Over inputs that it was not scaled by. */
  private static double rms(RecurrentPolicy policy, FixedPolicy fixed) {
    PolicySession expected = policy.newSession();
    PolicySession actual = fixed.newSession();
    SplittableRandom random = RandomStreams.of(3);
    float[] observation = new float[22];
    float[] a = new float[4];
    float[] b = new float[4];
    double sum = 0;
    for (int t = 0; t < 500; t++) {
      for (int i = 0; i < 22; i++) {
        observation[i] = (float) random.nextGaussian();
      }
      expected.step(observation, a);
      actual.step(observation, b);
      for (int i = 0; i < 4; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
    }
    return Math.sqrt(sum / 2000);
  }
}
