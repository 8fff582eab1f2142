package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Copies operands into the order in which {@link MicroKernel} walks through them. */
final class Packing {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int V = VectorKernels.V;
  private static final int ROWS = MicroKernel.ROWS;
  private static final int PANEL = Kernels.PANEL;

  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(FOUR, 0b1100);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(FOUR, 0b1010);
  private static final VectorShuffle<Float> HALVES = swap(FOUR, 2);
  private static final VectorShuffle<Float> PAIRS = swap(FOUR, 1);

  private static final VectorMask<Float> BIT_1 = VectorMask.fromLong(SPECIES, 0xAAAA);
  private static final VectorMask<Float> BIT_2 = VectorMask.fromLong(SPECIES, 0xCCCC);
  private static final VectorMask<Float> BIT_4 = VectorMask.fromLong(SPECIES, 0xF0F0);
  private static final VectorMask<Float> BIT_8 = VectorMask.fromLong(SPECIES, 0xFF00);
  private static final VectorShuffle<Float> SWAP_1 = swap(SPECIES, 1);
  private static final VectorShuffle<Float> SWAP_2 = swap(SPECIES, 2);
  private static final VectorShuffle<Float> SWAP_4 = swap(SPECIES, V >= 8 ? 4 : 0);

  private Packing() {}

  /** Lanes {@code distance} apart change places. */
  private static VectorShuffle<Float> swap(VectorSpecies<Float> species, int distance) {
    return VectorShuffle.fromOp(species, lane -> lane ^ distance);
  }

  /** Rows of numbers, {@code stride} apart; of a panel, whole vectors are copied. */
  static void copyRows(
      int rows, int n, float[] from, int fo, int fromStride, float[] to, int too, int toStride) {
    if (n == PANEL) {
      for (int r = 0; r < rows; r++) {
        int f = fo + r * fromStride;
        int t = too + r * toStride;
        for (int i = 0; i < PANEL; i += V) {
          FloatVector.fromArray(SPECIES, from, f + i).intoArray(to, t + i);
        }
      }
    } else {
      for (int r = 0; r < rows; r++) {
        int f = fo + r * fromStride;
        int t = too + r * toStride;
        int i = 0;
        for (; i + V <= n; i += V) {
          FloatVector.fromArray(SPECIES, from, f + i).intoArray(to, t + i);
        }
        for (; i < n; i++) {
          to[t + i] = from[f + i];
        }
      }
    }
  }

  /**
   * The transpose of a panel's rows, of which at most {@code PANEL} are taken: {@code
   * [PANEL][PANEL]}. Where there are fewer the last one may be repeated.
   */
  static void transposePanel(int rows, float[] x, int xo, float[] to, int too) {
    int last = Math.min(rows, PANEL) - 1;
    int r = 0;
    for (; V >= 8 && r + V <= last + 1; r += V) {
      transposeRows(x, xo + r * PANEL, to, too + r);
    }
    for (; r <= last; r += 4) {
      transposeFours(
          PANEL / 4,
          x,
          xo + r * PANEL,
          xo + Math.min(r + 1, last) * PANEL,
          xo + Math.min(r + 2, last) * PANEL,
          xo + Math.min(r + 3, last) * PANEL,
          to,
          too + r,
          PANEL);
    }
  }

  /** As many rows as a vector has lanes: squares of eight, of which a vector may hold two. */
  private static void transposeRows(float[] x, int xo, float[] to, int too) {
    for (int l = 0; l < PANEL; l += 8) {
      int from = xo + l;
      FloatVector r0 = eightOfRow(x, from);
      FloatVector r1 = eightOfRow(x, from + PANEL);
      FloatVector r2 = eightOfRow(x, from + 2 * PANEL);
      FloatVector r3 = eightOfRow(x, from + 3 * PANEL);
      FloatVector r4 = eightOfRow(x, from + 4 * PANEL);
      FloatVector r5 = eightOfRow(x, from + 5 * PANEL);
      FloatVector r6 = eightOfRow(x, from + 6 * PANEL);
      FloatVector r7 = eightOfRow(x, from + 7 * PANEL);
      FloatVector a0 = r0.blend(r4.rearrange(SWAP_4), BIT_4);
      FloatVector a1 = r1.blend(r5.rearrange(SWAP_4), BIT_4);
      FloatVector a2 = r2.blend(r6.rearrange(SWAP_4), BIT_4);
      FloatVector a3 = r3.blend(r7.rearrange(SWAP_4), BIT_4);
      FloatVector a4 = r0.rearrange(SWAP_4).blend(r4, BIT_4);
      FloatVector a5 = r1.rearrange(SWAP_4).blend(r5, BIT_4);
      FloatVector a6 = r2.rearrange(SWAP_4).blend(r6, BIT_4);
      FloatVector a7 = r3.rearrange(SWAP_4).blend(r7, BIT_4);
      FloatVector b0 = a0.blend(a2.rearrange(SWAP_2), BIT_2);
      FloatVector b1 = a1.blend(a3.rearrange(SWAP_2), BIT_2);
      FloatVector b2 = a0.rearrange(SWAP_2).blend(a2, BIT_2);
      FloatVector b3 = a1.rearrange(SWAP_2).blend(a3, BIT_2);
      FloatVector b4 = a4.blend(a6.rearrange(SWAP_2), BIT_2);
      FloatVector b5 = a5.blend(a7.rearrange(SWAP_2), BIT_2);
      FloatVector b6 = a4.rearrange(SWAP_2).blend(a6, BIT_2);
      FloatVector b7 = a5.rearrange(SWAP_2).blend(a7, BIT_2);
      int at = too + l * PANEL;
      b0.blend(b1.rearrange(SWAP_1), BIT_1).intoArray(to, at);
      b0.rearrange(SWAP_1).blend(b1, BIT_1).intoArray(to, at + PANEL);
      b2.blend(b3.rearrange(SWAP_1), BIT_1).intoArray(to, at + 2 * PANEL);
      b2.rearrange(SWAP_1).blend(b3, BIT_1).intoArray(to, at + 3 * PANEL);
      b4.blend(b5.rearrange(SWAP_1), BIT_1).intoArray(to, at + 4 * PANEL);
      b4.rearrange(SWAP_1).blend(b5, BIT_1).intoArray(to, at + 5 * PANEL);
      b6.blend(b7.rearrange(SWAP_1), BIT_1).intoArray(to, at + 6 * PANEL);
      b6.rearrange(SWAP_1).blend(b7, BIT_1).intoArray(to, at + 7 * PANEL);
    }
  }

  /** Eight numbers of a row; if there is room, those of the eighth row after it above them. */
  private static FloatVector eightOfRow(float[] x, int from) {
    FloatVector row = FloatVector.fromArray(SPECIES, x, from);
    return V > 8 ? row.blend(FloatVector.fromArray(SPECIES, x, from + 8 * PANEL - 8), BIT_8) : row;
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
          too + first);
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

  /** Four rows, given by where they begin, become four columns of a block. */
  private static void transpose(
      int n, float[] x, int row0, int row1, int row2, int row3, float[] to, int too) {
    transposeFours(n / 4, x, row0, row1, row2, row3, to, too, ROWS);
    for (int l = n - n % 4; l < n; l++) {
      to[too + l * ROWS] = x[row0 + l];
      to[too + l * ROWS + 1] = x[row1 + l];
      to[too + l * ROWS + 2] = x[row2 + l];
      to[too + l * ROWS + 3] = x[row3 + l];
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
