package dev.raptor.core;

import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.network.Dense;
import dev.raptor.core.network.RecurrentNetwork;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The student: a {@link RecurrentNetwork} with its parameters, in float. */
public final class RecurrentPolicy implements Policy {
  private final RecurrentNetwork network;
  private final float[] parameters;
  private final Map<String, Object> provenance;
  private final float[] packed;
  private final float[] panels;

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
    packed = pack(Kernels.SINGLE_WIDTH, Kernels.SINGLE_WIDE);
    int rows = Kernels.active().panelRows();
    panels = pack(rows, rows);
  }

  /**
   * The parameters for {@link Kernels#denseSingle} and {@link Kernels#densePanel}: encoder, input
   * gates, state gates, decoder; of each layer, for each group of outputs, the biases, then the
   * weights of each input. A layer's last group is filled up with zeros.
   *
   * @param narrow outputs in a group, and what the outputs of a layer are rounded up to
   * @param wide outputs in a group as long as there are so many
   */
  private float[] pack(int narrow, int wide) {
    Dense[] layers = layers();
    int size = 0;
    for (Dense layer : layers) {
      size += padded(layer.outputs(), narrow) * (1 + layer.inputs());
    }
    float[] to = new float[size];
    int from = 0;
    int at = 0;
    for (Dense layer : layers) {
      int inputs = layer.inputs();
      int width = padded(layer.outputs(), narrow);
      for (int first = 0, group; first < width; first += group) {
        group = first + wide <= width ? wide : narrow;
        for (int o = first; o < Math.min(first + group, layer.outputs()); o++) {
          to[at + o - first] = parameters[from + layer.biasOffset() + o];
          for (int i = 0; i < inputs; i++) {
            to[at + (1 + i) * group + o - first] = parameters[from + o * inputs + i];
          }
        }
        at += group * (1 + inputs);
      }
      from += layer.parameterCount();
    }
    return to;
  }

  private Dense[] layers() {
    return new Dense[] {
      network.encoder(), network.gru().inputLayer(), network.gru().stateLayer(), network.decoder()
    };
  }

  private static int padded(int outputs, int multiple) {
    return (outputs + multiple - 1) / multiple * multiple;
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
    if (network.equals(RecurrentNetwork.RAPTOR)) {
      return new Session() {
        @Override
        RecurrentNetwork shape() {
          return RecurrentNetwork.RAPTOR;
        }
      };
    }
    return new Session() {
      @Override
      RecurrentNetwork shape() {
        return network;
      }
    };
  }

  @Override
  public PolicyBatch newBatch(int lanes) {
    return new Batch(lanes);
  }

  private static int singleWidth(int outputs) {
    return padded(outputs, Kernels.SINGLE_WIDTH);
  }

  /** One vehicle, stepped with packed parameters. */
  private abstract class Session implements PolicySession {
    private final float[] weights = packed;
    private final float[] features = new float[singleWidth(network.hidden())];
    private final float[] inputGates = new float[singleWidth(3 * network.hidden())];
    private final float[] stateGates = new float[singleWidth(3 * network.hidden())];
    private final float[] result = new float[singleWidth(network.outputs())];
    private float[] state = new float[network.hidden()];
    private float[] next = new float[network.hidden()];

    @Override
    public void reset() {
      Arrays.fill(state, 0);
    }

    @Override
    public void copyFrom(PolicySession other) {
      if (!(other instanceof Session session && session.weights == weights)) {
        throw new IllegalArgumentException("the other session is not of this policy");
      }
      System.arraycopy(session.state, 0, state, 0, state.length);
    }

    /** The network; where it is a constant the compiler knows how often each loop goes round. */
    abstract RecurrentNetwork shape();

    @Override
    public void step(float[] observation, float[] action) {
      RecurrentNetwork shape = shape();
      int inputs = shape.inputs();
      int hidden = shape.hidden();
      int outputs = shape.outputs();
      checkLength("an observation", observation, inputs);
      checkLength("an action", action, outputs);
      int featureWidth = singleWidth(hidden);
      int gateWidth = singleWidth(3 * hidden);
      int inputGatesAt = featureWidth * (1 + inputs);
      int stateGatesAt = inputGatesAt + gateWidth * (1 + hidden);
      int decoderAt = stateGatesAt + gateWidth * (1 + hidden);
      Kernels kernels = Kernels.active();
      kernels.denseSingle(featureWidth, inputs, weights, 0, observation, features, true);
      kernels.denseSingle(gateWidth, hidden, weights, stateGatesAt, state, stateGates, false);
      kernels.denseSingle(gateWidth, hidden, weights, inputGatesAt, features, inputGates, false);
      kernels.gruGates(hidden, inputGates, 0, stateGates, 0, state, 0, next, 0);
      kernels.denseSingle(singleWidth(outputs), hidden, weights, decoderAt, next, result, false);
      // Only now, as what the caller has just written number by number cannot yet be read at once.
      if (!kernels.areFinite(observation)) {
        refuse(observation);
      }
      float[] before = state;
      state = next;
      next = before;
      System.arraycopy(result, 0, action, 0, outputs);
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

  /** Many vehicles, panel by panel, so that all that a panel needs stays in the cache. */
  private final class Batch implements PolicyBatch {
    private final Kernels kernels = Kernels.active();
    private final int panel = Kernels.PANEL;
    private final int lanes;
    private final int inputs = network.inputs();
    private final int hidden = network.hidden();
    private final int outputs = network.outputs();
    private final int featureRows = padded(hidden, kernels.panelRows());
    private final int gateRows = padded(3 * hidden, kernels.panelRows());
    private final int outputRows = padded(outputs, kernels.panelRows());
    private final int inputGatesAt = featureRows * (1 + inputs);
    private final int stateGatesAt = inputGatesAt + gateRows * (1 + hidden);
    private final int decoderAt = stateGatesAt + gateRows * (1 + hidden);
    private final float[] states;
    private final float[] observation = new float[inputs * panel];
    private final float[] features = new float[featureRows * panel];
    private final float[] inputGates = new float[gateRows * panel];
    private final float[] stateGates = new float[gateRows * panel];
    private final float[] state = new float[hidden * panel];
    private final float[] action = new float[outputRows * panel];

    Batch(int lanes) {
      if (lanes < 1) {
        throw new IllegalArgumentException(
            "a batch of %d lanes, allowed are 1 or more".formatted(lanes));
      }
      this.lanes = lanes;
      states = new float[hidden * lanes];
    }

    @Override
    public int lanes() {
      return lanes;
    }

    @Override
    public void reset(int lane) {
      for (int i = 0; i < hidden; i++) {
        states[i * lanes + lane] = 0;
      }
    }

    @Override
    public void step(float[] observations, float[] actions) {
      checkLength("observations", observations, inputs * lanes);
      checkLength("actions", actions, outputs * lanes);
      Kernels k = kernels;
      for (int lane = 0; lane < lanes; lane += panel) {
        int n = Math.min(panel, lanes - lane);
        k.copyRows(inputs, n, observations, lane, lanes, observation, 0, panel);
        k.copyRows(hidden, n, states, lane, lanes, state, 0, panel);
        k.densePanel(featureRows, inputs, n, panels, 0, observation, features, true);
        k.densePanel(gateRows, hidden, n, panels, stateGatesAt, state, stateGates, false);
        k.densePanel(gateRows, hidden, n, panels, inputGatesAt, features, inputGates, false);
        k.gruGates(hidden * panel, inputGates, 0, stateGates, 0, state, 0, state, 0);
        k.densePanel(outputRows, hidden, n, panels, decoderAt, state, action, false);
        k.copyRows(hidden, n, state, 0, panel, states, lane, lanes);
        k.copyRows(outputs, n, action, 0, panel, actions, lane, lanes);
      }
    }

    @Override
    public float[] states() {
      return states;
    }
  }
}
