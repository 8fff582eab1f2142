package dev.raptor.core.fixed;

import dev.raptor.core.Observation;
import dev.raptor.core.PolicySession;
import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.IntegerLayer;
import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.kernel.PaddedArrays;
import dev.raptor.core.network.RecurrentNetwork;
import java.util.Arrays;

/** The memory of one vehicle's flight under a {@link FixedPolicy}; owned by one thread. */
public abstract class FixedSession implements PolicySession {
  private final FixedPolicy policy;
  private final int stateShift;
  private final int stateLimit;
  private final IntegerLayer encoder;
  private final IntegerLayer inputLayer;
  private final IntegerLayer stateLayer;
  private final IntegerLayer decoder;
  private final int[] table;
  private final float[] scales;
  private final float actionScale;
  private final short[] words;
  private final int[] room;
  private final int[] features;
  private final int[] inputGates;
  private final int[] stateGates;
  private final int[] state;
  private final int[] seen;
  private final short[] result;
  private final IntegerKernels kernels;

  private FixedSession(FixedPolicy policy, IntegerKernels kernels) {
    this.policy = policy;
    this.kernels = kernels;
    stateShift = policy.format().stateShift();
    stateLimit = policy.format().stateLimit();
    table = policy.packedTable();
    encoder = policy.packed(0);
    inputLayer = policy.packed(1);
    stateLayer = policy.packed(2);
    decoder = policy.packed(3);
    scales = policy.observationScales();
    actionScale = policy.actionScale();
    RecurrentNetwork network = policy.network();
    words = PaddedArrays.shorts(network.inputs());
    room = PaddedArrays.ints(network.inputs());
    features = PaddedArrays.ints(Kernels.singleWidth(network.hidden()));
    inputGates = PaddedArrays.ints(3 * Kernels.singleWidth(network.hidden()));
    stateGates = PaddedArrays.ints(3 * Kernels.singleWidth(network.hidden()));
    state = PaddedArrays.ints(Kernels.singleWidth(network.hidden()));
    // With all 16 bits the matrices see the state itself.
    seen = stateShift == 0 ? state : PaddedArrays.ints(network.hidden());
    result = PaddedArrays.shorts(Kernels.padded(network.outputs(), IntegerKernels.FEW_GROUP));
  }

  static FixedSession of(FixedPolicy policy, IntegerKernels kernels) {
    RecurrentNetwork network = policy.network();
    if (network.equals(RecurrentNetwork.RAPTOR)) {
      return new FixedSession(policy, kernels) {
        @Override
        RecurrentNetwork shape() {
          return RecurrentNetwork.RAPTOR;
        }
      };
    }
    return new FixedSession(policy, kernels) {
      @Override
      RecurrentNetwork shape() {
        return network;
      }
    };
  }

  /** The network; where it is a constant the compiler knows how often each loop goes round. */
  abstract RecurrentNetwork shape();

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
    System.arraycopy(session.state, 0, state, 0, state.length);
    System.arraycopy(session.seen, 0, seen, 0, seen.length);
  }

  @Override
  public void step(float[] observation, float[] action) {
    RecurrentNetwork shape = shape();
    checkLengths(shape, observation.length, action.length);
    if (!kernels.quantise(shape.inputs(), observation, scales, words)) {
      Observation.requireFinite(observation);
    }
    encode(words);
    step(result);
    scale(shape.outputs(), result, actionScale, action);
  }

  /**
   * One step of 10 ms from words to words, without a floating-point number. Allocates nothing.
   *
   * @param observation 22 words, each with {@link FixedPolicy#observationFractionBits} of its own
   * @param action receives 4 words with {@link FixedPolicy#actionFractionBits}, within ±32767
   * @throws IllegalArgumentException if a length is wrong; the memory is as it was
   */
  public void step(short[] observation, short[] action) {
    RecurrentNetwork shape = shape();
    checkLengths(shape, observation.length, action.length);
    encode(observation);
    if (shape.outputs() % IntegerKernels.FEW_GROUP == 0) {
      step(action);
    } else {
      step(result);
      System.arraycopy(result, 0, action, 0, shape.outputs());
    }
  }

  /** The state, Q15, live; what stands behind it does not count. */
  int[] state() {
    return state;
  }

  private static void checkLengths(RecurrentNetwork shape, int observation, int action) {
    if (observation != shape.inputs() || action != shape.outputs()) {
      throw new IllegalArgumentException(
          "an observation of %d numbers and an action of %d, allowed are %d and %d"
              .formatted(observation, action, shape.inputs(), shape.outputs()));
    }
  }

  // A loop apart from the step: a method with a loop is compiled after fewer calls, and the step
  // would be before it is known which of its calls are worth putting in place. The encoder is put
  // into the public steps, which are then too large to be put into the caller's method, where the
  // compiler would run out of nodes before it has put all else in place.

  private static void scale(int n, short[] from, float scale, float[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i] * scale;
    }
  }

  private void encode(short[] observation) {
    RecurrentNetwork shape = shape();
    int width = Kernels.singleWidth(shape.hidden());
    kernels.denseSingle(width, shape.inputs(), encoder, observation, room, features);
  }

  private void step(short[] action) {
    RecurrentNetwork shape = shape();
    int hidden = shape.hidden();
    int width = Kernels.singleWidth(hidden);
    kernels.gatesSingle(width, hidden, stateLayer, seen, stateGates);
    kernels.gruSingle(width, hidden, inputLayer, features, inputGates, stateGates, table, state);
    if (stateShift > 0) {
      kernels.requantise(hidden, stateShift, stateLimit, state, 0, seen, 0);
    }
    kernels.fewSingle(shape.outputs(), hidden, decoder, seen, action);
  }
}
