package dev.raptor.core.kernel;

/**
 * The integer arithmetic of fixed-point policies, in 32 bits throughout. Two providers implement
 * it, one in plain Java and one on the Vector API; sums of integers do not depend on their order,
 * so they agree bit for bit.
 *
 * <p>There is one rounding: {@code rsh(a, n) = (a + (1 << n >> 1)) >> n}, to the nearest, halves
 * upwards, the shift arithmetic; {@code rsh(a, 0) = a}.
 *
 * <p>All arrays are the caller's, nothing is allocated, and offsets and sizes are trusted.
 */
public interface IntegerKernels {
  /** Entries of the table of {@link #gruGates}. */
  int TABLE = 128;

  /** Outputs in a group of {@link #fewSingle}. */
  int FEW_GROUP = 4;

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
   * @return whether all numbers of x are finite
   */
  boolean quantise(int n, float[] x, float[] scales, short[] y);

  /**
   * The same for a panel: {@code n} numbers of each of some rows, which lie {@code stride} apart.
   *
   * @param scales of the rows
   * @param y a block of {@link #panel} lanes; of each row the first {@code n} are overwritten
   */
  void wordRows(int rows, int n, float[] x, int xo, int stride, float[] scales, int[] y);

  /** Of a panel's rows {@code n} words each, times {@code scale}, to rows {@code stride} apart. */
  void floatRows(int rows, int n, int[] x, float scale, float[] y, int yo, int stride);

  /**
   * One dense layer of a single sample, in groups of {@link Kernels#SINGLE_GROUP} outputs. Its
   * sizes are told beside it, so that where they are constants the compiler knows them.
   *
   * @param width the layer's outputs, rounded up to whole groups
   * @param inputs those of the layer
   * @param room for {@code inputs} numbers
   * @param y the outputs, {@code width} of them; overwritten
   */
  void denseSingle(int width, int inputs, IntegerLayer layer, short[] x, int[] room, int[] y);

  /**
   * The same of ints for the gates of a GRU, in groups of {@link Kernels#GATES_GROUP}.
   *
   * @param width the units, rounded up to whole groups
   * @param y {@code [groups][GATES_GROUP]}; overwritten
   */
  void gatesSingle(int width, int inputs, IntegerLayer layer, int[] x, int[] y);

  /**
   * One step of a GRU for a single sample: {@link #gruGates} of what {@link #gatesSingle} makes of
   * the inputs and has made of the state.
   *
   * @param width the units, rounded up to whole groups
   * @param gi room for {@code [groups][GATES_GROUP]}
   * @param gh {@code [groups][GATES_GROUP]}, of the state; overwritten
   * @param h the state, {@code width} units; receives the new one
   */
  void gruSingle(
      int width, int inputs, IntegerLayer layer, int[] x, int[] gi, int[] gh, int[] table, int[] h);

  /**
   * {@link #gatesSingle} for a layer of few outputs, in groups of {@link #FEW_GROUP}.
   *
   * @param y the outputs, words, rounded up to whole groups; overwritten
   */
  void fewSingle(int outputs, int inputs, IntegerLayer layer, int[] x, short[] y);

  /** The lanes that {@link #densePanel} takes at once. */
  int panel();

  /**
   * One dense layer of a block of {@link #panel} lanes: row {@code i} begins at {@code i * panel}.
   *
   * @param x a block of the layer's inputs, from {@code xo}
   * @param y a block of the outputs, all of the {@link IntegerLayer#panelGroups}; overwritten
   */
  void densePanel(IntegerLayer layer, int[] x, int xo, int[] y);

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
   * where {@code sat} clamps to ±32767. The table holds {@code d << 16 | b}; with {@code a = |w|},
   * {@code k = a >> 8} and {@code f = a & 255} it is {@code T(w) = sign(w) ((b_k << 8) + d_k f >>
   * 9)}.
   *
   * @param gi stacked r, z, n, from {@code go}
   * @param gh stacked r, z, n, from {@code go}; |gh_n| at most 65535; overwritten
   * @param table {@link #TABLE} entries
   * @param h the state, Q15, from {@code ho}; receives the new one
   */
  void gruGates(int n, int[] gi, int[] gh, int go, int[] table, int[] h, int ho);

  /** {@code y_i = min(limit, rsh(x_i, shift))} of {@code n} words. */
  void requantise(int n, int shift, int limit, int[] x, int xo, int[] y, int yo);

  /** The provider that runs in this process, chosen as {@link Kernels#active} is. */
  static IntegerKernels active() {
    return KernelProvider.ACTIVE_INTEGER;
  }
}
