package dev.raptor.core.kernel;

import java.util.Arrays;

/** The kernels in plain Java: the readable oracle, and what runs without the Vector API. */
public final class ScalarKernels implements Kernels {
  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  /** Creates the provider; it has no state. */
  public ScalarKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void dense(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
      float[] w,
      int wo,
      float[] b,
      int bo,
      float[] x,
      int xo,
      float[] y,
      int yo,
      boolean relu) {
    for (int t = 0; t < blocks; t++) {
      for (int o = 0; o < outputs; o++) {
        int row = yo + (t * outputs + o) * lanes;
        int in = xo + t * inputs * lanes;
        Arrays.fill(y, row, row + lanes, b[bo + o]);
        accumulate(inputs, lanes, lanes, w, wo + o * inputs, 1, x, in, y, row);
        if (relu) {
          relu(y, row, row + lanes);
        }
      }
    }
  }

  private static void relu(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = y[i] < 0 ? 0 : y[i];
    }
  }

  @Override
  public void denseInputGradient(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
      float[] w,
      int wo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      boolean add) {
    for (int t = 0; t < blocks; t++) {
      for (int i = 0; i < inputs; i++) {
        int row = dxo + (t * inputs + i) * lanes;
        if (!add) {
          Arrays.fill(dx, row, row + lanes, 0);
        }
        int in = dyo + t * outputs * lanes;
        accumulate(outputs, lanes, lanes, w, wo + i, inputs, dy, in, dx, row);
      }
    }
  }

  /**
   * {@code y += Σ_k w[k] x[k]} over rows, {@code rowStride} apart, four lanes at a time so that the
   * sums stay in registers.
   */
  private static void accumulate(
      int terms,
      int lanes,
      int rowStride,
      float[] w,
      int wo,
      int stride,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    int l = 0;
    for (; l + 4 <= lanes; l += 4) {
      float s0 = y[yo + l];
      float s1 = y[yo + l + 1];
      float s2 = y[yo + l + 2];
      float s3 = y[yo + l + 3];
      for (int k = 0, at = xo + l; k < terms; k++, at += rowStride) {
        float wk = w[wo + k * stride];
        s0 = Math.fma(wk, x[at], s0);
        s1 = Math.fma(wk, x[at + 1], s1);
        s2 = Math.fma(wk, x[at + 2], s2);
        s3 = Math.fma(wk, x[at + 3], s3);
      }
      y[yo + l] = s0;
      y[yo + l + 1] = s1;
      y[yo + l + 2] = s2;
      y[yo + l + 3] = s3;
    }
    for (; l < lanes; l++) {
      float sum = y[yo + l];
      for (int k = 0; k < terms; k++) {
        sum = Math.fma(w[wo + k * stride], x[xo + k * rowStride + l], sum);
      }
      y[yo + l] = sum;
    }
  }

  @Override
  public void denseWeightGradient(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      float[] x,
      int xo,
      float[] dw,
      int dwo,
      float[] db,
      int dbo) {
    int dyStride = outputs * lanes;
    int xStride = inputs * lanes;
    for (int o = 0; o < outputs; o++) {
      int row = dyo + o * lanes;
      for (int i = 0; i < inputs; i++) {
        dw[dwo + o * inputs + i] +=
            product(lanes, blocks, dy, row, dyStride, x, xo + i * lanes, xStride);
      }
      db[dbo + o] += total(lanes, blocks, dy, row, dyStride);
    }
  }

  /** {@code Σ a c} over all lanes of all blocks, one after the other. */
  private static float product(
      int lanes, int blocks, float[] a, int ao, int aStride, float[] c, int co, int cStride) {
    float sum = 0;
    for (int t = 0; t < blocks; t++) {
      int i = ao + t * aStride;
      int j = co + t * cStride;
      for (int l = 0; l < lanes; l++) {
        sum = Math.fma(a[i + l], c[j + l], sum);
      }
    }
    return sum;
  }

  /**
   * {@code Σ a} over all lanes of all blocks, lane {@code l} into partial sum {@code l mod 8}; the
   * partial sums are added as a tree, halves, quarters, pairs.
   */
  public static float total(int lanes, int blocks, float[] a, int ao, int stride) {
    float even = half(0, lanes, blocks, a, ao, stride) + half(2, lanes, blocks, a, ao, stride);
    float odd = half(1, lanes, blocks, a, ao, stride) + half(3, lanes, blocks, a, ao, stride);
    return even + odd;
  }

  /** Partial sums {@code part} and {@code part + 4}. */
  private static float half(int part, int lanes, int blocks, float[] a, int ao, int stride) {
    float low = 0;
    float high = 0;
    for (int t = 0; t < blocks; t++) {
      int at = ao + t * stride;
      for (int l = part; l < lanes; l += 8) {
        low += a[at + l];
      }
      for (int l = part + 4; l < lanes; l += 8) {
        high += a[at + l];
      }
    }
    return low + high;
  }

  @Override
  public void denseSingle(int width, int inputs, float[] w, int wo, float[] x, float[] y) {
    single(SINGLE_GROUP, width, inputs, w, wo, x, y);
    relu(y, 0, width);
  }

  @Override
  public void gruSingle(
      int width,
      int inputs,
      float[] w,
      int wo,
      float[] x,
      float[] gi,
      float[] read,
      float[] h,
      float[] last) {
    System.arraycopy(h, 0, last, 0, width);
    for (int u = 0; u < width; u += SINGLE_GROUP) {
      int from = wo + 3 * u * (1 + inputs);
      single(GATES_GROUP, GATES_GROUP, inputs, w, from, x, gi);
      gruGates(SINGLE_GROUP, gi, 0, read, 4 * u + SINGLE_GROUP, h, u, h, u);
    }
  }

  @Override
  public void stateProducts(int width, int inputs, float[] w, int wo, float[] h, float[] y) {
    single(READ_GROUP, width / SINGLE_GROUP * READ_GROUP, inputs, w, wo, h, y);
  }

  private static void single(
      int group, int width, int inputs, float[] w, int wo, float[] x, float[] y) {
    for (int o = 0; o < width; o += 4) {
      int at = wo + o / group * group * (1 + inputs) + o % group;
      float s0 = w[at];
      float s1 = w[at + 1];
      float s2 = w[at + 2];
      float s3 = w[at + 3];
      for (int i = 0; i < inputs; i++) {
        at += group;
        s0 = Math.fma(x[i], w[at], s0);
        s1 = Math.fma(x[i], w[at + 1], s1);
        s2 = Math.fma(x[i], w[at + 2], s2);
        s3 = Math.fma(x[i], w[at + 3], s3);
      }
      y[o] = s0;
      y[o + 1] = s1;
      y[o + 2] = s2;
      y[o + 3] = s3;
    }
  }

  @Override
  public int panelRows() {
    return 1;
  }

  @Override
  public void densePanel(
      int outputs,
      int inputs,
      int lanes,
      float[] w,
      int wo,
      float[] x,
      int xo,
      float[] y,
      boolean relu) {
    for (int o = 0, at = wo; o < outputs; o++, at += 1 + inputs) {
      int row = o * PANEL;
      Arrays.fill(y, row, row + lanes, w[at]);
      accumulate(inputs, lanes, PANEL, w, at + 1, 1, x, xo, y, row);
      if (relu) {
        relu(y, row, row + lanes);
      }
    }
  }

  @Override
  public void copyRows(
      int rows, int n, float[] from, int fo, int fromStride, float[] to, int too, int toStride) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, fo + r * fromStride, to, too + r * toStride, n);
    }
  }

  @Override
  public boolean areFinite(float[] x) {
    // The largest magnitude as bits: at or above infinity's, something is not finite.
    int largest = 0;
    for (float value : x) {
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    }
    return largest < INFINITY;
  }

  @Override
  public void tanh(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Tanh.tanh(x[xo + i]);
    }
  }

  @Override
  public void reluBackward(int n, float[] y, int yo, float[] dy, int dyo) {
    for (int i = 0; i < n; i++) {
      dy[dyo + i] = y[yo + i] > 0 ? dy[dyo + i] : 0;
    }
  }

  @Override
  public void tanhBackward(int n, float[] y, int yo, float[] dy, int dyo) {
    for (int i = 0; i < n; i++) {
      dy[dyo + i] *= Math.fma(-y[yo + i], y[yo + i], 1f);
    }
  }

  @Override
  public void gruGates(
      int n, float[] gi, int gio, float[] gh, int gho, float[] h, int ho, float[] next, int nexto) {
    gruGates(0, n, gi, gio, gh, gho, h, ho, next, nexto);
  }

  /** {@link Kernels#gruGates} from unit {@code from} of {@code n} on. */
  public static void gruGates(
      int from,
      int n,
      float[] gi,
      int gio,
      float[] gh,
      int gho,
      float[] h,
      int ho,
      float[] next,
      int nexto) {
    for (int i = from; i < n; i++) {
      float r = Tanh.sigmoid(gi[gio + i] + gh[gho + i]);
      float z = Tanh.sigmoid(gi[gio + n + i] + gh[gho + n + i]);
      float c = Tanh.tanh(Math.fma(r, gh[gho + 2 * n + i], gi[gio + 2 * n + i]));
      next[nexto + i] = Math.fma(z, h[ho + i] - c, c);
      gi[gio + i] = r;
      gi[gio + n + i] = z;
      gi[gio + 2 * n + i] = c;
    }
  }

  @Override
  public void gruGatesBackward(
      int n,
      float[] gates,
      int gateso,
      float[] gh,
      int gho,
      float[] h,
      int ho,
      float[] dNext,
      int dNexto,
      float[] dh,
      int dho) {
    gruGatesBackward(0, n, gates, gateso, gh, gho, h, ho, dNext, dNexto, dh, dho);
  }

  /** {@link Kernels#gruGatesBackward} from unit {@code from} of {@code n} on. */
  public static void gruGatesBackward(
      int from,
      int n,
      float[] gates,
      int gateso,
      float[] gh,
      int gho,
      float[] h,
      int ho,
      float[] dNext,
      int dNexto,
      float[] dh,
      int dho) {
    for (int i = from; i < n; i++) {
      float r = gates[gateso + i];
      float z = gates[gateso + n + i];
      float c = gates[gateso + 2 * n + i];
      float d = dNext[dNexto + i];
      float dc = d * (1f - z) * Math.fma(-c, c, 1f);
      float dz = d * (h[ho + i] - c) * (z * (1f - z));
      float dr = dc * gh[gho + 2 * n + i] * (r * (1f - r));
      gates[gateso + i] = dr;
      gates[gateso + n + i] = dz;
      gates[gateso + 2 * n + i] = dc;
      gh[gho + i] = dr;
      gh[gho + n + i] = dz;
      gh[gho + 2 * n + i] = dc * r;
      dh[dho + i] = d * z;
    }
  }

  @Override
  public void adam(
      int n,
      float[] p,
      float[] g,
      float[] m,
      float[] v,
      float beta1,
      float beta2,
      float rate,
      float scale,
      float epsilon) {
    adam(0, n, p, g, m, v, beta1, beta2, rate, scale, epsilon);
  }

  /** {@link Kernels#adam} from parameter {@code from} of {@code n} on. */
  public static void adam(
      int from,
      int n,
      float[] p,
      float[] g,
      float[] m,
      float[] v,
      float beta1,
      float beta2,
      float rate,
      float scale,
      float epsilon) {
    for (int i = from; i < n; i++) {
      m[i] = Math.fma(beta1, m[i] - g[i], g[i]);
      v[i] = Math.fma(beta2, v[i] - g[i] * g[i], g[i] * g[i]);
      p[i] -= rate * m[i] / ((float) Math.sqrt(v[i] * scale) + epsilon);
    }
  }
}
