package dev.raptor.rl.student;

import dev.raptor.core.Observation;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A cost of how long a memory keeps a difference. Pairs of memories that begin apart see the same
 * observations; with δ_t the difference of a pair before step t, of T,
 *
 * <pre>
 * L = mean over pairs of 1/(T − F) Σ_{t = F+1..T} |δ_t|² / |δ_0|²
 * </pre>
 *
 * which is small only where a memory forgets within F steps. What it sees are observations of
 * flights in half of the pairs, and random ones in the others, whose memory also sees its own
 * actions: without these it may be calm in flight and chaotic elsewhere.
 */
final class MemoryContraction {
  private static final int STEPS = 120;
  private static final int FREE_STEPS = 60;
  private static final int PAIRS = 8;
  private static final int LANES = 4 * PAIRS;
  private static final int ACTION_ROW = Observation.PREVIOUS_ACTION;

  /** Keeps the share of tiny differences from being noise. */
  private static final float LEAST_SQUARE = 1e-4f;

  private final RecurrentNetwork network;
  private final UnrolledNetwork pairs;
  private final int hidden;
  private final float[] begun = new float[2 * PAIRS];
  private final float[] slope;
  private final float[] observation;

  MemoryContraction(RecurrentNetwork network) {
    this.network = network;
    hidden = network.hidden();
    pairs = new UnrolledNetwork(network, STEPS, LANES);
    slope = new float[hidden * LANES];
    observation = new float[network.inputs() * LANES];
  }

  /**
   * Adds the gradient of {@code weight} L.
   *
   * @param flight whose inputs and first memories are those of half of the pairs
   * @return L
   */
  double charge(
      float[] parameters,
      UnrolledNetwork flight,
      float weight,
      SplittableRandom random,
      float[] gradient) {
    pairs.begin();
    begin(flight, random);
    fly(parameters, flight, random);
    return differentiate(parameters, weight, gradient);
  }

  /** Lanes l and l + 2 PAIRS are a pair; those below PAIRS see a flight. */
  private void begin(UnrolledNetwork flight, SplittableRandom random) {
    float[] states = pairs.states();
    for (int pair = 0; pair < 2 * PAIRS; pair++) {
      boolean far = random.nextBoolean();
      begun[pair] = LEAST_SQUARE;
      for (int i = 0; i < hidden; i++) {
        float one =
            pair < PAIRS
                ? flight.states()[i * flight.lanes() + flightLane(flight, pair)]
                : 2 * random.nextFloat() - 1;
        float other = far ? 2 * random.nextFloat() - 1 : one + 0.1f * (float) random.nextGaussian();
        states[i * LANES + pair] = one;
        states[i * LANES + pair + 2 * PAIRS] = other;
        begun[pair] += (other - one) * (other - one);
      }
    }
  }

  private static int flightLane(UnrolledNetwork flight, int pair) {
    return pair * flight.lanes() / PAIRS;
  }

  private void fly(float[] parameters, UnrolledNetwork flight, SplittableRandom random) {
    int rows = network.inputs();
    float[] inputs = pairs.inputs();
    for (int t = 0; t < STEPS; t++) {
      int at = t * rows * LANES;
      for (int pair = 0; pair < PAIRS; pair++) {
        int from = Math.min(t, flight.steps() - 1) * rows * flight.lanes();
        for (int row = 0; row < rows; row++) {
          float seen = flight.inputs()[from + row * flight.lanes() + flightLane(flight, pair)];
          inputs[at + row * LANES + pair] = seen;
          inputs[at + row * LANES + pair + 2 * PAIRS] = seen;
        }
      }
      for (int pair = PAIRS; pair < 2 * PAIRS; pair++) {
        // Held for ten steps on average, so that slow and fast changes are both there.
        if (t == 0 || random.nextInt(10) == 0) {
          drawObservation(pair, random);
        }
        for (int row = 0; row < rows; row++) {
          boolean fedBack = row >= ACTION_ROW && t > 0;
          for (int lane = pair; lane < LANES; lane += 2 * PAIRS) {
            inputs[at + row * LANES + lane] =
                fedBack
                    ? pairs
                        .outputs()[((t - 1) * network.outputs() + row - ACTION_ROW) * LANES + lane]
                    : observation[row * LANES + pair];
          }
        }
      }
      pairs.step(parameters, t);
    }
  }

  /** Any observation in range: tilted by up to 90 degrees. */
  private void drawObservation(int pair, SplittableRandom random) {
    double[] axis = new double[3];
    double squares = 0;
    for (int k = 0; k < 3; k++) {
      axis[k] = random.nextGaussian();
      squares += axis[k] * axis[k];
    }
    double half = random.nextDouble() * Math.PI / 4;
    double w = Math.cos(half);
    for (int k = 0; k < 3; k++) {
      axis[k] *= Math.sin(half) / Math.sqrt(squares);
    }
    double x = axis[0];
    double y = axis[1];
    double z = axis[2];
    double[] rotation = {
      1 - 2 * (y * y + z * z),
      2 * (x * y - w * z),
      2 * (x * z + w * y),
      2 * (x * y + w * z),
      1 - 2 * (x * x + z * z),
      2 * (y * z - w * x),
      2 * (x * z - w * y),
      2 * (y * z + w * x),
      1 - 2 * (x * x + y * y)
    };
    for (int row = 0; row < network.inputs(); row++) {
      double number =
          row < 3
              ? random.nextDouble(-0.5, 0.5)
              : row < 12
                  ? rotation[row - 3]
                  : row < 15
                      ? random.nextDouble(-2, 2)
                      : row < ACTION_ROW ? 3 * random.nextGaussian() : random.nextDouble(-1, 1);
      observation[row * LANES + pair] = (float) number;
    }
  }

  private double differentiate(float[] parameters, float weight, float[] gradient) {
    double loss = 0;
    double scale = 1.0 / (2 * PAIRS * (STEPS - FREE_STEPS));
    float[] states = pairs.states();
    Arrays.fill(pairs.outputGradient(), 0);
    pairs.beginBackward();
    int outputs = network.outputs() * LANES;
    for (int t = STEPS - 1; t >= 0; t--) {
      if (t >= FREE_STEPS) {
        int at = (t + 1) * hidden * LANES;
        for (int pair = 0; pair < 2 * PAIRS; pair++) {
          for (int i = 0; i < hidden; i++) {
            int one = i * LANES + pair;
            int other = one + 2 * PAIRS;
            float difference = states[at + other] - states[at + one];
            loss += scale * difference * difference / begun[pair];
            float g = (float) (2 * weight * scale * difference / begun[pair]);
            slope[other] = g;
            slope[one] = -g;
          }
        }
        pairs.addStateGradient(slope);
      }
      pairs.stepBackward(parameters, t);
      if (t > 0) {
        pairs.inputGradient(parameters, t, observation);
        for (int pair = PAIRS; pair < 2 * PAIRS; pair++) {
          for (int lane = pair; lane < LANES; lane += 2 * PAIRS) {
            for (int i = 0; i < network.outputs(); i++) {
              pairs.outputGradient()[(t - 1) * outputs + i * LANES + lane] =
                  observation[(ACTION_ROW + i) * LANES + lane];
            }
          }
        }
      }
    }
    pairs.endBackward(gradient);
    return loss;
  }
}
