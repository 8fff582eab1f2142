package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a dense layer's weights, {@code dW += dy xᵀ}: each weight is the product of two
 * rows, summed over the lanes of all blocks in eight partial sums, lane {@code l} into sum {@code l
 * mod 8}.
 *
 * <p>Four rows of dy by two of x stay in registers while they walk along the lanes. The lanes are
 * cut into stretches of {@value #STRETCH}, counted over the blocks, so that the twelve rows in use
 * fit in the first-level cache; where there are several stretches the partial sums wait in memory.
 * After the last one, eight times eight of them are added up together.
 */
final class WeightGradients {
  /** Vectors of at most eight lanes, the number of partial sums. */
  private static final VectorSpecies<Float> SPECIES =
      VectorKernels.V > 8 ? FloatVector.SPECIES_256 : VectorKernels.SPECIES;

  private static final int V = SPECIES.length();
  private static final int SUMS = ScalarKernels.PARTIAL_SUMS;
  private static final int STRETCH = 256;

  /** Weights whose sums lie together: four rows of eight. */
  private static final int ROWS = 4;

  private static final int COLUMNS = 8;
  private static final int GROUP = ROWS * COLUMNS * SUMS;

  private WeightGradients() {}

  /** Requires {@code lanes} to be a multiple of eight. */
  static void add(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      int dyStride,
      float[] x,
      int xo,
      int xStride,
      float[] dw,
      int dwo,
      float[] db,
      int dbo) {
    if (lanes == 0 || blocks == 0) {
      return;
    }
    int width = Math.min(lanes, STRETCH);
    int depth = Math.min(blocks, Math.max(1, STRETCH / lanes));
    boolean single = width == lanes && depth == blocks;
    int groups = (outputs + ROWS - 1) / ROWS * ((inputs + COLUMNS - 1) / COLUMNS);
    float[] sums = Scratch.floats(single ? GROUP : GROUP * groups);
    for (int t = 0; t < blocks; t += depth) {
      int steps = Math.min(depth, blocks - t);
      for (int l = 0; l < lanes; l += width) {
        int length = Math.min(width, lanes - l);
        boolean first = t == 0 && l == 0;
        boolean last = t + steps == blocks && l + length == lanes;
        int at = 0;
        for (int i = 0; i < inputs; i += COLUMNS) {
          int columns = Math.min(COLUMNS, inputs - i);
          for (int o = 0; o < outputs; o += ROWS) {
            int rows = Math.min(ROWS, outputs - o);
            int a = dyo + t * dyStride + o * lanes + l;
            int c = xo + t * xStride + i * lanes + l;
            group(
                rows, columns, length, lanes, steps, dy, a, dyStride, x, c, xStride, sums, at,
                first);
            if (last) {
              for (int r = 0; r < rows; r++) {
                addSums(columns, sums, at + r * COLUMNS * SUMS, dw, dwo + (o + r) * inputs + i);
              }
            }
            at += single ? 0 : GROUP;
          }
        }
      }
    }
    for (int o = 0; o < outputs; o += COLUMNS) {
      int rows = Math.min(COLUMNS, outputs - o);
      for (int r = 0; r < rows; r++) {
        for (int part = 0; part < SUMS; part += V) {
          total(lanes, blocks, dy, dyo + (o + r) * lanes + part, dyStride, sums, r * SUMS + part);
        }
      }
      addSums(rows, sums, 0, db, dbo + o);
    }
  }

  /** Adds one stretch to the sums of up to four rows by eight columns of weights. */
  private static void group(
      int rows,
      int columns,
      int length,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      int dyStride,
      float[] x,
      int xo,
      int xStride,
      float[] sums,
      int at,
      boolean first) {
    if (first) {
      Arrays.fill(sums, at, at + GROUP, 0);
    }
    for (int part = 0; part < SUMS; part += V) {
      int a = dyo + part;
      int s = at + part;
      int i = 0;
      if (rows == ROWS) {
        for (; i + 2 <= columns; i += 2) {
          int c = xo + i * lanes + part;
          fourByTwo(length, lanes, blocks, dy, a, dyStride, x, c, xStride, sums, s + i * SUMS);
        }
      }
      for (; i < columns; i++) {
        int c = xo + i * lanes + part;
        for (int r = 0; r < rows; r++) {
          int to = s + (r * COLUMNS + i) * SUMS;
          one(length, blocks, dy, a + r * lanes, dyStride, x, c, xStride, sums, to);
        }
      }
    }
  }

  private static void fourByTwo(
      int length,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      int dyStride,
      float[] x,
      int xo,
      int xStride,
      float[] sums,
      int at) {
    int row = COLUMNS * SUMS;
    FloatVector s00 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector s01 = FloatVector.fromArray(SPECIES, sums, at + SUMS);
    FloatVector s10 = FloatVector.fromArray(SPECIES, sums, at + row);
    FloatVector s11 = FloatVector.fromArray(SPECIES, sums, at + row + SUMS);
    FloatVector s20 = FloatVector.fromArray(SPECIES, sums, at + 2 * row);
    FloatVector s21 = FloatVector.fromArray(SPECIES, sums, at + 2 * row + SUMS);
    FloatVector s30 = FloatVector.fromArray(SPECIES, sums, at + 3 * row);
    FloatVector s31 = FloatVector.fromArray(SPECIES, sums, at + 3 * row + SUMS);
    for (int t = 0; t < blocks; t++) {
      int a0 = dyo + t * dyStride;
      int a1 = a0 + lanes;
      int a2 = a1 + lanes;
      int a3 = a2 + lanes;
      int c0 = xo + t * xStride;
      int c1 = c0 + lanes;
      for (int l = 0; l < length; l += SUMS) {
        FloatVector x0 = FloatVector.fromArray(SPECIES, x, c0 + l);
        FloatVector x1 = FloatVector.fromArray(SPECIES, x, c1 + l);
        FloatVector d = FloatVector.fromArray(SPECIES, dy, a0 + l);
        s00 = d.fma(x0, s00);
        s01 = d.fma(x1, s01);
        d = FloatVector.fromArray(SPECIES, dy, a1 + l);
        s10 = d.fma(x0, s10);
        s11 = d.fma(x1, s11);
        d = FloatVector.fromArray(SPECIES, dy, a2 + l);
        s20 = d.fma(x0, s20);
        s21 = d.fma(x1, s21);
        d = FloatVector.fromArray(SPECIES, dy, a3 + l);
        s30 = d.fma(x0, s30);
        s31 = d.fma(x1, s31);
      }
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + SUMS);
    s10.intoArray(sums, at + row);
    s11.intoArray(sums, at + row + SUMS);
    s20.intoArray(sums, at + 2 * row);
    s21.intoArray(sums, at + 2 * row + SUMS);
    s30.intoArray(sums, at + 3 * row);
    s31.intoArray(sums, at + 3 * row + SUMS);
  }

  private static void one(
      int length,
      int blocks,
      float[] dy,
      int dyo,
      int dyStride,
      float[] x,
      int xo,
      int xStride,
      float[] sums,
      int at) {
    FloatVector s = FloatVector.fromArray(SPECIES, sums, at);
    for (int t = 0; t < blocks; t++) {
      int a = dyo + t * dyStride;
      int c = xo + t * xStride;
      for (int l = 0; l < length; l += SUMS) {
        FloatVector d = FloatVector.fromArray(SPECIES, dy, a + l);
        s = d.fma(FloatVector.fromArray(SPECIES, x, c + l), s);
      }
    }
    s.intoArray(sums, at);
  }

  private static void total(
      int lanes, int blocks, float[] dy, int dyo, int dyStride, float[] sums, int at) {
    FloatVector s = FloatVector.zero(SPECIES);
    for (int t = 0; t < blocks; t++) {
      int a = dyo + t * dyStride;
      for (int l = 0; l < lanes; l += SUMS) {
        s = s.add(FloatVector.fromArray(SPECIES, dy, a + l));
      }
    }
    s.intoArray(sums, at);
  }

  /** Adds {@code n} times eight partial sums to as many numbers. */
  private static void addSums(int n, float[] sums, int at, float[] to, int too) {
    if (n == 8 && V == 8) {
      addEight(sums, at, to, too);
      return;
    }
    for (int i = 0; i < n; i++) {
      to[too + i] += ScalarKernels.sum(sums, at + i * SUMS);
    }
  }

  private static final VectorMask<Float> UPPER4 = VectorMask.fromLong(SPECIES, 0b11110000);
  private static final VectorMask<Float> UPPER2 = VectorMask.fromLong(SPECIES, 0b11001100);
  private static final VectorMask<Float> UPPER1 = VectorMask.fromLong(SPECIES, 0b10101010);
  private static final VectorShuffle<Float> SWAP4 = VectorShuffle.fromOp(SPECIES, i -> i ^ (V / 2));
  private static final VectorShuffle<Float> SWAP2 = VectorShuffle.fromOp(SPECIES, i -> i ^ 2);
  private static final VectorShuffle<Float> SWAP1 = VectorShuffle.fromOp(SPECIES, i -> i ^ 1);

  /**
   * Eight sums of eight numbers at once, in the order of {@link ScalarKernels#sum}. Vectors a and b
   * become one that holds the sums of a's halves in its lower half and those of b's in its upper
   * half; four such steps, two for quarters and one for pairs leave the sums in order.
   */
  private static void addEight(float[] sums, int at, float[] to, int too) {
    FloatVector a = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector b = FloatVector.fromArray(SPECIES, sums, at + 4 * SUMS);
    FloatVector v0 = a.blend(b, UPPER4).add(b.blend(a, UPPER4).rearrange(SWAP4));
    a = FloatVector.fromArray(SPECIES, sums, at + SUMS);
    b = FloatVector.fromArray(SPECIES, sums, at + 5 * SUMS);
    FloatVector v1 = a.blend(b, UPPER4).add(b.blend(a, UPPER4).rearrange(SWAP4));
    a = FloatVector.fromArray(SPECIES, sums, at + 2 * SUMS);
    b = FloatVector.fromArray(SPECIES, sums, at + 6 * SUMS);
    FloatVector v2 = a.blend(b, UPPER4).add(b.blend(a, UPPER4).rearrange(SWAP4));
    a = FloatVector.fromArray(SPECIES, sums, at + 3 * SUMS);
    b = FloatVector.fromArray(SPECIES, sums, at + 7 * SUMS);
    FloatVector v3 = a.blend(b, UPPER4).add(b.blend(a, UPPER4).rearrange(SWAP4));
    a = v0.blend(v2, UPPER2).add(v2.blend(v0, UPPER2).rearrange(SWAP2));
    b = v1.blend(v3, UPPER2).add(v3.blend(v1, UPPER2).rearrange(SWAP2));
    a = a.blend(b, UPPER1).add(b.blend(a, UPPER1).rearrange(SWAP1));
    FloatVector.fromArray(SPECIES, to, too).add(a).intoArray(to, too);
  }
}
