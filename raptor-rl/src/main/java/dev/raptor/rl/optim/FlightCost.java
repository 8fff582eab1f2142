package dev.raptor.rl.optim;

import dev.raptor.sim.Simulator;

/**
 * The cost of a step of flight, and its gradient, for learning through the simulator. With |x|ε =
 * √(|x|² + ε²) and relu(x) = max(0, x), it is
 *
 * <pre>
 *   |p - p_ref|ε + 0.3 |q_z|ε + |a - a_before|ε + 0.05 |v - v_ref|ε
 *     + 10 Σ relu(|v_i| - 1.5)² + 0.01 Σ relu(|ω_i| - 15)² + 10 Σ relu(|p_i| - P)²
 * </pre>
 *
 * with P somewhat inside of the termination radius, m: the task's reward, and slopes that lead away
 * from its limits. Blocks are {@code [row][lanes]}.
 */
public final class FlightCost {
  private static final float EPSILON = 0.01f;
  private static final float YAW_WEIGHT = 0.3f;
  private static final float SPEED_WEIGHT = 0.05f;
  private static final float SPEED_LIMIT_MS = 1.5f;
  private static final float RATE_LIMIT_RADS = 15;
  private static final float BARRIER = 10;
  private static final float RATE_BARRIER = 0.01f;

  private final int lanes;
  private final float[] limitM;
  private final float[] costs;

  public FlightCost(int lanes) {
    this.lanes = lanes;
    limitM = new float[lanes];
    costs = new float[lanes];
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
    norms(state, Simulator.PX, reference, 0, 1, gradient, at);
    norms(state, Simulator.VX, reference, 3, SPEED_WEIGHT, gradient, at);
    int qz = Simulator.QZ * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      float z = state[qz + lane];
      float yaw = (float) Math.sqrt(z * z + EPSILON * EPSILON);
      costs[lane] += YAW_WEIGHT * yaw;
      gradient[at + qz + lane] = YAW_WEIGHT * z / yaw;
    }
    for (int k = 0; k < 3; k++) {
      int px = (Simulator.PX + k) * lanes;
      int vx = (Simulator.VX + k) * lanes;
      int wx = (Simulator.WX + k) * lanes;
      for (int lane = 0; lane < lanes; lane++) {
        float p = excess(state[px + lane], limitM[lane]);
        float v = excess(state[vx + lane], SPEED_LIMIT_MS);
        float w = excess(state[wx + lane], RATE_LIMIT_RADS);
        costs[lane] += BARRIER * (p * p + v * v) + RATE_BARRIER * w * w;
        gradient[at + px + lane] += 2 * BARRIER * p;
        gradient[at + vx + lane] += 2 * BARRIER * v;
        gradient[at + wx + lane] = 2 * RATE_BARRIER * w;
      }
    }
    return takeCosts();
  }

  private void norms(
      float[] state,
      int row,
      float[] reference,
      int referenceRow,
      float weight,
      float[] gradient,
      int at) {
    int s = row * lanes;
    int r = referenceRow * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      float x = state[s + lane] - reference[r + lane];
      float y = state[s + lanes + lane] - reference[r + lanes + lane];
      float z = state[s + 2 * lanes + lane] - reference[r + 2 * lanes + lane];
      float norm = (float) Math.sqrt(x * x + y * y + z * z + EPSILON * EPSILON);
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
      float squares = EPSILON * EPSILON;
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
