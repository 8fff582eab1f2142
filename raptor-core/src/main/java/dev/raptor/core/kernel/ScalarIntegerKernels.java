package dev.raptor.core.kernel;

/** The integer kernels in plain Java: the readable oracle, and what runs without the Vector API. */
public final class ScalarIntegerKernels implements IntegerKernels {
  private static final int LIMIT = 32767;

  /** Creates the provider; it has no state. */
  public ScalarIntegerKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void words(int n, float[] x, int xo, float[] scales, int[] y, int yo) {
    wordsOf(n, x, xo, scales, y, yo);
  }

  /** {@link IntegerKernels#words}. */
  public static void wordsOf(int n, float[] x, int xo, float[] scales, int[] y, int yo) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i] * scales[i];
      v = v > LIMIT ? LIMIT : v < -LIMIT ? -LIMIT : v;
      v = Float.isNaN(v) ? 0 : v;
      y[yo + i] = Float.floatToRawIntBits(v + ROUNDER) - ROUNDER_BITS;
    }
  }

  @Override
  public void denseSingle(
      int width, int inputs, int[] w, int wo, int preShift, int low, int high, int[] x, int[] y) {
    int multiplier = wo + width;
    int rounding = multiplier + width;
    int shift = rounding + width;
    for (int o = 0; o < width; o += 4) {
      int at = wo + o;
      int s0 = w[at];
      int s1 = w[at + 1];
      int s2 = w[at + 2];
      int s3 = w[at + 3];
      at += HEADER_ROWS * width;
      for (int i = 0; i < inputs; i++, at += width) {
        int a = x[i];
        s0 += a * w[at];
        s1 += a * w[at + 1];
        s2 += a * w[at + 2];
        s3 += a * w[at + 3];
      }
      y[o] = s0;
      y[o + 1] = s1;
      y[o + 2] = s2;
      y[o + 3] = s3;
    }
    for (int o = 0; o < width; o++) {
      int scaled = (y[o] >> preShift) * w[multiplier + o] + w[rounding + o] >> w[shift + o];
      y[o] = Math.max(low, Math.min(high, scaled));
    }
  }

  @Override
  public void dense(
      int outputs,
      int inputs,
      int lanes,
      int width,
      int[] w,
      int wo,
      int preShift,
      int low,
      int high,
      int[] x,
      int[] y) {
    for (int o = 0; o < outputs; o++) {
      denseRow(inputs, lanes, 0, width, w, wo + o, preShift, low, high, x, y, o * lanes);
    }
  }

  /** One output of lanes {@code from} and up. */
  public static void denseRow(
      int inputs,
      int lanes,
      int from,
      int width,
      int[] w,
      int wo,
      int preShift,
      int low,
      int high,
      int[] x,
      int[] y,
      int yo) {
    int multiplier = w[wo + width];
    int rounding = w[wo + 2 * width];
    int shift = w[wo + 3 * width];
    int weights = wo + HEADER_ROWS * width;
    int l = from;
    for (; l + 4 <= lanes; l += 4) {
      int s0 = w[wo];
      int s1 = s0;
      int s2 = s0;
      int s3 = s0;
      for (int i = 0, at = l, k = weights; i < inputs; i++, at += lanes, k += width) {
        int weight = w[k];
        s0 += weight * x[at];
        s1 += weight * x[at + 1];
        s2 += weight * x[at + 2];
        s3 += weight * x[at + 3];
      }
      y[yo + l] = s0;
      y[yo + l + 1] = s1;
      y[yo + l + 2] = s2;
      y[yo + l + 3] = s3;
    }
    for (; l < lanes; l++) {
      int sum = w[wo];
      for (int i = 0; i < inputs; i++) {
        sum += w[weights + i * width] * x[i * lanes + l];
      }
      y[yo + l] = sum;
    }
    for (l = from; l < lanes; l++) {
      int scaled = (y[yo + l] >> preShift) * multiplier + rounding >> shift;
      y[yo + l] = Math.max(low, Math.min(high, scaled));
    }
  }

  @Override
  public void gruGates(int n, int[] gi, int[] gh, int[] table, int tableShift, int[] h) {
    gruGates(0, n, gi, gh, table, tableShift, h);
  }

  /** {@link IntegerKernels#gruGates} from unit {@code from} of {@code n} on. */
  public static void gruGates(
      int from, int n, int[] gi, int[] gh, int[] table, int tableShift, int[] h) {
    for (int i = from; i < n; i++) {
      int r = tanh(table, tableShift, saturate(gi[i] + gh[i])) + 32769 >> 1;
      int z = tanh(table, tableShift, saturate(gi[n + i] + gh[n + i])) + 32769 >> 1;
      int candidate = saturate(gi[2 * n + i] + (r * gh[2 * n + i] + 16384 >> 15));
      int c = tanh(table, tableShift, candidate);
      h[i] = c + (z * (h[i] - c) + 16384 >> 15);
    }
  }

  private static int tanh(int[] table, int shift, int word) {
    int sign = word >> 31;
    int a = (word ^ sign) - sign;
    int entry = table[a >> shift];
    int rise = (entry & 0xffff) * (a & (1 << shift) - 1);
    int y = (entry >> 16) + (rise + (1 << shift >> 1) >> shift);
    return (y ^ sign) - sign;
  }

  private static int saturate(int word) {
    return Math.max(-LIMIT, Math.min(LIMIT, word));
  }
}
