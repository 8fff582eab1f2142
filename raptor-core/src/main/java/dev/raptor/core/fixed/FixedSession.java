package dev.raptor.core.fixed;

import dev.raptor.core.PolicySession;
import dev.raptor.core.kernel.IntegerKernels;
import java.util.Arrays;

/** The memory of one vehicle's flight under a {@link FixedPolicy}; owned by one thread. */
public final class FixedSession implements PolicySession {
  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  private static final int LIMIT = FixedFormat.WORD_LIMIT;
  private static final int GATE_LIMIT = FixedFormat.GATE_LIMIT;

  private final FixedPolicy policy;
  private final int inputs;
  private final int hidden;
  private final int outputs;
  private final int stateShift;
  private final int stateHalf;
  private final int stateLimit;
  private final int featureLimit;
  private final int tableShift;
  private final int[] weights;
  private final int[] table;
  private final int inputGatesAt;
  private final int stateGatesAt;
  private final int decoderAt;
  private final int[] preShifts = new int[4];
  private final float[] scales;
  private final float actionScale;
  private final int[] words;
  private final int[] features;
  private final int[] inputGates;
  private final int[] stateGates;
  private final int[] state;
  private final int[] seen;
  private final int[] result;
  private final IntegerKernels kernels;

  FixedSession(FixedPolicy policy, IntegerKernels kernels) {
    this.policy = policy;
    this.kernels = kernels;
    inputs = policy.network().inputs();
    hidden = policy.network().hidden();
    outputs = policy.network().outputs();
    stateShift = policy.format().stateShift();
    stateHalf = 1 << stateShift >> 1;
    stateLimit = policy.format().stateLimit();
    featureLimit = policy.format().featureLimit();
    tableShift = policy.format().tableShift();
    weights = policy.packed();
    table = policy.packedTable();
    inputGatesAt = policy.packedOffset(1);
    stateGatesAt = policy.packedOffset(2);
    decoderAt = policy.packedOffset(3);
    Arrays.setAll(preShifts, i -> policy.layers().get(i).preShift());
    scales = policy.observationScales();
    actionScale = policy.actionScale();
    words = new int[inputs];
    features = new int[FixedPolicy.width(hidden)];
    inputGates = new int[FixedPolicy.width(3 * hidden)];
    stateGates = new int[inputGates.length];
    state = new int[hidden];
    // With all 16 bits the matrices see the state itself.
    seen = stateShift == 0 ? state : new int[hidden];
    result = new int[FixedPolicy.width(outputs)];
  }

  @Override
  public void reset() {
    Arrays.fill(state, 0);
    Arrays.fill(seen, 0);
  }

  @Override
  public void copyFrom(PolicySession other) {
    if (!(other instanceof FixedSession session && session.policy == policy)) {
      throw new IllegalArgumentException("the other session is not of this policy");
    }
    System.arraycopy(session.state, 0, state, 0, hidden);
    System.arraycopy(session.seen, 0, seen, 0, hidden);
  }

  @Override
  public void step(float[] observation, float[] action) {
    checkLengths(observation.length, action.length);
    // The largest magnitude as bits: at or above infinity's, something is not finite.
    int largest = 0;
    for (float value : observation) {
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    }
    if (largest >= INFINITY) {
      refuse(observation);
    }
    kernels.words(inputs, observation, 0, scales, words, 0);
    step();
    for (int i = 0; i < outputs; i++) {
      action[i] = result[i] * actionScale;
    }
  }

  /**
   * One step of 10 ms from words to words, without a floating-point number. Allocates nothing.
   *
   * @param observation 22 words, each with {@link FixedPolicy#observationFractionBits} of its own
   * @param action receives 4 words with {@link FixedPolicy#actionFractionBits}, within ±32767
   * @throws IllegalArgumentException if a length is wrong; the memory is as it was
   */
  public void step(short[] observation, short[] action) {
    checkLengths(observation.length, action.length);
    for (int i = 0; i < inputs; i++) {
      words[i] = observation[i];
    }
    step();
    for (int i = 0; i < outputs; i++) {
      action[i] = (short) result[i];
    }
  }

  private static void refuse(float[] observation) {
    for (int i = 0; i < observation.length; i++) {
      if (!Float.isFinite(observation[i])) {
        throw new IllegalArgumentException(
            "observation[%d] is %s, allowed are finite numbers".formatted(i, observation[i]));
      }
    }
  }

  /** The state, Q15, live. */
  int[] state() {
    return state;
  }

  private void checkLengths(int observation, int action) {
    if (observation != inputs || action != outputs) {
      throw new IllegalArgumentException(
          "an observation of %d numbers and an action of %d, allowed are %d and %d"
              .formatted(observation, action, inputs, outputs));
    }
  }

  private void step() {
    kernels.denseSingle(
        features.length, inputs, weights, 0, preShifts[0], 0, featureLimit, words, features);
    kernels.denseSingle(
        stateGates.length,
        hidden,
        weights,
        stateGatesAt,
        preShifts[2],
        -GATE_LIMIT,
        GATE_LIMIT,
        seen,
        stateGates);
    kernels.denseSingle(
        inputGates.length,
        hidden,
        weights,
        inputGatesAt,
        preShifts[1],
        -GATE_LIMIT,
        GATE_LIMIT,
        features,
        inputGates);
    kernels.gruGates(hidden, inputGates, stateGates, table, tableShift, state);
    for (int i = 0; stateShift > 0 && i < hidden; i++) {
      seen[i] = Math.min(stateLimit, state[i] + stateHalf >> stateShift);
    }
    kernels.denseSingle(
        result.length, hidden, weights, decoderAt, preShifts[3], -LIMIT, LIMIT, seen, result);
  }
}
