package dev.raptor.core.kernel;

/**
 * A dense layer in integers as {@link IntegerKernels} wants it, {@code y = clamp(rsh(rsh(W x + b,
 * p) m, n), low, high)}, packed twice. Outputs go by groups, of a constant size so that the kernels
 * walk with constant strides: {@link #SINGLE} for one sample, {@link #PANEL_ROWS} for many. A
 * group's rows have one number for each of its outputs; the last group is filled up with zeros.
 *
 * <pre>
 *   row 0       bias + (1 &lt;&lt; p &gt;&gt; 1), of the accumulator
 *   row 1       m
 *   row 2       1 &lt;&lt; n &gt;&gt; 1
 *   row 3       n
 *   row 4 + i   the weights of input i
 * </pre>
 *
 * <p>Whoever makes one sees to it that nothing overflows.
 *
 * @param inputs number of inputs
 * @param outputs number of outputs
 * @param preShift p
 * @param low the least output
 * @param high the largest output
 * @param singles {@code [groups][4 + inputs][SINGLE]}
 * @param panels {@code [groups][4 + inputs][PANEL_ROWS]}
 */
public record IntegerLayer(
    int inputs, int outputs, int preShift, int low, int high, int[] singles, int[] panels) {
  /** Outputs in a group for one sample. */
  public static final int SINGLE = 16;

  /** Outputs in a group for many samples. */
  public static final int PANEL_ROWS = 6;

  /** Rows before the weights. */
  public static final int HEADER = 4;

  /**
   * Packs a layer.
   *
   * @param weights W, {@code [outputs][inputs]}
   * @param biases b, one for each output, as are m and n
   */
  public static IntegerLayer of(
      int inputs,
      int[] weights,
      int[] biases,
      int preShift,
      int[] multipliers,
      int[] shifts,
      int low,
      int high) {
    int outputs = biases.length;
    int[][] rows = new int[HEADER + inputs][outputs];
    for (int o = 0; o < outputs; o++) {
      rows[0][o] = biases[o] + (1 << preShift >> 1);
      rows[1][o] = multipliers[o];
      rows[2][o] = 1 << shifts[o] >> 1;
      rows[3][o] = shifts[o];
      for (int i = 0; i < inputs; i++) {
        rows[HEADER + i][o] = weights[o * inputs + i];
      }
    }
    return new IntegerLayer(
        inputs, outputs, preShift, low, high, pack(rows, SINGLE), pack(rows, PANEL_ROWS));
  }

  private static int[] pack(int[][] rows, int group) {
    int outputs = rows[0].length;
    int[] to = new int[groups(outputs, group) * rows.length * group];
    for (int r = 0; r < rows.length; r++) {
      for (int o = 0; o < outputs; o++) {
        to[(o / group * rows.length + r) * group + o % group] = rows[r][o];
      }
    }
    return to;
  }

  private static int groups(int outputs, int group) {
    return (outputs + group - 1) / group;
  }

  /** The groups for one sample. */
  public int singleGroups() {
    return groups(outputs, SINGLE);
  }

  /** The groups for many samples. */
  public int panelGroups() {
    return groups(outputs, PANEL_ROWS);
  }
}
