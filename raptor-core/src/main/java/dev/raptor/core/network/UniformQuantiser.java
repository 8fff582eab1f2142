package dev.raptor.core.network;

/**
 * Evenly spaced numbers, of which the nearest stands for any other: {@code y = step · clamp(rint(x
 * / step), least, most)}. Back goes the gradient as if y were x, and none where x is clamped: the
 * straight-through estimator (Bengio et al., 2013).
 *
 * @param step between two of them
 * @param least multiple of the step
 * @param most multiple of the step
 */
public record UniformQuantiser(float step, int least, int most) {
  /** Writes what stands for {@code n} numbers x. */
  void round(int n, float[] x, int xo, float[] y, int yo) {
    float inverse = 1 / step;
    for (int i = 0; i < n; i++) {
      float multiple = (float) Math.rint(x[xo + i] * inverse);
      y[yo + i] = step * Math.min(Math.max(multiple, least), most);
    }
  }

  /** The backward pass: {@code dy[i]} becomes 0 where {@code x[i]} is clamped. */
  void backward(int n, float[] x, int xo, float[] dy, int dyo) {
    float low = (least - 0.5f) * step;
    float high = (most + 0.5f) * step;
    for (int i = 0; i < n; i++) {
      dy[dyo + i] = x[xo + i] < low || x[xo + i] > high ? 0 : dy[dyo + i];
    }
  }
}
