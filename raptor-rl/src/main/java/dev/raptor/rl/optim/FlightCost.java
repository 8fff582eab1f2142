package dev.raptor.rl.optim;

import dev.raptor.sim.Simulator;
import java.util.Arrays;

/**
 * The cost of a step of flight, and its gradient, for learning through the simulator. With |x|ε =
 * √(|x|² + ε²) and relu(x) = max(0, x), it is
 *
 * <pre>
 *   |p - p_ref|ε + 0.3 |q_z|ε + |a - a_before|ε + 0.05 |v - v_ref|ε
 *     + 10 Σ relu(|v_i| - V)² + 0.01 Σ relu(|ω_i| - 15)² + 10 Σ relu(|p_i| - P)² + W s |ω|ε
 * </pre>
 *
 * with P somewhat inside of the termination radius, m, and V = 1.5 m/s: the task's reward, and
 * slopes that lead away from its limits. Where a flight should come to rest, a weight W is on the
 * body rates, s = 1/(1 + |p - p_ref|²/0.1²), which leaves manoeuvres free. Blocks are {@code
 * [row][lanes]}.
 */
public final class FlightCost {
  private static final float EPSILON = 0.01f;
  public static final float SPEED_LIMIT_MS = 1.5f;

  /** How near a flight is to its reference where calm begins to count, m. */
  private static final float CALM_M = 0.1f;

  private static final float CALM_RADS = 0.15f;
  private static final float RATE_LIMIT_RADS = 15;
  private static final float BARRIER = 10;
  private static final float RATE_BARRIER = 0.01f;

  /**
   * What is charged how much.
   *
   * @param positionEpsilonM ε of the position, m: what is nearer is hardly charged
   * @param yaw weight of |q_z|
   * @param speed weight of the velocity, s
   * @param changeEpsilon ε of the change of the action
   * @param calm W
   */
  public record Weights(
      float positionEpsilonM, float yaw, float speed, float changeEpsilon, float calm) {
    /** Those of teachers, which are not asked for calm. */
    public static final Weights TEACHER = new Weights(0.01f, 0.3f, 0.05f, 0.01f, 0);
  }

  private final int lanes;
  private final Weights weights;
  private final float[] limitM;
  private final float[] limitMS;
  private final boolean[] calm;
  private final float[] costs;

  /** A cost of {@code lanes} flights at once. */
  public FlightCost(int lanes, Weights weights) {
    this.lanes = lanes;
    this.weights = weights;
    limitM = new float[lanes];
    limitMS = new float[lanes];
    Arrays.fill(limitMS, SPEED_LIMIT_MS);
    calm = new boolean[lanes];
    costs = new float[lanes];
  }

  /** Sets V of one lane, m/s. */
  public void setLimitMS(int lane, double metresPerSecond) {
    limitMS[lane] = (float) metresPerSecond;
  }

  /** Sets whether the flight in {@code lane} should be at rest by now. */
  public void setCalm(int lane, boolean restful) {
    calm[lane] = restful;
  }

  /** Sets P of one lane, m. */
  public void setLimitM(int lane, double metres) {
    limitM[lane] = (float) metres;
  }

  /**
   * Charges for a state.
   *
   * @param state {@code [17][lanes]}
   * @param reference {@code [6][lanes]}
   * @param gradient receives the gradient by position, velocity, q_z and body rates at their rows
   *     of {@code [17][lanes]} from {@code at}; the other rows are left as they are
   * @return the cost, summed over the lanes
   */
  public double charge(float[] state, float[] reference, float[] gradient, int at) {
    norms(state, Simulator.PX, reference, 0, 1, weights.positionEpsilonM(), gradient, at);
    norms(state, Simulator.VX, reference, 3, weights.speed(), EPSILON, gradient, at);
    int qz = Simulator.QZ * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      float z = state[qz + lane];
      float yaw = (float) Math.sqrt(z * z + EPSILON * EPSILON);
      costs[lane] += weights.yaw() * yaw;
      gradient[at + qz + lane] = weights.yaw() * z / yaw;
    }
    for (int k = 0; k < 3; k++) {
      int px = (Simulator.PX + k) * lanes;
      int vx = (Simulator.VX + k) * lanes;
      int wx = (Simulator.WX + k) * lanes;
      for (int lane = 0; lane < lanes; lane++) {
        float p = excess(state[px + lane], limitM[lane]);
        float v = excess(state[vx + lane], limitMS[lane]);
        float w = excess(state[wx + lane], RATE_LIMIT_RADS);
        costs[lane] += BARRIER * (p * p + v * v) + RATE_BARRIER * w * w;
        gradient[at + px + lane] += 2 * BARRIER * p;
        gradient[at + vx + lane] += 2 * BARRIER * v;
        gradient[at + wx + lane] = 2 * RATE_BARRIER * w;
      }
    }
    chargeRates(state, reference, gradient, at);
    return takeCosts();
  }

  /** ½ W s log(1 + |ω|²/0.15²), with s taken as constant: the nearer, the calmer it should be. */
  private void chargeRates(float[] state, float[] reference, float[] gradient, int at) {
    int p = Simulator.PX * lanes;
    int w = Simulator.WX * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      if (!calm[lane] || weights.calm() == 0) {
        continue;
      }
      float distance = 0;
      float rates = 1;
      for (int k = lane; k < 3 * lanes; k += lanes) {
        float error = state[p + k] - reference[k];
        distance += error * error;
        rates += state[w + k] * state[w + k] / (CALM_RADS * CALM_RADS);
      }
      float weight = weights.calm() * CALM_M * CALM_M / (CALM_M * CALM_M + distance);
      costs[lane] += weight * (float) Math.log(rates) / 2;
      for (int k = lane; k < 3 * lanes; k += lanes) {
        gradient[at + w + k] += weight * state[w + k] / (rates * CALM_RADS * CALM_RADS);
      }
    }
  }

  private void norms(
      float[] state,
      int row,
      float[] reference,
      int referenceRow,
      float weight,
      float epsilon,
      float[] gradient,
      int at) {
    int s = row * lanes;
    int r = referenceRow * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      float x = state[s + lane] - reference[r + lane];
      float y = state[s + lanes + lane] - reference[r + lanes + lane];
      float z = state[s + 2 * lanes + lane] - reference[r + 2 * lanes + lane];
      float norm = (float) Math.sqrt(x * x + y * y + z * z + epsilon * epsilon);
      costs[lane] += weight * norm;
      float slope = weight / norm;
      gradient[at + s + lane] = slope * x;
      gradient[at + s + lanes + lane] = slope * y;
      gradient[at + s + 2 * lanes + lane] = slope * z;
    }
  }

  /** By how much a value is beyond ±limit, with its sign. */
  private static float excess(float value, float limit) {
    return value - Math.clamp(value, -limit, limit);
  }

  /**
   * Charges for the change of the action.
   *
   * @param action {@code [4][lanes]} from {@code actionAt}
   * @param previous {@code [4][lanes]} from {@code previousAt}
   * @param gradient the gradient by {@code action}, {@code [4][lanes]}, written; that by {@code
   *     previous} is its negative
   * @return the cost, summed over the lanes
   */
  public double chargeChange(
      float[] action, int actionAt, float[] previous, int previousAt, float[] gradient) {
    for (int lane = 0; lane < lanes; lane++) {
      float squares = weights.changeEpsilon() * weights.changeEpsilon();
      for (int i = lane; i < 4 * lanes; i += lanes) {
        float change = action[actionAt + i] - previous[previousAt + i];
        gradient[i] = change;
        squares += change * change;
      }
      float norm = (float) Math.sqrt(squares);
      costs[lane] += norm;
      for (int i = lane; i < 4 * lanes; i += lanes) {
        gradient[i] /= norm;
      }
    }
    return takeCosts();
  }

  private double takeCosts() {
    double sum = 0;
    for (int lane = 0; lane < lanes; lane++) {
      sum += costs[lane];
      costs[lane] = 0;
    }
    return sum;
  }
}
