package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;

/**
 * The matrix product that all others are made of: a block of rows by two vectors of sums stays in
 * registers while it walks down two operands. There are more than enough chains to hide the latency
 * of a multiply-add. The right operand is a panel, rows of {@link Kernels#PANEL} numbers, of which
 * a call takes {@link #WIDTH} columns.
 *
 * <p>What the compiler makes of this hangs by some threads. All strides within the loop are
 * constants: then the bounds are checked once before the loop, and two registers address
 * everything; with a variable or a large distance between rows, it loads them all first and spills
 * the sums. No flag is asked within the loop: a branch that was never taken becomes a condition
 * checked before the loop, and once that fails, the bounds are never again checked before the loop
 * either. Hence a method for each beginning and each kind of left operand. And each call is one
 * block: a method that loops over many is replaced while it runs, by a version that takes its
 * vectors from the interpreter and boxes them, and is called too rarely to be compiled as a whole.
 */
final class MicroKernel {
  private static final int V = VectorKernels.V;

  /** Rows of a block of the left operand. */
  static final int ROWS = V >= 16 ? 8 : 6;

  /** Rows that {@link #half} computes of a block; 0 where there is no such method. */
  static final int HALF = V >= 16 ? 4 : 0;

  /** Columns of a panel that one call takes; a panel is a multiple of it. */
  static final int WIDTH = 2 * V;

  private MicroKernel() {}

  /** The blocks that hold {@code rows} rows. */
  static int blocks(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }

  /** The floats of {@code blocks} packed blocks. */
  static int size(int blocks, int terms) {
    return blocks * (1 + terms) * ROWS;
  }

  /**
   * {@code c = bias + A b} of one block: each sum starts at its bias and adds the terms in
   * ascending order, and is 0 if it is negative in the end and {@code relu}.
   *
   * @param a {@code [1 + terms][ROWS]} from {@code ao}; the first row is the bias
   * @param b {@code [terms][PANEL]} from {@code bo}
   * @param c receives {@code ROWS} rows of {@code WIDTH} numbers, {@code stride} apart, from {@code
   *     co}
   */
  static void product(
      int terms,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int stride,
      boolean relu) {
    if (ROWS == 8) {
      EightRows.product(terms, a, ao, b, bo, c, co, stride, relu);
    } else {
      SixRows.product(terms, a, ao, b, bo, c, co, stride, relu);
    }
  }

  /**
   * As {@link #product} between panels, of a block of whose rows only the first {@link #HALF}
   * count: they are just enough chains.
   */
  static void half(
      int terms, float[] a, int ao, float[] b, int bo, float[] c, int co, boolean relu) {
    EightRows.half(terms, a, ao, b, bo, c, co, relu);
  }

  /**
   * {@code c = c + A b} of one block: as {@link #product}, but each sum starts at what stands in c,
   * a panel; the biases count for nothing.
   */
  static void accumulate(
      int terms, float[] a, int ao, float[] b, int bo, float[] c, int co, boolean relu) {
    if (ROWS == 8) {
      EightRows.accumulate(terms, a, ao, b, bo, c, co, relu);
    } else {
      SixRows.accumulate(terms, a, ao, b, bo, c, co, relu);
    }
  }

  /**
   * {@code c = c + A b} of one block, where the left operand is not packed: it is panels itself,
   * whose columns are the terms.
   *
   * @param a panels of {@code ROWS} rows, each for {@code PANEL} terms, {@code stride} apart
   */
  static void accumulateRows(
      int terms, float[] a, int ao, int stride, float[] b, int bo, float[] c, int co) {
    if (ROWS == 8) {
      EightRows.accumulateRows(terms, a, ao, stride, b, bo, c, co);
    } else {
      SixRows.accumulateRows(terms, a, ao, stride, b, bo, c, co);
    }
  }
}
