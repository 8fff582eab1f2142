package dev.raptor.core.fixed;

import dev.raptor.core.PolicyBatch;
import dev.raptor.core.kernel.IntegerKernels;

/** Many vehicles under a {@link FixedPolicy}, in blocks {@code [numbers][lanes]}. */
final class FixedBatch implements PolicyBatch {
  private static final int LIMIT = FixedFormat.WORD_LIMIT;
  private static final int GATE_LIMIT = FixedFormat.GATE_LIMIT;

  private final FixedPolicy policy;
  private final int lanes;
  private final int hidden;
  private final float[] scales;
  private final int[] words;
  private final int[] features;
  private final int[] inputGates;
  private final int[] stateGates;
  private final int[] state;
  private final int[] seen;
  private final int[] result;
  private final float[] states;
  private final IntegerKernels kernels;

  FixedBatch(FixedPolicy policy, int lanes) {
    this(policy, lanes, IntegerKernels.active());
  }

  FixedBatch(FixedPolicy policy, int lanes, IntegerKernels kernels) {
    this.policy = policy;
    this.lanes = lanes;
    this.kernels = kernels;
    hidden = policy.network().hidden();
    words = new int[policy.network().inputs() * lanes];
    scales = new float[words.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = policy.observationScales()[i / lanes];
    }
    features = new int[hidden * lanes];
    inputGates = new int[3 * hidden * lanes];
    stateGates = new int[3 * hidden * lanes];
    state = new int[hidden * lanes];
    seen = policy.format().stateShift() == 0 ? state : new int[hidden * lanes];
    result = new int[policy.network().outputs() * lanes];
    states = new float[hidden * lanes];
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public void reset(int lane) {
    for (int i = 0; i < hidden; i++) {
      state[i * lanes + lane] = 0;
      seen[i * lanes + lane] = 0;
    }
  }

  @Override
  public void step(float[] observations, float[] actions) {
    if (observations.length != words.length || actions.length != result.length) {
      throw new IllegalArgumentException(
          "observations of %d numbers and actions of %d, allowed are %d and %d"
              .formatted(observations.length, actions.length, words.length, result.length));
    }
    kernels.words(words.length, observations, 0, scales, words, 0);
    dense(0, 0, policy.format().featureLimit(), words, features);
    dense(1, -GATE_LIMIT, GATE_LIMIT, features, inputGates);
    dense(2, -GATE_LIMIT, GATE_LIMIT, seen, stateGates);
    kernels.gruGates(
        hidden * lanes,
        inputGates,
        stateGates,
        policy.packedTable(),
        policy.format().tableShift(),
        state);
    shorten();
    dense(3, -LIMIT, LIMIT, seen, result);
    for (int i = 0; i < result.length; i++) {
      actions[i] = result[i] * policy.actionScale();
    }
  }

  private void dense(int layer, int low, int high, int[] x, int[] y) {
    FixedLayer shape = policy.layers().get(layer);
    kernels.dense(
        shape.outputs(),
        shape.inputs(),
        lanes,
        FixedPolicy.width(shape.outputs()),
        policy.packed(),
        policy.packedOffset(layer),
        shape.preShift(),
        low,
        high,
        x,
        y);
  }

  private void shorten() {
    int shift = policy.format().stateShift();
    int half = 1 << shift >> 1;
    int limit = policy.format().stateLimit();
    for (int i = 0; shift > 0 && i < state.length; i++) {
      seen[i] = Math.min(limit, state[i] + half >> shift);
    }
  }

  @Override
  public float[] states() {
    for (int i = 0; i < state.length; i++) {
      states[i] = state[i] * 0x1p-15f;
    }
    return states;
  }
}
