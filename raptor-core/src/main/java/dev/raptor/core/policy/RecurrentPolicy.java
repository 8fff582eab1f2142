package dev.raptor.core.policy;

import dev.raptor.core.Observation;
import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.kernel.PaddedArrays;
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
  private final float[] single;
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
          "%d parameters, a network of %s has %d"
              .formatted(parameters.length, network, network.parameterCount()));
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
    PackedParameters pack = new PackedParameters(network, this.parameters);
    single = pack.single();
    panels = pack.panels(Kernels.active().panelRows());
  }

  /** The policy that comes in the jar, {@link Policies#pretrained()}, as the network that it is. */
  public static RecurrentPolicy pretrained() {
    return (RecurrentPolicy) Policies.pretrained();
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

  /** The kind of policy and its shape, for people. */
  @Override
  public String toString() {
    return "policy of %s in float".formatted(network);
  }

  /** One vehicle, stepped with packed parameters. */
  private abstract class Session implements PolicySession {
    private final float[] weights = single;
    private final int gatesAt = PackedParameters.gatesAt(network);
    private final int readAt = PackedParameters.readAt(network);
    private final float[] features = PaddedArrays.floats(Kernels.singleWidth(network.hidden()));
    private final float[] gates = PaddedArrays.floats(Kernels.GATES_GROUP);
    private final float[] state = PaddedArrays.floats(Kernels.singleWidth(network.hidden()));
    private final float[] last = PaddedArrays.floats(Kernels.singleWidth(network.hidden()));

    /** What was read of the state: the action, and its part of the gates of the next step. */
    private final float[] read = PaddedArrays.floats(PackedParameters.readSize(network));

    Session() {
      read();
    }

    @Override
    public void reset() {
      Arrays.fill(state, 0);
      read();
    }

    @Override
    public void copyFrom(PolicySession other) {
      if (!(other instanceof Session session && session.weights == weights)) {
        throw new IllegalArgumentException("the other session is not of this policy");
      }
      System.arraycopy(session.state, 0, state, 0, state.length);
      System.arraycopy(session.read, 0, read, 0, read.length);
    }

    private void read() {
      read(network, Kernels.active());
    }

    private void read(RecurrentNetwork shape, Kernels k) {
      int width = PackedParameters.readWidth(shape);
      k.stateProducts(width, shape.hidden(), weights, readAt, state, read);
    }

    /** The network; where it is a constant the compiler knows how often each loop goes round. */
    abstract RecurrentNetwork shape();

    @Override
    public void step(float[] observation, float[] action) {
      RecurrentNetwork shape = shape();
      int inputs = shape.inputs();
      int hidden = shape.hidden();
      int outputs = shape.outputs();
      checkLength("an observation", observation.length, inputs);
      checkLength("an action", action.length, outputs);
      int width = Kernels.singleWidth(hidden);
      Kernels k = Kernels.active();
      k.denseSingle(width, inputs, weights, 0, observation, features);
      k.gruSingle(width, hidden, weights, gatesAt, features, gates, read, state, last);
      read(shape, k);
      // Only now, as what the caller has just written number by number cannot yet be read at once.
      // A memory that is not a number, after sums too large for a float, leaves no action a number.
      if (Float.isNaN(read[0]) || !k.areFinite(observation)) {
        System.arraycopy(last, 0, state, 0, width);
        read();
        refuse(observation);
      }
      for (int o = 0; o < outputs; o++) {
        action[o] = read[Kernels.singleIndex(o, 0, Kernels.READ_GROUP, 1)];
      }
    }
  }

  private static void refuse(float[] observation) {
    Observation.requireFinite(observation);
    int largest = 0;
    for (int i = 0; i < observation.length; i++) {
      if (Math.abs(observation[i]) > Math.abs(observation[largest])) {
        largest = i;
      }
    }
    throw new IllegalArgumentException(
        "observation[%d] is %s, so large that sums of floats overflow"
            .formatted(largest, observation[largest]));
  }

  private static void checkLength(String what, int length, int allowed) {
    if (length != allowed) {
      throw new IllegalArgumentException(
          "%s of %d numbers, allowed are %d".formatted(what, length, allowed));
    }
  }

  /**
   * Many vehicles, panel by panel, so that all that a panel needs stays in the cache. States are
   * kept in panels, {@code [panels][hidden][panel]}.
   */
  private final class Batch implements PolicyBatch {
    private final Kernels kernels = Kernels.active();
    private final int panel = Kernels.PANEL;
    private final int lanes;
    private final int inputs = network.inputs();
    private final int hidden = network.hidden();
    private final int outputs = network.outputs();
    private final int featureRows = Kernels.padded(hidden, kernels.panelRows());
    private final int gateRows = Kernels.padded(3 * hidden, kernels.panelRows());
    private final int outputRows = Kernels.padded(outputs, kernels.panelRows());
    private final int inputGatesAt = featureRows * (1 + inputs);
    private final int stateGatesAt = inputGatesAt + gateRows * (1 + hidden);
    private final int decoderAt = stateGatesAt + gateRows * (1 + hidden);
    private final float[] states;
    private final float[] observation = new float[inputs * panel];
    private final float[] features = new float[featureRows * panel];
    private final float[] inputGates = new float[gateRows * panel];
    private final float[] stateGates = new float[gateRows * panel];
    private final float[] action = new float[outputRows * panel];

    Batch(int lanes) {
      PolicyBatch.requireLanes(lanes);
      this.lanes = lanes;
      states = new float[Kernels.padded(lanes, panel) * hidden];
    }

    @Override
    public int lanes() {
      return lanes;
    }

    /** Where a unit of a vehicle stands among the states. */
    private int at(int unit, int lane) {
      return (lane / panel * hidden + unit) * panel + lane % panel;
    }

    @Override
    public void reset(int lane) {
      PolicyBatch.requireLane(lane, lanes);
      for (int i = 0; i < hidden; i++) {
        states[at(i, lane)] = 0;
      }
    }

    @Override
    public void step(float[] observations, float[] actions) {
      checkLength("observations", observations.length, inputs * lanes);
      checkLength("actions", actions.length, outputs * lanes);
      Kernels k = kernels;
      for (int lane = 0; lane < lanes; lane += panel) {
        int n = Math.min(panel, lanes - lane);
        int at = at(0, lane);
        k.copyRows(inputs, n, observations, lane, lanes, observation, 0, panel);
        k.densePanel(hidden, inputs, n, panels, 0, observation, 0, features, true);
        k.densePanel(3 * hidden, hidden, n, panels, stateGatesAt, states, at, stateGates, false);
        k.densePanel(3 * hidden, hidden, n, panels, inputGatesAt, features, 0, inputGates, false);
        k.gruGates(hidden * panel, inputGates, 0, stateGates, 0, states, at, states, at);
        k.densePanel(outputs, hidden, n, panels, decoderAt, states, at, action, false);
        k.copyRows(outputs, n, action, 0, panel, actions, lane, lanes);
      }
    }

    @Override
    public void readMemory(int lane, float[] memory) {
      PolicyBatch.requireLane(lane, lanes);
      PolicyBatch.requireMemory(memory, hidden);
      for (int i = 0; i < hidden; i++) {
        memory[i] = states[at(i, lane)];
      }
    }
  }
}
