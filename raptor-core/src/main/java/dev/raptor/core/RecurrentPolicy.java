package dev.raptor.core;

import dev.raptor.core.kernel.Tanh;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.Unrolled;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The student: a {@link RecurrentNetwork} with its parameters, in float. */
public final class RecurrentPolicy implements Policy {
  private final RecurrentNetwork network;
  private final float[] parameters;
  private final Map<String, Object> provenance;

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
  }

  /** The shape of the network. */
  public RecurrentNetwork network() {
    return network;
  }

  /** A copy of the parameters. */
  public float[] parameters() {
    return parameters.clone();
  }

  /** The same policy with another provenance. */
  public RecurrentPolicy withProvenance(Map<String, Object> other) {
    return new RecurrentPolicy(network, parameters, other);
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

  /** One vehicle: plain loops in the kernels' order of accumulation. */
  private final class Session implements PolicySession {
    private final int hidden = network.hidden();
    private final float[] features = new float[hidden];
    private final float[] inputGates = new float[3 * hidden];
    private final float[] stateGates = new float[3 * hidden];
    private final float[] state = new float[hidden];

    @Override
    public void reset() {
      Arrays.fill(state, 0);
    }

    @Override
    public void step(float[] observation, float[] action) {
      check(observation, action);
      int gru = network.gruOffset();
      dense(hidden, network.inputs(), 0, observation, features);
      for (int i = 0; i < hidden; i++) {
        features[i] = features[i] < 0 ? 0 : features[i];
      }
      dense(3 * hidden, hidden, gru, features, inputGates);
      dense(3 * hidden, hidden, gru + 3 * hidden * (hidden + 1), state, stateGates);
      for (int i = 0; i < hidden; i++) {
        float r = Tanh.sigmoid(inputGates[i] + stateGates[i]);
        float z = Tanh.sigmoid(inputGates[hidden + i] + stateGates[hidden + i]);
        float c = Tanh.tanh(Math.fma(r, stateGates[2 * hidden + i], inputGates[2 * hidden + i]));
        state[i] = Math.fma(z, state[i] - c, c);
      }
      dense(network.outputs(), hidden, network.decoderOffset(), state, action);
    }

    private void dense(int outputs, int inputs, int at, float[] x, float[] y) {
      for (int o = 0; o < outputs; o++) {
        float sum = parameters[at + outputs * inputs + o];
        int row = at + o * inputs;
        for (int i = 0; i < inputs; i++) {
          sum = Math.fma(parameters[row + i], x[i], sum);
        }
        y[o] = sum;
      }
    }

    private void check(float[] observation, float[] action) {
      checkLength("an observation", observation, network.inputs());
      checkLength("an action", action, network.outputs());
      for (int i = 0; i < observation.length; i++) {
        if (!Float.isFinite(observation[i])) {
          throw new IllegalArgumentException(
              "observation[%d] is %s, allowed are finite numbers".formatted(i, observation[i]));
        }
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
