package dev.raptor.core.fixed;

import dev.raptor.core.PolicySession;
import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.IntegerLayer;
import dev.raptor.core.kernel.Kernels;
import java.util.Arrays;

/** The memory of one vehicle's flight under a {@link FixedPolicy}; owned by one thread. */
public final class FixedSession implements PolicySession {
  private final FixedPolicy policy;
  private final int inputs;
  private final int hidden;
  private final int outputs;
  private final int stateShift;
  private final int stateLimit;
  private final int tableShift;
  private final IntegerLayer encoder;
  private final IntegerLayer inputLayer;
  private final IntegerLayer stateLayer;
  private final IntegerLayer decoder;
  private final int[] table;
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
    stateLimit = policy.format().stateLimit();
    tableShift = policy.format().tableShift();
    table = policy.packedTable();
    encoder = policy.packed(0);
    inputLayer = policy.packed(1);
    stateLayer = policy.packed(2);
    decoder = policy.packed(3);
    scales = policy.observationScales();
    actionScale = policy.actionScale();
    words = new int[inputs];
    features = outputs(encoder);
    inputGates = outputs(inputLayer);
    stateGates = outputs(stateLayer);
    state = new int[hidden];
    // With all 16 bits the matrices see the state itself.
    seen = stateShift == 0 ? state : new int[hidden];
    result = outputs(decoder);
  }

  private static int[] outputs(IntegerLayer layer) {
    return new int[layer.singleGroups() * IntegerLayer.SINGLE];
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
    if (!Kernels.active().areFinite(observation)) {
      refuse(observation);
    }
    kernels.words(inputs, observation, scales, words);
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
    kernels.denseSingle(encoder, words, features);
    kernels.denseSingle(stateLayer, seen, stateGates);
    kernels.denseSingle(inputLayer, features, inputGates);
    kernels.gruGates(hidden, inputGates, stateGates, table, tableShift, state, 0);
    if (stateShift > 0) {
      kernels.shorten(hidden, stateShift, stateLimit, state, 0, seen, 0);
    }
    kernels.denseSingle(decoder, seen, result);
  }
}
