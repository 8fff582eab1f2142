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
public final class UnrolledNetwork {
  private final RecurrentNetwork network;
  private final Dense encoder;
  private final Dense decoder;
  private final Dense gruInput;
  private final Dense gruState;
  private final int steps;
  private final int lanes;
  private final UniformQuantiser featureGrid;
  private final UniformQuantiser stateGrid;
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

  /** What the matrices see of the features and states: the same, or what stands for it. */
  private final float[] seenFeatures;

  private final float[] seenBefore;
  private final float[] seenAfter;
  private final float[] seenGradient;

  /** Buffers for {@code steps} steps of {@code lanes} lanes. */
  public UnrolledNetwork(RecurrentNetwork network, int steps, int lanes) {
    this(network, steps, lanes, null, null);
  }

  /**
   * The same where the matrices see features and states rounded, while the state that is kept is
   * not.
   *
   * @param featureGrid for what the first layer gave; null does not round it
   * @param stateGrid for the states before and after a step; null does not round them
   */
  public UnrolledNetwork(
      RecurrentNetwork network,
      int steps,
      int lanes,
      UniformQuantiser featureGrid,
      UniformQuantiser stateGrid) {
    if (steps < 1 || lanes < 1) {
      throw new IllegalArgumentException(
          "%d steps of %d lanes; both must be at least 1".formatted(steps, lanes));
    }
    this.network = network;
    this.steps = steps;
    this.lanes = lanes;
    this.featureGrid = featureGrid;
    this.stateGrid = stateGrid;
    encoder = network.encoder();
    decoder = network.decoder();
    gruInput = network.gru().inputLayer();
    gruState = network.gru().stateLayer();
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
    seenFeatures = featureGrid == null ? features : new float[features.length];
    seenBefore = stateGrid == null ? before : new float[before.length];
    seenAfter = stateGrid == null ? after : new float[after.length];
    seenGradient = new float[units];
  }

  /** The number of steps. */
  public int steps() {
    return steps;
  }

  /** The number of lanes. */
  public int lanes() {
    return lanes;
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
        kernels, p, 0, lanes, 1, inputs, t * network.inputs() * lanes, features, t * units);
    see(featureGrid, features, seenFeatures, t * units);
    see(stateGrid, before, seenBefore, t * units);
    int gruAt = network.gruOffset();
    int stateAt = gruAt + gruInput.parameterCount();
    int gatesAt = 3 * t * units;
    gruInput.forward(kernels, p, gruAt, lanes, 1, seenFeatures, t * units, gates, gatesAt);
    gruState.forward(kernels, p, stateAt, lanes, 1, seenBefore, t * units, stateGates, gatesAt);
    kernels.gruGates(
        units, gates, gatesAt, stateGates, gatesAt, before, t * units, after, t * units);
    System.arraycopy(after, t * units, before, (t + 1) * units, units);
    see(stateGrid, after, seenAfter, t * units);
    decoder.forward(
        kernels,
        p,
        network.decoderOffset(),
        lanes,
        1,
        seenAfter,
        t * units,
        outputs,
        t * network.outputs() * lanes);
  }

  private void see(UniformQuantiser grid, float[] x, float[] seen, int at) {
    if (grid != null) {
      grid.round(network.hidden() * lanes, x, at, seen, at);
    }
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

  /**
   * Adds to the gradient by the state after the step that {@link #stepBackward} goes over next.
   *
   * @param more {@code [hidden][lanes]}
   */
  public void addStateGradient(float[] more) {
    for (int i = 0; i < stateGradient.length; i++) {
      stateGradient[i] += more[i];
    }
  }

  /** Goes back over step {@code t}, whose {@link #outputGradient} is there. */
  public void stepBackward(float[] p, int t) {
    int units = network.hidden() * lanes;
    int gruAt = network.gruOffset();
    addStateGradient(
        decoder,
        p,
        network.decoderOffset(),
        outputGradient,
        t * network.outputs() * lanes,
        after,
        t * units,
        stateGradient);
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
    addStateGradient(
        gruState,
        p,
        gruAt + gruInput.parameterCount(),
        stateGates,
        3 * t * units,
        before,
        t * units,
        earlierGradient);
    gruInput.inputGradient(
        kernels, p, gruAt, lanes, 1, gates, 3 * t * units, featureGradient, t * units, false);
    if (featureGrid != null) {
      featureGrid.backward(units, features, t * units, featureGradient, t * units);
    }
    encoder.activationBackward(kernels, lanes, 1, features, t * units, featureGradient, t * units);
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

  /** Adds the gradient of the states that a layer saw. */
  private void addStateGradient(
      Dense layer, float[] p, int at, float[] dy, int dyo, float[] states, int so, float[] to) {
    if (stateGrid == null) {
      layer.inputGradient(kernels, p, at, lanes, 1, dy, dyo, to, 0, true);
      return;
    }
    layer.inputGradient(kernels, p, at, lanes, 1, dy, dyo, seenGradient, 0, false);
    stateGrid.backward(to.length, states, so, seenGradient, 0);
    for (int i = 0; i < to.length; i++) {
      to[i] += seenGradient[i];
    }
  }

  /**
   * Writes the gradient by the inputs of step {@code t}, {@code [inputs][lanes]}, once {@link
   * #stepBackward} went over it.
   */
  public void inputGradient(float[] p, int t, float[] to) {
    int units = network.hidden() * lanes;
    encoder.inputGradient(kernels, p, 0, lanes, 1, featureGradient, t * units, to, 0, false);
  }

  /** Ends a backward pass: adds the gradient of the parameters over all steps. */
  public void endBackward(float[] gradient) {
    int gruAt = network.gruOffset();
    int stateAt = gruAt + gruInput.parameterCount();
    decoder.weightGradient(
        kernels, lanes, steps, outputGradient, 0, seenAfter, 0, gradient, network.decoderOffset());
    gruState.weightGradient(kernels, lanes, steps, stateGates, 0, seenBefore, 0, gradient, stateAt);
    gruInput.weightGradient(kernels, lanes, steps, gates, 0, seenFeatures, 0, gradient, gruAt);
    encoder.weightGradient(kernels, lanes, steps, featureGradient, 0, inputs, 0, gradient, 0);
  }
}
