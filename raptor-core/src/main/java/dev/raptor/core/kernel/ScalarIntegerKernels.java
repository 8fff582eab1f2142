package dev.raptor.core.kernel;

/** The integer kernels in plain Java: the readable oracle, and what runs without the Vector API. */
public final class ScalarIntegerKernels implements IntegerKernels {
  private static final int PANEL_ROWS = IntegerLayer.PANEL_ROWS;
  private static final int HEADER = IntegerLayer.HEADER;
  private static final int LIMIT = 32767;

  /** Creates the provider; it has no state. */
  public ScalarIntegerKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public boolean quantise(int n, float[] x, float[] scales, short[] y) {
    return quantise(0, n, x, scales, y);
  }

  /** {@link IntegerKernels#quantise} from number {@code from} of {@code n} on. */
  public static boolean quantise(int from, int n, float[] x, float[] scales, short[] y) {
    boolean finite = true;
    for (int i = from; i < n; i++) {
      y[i] = (short) word(x[i], scales[i]);
      finite &= Float.isFinite(x[i]);
    }
    return finite;
  }

  /** One number of {@link IntegerKernels#quantise}. */
  public static int word(float x, float scale) {
    float v = x * scale;
    int bits = Float.floatToRawIntBits(v + ROUNDER);
    bits = Math.max(ROUNDER_BITS - LIMIT, Math.min(ROUNDER_BITS + LIMIT, bits));
    return Float.isNaN(v) ? 0 : bits - ROUNDER_BITS;
  }

  @Override
  public void wordRows(int rows, int n, float[] x, int xo, int stride, float[] scales, int[] y) {
    wordRows(rows, n, x, xo, stride, scales, y, panel());
  }

  /** {@link IntegerKernels#wordRows} for panels of any number of lanes. */
  public static void wordRows(
      int rows, int n, float[] x, int xo, int stride, float[] scales, int[] y, int panel) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[r * panel + i] = word(x[xo + r * stride + i], scales[r]);
      }
    }
  }

  @Override
  public void floatRows(int rows, int n, int[] x, float scale, float[] y, int yo, int stride) {
    floatRows(rows, n, x, scale, y, yo, stride, panel());
  }

  /** {@link IntegerKernels#floatRows} for panels of any number of lanes. */
  public static void floatRows(
      int rows, int n, int[] x, float scale, float[] y, int yo, int stride, int panel) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + r * stride + i] = x[r * panel + i] * scale;
      }
    }
  }

  @Override
  public void denseSingle(
      int width, int inputs, IntegerLayer layer, short[] x, int[] room, int[] y) {
    for (int i = 0; i < inputs; i++) {
      room[i] = x[i];
    }
    single(Kernels.SINGLE_GROUP, 0, width, inputs, layer, room, y);
  }

  @Override
  public void gatesSingle(int width, int inputs, IntegerLayer layer, int[] x, int[] y) {
    single(Kernels.GATES_GROUP, inputs, 3 * width, inputs, layer, x, y);
  }

  @Override
  public void gruSingle(
      int width,
      int inputs,
      IntegerLayer layer,
      int[] x,
      int[] gi,
      int[] gh,
      int[] table,
      int[] h) {
    gatesSingle(width, inputs, layer, x, gi);
    for (int u = 0; u < width; u += Kernels.SINGLE_GROUP) {
      gruGates(Kernels.SINGLE_GROUP, gi, gh, 3 * u, table, h, u);
    }
  }

  @Override
  public void fewSingle(int outputs, int inputs, IntegerLayer layer, int[] x, short[] y) {
    int[] w = layer.ints();
    for (int o = 0; o < outputs; o += FEW_GROUP) {
      int head = o * (HEADER + inputs);
      for (int c = 0; c < FEW_GROUP; c++) {
        int sum = 0;
        for (int i = 0; i < inputs; i++) {
          sum += x[i] * w[head + (HEADER + i) * FEW_GROUP + c];
        }
        y[o + c] = (short) requantised(sum, FEW_GROUP, layer, head + c);
      }
    }
  }

  /** With {@code rows} of a third of a group behind the heads of each group. */
  private static void single(
      int group, int rows, int width, int inputs, IntegerLayer layer, int[] x, int[] y) {
    int half = group / 2;
    for (int o = 0; o < width; o += group) {
      for (int p = 0; p < half; p += 4) {
        fourPairs(half, inputs, layer.pairs(), o * inputs / 2 + p, x, y, o + p);
      }
      requantise(group, layer, o * HEADER + o / 3 * rows, y, o);
    }
  }

  /**
   * The sums of four pairs of outputs. That of the lower half, below 2³¹ in magnitude, borrows from
   * the upper one just what its sign takes away.
   */
  private static void fourPairs(int half, int inputs, long[] w, int wo, int[] x, int[] y, int yo) {
    long s0 = 0;
    long s1 = 0;
    long s2 = 0;
    long s3 = 0;
    for (int i = 0, at = wo; i < inputs; i++, at += half) {
      long a = x[i];
      s0 += a * w[at];
      s1 += a * w[at + 1];
      s2 += a * w[at + 2];
      s3 += a * w[at + 3];
    }
    y[yo] = (int) s0;
    y[yo + 1] = (int) s1;
    y[yo + 2] = (int) s2;
    y[yo + 3] = (int) s3;
    y[yo + half] = (int) (s0 - (int) s0 >> 32);
    y[yo + half + 1] = (int) (s1 - (int) s1 >> 32);
    y[yo + half + 2] = (int) (s2 - (int) s2 >> 32);
    y[yo + half + 3] = (int) (s3 - (int) s3 >> 32);
  }

  /** A loop that the compiler makes vectors of, where there are any. */
  private static void requantise(int group, IntegerLayer layer, int head, int[] y, int yo) {
    for (int o = 0; o < group; o++) {
      y[yo + o] = requantised(y[yo + o], group, layer, head + o);
    }
  }

  private static int requantised(int sum, int group, IntegerLayer layer, int at) {
    int[] heads = layer.ints();
    int scaled = (sum + heads[at] >> layer.preShift()) * heads[at + group] + heads[at + 2 * group];
    return Math.max(layer.low(), Math.min(layer.high(), scaled >> heads[at + 3 * group]));
  }

  @Override
  public int panel() {
    return 16;
  }

  @Override
  public void densePanel(IntegerLayer layer, int[] x, int xo, int[] y) {
    int panel = panel();
    int[] w = layer.panels();
    for (int o = 0; o < layer.outputs(); o++) {
      int header = o / PANEL_ROWS * PANEL_ROWS * (HEADER + layer.inputs()) + o % PANEL_ROWS;
      for (int l = 0; l < panel; l += 4) {
        int s0 = w[header];
        int s1 = s0;
        int s2 = s0;
        int s3 = s0;
        for (int i = 0; i < layer.inputs(); i++) {
          int weight = w[header + (HEADER + i) * PANEL_ROWS];
          int at = xo + i * panel + l;
          s0 += weight * x[at];
          s1 += weight * x[at + 1];
          s2 += weight * x[at + 2];
          s3 += weight * x[at + 3];
        }
        int at = o * panel + l;
        y[at] = s0;
        y[at + 1] = s1;
        y[at + 2] = s2;
        y[at + 3] = s3;
      }
      int multiplier = w[header + PANEL_ROWS];
      int rounding = w[header + 2 * PANEL_ROWS];
      int shift = w[header + 3 * PANEL_ROWS];
      for (int at = o * panel; at < (o + 1) * panel; at++) {
        int scaled = (y[at] >> layer.preShift()) * multiplier + rounding >> shift;
        y[at] = Math.max(layer.low(), Math.min(layer.high(), scaled));
      }
    }
  }

  @Override
  public void gruGates(int n, int[] gi, int[] gh, int go, int[] table, int[] h, int ho) {
    gruGates(0, n, gi, gh, go, table, h, ho);
  }

  /** {@link IntegerKernels#gruGates} from unit {@code from} of {@code n} on. */
  public static void gruGates(
      int from, int n, int[] gi, int[] gh, int go, int[] table, int[] h, int ho) {
    for (int i = from; i < n; i++) {
      int at = go + i;
      int r = tanh(table, saturate(gi[at] + gh[at])) + 32769 >> 1;
      int z = tanh(table, saturate(gi[at + n] + gh[at + n])) + 32769 >> 1;
      int candidate = saturate(gi[at + 2 * n] + (r * gh[at + 2 * n] + 16384 >> 15));
      int c = tanh(table, candidate);
      h[ho + i] = c + (z * (h[ho + i] - c) + 16384 >> 15);
    }
  }

  @Override
  public void requantise(int n, int shift, int limit, int[] x, int xo, int[] y, int yo) {
    requantise(0, n, shift, limit, x, xo, y, yo);
  }

  /** {@link IntegerKernels#requantise} from word {@code from} of {@code n} on. */
  public static void requantise(
      int from, int n, int shift, int limit, int[] x, int xo, int[] y, int yo) {
    int half = 1 << shift >> 1;
    for (int i = from; i < n; i++) {
      y[yo + i] = Math.min(limit, x[xo + i] + half >> shift);
    }
  }

  private static int tanh(int[] table, int word) {
    int sign = word >> 31;
    int a = (word ^ sign) - sign;
    int entry = table[a >> 8];
    int y = ((entry & 0xffff) << 8) + (entry >>> 16) * (a & 255) >> 9;
    return (y ^ sign) - sign;
  }

  private static int saturate(int word) {
    return Math.max(-LIMIT, Math.min(LIMIT, word));
  }
}
