package dev.raptor.core.math;

import java.util.List;

/**
 * A line fitted to samples by least squares with a penalty on its slopes, not on its intercept:
 *
 * <pre>
 *   min over w, b of  Σ (w · x + b − y)² + λ ‖w‖²
 *   (Xᵀ X + λ I) w = Xᵀ y  with x and y less their means,   b = mean(y) − w · mean(x)
 * </pre>
 *
 * @param slopes w
 * @param intercept b
 */
public record RidgeRegression(double[] slopes, double intercept) {
  /**
   * A sample.
   *
   * @param x what is known of it, as many numbers as of every other
   * @param y what is to be predicted
   */
  public record Sample(double[] x, double y) {}

  /**
   * Fits a line.
   *
   * @param samples at least one
   * @param penalty λ, above 0
   */
  public static RidgeRegression fit(List<Sample> samples, double penalty) {
    int n = samples.get(0).x.length;
    double[] mean = new double[n];
    double meanY = 0;
    for (Sample sample : samples) {
      meanY += sample.y / samples.size();
      for (int i = 0; i < n; i++) {
        mean[i] += sample.x[i] / samples.size();
      }
    }
    double[][] equations = new double[n][n + 1];
    for (Sample sample : samples) {
      for (int i = 0; i < n; i++) {
        double x = sample.x[i] - mean[i];
        for (int j = 0; j < n; j++) {
          equations[i][j] += x * (sample.x[j] - mean[j]);
        }
        equations[i][n] += x * (sample.y - meanY);
      }
    }
    for (int i = 0; i < n; i++) {
      equations[i][i] += penalty;
    }
    LinearSystem.solve(equations);
    double[] slopes = new double[n];
    double intercept = meanY;
    for (int i = 0; i < n; i++) {
      slopes[i] = equations[i][n];
      intercept -= slopes[i] * mean[i];
    }
    return new RidgeRegression(slopes, intercept);
  }

  /** What the line says of {@code x}. */
  public double predict(double[] x) {
    double sum = intercept;
    for (int i = 0; i < slopes.length; i++) {
      sum += slopes[i] * x[i];
    }
    return sum;
  }
}
