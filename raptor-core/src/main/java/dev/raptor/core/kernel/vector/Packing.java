package dev.raptor.core.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Copies operands into the order in which {@link MicroKernel} walks through them. */
final class Packing {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int V = VectorKernels.V;
  private static final int ROWS = MicroKernel.ROWS;
  private static final int PANEL = MicroKernel.PANEL;

  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(FOUR, 0b1100);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(FOUR, 0b1010);
  private static final VectorShuffle<Float> HALVES = VectorShuffle.fromValues(FOUR, 2, 3, 0, 1);
  private static final VectorShuffle<Float> PAIRS = VectorShuffle.fromValues(FOUR, 1, 0, 3, 2);

  private Packing() {}

  /** Rows of numbers, {@code stride} apart; of a panel, whole vectors are copied. */
  static void copyRows(
      int rows, int n, float[] from, int fo, int fromStride, float[] to, int too, int toStride) {
    if (n == PANEL) {
      for (int r = 0; r < rows; r++) {
        int f = fo + r * fromStride;
        int t = too + r * toStride;
        FloatVector.fromArray(SPECIES, from, f).intoArray(to, t);
        FloatVector.fromArray(SPECIES, from, f + V).intoArray(to, t + V);
      }
    } else {
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < n; i++) {
          to[too + r * toStride + i] = from[fo + r * fromStride + i];
        }
      }
    }
  }

  /**
   * A right operand whose columns are rows of x, {@code stride} apart: {@code [n][PANEL]}. Where
   * there are fewer than {@code PANEL} the last one is repeated.
   */
  static void rowsToPanel(int rows, int n, float[] x, int xo, int stride, float[] to, int too) {
    for (int r = 0; r < Math.min(rows, PANEL); r += 4) {
      int last = rows - 1;
      transpose(
          n,
          x,
          xo + r * stride,
          xo + Math.min(r + 1, last) * stride,
          xo + Math.min(r + 2, last) * stride,
          xo + Math.min(r + 3, last) * stride,
          to,
          too + r,
          PANEL);
    }
  }

  /**
   * A block of the left operand without its bias, whose rows are rows of x, {@code stride} apart:
   * {@code [n][ROWS]}. Where there are fewer than {@code ROWS} the last one is repeated.
   */
  static void rowsToBlock(int rows, int n, float[] x, int xo, int stride, float[] to, int too) {
    for (int r = 0; r < ROWS; r += 4) {
      // Of six rows the two in the middle are written twice.
      int first = Math.min(r, ROWS - 4);
      int last = rows - 1;
      transpose(
          n,
          x,
          xo + Math.min(first, last) * stride,
          xo + Math.min(first + 1, last) * stride,
          xo + Math.min(first + 2, last) * stride,
          xo + Math.min(first + 3, last) * stride,
          to,
          too + first,
          ROWS);
    }
  }

  /**
   * A block of the left operand without its bias, whose rows are columns of x, of which each row is
   * {@code stride} numbers: {@code [n][ROWS]}. What is beyond the last column is any number.
   */
  static void columnsToBlock(
      int columns, int n, float[] x, int xo, int stride, float[] to, int too) {
    if (columns >= ROWS) {
      for (int k = 0; k < n; k++) {
        FloatVector.fromArray(FOUR, x, xo + k * stride).intoArray(to, too + k * ROWS);
        FloatVector.fromArray(FOUR, x, xo + k * stride + ROWS - 4)
            .intoArray(to, too + k * ROWS + ROWS - 4);
      }
    } else {
      for (int k = 0; k < n; k++) {
        for (int c = 0; c < columns; c++) {
          to[too + k * ROWS + c] = x[xo + k * stride + c];
        }
      }
    }
  }

  /** Four rows, given by where they begin, become four columns. */
  private static void transpose(
      int n, float[] x, int row0, int row1, int row2, int row3, float[] to, int too, int stride) {
    int fours = n / 4;
    if (stride == ROWS) {
      transposeFours(fours, x, row0, row1, row2, row3, to, too, ROWS);
    } else {
      transposeFours(fours, x, row0, row1, row2, row3, to, too, PANEL);
    }
    for (int l = 4 * fours; l < n; l++) {
      to[too + l * stride] = x[row0 + l];
      to[too + l * stride + 1] = x[row1 + l];
      to[too + l * stride + 2] = x[row2 + l];
      to[too + l * stride + 3] = x[row3 + l];
    }
  }

  /** Small enough to be compiled into its callers, where the stride is a constant. */
  private static void transposeFours(
      int n, float[] x, int row0, int row1, int row2, int row3, float[] to, int too, int stride) {
    for (int k = 0; k < n; k++) {
      FloatVector r0 = FloatVector.fromArray(FOUR, x, row0 + 4 * k);
      FloatVector r1 = FloatVector.fromArray(FOUR, x, row1 + 4 * k);
      FloatVector r2 = FloatVector.fromArray(FOUR, x, row2 + 4 * k);
      FloatVector r3 = FloatVector.fromArray(FOUR, x, row3 + 4 * k);
      FloatVector a = r0.blend(r2.rearrange(HALVES), UPPER);
      FloatVector b = r1.blend(r3.rearrange(HALVES), UPPER);
      FloatVector c = r0.rearrange(HALVES).blend(r2, UPPER);
      FloatVector d = r1.rearrange(HALVES).blend(r3, UPPER);
      int at = too + k * 4 * stride;
      a.blend(b.rearrange(PAIRS), ODD).intoArray(to, at);
      a.rearrange(PAIRS).blend(b, ODD).intoArray(to, at + stride);
      c.blend(d.rearrange(PAIRS), ODD).intoArray(to, at + 2 * stride);
      c.rearrange(PAIRS).blend(d, ODD).intoArray(to, at + 3 * stride);
    }
  }
}
