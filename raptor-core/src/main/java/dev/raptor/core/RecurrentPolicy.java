package dev.raptor.core;

import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.network.Dense;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.Unrolled;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The student: a {@link RecurrentNetwork} with its parameters, in float. */
public final class RecurrentPolicy implements Policy {
  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private final RecurrentNetwork network;
  private final float[] parameters;
  private final Map<String, Object> provenance;
  private final float[] packed;

  /**
   * Copies the parameters.
   *
   * @param parameters {@code network.parameterCount()} finite numbers, in the network's order
   * @param provenance how they were made; values as JSON knows them
   */
  public RecurrentPolicy(
      RecurrentNetwork network, float[] parameters, Map<String, Object> provenance) {
    if (parameters.length != network.parameterCount()) {
      throw new IllegalArgumentException(
          "%d parameters, a network of %d-%d-%d has %d"
              .formatted(
                  parameters.length,
                  network.inputs(),
                  network.hidden(),
                  network.outputs(),
                  network.parameterCount()));
    }
    for (int i = 0; i < parameters.length; i++) {
      if (!Float.isFinite(parameters[i])) {
        throw new IllegalArgumentException(
            "parameter %d is %s, allowed are finite numbers".formatted(i, parameters[i]));
      }
    }
    this.network = network;
    this.parameters = parameters.clone();
    this.provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    packed = pack();
  }

  /** The parameters for {@link Kernels#denseSingle}: encoder, input gates, state gates, decoder. */
  private float[] pack() {
    Dense[] layers = {
      network.encoder(), network.gru().inputLayer(), network.gru().stateLayer(), network.decoder()
    };
    int size = 0;
    for (Dense layer : layers) {
      size += width(layer.outputs()) * (layer.inputs() + 1);
    }
    float[] to = new float[size];
    int from = 0;
    int at = 0;
    for (Dense layer : layers) {
      int width = width(layer.outputs());
      for (int o = 0; o < layer.outputs(); o++) {
        to[at + o] = parameters[from + layer.biasOffset() + o];
        for (int i = 0; i < layer.inputs(); i++) {
          to[at + (i + 1) * width + o] = parameters[from + o * layer.inputs() + i];
        }
      }
      from += layer.parameterCount();
      at += width * (layer.inputs() + 1);
    }
    return to;
  }

  private static int width(int outputs) {
    return (outputs + Kernels.SINGLE_WIDTH - 1) / Kernels.SINGLE_WIDTH * Kernels.SINGLE_WIDTH;
  }

  /** The shape of the network. */
  public RecurrentNetwork network() {
    return network;
  }

  /** A copy of the parameters. */
  public float[] parameters() {
    return parameters.clone();
  }

  @Override
  public int observationSize() {
    return network.inputs();
  }

  @Override
  public int actionSize() {
    return network.outputs();
  }

  @Override
  public int stateSize() {
    return network.hidden();
  }

  @Override
  public Map<String, Object> provenance() {
    return provenance;
  }

  @Override
  public PolicySession newSession() {
    return new Session();
  }

  @Override
  public PolicyBatch newBatch(int lanes) {
    return new Batch(lanes);
  }

  /** One vehicle, stepped with packed parameters. */
  private final class Session implements PolicySession {
    private final int inputs = network.inputs();
    private final int hidden = network.hidden();
    private final int outputs = network.outputs();
    private final int featureWidth = width(hidden);
    private final int gateWidth = width(3 * hidden);
    private final int outputWidth = width(outputs);
    private final int inputGatesAt = featureWidth * (inputs + 1);
    private final int stateGatesAt = inputGatesAt + gateWidth * (hidden + 1);
    private final int decoderAt = stateGatesAt + gateWidth * (hidden + 1);
    private final float[] weights = packed;
    private final float[] features = new float[featureWidth];
    private final float[] inputGates = new float[gateWidth];
    private final float[] stateGates = new float[gateWidth];
    private final float[] state = new float[hidden];
    private final float[] result = new float[outputWidth];
    private final Kernels kernels = Kernels.active();

    @Override
    public void reset() {
      Arrays.fill(state, 0);
    }

    @Override
    public void copyFrom(PolicySession other) {
      if (!(other instanceof Session session && session.weights == weights)) {
        throw new IllegalArgumentException("the other session is not of this policy");
      }
      System.arraycopy(session.state, 0, state, 0, hidden);
    }

    @Override
    public void step(float[] observation, float[] action) {
      check(observation, action);
      kernels.denseSingle(featureWidth, inputs, weights, 0, observation, features, true);
      kernels.denseSingle(gateWidth, hidden, weights, stateGatesAt, state, stateGates, false);
      kernels.denseSingle(gateWidth, hidden, weights, inputGatesAt, features, inputGates, false);
      kernels.gruGates(hidden, inputGates, 0, stateGates, 0, state, 0, state, 0);
      kernels.denseSingle(outputWidth, hidden, weights, decoderAt, state, result, false);
      System.arraycopy(result, 0, action, 0, outputs);
    }

    private void check(float[] observation, float[] action) {
      checkLength("an observation", observation, inputs);
      checkLength("an action", action, outputs);
      // The largest magnitude as bits: at or above infinity's, something is not finite.
      int largest = 0;
      for (float value : observation) {
        largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
      }
      if (largest >= INFINITY) {
        refuse(observation);
      }
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

  private static void checkLength(String what, float[] array, int length) {
    if (array.length != length) {
      throw new IllegalArgumentException(
          "%s of %d numbers, allowed are %d".formatted(what, array.length, length));
    }
  }

  private final class Batch implements PolicyBatch {
    private final int lanes;
    private final Unrolled unrolled;

    Batch(int lanes) {
      this.lanes = lanes;
      unrolled = new Unrolled(network, 1, lanes);
    }

    @Override
    public int lanes() {
      return lanes;
    }

    @Override
    public void reset(int lane) {
      for (int i = 0; i < network.hidden(); i++) {
        unrolled.states()[i * lanes + lane] = 0;
      }
    }

    @Override
    public void step(float[] observations, float[] actions) {
      checkLength("observations", observations, network.inputs() * lanes);
      checkLength("actions", actions, network.outputs() * lanes);
      System.arraycopy(observations, 0, unrolled.inputs(), 0, observations.length);
      unrolled.step(parameters, 0);
      unrolled.carryOver();
      System.arraycopy(unrolled.outputs(), 0, actions, 0, actions.length);
    }

    @Override
    public float[] states() {
      return unrolled.states();
    }
  }
}
