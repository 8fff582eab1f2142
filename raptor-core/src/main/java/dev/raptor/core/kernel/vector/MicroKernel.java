package dev.raptor.core.kernel.vector;

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
  static final int ROWS = 6;

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
   * @param c receives rows of {@code PANEL} numbers from {@code co}, {@code stride} apart
   */
  static void product(
      int blocks, int terms, float[] a, int ao, float[] b, int bo, float[] c, int co, int stride) {
    for (int block = 0; block < blocks; block++) {
      int first = ao + block * (1 + terms) * ROWS;
      int c0 = co + block * ROWS * stride;
      int c1 = c0 + stride;
      int c2 = c1 + stride;
      int c3 = c2 + stride;
      int c4 = c3 + stride;
      int c5 = c4 + stride;
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
      s00.intoArray(c, c0);
      s01.intoArray(c, c0 + V);
      s10.intoArray(c, c1);
      s11.intoArray(c, c1 + V);
      s20.intoArray(c, c2);
      s21.intoArray(c, c2 + V);
      s30.intoArray(c, c3);
      s31.intoArray(c, c3 + V);
      s40.intoArray(c, c4);
      s41.intoArray(c, c4 + V);
      s50.intoArray(c, c5);
      s51.intoArray(c, c5 + V);
    }
  }

  /**
   * {@code c += A b}: as {@link #product}, but each sum starts at what stands in c; the biases
   * count for nothing.
   */
  static void accumulate(
      int blocks, int terms, float[] a, int ao, float[] b, int bo, float[] c, int co, int stride) {
    for (int block = 0; block < blocks; block++) {
      int first = ao + block * (1 + terms) * ROWS;
      int c0 = co + block * ROWS * stride;
      int c1 = c0 + stride;
      int c2 = c1 + stride;
      int c3 = c2 + stride;
      int c4 = c3 + stride;
      int c5 = c4 + stride;
      FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
      FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + V);
      FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
      FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + V);
      FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
      FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + V);
      FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
      FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + V);
      FloatVector s40 = FloatVector.fromArray(SPECIES, c, c4);
      FloatVector s41 = FloatVector.fromArray(SPECIES, c, c4 + V);
      FloatVector s50 = FloatVector.fromArray(SPECIES, c, c5);
      FloatVector s51 = FloatVector.fromArray(SPECIES, c, c5 + V);
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
      s00.intoArray(c, c0);
      s01.intoArray(c, c0 + V);
      s10.intoArray(c, c1);
      s11.intoArray(c, c1 + V);
      s20.intoArray(c, c2);
      s21.intoArray(c, c2 + V);
      s30.intoArray(c, c3);
      s31.intoArray(c, c3 + V);
      s40.intoArray(c, c4);
      s41.intoArray(c, c4 + V);
      s50.intoArray(c, c5);
      s51.intoArray(c, c5 + V);
    }
  }

  /** {@code c = max(0, c)} over rows of {@code PANEL} numbers, {@code stride} apart. */
  static void relu(int rows, float[] c, int co, int stride) {
    for (int r = 0; r < rows; r++) {
      int at = co + r * stride;
      FloatVector c0 = FloatVector.fromArray(SPECIES, c, at);
      FloatVector c1 = FloatVector.fromArray(SPECIES, c, at + V);
      c0.blend(0f, c0.compare(VectorOperators.LT, 0f)).intoArray(c, at);
      c1.blend(0f, c1.compare(VectorOperators.LT, 0f)).intoArray(c, at + V);
    }
  }
}
