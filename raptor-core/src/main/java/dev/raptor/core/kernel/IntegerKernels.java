package dev.raptor.core.kernel;

/**
 * The integer arithmetic of fixed-point policies, in 32 bits throughout. Two providers implement
 * it, one in plain Java and one on the Vector API; sums of integers do not depend on their order,
 * so they agree bit for bit.
 *
 * <p>There is one rounding: {@code rsh(a, n) = (a + (1 << n >> 1)) >> n}, to the nearest, halves
 * upwards, the shift arithmetic; {@code rsh(a, 0) = a}.
 *
 * <p>A layer's parameters are packed as rows of {@code width} numbers, one for each output and then
 * zeros:
 *
 * <pre>
 *   row 0       bias + (1 &lt;&lt; p &gt;&gt; 1), of the accumulator; p is the layer's pre-shift
 *   row 1       multiplier
 *   row 2       1 &lt;&lt; n &gt;&gt; 1
 *   row 3       n, the shift
 *   row 4 + i   the weights of input i
 * </pre>
 *
 * Whoever packs them sees to it that nothing overflows. All arrays are the caller's, nothing is
 * allocated, and offsets and sizes are trusted.
 */
public interface IntegerKernels {
  /** Packed rows before the weights. */
  int HEADER_ROWS = 4;

  /** The packed width is a multiple of this number. */
  int WIDTH = 16;

  /** What runs, for people: the provider and its width. */
  String name();

  /** 1.5 · 2²³: a float of its magnitude has no bit below 1, so that adding it rounds. */
  float ROUNDER = 0x1.8p23f;

  /** The bits of {@link #ROUNDER}; those of {@code ROUNDER + x} are by x more, for whole x. */
  int ROUNDER_BITS = 0x4b400000;

  /**
   * {@code y_i = clamp(rint(x_i scale_i), -32767, 32767)}, halves to the even word; NaN gives 0.
   *
   * @param scales of x, from 0
   */
  void words(int n, float[] x, int xo, float[] scales, int[] y, int yo);

  /**
   * One dense layer of a single sample: {@code y = clamp(rsh(rsh(W x + b, p) m, n), low, high)}.
   *
   * @param width the outputs, rounded up to a multiple of {@link #WIDTH}
   * @param w packed parameters, {@code [4 + inputs][width]} from {@code wo}
   * @param x the inputs
   * @param y the outputs, {@code width} of them; overwritten
   */
  void denseSingle(
      int width, int inputs, int[] w, int wo, int preShift, int low, int high, int[] x, int[] y);

  /**
   * The same for a block: row {@code i} of lane {@code l} stands at {@code i * lanes + l}.
   *
   * @param x a block of {@code inputs} rows
   * @param y a block of {@code outputs} rows; overwritten
   */
  void dense(
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
      int[] y);

  /**
   * The gates of a GRU over {@code n = hidden * lanes} units. With {@code T} the tanh of the table:
   *
   * <pre>
   *   r  = rsh(T(sat(gi_r + gh_r)) + 32768, 1)
   *   z  = rsh(T(sat(gi_z + gh_z)) + 32768, 1)
   *   c  = T(sat(gi_n + rsh(r gh_n, 15)))
   *   h' = c + rsh(z (h - c), 15)
   * </pre>
   *
   * where {@code sat} clamps to ±32767. The table holds {@code t_k << 16 | t_k+1 - t_k} for k from
   * 0; with {@code a = |w|}, {@code k = a >> s} and {@code f = a & (1 << s) - 1} it is {@code T(w)
   * = sign(w) (t_k + rsh((t_k+1 - t_k) f, s))}.
   *
   * @param gi stacked r, z, n; overwritten
   * @param gh stacked r, z, n; |gh_n| at most 65535; overwritten
   * @param tableShift s
   * @param h the state, Q15; receives the new one
   */
  void gruGates(int n, int[] gi, int[] gh, int[] table, int tableShift, int[] h);

  /** The provider that runs in this process, chosen as {@link Kernels#active} is. */
  static IntegerKernels active() {
    return KernelProvider.ACTIVE_INTEGER;
  }
}
