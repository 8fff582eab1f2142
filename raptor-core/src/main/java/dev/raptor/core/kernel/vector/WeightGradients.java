package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a dense layer's weights, {@code dW += dy xᵀ}: each weight is the product of two
 * rows, summed over the lanes of all blocks in ascending order.
 *
 * <p>To need no sums within a vector, two vectors' worth of one operand's rows are first transposed
 * into a panel {@code [lane][row]}, which is then multiplied by the other operand's rows, four at a
 * time, one lane after the other. That is the panel that a layer's inputs are cut into in {@link
 * DenseKernels}, with dy in the place of the weights.
 */
final class WeightGradients {
  /** Vectors of at most eight lanes: layers are narrow. */
  private static final VectorSpecies<Float> SPECIES =
      VectorKernels.V > 8 ? FloatVector.SPECIES_256 : VectorKernels.SPECIES;

  private static final int V = SPECIES.length();
  private static final int PANEL = 2 * V;

  /** Lanes of a panel, so that it fits in half of a first-level cache. */
  private static final int STRETCH = 256;

  private static final int PARTIAL_SUMS = 8;

  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(FOUR, 0b1100);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(FOUR, 0b1010);
  private static final VectorShuffle<Float> HALVES = VectorShuffle.fromValues(FOUR, 2, 3, 0, 1);
  private static final VectorShuffle<Float> PAIRS = VectorShuffle.fromValues(FOUR, 1, 0, 3, 2);

  private WeightGradients() {}

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
      int dwo) {
    if (cost(inputs, outputs) < cost(outputs, inputs)) {
      float[] sums = sums(inputs, outputs, lanes, blocks, x, xo, xStride, dy, dyo, dyStride);
      int width = padded(outputs, PANEL);
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < inputs; i++) {
          dw[dwo + o * inputs + i] += sums[i * width + o];
        }
      }
    } else {
      float[] sums = sums(outputs, inputs, lanes, blocks, dy, dyo, dyStride, x, xo, xStride);
      int width = padded(inputs, PANEL);
      for (int o = 0; o < outputs; o++) {
        addRow(inputs, sums, o * width, dw, dwo + o * inputs);
      }
    }
  }

  /** Compares the two ways: to transpose a number takes 3/4 of a row's product with a panel. */
  private static int cost(int rows, int columns) {
    return 4 * (padded(rows, 4) * padded(columns, PANEL) / PANEL) + 3 * columns;
  }

  private static void addRow(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector.fromArray(SPECIES, y, yo + i)
          .add(FloatVector.fromArray(SPECIES, x, xo + i))
          .intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] += x[xo + i];
    }
  }

  /**
   * The products of {@code rows} of a by {@code columns} of c, {@code [rows][columns]} from 0 on in
   * the thread's scratch, both padded: rows to four, columns to a panel.
   */
  private static float[] sums(
      int rows,
      int columns,
      int lanes,
      int blocks,
      float[] a,
      int ao,
      int aStride,
      float[] c,
      int co,
      int cStride) {
    int width = padded(columns, PANEL);
    int size = padded(rows, 4) * width;
    float[] scratch = Scratch.floats(size + Math.min(lanes, STRETCH) * PANEL);
    Arrays.fill(scratch, 0, size, 0);
    for (int t = 0; t < blocks; t++) {
      for (int l = 0; l < lanes; l += STRETCH) {
        int length = Math.min(STRETCH, lanes - l);
        for (int i = 0; i < columns; i += PANEL) {
          for (int j = i; j < Math.min(i + PANEL, columns); j += 4) {
            int from = co + t * cStride + l;
            transpose(
                length,
                c,
                from + Math.min(j, columns - 1) * lanes,
                from + Math.min(j + 1, columns - 1) * lanes,
                from + Math.min(j + 2, columns - 1) * lanes,
                from + Math.min(j + 3, columns - 1) * lanes,
                scratch,
                size + j - i);
          }
          for (int r = 0; r < rows; r += 4) {
            int from = ao + t * aStride + l;
            fourByTwo(
                length,
                a,
                from + r * lanes,
                from + Math.min(r + 1, rows - 1) * lanes,
                from + Math.min(r + 2, rows - 1) * lanes,
                from + Math.min(r + 3, rows - 1) * lanes,
                scratch,
                size,
                r * width + i,
                width);
          }
        }
      }
    }
    return scratch;
  }

  private static int padded(int n, int multiple) {
    return (n + multiple - 1) / multiple * multiple;
  }

  /** Four rows, given by where they begin, become four columns of a panel. */
  private static void transpose(
      int lanes, float[] x, int row0, int row1, int row2, int row3, float[] panel, int at) {
    int l = 0;
    for (; l + 4 <= lanes; l += 4) {
      FloatVector r0 = FloatVector.fromArray(FOUR, x, row0 + l);
      FloatVector r1 = FloatVector.fromArray(FOUR, x, row1 + l);
      FloatVector r2 = FloatVector.fromArray(FOUR, x, row2 + l);
      FloatVector r3 = FloatVector.fromArray(FOUR, x, row3 + l);
      FloatVector a = r0.blend(r2.rearrange(HALVES), UPPER);
      FloatVector b = r1.blend(r3.rearrange(HALVES), UPPER);
      FloatVector c = r0.rearrange(HALVES).blend(r2, UPPER);
      FloatVector d = r1.rearrange(HALVES).blend(r3, UPPER);
      int to = at + l * PANEL;
      a.blend(b.rearrange(PAIRS), ODD).intoArray(panel, to);
      a.rearrange(PAIRS).blend(b, ODD).intoArray(panel, to + PANEL);
      c.blend(d.rearrange(PAIRS), ODD).intoArray(panel, to + 2 * PANEL);
      c.rearrange(PAIRS).blend(d, ODD).intoArray(panel, to + 3 * PANEL);
    }
    for (; l < lanes; l++) {
      panel[at + l * PANEL] = x[row0 + l];
      panel[at + l * PANEL + 1] = x[row1 + l];
      panel[at + l * PANEL + 2] = x[row2 + l];
      panel[at + l * PANEL + 3] = x[row3 + l];
    }
  }

  private static void fourByTwo(
      int lanes,
      float[] a,
      int row0,
      int row1,
      int row2,
      int row3,
      float[] panelAndSums,
      int panel,
      int at,
      int width) {
    float[] p = panelAndSums;
    FloatVector s00 = FloatVector.fromArray(SPECIES, p, at);
    FloatVector s01 = FloatVector.fromArray(SPECIES, p, at + V);
    FloatVector s10 = FloatVector.fromArray(SPECIES, p, at + width);
    FloatVector s11 = FloatVector.fromArray(SPECIES, p, at + width + V);
    FloatVector s20 = FloatVector.fromArray(SPECIES, p, at + 2 * width);
    FloatVector s21 = FloatVector.fromArray(SPECIES, p, at + 2 * width + V);
    FloatVector s30 = FloatVector.fromArray(SPECIES, p, at + 3 * width);
    FloatVector s31 = FloatVector.fromArray(SPECIES, p, at + 3 * width + V);
    for (int l = 0; l < lanes; l++) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, p, panel + l * PANEL);
      FloatVector x1 = FloatVector.fromArray(SPECIES, p, panel + l * PANEL + V);
      FloatVector d = FloatVector.broadcast(SPECIES, a[row0 + l]);
      s00 = d.fma(x0, s00);
      s01 = d.fma(x1, s01);
      d = FloatVector.broadcast(SPECIES, a[row1 + l]);
      s10 = d.fma(x0, s10);
      s11 = d.fma(x1, s11);
      d = FloatVector.broadcast(SPECIES, a[row2 + l]);
      s20 = d.fma(x0, s20);
      s21 = d.fma(x1, s21);
      d = FloatVector.broadcast(SPECIES, a[row3 + l]);
      s30 = d.fma(x0, s30);
      s31 = d.fma(x1, s31);
    }
    s00.intoArray(p, at);
    s01.intoArray(p, at + V);
    s10.intoArray(p, at + width);
    s11.intoArray(p, at + width + V);
    s20.intoArray(p, at + 2 * width);
    s21.intoArray(p, at + 2 * width + V);
    s30.intoArray(p, at + 3 * width);
    s31.intoArray(p, at + 3 * width + V);
  }

  /**
   * The gradient of the biases, {@code db += Σ dy}, in the order of {@link ScalarKernels#total}.
   */
  static void addTotals(
      int outputs, int lanes, int blocks, float[] dy, int dyo, int stride, float[] db, int dbo) {
    int o = 0;
    if (lanes % PARTIAL_SUMS == 0) {
      float[] sums = Scratch.floats(4 * PARTIAL_SUMS);
      for (; o + 4 <= outputs; o += 4) {
        for (int part = 0; part < PARTIAL_SUMS; part += V) {
          fourTotals(lanes, blocks, dy, dyo + o * lanes + part, stride, sums, part);
        }
        for (int r = 0; r < 4; r++) {
          int s = r * PARTIAL_SUMS;
          float even = (sums[s] + sums[s + 4]) + (sums[s + 2] + sums[s + 6]);
          float odd = (sums[s + 1] + sums[s + 5]) + (sums[s + 3] + sums[s + 7]);
          db[dbo + o + r] += even + odd;
        }
      }
    }
    for (; o < outputs; o++) {
      db[dbo + o] += ScalarKernels.total(lanes, blocks, dy, dyo + o * lanes, stride);
    }
  }

  private static void fourTotals(
      int lanes, int blocks, float[] dy, int dyo, int stride, float[] sums, int at) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int t = 0; t < blocks; t++) {
      int row = dyo + t * stride;
      for (int l = 0; l < lanes; l += PARTIAL_SUMS) {
        s0 = s0.add(FloatVector.fromArray(SPECIES, dy, row + l));
        s1 = s1.add(FloatVector.fromArray(SPECIES, dy, row + lanes + l));
        s2 = s2.add(FloatVector.fromArray(SPECIES, dy, row + 2 * lanes + l));
        s3 = s3.add(FloatVector.fromArray(SPECIES, dy, row + 3 * lanes + l));
      }
    }
    s0.intoArray(sums, at);
    s1.intoArray(sums, at + PARTIAL_SUMS);
    s2.intoArray(sums, at + 2 * PARTIAL_SUMS);
    s3.intoArray(sums, at + 3 * PARTIAL_SUMS);
  }
}
