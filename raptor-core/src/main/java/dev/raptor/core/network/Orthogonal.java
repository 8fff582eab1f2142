package dev.raptor.core.network;

import java.util.random.RandomGenerator;

/** Random matrices with orthogonal rows or columns, by Gram-Schmidt over Gaussian draws. */
final class Orthogonal {
  private Orthogonal() {}

  /**
   * Fills {@code [rows][columns]} from {@code at} on; the shorter side is orthonormal times gain.
   */
  static void fill(float[] out, int at, int rows, int columns, float gain, RandomGenerator random) {
    int count = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    double[][] basis = new double[count][length];
    for (int i = 0; i < count; i++) {
      double norm;
      do {
        for (int k = 0; k < length; k++) {
          basis[i][k] = random.nextGaussian();
        }
        for (int j = 0; j < i; j++) {
          double dot = dot(basis[i], basis[j]);
          for (int k = 0; k < length; k++) {
            basis[i][k] -= dot * basis[j][k];
          }
        }
        norm = Math.sqrt(dot(basis[i], basis[i]));
      } while (norm < 1e-6);
      for (int k = 0; k < length; k++) {
        basis[i][k] /= norm;
      }
    }
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double value = rows <= columns ? basis[r][c] : basis[c][r];
        out[at + r * columns + c] = (float) (gain * value);
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
