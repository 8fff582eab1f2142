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
  public void denseSingle(
      int width, int inputs, int[] w, int wo, int preShift, int low, int high, int[] x, int[] y) {
    System.arraycopy(w, wo, y, 0, width);
    int at = wo + HEADER_ROWS * width;
    for (int i = 0; i < inputs; i++, at += width) {
      addColumn(width, w, at, x[i], y);
    }
    requantise(width, w, wo, preShift, low, high, y);
  }

  /** Small and without a branch, so that the compiler makes vectors of it by itself. */
  private static void addColumn(int width, int[] w, int at, int x, int[] y) {
    for (int o = 0; o < width; o++) {
      y[o] += w[at + o] * x;
    }
  }

  private static void requantise(
      int width, int[] w, int wo, int preShift, int low, int high, int[] y) {
    int multiplier = wo + width;
    int rounding = multiplier + width;
    int shift = rounding + width;
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
    for (int l = from; l < lanes; l++) {
      int sum = w[wo];
      for (int i = 0; i < inputs; i++) {
        sum += w[wo + (HEADER_ROWS + i) * width] * x[i * lanes + l];
      }
      int scaled = (sum >> preShift) * multiplier + rounding >> shift;
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
