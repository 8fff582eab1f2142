package dev.raptor.core.kernel;

/**
 * A dense layer in integers as {@link IntegerKernels} wants it, {@code y = clamp(rsh(rsh(W x + b,
 * p) m, n), low, high)}, packed for one sample and for many. Outputs go by groups of a constant
 * size, so that the kernels walk with constant strides: of {@link #PANEL_ROWS} for many samples, of
 * that of the layer for one. The last group is filled up with zeros. For one sample a group of
 * gates holds those of some units, as in {@link Kernels}.
 *
 * <p>With one sample a step takes as long as the weights take to be read and multiplied. So for
 * vectors they are bytes, or ints where there are few, or where there are many three in an int, of
 * which each lane needs but one load and two shifts; and for plain Java there are two in a long,
 * which one multiplication serves.
 *
 * <p>A group begins with four rows of one number for each output: bias + (1 &lt;&lt; p &gt;&gt; 1),
 * m, 1 &lt;&lt; n &gt;&gt; 1 and n. The weights follow, a row for each input, but for bytes and
 * pairs, which are arrays of their own.
 *
 * <p>Whoever makes one sees to it that nothing overflows.
 *
 * @param inputs number of inputs
 * @param outputs number of outputs
 * @param preShift p
 * @param low the least output
 * @param high the largest output
 * @param ints the first rows for one sample, and of an {@link IntegerKernels#FEW_GROUP} the
 *     weights, {@code [groups][4 + inputs][group]} and zeros that a vector may read; of a {@link
 *     Kernels#GATES_GROUP} rows of {@code group / 3} that hold {@code (u << 16) + (v + 128 << 8) +
 *     (w + 128)}, with w, v and u the weights of outputs o, {@code o + group / 3} and {@code o + 2
 *     group / 3}
 * @param bytes {@code [groups][inputs][group]}, the weights for one sample of a {@link
 *     Kernels#SINGLE_GROUP}; then zeros, as many as a vector may read too far; else empty
 * @param pairs {@code [groups][inputs][group / 2]}: {@code w + (v << 32)} with w and v the weights
 *     of outputs o and {@code o + group / 2} of a group; empty for a {@link
 *     IntegerKernels#FEW_GROUP}
 * @param panels {@code [groups][4 + inputs][PANEL_ROWS]}, all rows for many samples
 */
public record IntegerLayer(
    int inputs,
    int outputs,
    int preShift,
    int low,
    int high,
    int[] ints,
    byte[] bytes,
    long[] pairs,
    int[] panels) {
  /** Outputs in a group for many samples. */
  public static final int PANEL_ROWS = 6;

  /** Rows before the weights. */
  public static final int HEADER = 4;

  /** What is added to two of the three weights in an int, so that they are not negative. */
  public static final int OFFSET = 128;

  /** The most lanes that a vector of bytes reads without need for them. */
  private static final int MARGIN = 6;

  /** The most lanes that a vector of few outputs reads without need for them. */
  private static final int FEW_MARGIN = 4;

  /**
   * Packs a layer.
   *
   * @param weights W, {@code [outputs][inputs]}, each within a signed byte
   * @param biases b, one for each output, as are m and n; three for each unit if they are gates
   * @param group outputs in a group for one sample: {@link Kernels#SINGLE_GROUP}, {@link
   *     Kernels#GATES_GROUP} or {@link IntegerKernels#FEW_GROUP}
   */
  public static IntegerLayer of(
      int inputs,
      int[] weights,
      int[] biases,
      int preShift,
      int[] multipliers,
      int[] shifts,
      int low,
      int high,
      int group) {
    int outputs = biases.length;
    boolean gates = group == Kernels.GATES_GROUP;
    boolean few = group == IntegerKernels.FEW_GROUP;
    int units = gates ? outputs / 3 : outputs;
    int columns = gates ? group / 3 : group;
    int groups = Kernels.padded(units, columns) / columns;
    int size = HEADER * group + (gates || few ? inputs * columns : 0);
    int[] ints = new int[groups * size + (few ? FEW_MARGIN : 0)];
    byte[] bytes = new byte[gates || few ? 0 : groups * inputs * group + MARGIN];
    int half = group / 2;
    long[] pairs = new long[few ? 0 : groups * inputs * half];
    int[] panels = new int[(HEADER + inputs) * Kernels.padded(outputs, PANEL_ROWS)];
    for (int o = 0; o < outputs; o++) {
      int bias = biases[o] + (1 << preShift >> 1);
      int[] head = {bias, multipliers[o], 1 << shifts[o] >> 1, shifts[o]};
      int part = o / units;
      int unit = o % units;
      int column = unit % columns;
      int within = part * columns + column;
      int from = unit / columns * size;
      int offset = gates && part < 2 ? OFFSET : 0;
      int panel = o / PANEL_ROWS * PANEL_ROWS * (HEADER + inputs) + o % PANEL_ROWS;
      for (int r = 0; r < HEADER; r++) {
        ints[from + r * group + within] = head[r];
        panels[panel + r * PANEL_ROWS] = head[r];
      }
      for (int i = 0; i < inputs; i++) {
        int weight = weights[o * inputs + i];
        int row = unit / columns * inputs + i;
        if (gates || few) {
          ints[from + HEADER * group + i * columns + column] += weight + offset << part * 8;
        } else {
          bytes[row * group + within] = (byte) weight;
        }
        if (!few) {
          pairs[row * half + within % half] += (long) weight << within / half * 32;
        }
        panels[panel + (HEADER + i) * PANEL_ROWS] = weight;
      }
    }
    return new IntegerLayer(inputs, outputs, preShift, low, high, ints, bytes, pairs, panels);
  }

  /** The groups for many samples. */
  public int panelGroups() {
    return (outputs + PANEL_ROWS - 1) / PANEL_ROWS;
  }
}
