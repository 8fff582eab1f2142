package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix product that all others are made of: six rows of sums by two vectors stay in registers
 * while they walk down two packed operands. The twelve sums, two vectors of one operand and two
 * broadcasts of the other fill the sixteen registers of a core without AVX-512, and twelve chains
 * are more than enough to hide the latency of a multiply-add.
 *
 * <p>What the compiler makes of this hangs by two threads. All strides within the loop are
 * constants: then the bounds are checked once before the loop, and two registers address
 * everything; with six rows a variable or a large distance apart, it loads all six first and spills
 * the sums. And no flag is asked within the loop over blocks: a branch that was never taken becomes
 * a condition checked before the loop, and once that fails, the bounds are never again checked
 * before the loop either. Hence two methods for two beginnings.
 */
final class MicroKernel {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int V = VectorKernels.V;

  /** Rows of a block of the left operand. */
  static final int ROWS = Kernels.PANEL_ROWS;

  /** Columns of the right operand. */
  static final int PANEL = 2 * V;

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
   * {@code c = bias + A b}: each sum starts at its bias and adds the terms in ascending order.
   *
   * @param a {@code [blocks][1 + terms][ROWS]} from {@code ao}; the first row of a block is its
   *     bias
   * @param b {@code [terms][PANEL]} from {@code bo}
   * @param c receives {@code [blocks][ROWS][PANEL]} from {@code co}
   */
  static void product(
      int blocks, int terms, float[] a, int ao, float[] b, int bo, float[] c, int co) {
    for (int block = 0; block < blocks; block++) {
      int first = ao + block * (1 + terms) * ROWS;
      int at = co + block * ROWS * PANEL;
      FloatVector s00 = FloatVector.broadcast(SPECIES, a[first]);
      FloatVector s01 = s00;
      FloatVector s10 = FloatVector.broadcast(SPECIES, a[first + 1]);
      FloatVector s11 = s10;
      FloatVector s20 = FloatVector.broadcast(SPECIES, a[first + 2]);
      FloatVector s21 = s20;
      FloatVector s30 = FloatVector.broadcast(SPECIES, a[first + 3]);
      FloatVector s31 = s30;
      FloatVector s40 = FloatVector.broadcast(SPECIES, a[first + 4]);
      FloatVector s41 = s40;
      FloatVector s50 = FloatVector.broadcast(SPECIES, a[first + 5]);
      FloatVector s51 = s50;
      for (int k = 0; k < terms; k++) {
        int right = bo + k * PANEL;
        FloatVector b0 = FloatVector.fromArray(SPECIES, b, right);
        FloatVector b1 = FloatVector.fromArray(SPECIES, b, right + V);
        int left = first + ROWS + k * ROWS;
        FloatVector w = FloatVector.broadcast(SPECIES, a[left]);
        s00 = w.fma(b0, s00);
        s01 = w.fma(b1, s01);
        w = FloatVector.broadcast(SPECIES, a[left + 1]);
        s10 = w.fma(b0, s10);
        s11 = w.fma(b1, s11);
        w = FloatVector.broadcast(SPECIES, a[left + 2]);
        s20 = w.fma(b0, s20);
        s21 = w.fma(b1, s21);
        w = FloatVector.broadcast(SPECIES, a[left + 3]);
        s30 = w.fma(b0, s30);
        s31 = w.fma(b1, s31);
        w = FloatVector.broadcast(SPECIES, a[left + 4]);
        s40 = w.fma(b0, s40);
        s41 = w.fma(b1, s41);
        w = FloatVector.broadcast(SPECIES, a[left + 5]);
        s50 = w.fma(b0, s50);
        s51 = w.fma(b1, s51);
      }
      s00.intoArray(c, at);
      s01.intoArray(c, at + V);
      s10.intoArray(c, at + PANEL);
      s11.intoArray(c, at + PANEL + V);
      s20.intoArray(c, at + 2 * PANEL);
      s21.intoArray(c, at + 2 * PANEL + V);
      s30.intoArray(c, at + 3 * PANEL);
      s31.intoArray(c, at + 3 * PANEL + V);
      s40.intoArray(c, at + 4 * PANEL);
      s41.intoArray(c, at + 4 * PANEL + V);
      s50.intoArray(c, at + 5 * PANEL);
      s51.intoArray(c, at + 5 * PANEL + V);
    }
  }

  /**
   * {@code c += A b}: as {@link #product}, but each sum starts at what stands in c; the biases
   * count for nothing.
   */
  static void accumulate(
      int blocks, int terms, float[] a, int ao, float[] b, int bo, float[] c, int co) {
    for (int block = 0; block < blocks; block++) {
      int first = ao + block * (1 + terms) * ROWS;
      int at = co + block * ROWS * PANEL;
      FloatVector s00 = FloatVector.fromArray(SPECIES, c, at);
      FloatVector s01 = FloatVector.fromArray(SPECIES, c, at + V);
      FloatVector s10 = FloatVector.fromArray(SPECIES, c, at + PANEL);
      FloatVector s11 = FloatVector.fromArray(SPECIES, c, at + PANEL + V);
      FloatVector s20 = FloatVector.fromArray(SPECIES, c, at + 2 * PANEL);
      FloatVector s21 = FloatVector.fromArray(SPECIES, c, at + 2 * PANEL + V);
      FloatVector s30 = FloatVector.fromArray(SPECIES, c, at + 3 * PANEL);
      FloatVector s31 = FloatVector.fromArray(SPECIES, c, at + 3 * PANEL + V);
      FloatVector s40 = FloatVector.fromArray(SPECIES, c, at + 4 * PANEL);
      FloatVector s41 = FloatVector.fromArray(SPECIES, c, at + 4 * PANEL + V);
      FloatVector s50 = FloatVector.fromArray(SPECIES, c, at + 5 * PANEL);
      FloatVector s51 = FloatVector.fromArray(SPECIES, c, at + 5 * PANEL + V);
      for (int k = 0; k < terms; k++) {
        int right = bo + k * PANEL;
        FloatVector b0 = FloatVector.fromArray(SPECIES, b, right);
        FloatVector b1 = FloatVector.fromArray(SPECIES, b, right + V);
        int left = first + ROWS + k * ROWS;
        FloatVector w = FloatVector.broadcast(SPECIES, a[left]);
        s00 = w.fma(b0, s00);
        s01 = w.fma(b1, s01);
        w = FloatVector.broadcast(SPECIES, a[left + 1]);
        s10 = w.fma(b0, s10);
        s11 = w.fma(b1, s11);
        w = FloatVector.broadcast(SPECIES, a[left + 2]);
        s20 = w.fma(b0, s20);
        s21 = w.fma(b1, s21);
        w = FloatVector.broadcast(SPECIES, a[left + 3]);
        s30 = w.fma(b0, s30);
        s31 = w.fma(b1, s31);
        w = FloatVector.broadcast(SPECIES, a[left + 4]);
        s40 = w.fma(b0, s40);
        s41 = w.fma(b1, s41);
        w = FloatVector.broadcast(SPECIES, a[left + 5]);
        s50 = w.fma(b0, s50);
        s51 = w.fma(b1, s51);
      }
      s00.intoArray(c, at);
      s01.intoArray(c, at + V);
      s10.intoArray(c, at + PANEL);
      s11.intoArray(c, at + PANEL + V);
      s20.intoArray(c, at + 2 * PANEL);
      s21.intoArray(c, at + 2 * PANEL + V);
      s30.intoArray(c, at + 3 * PANEL);
      s31.intoArray(c, at + 3 * PANEL + V);
      s40.intoArray(c, at + 4 * PANEL);
      s41.intoArray(c, at + 4 * PANEL + V);
      s50.intoArray(c, at + 5 * PANEL);
      s51.intoArray(c, at + 5 * PANEL + V);
    }
  }

  /** {@code c = max(0, c)} over rows of {@code PANEL} numbers. */
  static void relu(int rows, float[] c, int co) {
    for (int r = 0; r < rows; r++) {
      int at = co + r * PANEL;
      FloatVector c0 = FloatVector.fromArray(SPECIES, c, at);
      FloatVector c1 = FloatVector.fromArray(SPECIES, c, at + V);
      c0.blend(0f, c0.compare(VectorOperators.LT, 0f)).intoArray(c, at);
      c1.blend(0f, c1.compare(VectorOperators.LT, 0f)).intoArray(c, at + V);
    }
  }
}
