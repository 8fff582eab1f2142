package dev.raptor.sim.controller;

import dev.raptor.sim.Simulator;

/**
 * The feedback that costs least for a chain of integrators behind a lag, which is what a quadrotor
 * at hover is along each axis, at steps of {@link Simulator#STEP_S} with the command held:
 *
 * <pre>
 * x = (x_0 … x_n-1),   ẋ_i = g_i x_i+1,   ẋ_n-1 = (u − x_n-1)/T
 * u = −k x             least  Σ (Σ q_i x_i² + r u²)
 * </pre>
 *
 * The gains are those of the discrete algebraic Riccati equation, by iterating it from the cost of
 * the end until it stands still:
 *
 * <pre>
 * k = Bᵀ P A / (r + Bᵀ P B),   P ← Q + Aᵀ P (A − B k)
 * </pre>
 */
final class LinearQuadraticRegulator {
  private static final int MAX_ITERATIONS = 100_000;
  private static final double TOLERANCE = 1e-10;

  /** Terms of the series of the matrix exponential; a step is short beside every lag. */
  private static final int TERMS = 20;

  private LinearQuadraticRegulator() {}

  /**
   * The gains k.
   *
   * @param couplings g_i, one fewer than states
   * @param lagS T, s, above 0
   * @param stateCosts q_i
   * @param commandCost r, above 0
   */
  static double[] gains(double[] couplings, double lagS, double[] stateCosts, double commandCost) {
    int n = stateCosts.length;
    // exp of ((A, B), (0, 0)) holds the command over the step.
    double[][] continuous = new double[n + 1][n + 1];
    for (int i = 0; i < n - 1; i++) {
      continuous[i][i + 1] = couplings[i];
    }
    continuous[n - 1][n - 1] = -1 / lagS;
    continuous[n - 1][n] = 1 / lagS;
    double[][] e = exponential(continuous, Simulator.STEP_S);
    double[][] p = new double[n][n];
    for (int i = 0; i < n; i++) {
      p[i][i] = stateCosts[i];
    }
    double[] k = new double[n];
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      double change = iterate(e, p, stateCosts, commandCost, k);
      if (change < TOLERANCE) {
        break;
      }
    }
    return k;
  }

  /** One step of the equation; the largest relative change of a gain. */
  private static double iterate(double[][] e, double[][] p, double[] q, double r, double[] k) {
    int n = q.length;
    double[][] pa = new double[n][n];
    double[] pb = new double[n];
    for (int i = 0; i < n; i++) {
      for (int m = 0; m < n; m++) {
        pb[i] += p[i][m] * e[m][n];
        for (int j = 0; j < n; j++) {
          pa[i][j] += p[i][m] * e[m][j];
        }
      }
    }
    double denominator = r;
    for (int i = 0; i < n; i++) {
      denominator += e[i][n] * pb[i];
    }
    double change = 0;
    for (int j = 0; j < n; j++) {
      double gain = 0;
      for (int i = 0; i < n; i++) {
        gain += e[i][n] * pa[i][j];
      }
      gain /= denominator;
      change = Math.max(change, Math.abs(gain - k[j]) / Math.max(Math.abs(gain), 1e-12));
      k[j] = gain;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double sum = i == j ? q[i] : 0;
        for (int m = 0; m < n; m++) {
          sum += e[m][i] * (pa[m][j] - pb[m] * k[j]);
        }
        p[i][j] = sum;
      }
    }
    return change;
  }

  private static double[][] exponential(double[][] a, double t) {
    int n = a.length;
    double[][] result = new double[n][n];
    double[][] term = new double[n][n];
    for (int i = 0; i < n; i++) {
      result[i][i] = 1;
      term[i][i] = 1;
    }
    for (int k = 1; k <= TERMS; k++) {
      double[][] next = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int m = 0; m < n; m++) {
          for (int j = 0; j < n; j++) {
            next[i][j] += term[i][m] * a[m][j] * t / k;
          }
        }
      }
      term = next;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          result[i][j] += term[i][j];
        }
      }
    }
    return result;
  }
}
