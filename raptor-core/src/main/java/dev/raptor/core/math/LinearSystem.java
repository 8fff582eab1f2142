package dev.raptor.core.math;

/**
 * A system of linear equations {@code A X = B}, solved by Gauss-Jordan elimination with partial
 * pivoting. Rows are first brought to a like size, so that a pivot says how far the matrix is from
 * a singular one, whatever the units of its rows.
 */
public final class LinearSystem {
  private LinearSystem() {}

  /**
   * Solves the equations in place: the right-hand sides end as the solutions.
   *
   * @param equations {@code [n][n + m]}: a row of A, then that row of B, for m right-hand sides.
   *     The rows may end in another order than they began in as objects; row i holds unknown i.
   * @return the least pivot, 0 to 1; the solutions are of no use if it is next to 0
   */
  public static double solve(double[][] equations) {
    int n = equations.length;
    int width = equations[0].length;
    for (double[] equation : equations) {
      double size = 0;
      for (int k = 0; k < n; k++) {
        size = Math.max(size, Math.abs(equation[k]));
      }
      for (int k = 0; k < width; k++) {
        equation[k] /= size;
      }
    }
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < n; c++) {
      int pivot = c;
      for (int r = c + 1; r < n; r++) {
        pivot = Math.abs(equations[r][c]) > Math.abs(equations[pivot][c]) ? r : pivot;
      }
      double[] row = equations[pivot];
      equations[pivot] = equations[c];
      equations[c] = row;
      double scale = row[c];
      least = Math.min(least, Math.abs(scale));
      for (int k = c; k < width; k++) {
        row[k] /= scale;
      }
      for (int r = 0; r < n; r++) {
        double factor = r == c ? 0 : equations[r][c];
        if (factor != 0) {
          for (int k = c; k < width; k++) {
            equations[r][k] -= factor * row[k];
          }
        }
      }
    }
    return least;
  }
}
