package dev.raptor.core.network;

import dev.raptor.core.kernel.Kernels;
import java.util.Arrays;

/**
 * A {@link RecurrentNetwork} unrolled over a number of steps for a block of lanes, for
 * backpropagation through time. The forward pass goes step by step, so that a student can fly with
 * it: what the network saw while it acted is what it learns from. Owned by one thread.
 *
 * <p>Blocks follow each other step by step: the inputs are {@code [steps][inputs][lanes]}, and so
 * on.
 */
public final class Unrolled {
  private final RecurrentNetwork network;
  private final Dense encoder;
  private final Gru gru;
  private final Dense decoder;
  private final Dense gruInput;
  private final Dense gruState;
  private final int steps;
  private final int lanes;
  private final Kernels kernels = Kernels.active();

  private final float[] inputs;
  private final float[] features;
  private final float[] gates;
  private final float[] stateGates;
  private final float[] before;
  private final float[] after;
  private final float[] outputs;
  private final float[] outputGradient;
  private final float[] featureGradient;
  private float[] stateGradient;
  private float[] earlierGradient;
  private final boolean[] resets;

  /** Buffers for {@code steps} steps of {@code lanes} lanes. */
  public Unrolled(RecurrentNetwork network, int steps, int lanes) {
    if (steps < 1 || lanes < 1) {
      throw new IllegalArgumentException(
          "%d steps of %d lanes; both must be at least 1".formatted(steps, lanes));
    }
    this.network = network;
    this.steps = steps;
    this.lanes = lanes;
    encoder = network.encoder();
    gru = network.gru();
    decoder = network.decoder();
    gruInput = gru.inputLayer();
    gruState = gru.stateLayer();
    int units = network.hidden() * lanes;
    inputs = new float[steps * network.inputs() * lanes];
    features = new float[steps * units];
    gates = new float[3 * steps * units];
    stateGates = new float[3 * steps * units];
    before = new float[(steps + 1) * units];
    after = new float[steps * units];
    outputs = new float[steps * network.outputs() * lanes];
    outputGradient = new float[outputs.length];
    featureGradient = new float[steps * units];
    stateGradient = new float[units];
    earlierGradient = new float[units];
    resets = new boolean[(steps + 1) * lanes];
  }

  /** The inputs, {@code [steps][inputs][lanes]}; the caller fills them before each step. */
  public float[] inputs() {
    return inputs;
  }

  /** What the first layer gave, {@code [steps][hidden][lanes]}. */
  public float[] features() {
    return features;
  }

  /** The outputs, {@code [steps][outputs][lanes]}. */
  public float[] outputs() {
    return outputs;
  }

  /** The hidden states, {@code [steps + 1][hidden][lanes]}; block t is the state before step t. */
  public float[] states() {
    return before;
  }

  /** The gradient of the outputs, which the caller fills before {@link #backward}. */
  public float[] outputGradient() {
    return outputGradient;
  }

  /** Clears every lane's state before step 0, as at the beginning of an episode. */
  public void begin() {
    Arrays.fill(before, 0, network.hidden() * lanes, 0f);
    Arrays.fill(resets, false);
  }

  /** Goes on from the state after step {@code steps - 1}: it becomes the state before step 0. */
  public void carryOver() {
    int units = network.hidden() * lanes;
    System.arraycopy(before, steps * units, before, 0, units);
    Arrays.fill(resets, false);
  }

  /**
   * Clears one lane's state before step {@code t}, or with {@code t = steps} the one that is
   * carried over; no gradient flows past it.
   */
  public void reset(int t, int lane) {
    int at = t * network.hidden() * lanes + lane;
    for (int i = 0; i < network.hidden(); i++) {
      before[at + i * lanes] = 0;
    }
    resets[t * lanes + lane] = true;
  }

  /** The forward pass of step {@code t}. */
  public void step(float[] p, int t) {
    int units = network.hidden() * lanes;
    encoder.forward(
        kernels, p, 0, lanes, inputs, t * network.inputs() * lanes, features, t * units);
    gru.forward(
        kernels,
        p,
        network.gruOffset(),
        lanes,
        features,
        t * units,
        before,
        t * units,
        gates,
        3 * t * units,
        stateGates,
        3 * t * units,
        after,
        t * units);
    System.arraycopy(after, t * units, before, (t + 1) * units, units);
    decoder.forward(
        kernels,
        p,
        network.decoderOffset(),
        lanes,
        after,
        t * units,
        outputs,
        t * network.outputs() * lanes);
  }

  /**
   * The backward pass over all steps: adds the gradient of the parameters to {@code gradient}. No
   * gradient comes from beyond the last step.
   */
  public void backward(float[] p, float[] gradient) {
    beginBackward();
    for (int t = steps - 1; t >= 0; t--) {
      stepBackward(p, t);
    }
    endBackward(gradient);
  }

  /** Begins a backward pass that the caller leads step by step, from the last to the first. */
  public void beginBackward() {
    Arrays.fill(stateGradient, 0);
  }

  /** Goes back over step {@code t}, whose {@link #outputGradient} is there. */
  public void stepBackward(float[] p, int t) {
    int units = network.hidden() * lanes;
    int gruAt = network.gruOffset();
    decoder.inputGradient(
        kernels,
        p,
        network.decoderOffset(),
        lanes,
        outputGradient,
        t * network.outputs() * lanes,
        stateGradient,
        0,
        true);
    kernels.gruGatesBackward(
        units,
        gates,
        3 * t * units,
        stateGates,
        3 * t * units,
        before,
        t * units,
        stateGradient,
        0,
        earlierGradient,
        0);
    gruState.inputGradient(
        kernels,
        p,
        gruAt + gruInput.parameterCount(),
        lanes,
        stateGates,
        3 * t * units,
        earlierGradient,
        0,
        true);
    gruInput.inputGradient(
        kernels, p, gruAt, lanes, gates, 3 * t * units, featureGradient, t * units, false);
    encoder.activationBackward(kernels, lanes, features, t * units, featureGradient, t * units);
    for (int lane = 0; lane < lanes; lane++) {
      if (resets[t * lanes + lane]) {
        for (int i = 0; i < network.hidden(); i++) {
          earlierGradient[i * lanes + lane] = 0;
        }
      }
    }
    float[] swap = stateGradient;
    stateGradient = earlierGradient;
    earlierGradient = swap;
  }

  /**
   * Writes the gradient by the inputs of step {@code t}, {@code [inputs][lanes]}, once {@link
   * #stepBackward} went over it.
   */
  public void inputGradient(float[] p, int t, float[] to) {
    int units = network.hidden() * lanes;
    encoder.inputGradient(kernels, p, 0, lanes, featureGradient, t * units, to, 0, false);
  }

  /** Ends a backward pass: adds the gradient of the parameters over all steps. */
  public void endBackward(float[] gradient) {
    int gruAt = network.gruOffset();
    int stateAt = gruAt + gruInput.parameterCount();
    decoder.weightGradient(
        kernels, lanes, steps, outputGradient, 0, after, 0, gradient, network.decoderOffset());
    gruState.weightGradient(kernels, lanes, steps, stateGates, 0, before, 0, gradient, stateAt);
    gruInput.weightGradient(kernels, lanes, steps, gates, 0, features, 0, gradient, gruAt);
    encoder.weightGradient(kernels, lanes, steps, featureGradient, 0, inputs, 0, gradient, 0);
  }
}
