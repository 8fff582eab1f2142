package dev.raptor.core.fixed.quantise;

/** Mean, covariance and largest magnitude of the numbers that enter a layer. */
final class ActivationStatistics {
  private final int size;
  private final double[] sum;
  private final double[] products;
  private double largest;
  private long count;

  ActivationStatistics(int size) {
    this.size = size;
    sum = new double[size];
    products = new double[size * size];
  }

  void add(float[] block, int lanes, int lane) {
    count++;
    for (int i = 0; i < size; i++) {
      double x = block[i * lanes + lane];
      largest = Math.max(largest, Math.abs(x));
      sum[i] += x;
      for (int j = 0; j <= i; j++) {
        products[i * size + j] += x * block[j * lanes + lane];
      }
    }
  }

  double mean(int i) {
    return sum[i] / count;
  }

  double covariance(int i, int j) {
    double product = products[Math.max(i, j) * size + Math.min(i, j)] / count;
    return product - mean(i) * mean(j);
  }

  double largest() {
    return largest;
  }
}
