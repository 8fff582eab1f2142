package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a dense layer's weights, {@code dW += dy xᵀ}: each weight is the product of two
 * rows, summed over the lanes of all blocks in ascending order. To need no sums within a vector,
 * both are transposed, stretch by stretch.
 */
final class WeightGradients {
  private static final int ROWS = MicroKernel.ROWS;
  private static final int PANEL = MicroKernel.PANEL;
  private static final int DEPTH = DenseKernels.DEPTH;

  /** Vectors of at most eight lanes, for the partial sums of {@link ScalarKernels#total}. */
  private static final VectorSpecies<Float> SPECIES =
      VectorKernels.V > 8 ? FloatVector.SPECIES_256 : VectorKernels.SPECIES;

  private static final int V = SPECIES.length();
  private static final int PARTIAL_SUMS = 8;

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
    if (padded(inputs, outputs) < padded(outputs, inputs)) {
      float[] sums = sums(inputs, outputs, lanes, blocks, x, xo, xStride, dy, dyo, dyStride);
      for (int from = 0; from < outputs; from += PANEL) {
        int n = Math.min(PANEL, outputs - from);
        for (int i = 0; i < inputs; i++) {
          int at = at(i, from, inputs);
          for (int o = 0; o < n; o++) {
            dw[dwo + (from + o) * inputs + i] += sums[at + o];
          }
        }
      }
    } else {
      float[] sums = sums(outputs, inputs, lanes, blocks, dy, dyo, dyStride, x, xo, xStride);
      for (int from = 0; from < inputs; from += PANEL) {
        int n = Math.min(PANEL, inputs - from);
        for (int o = 0; o < outputs; o++) {
          int at = at(o, from, outputs);
          int to = dwo + o * inputs + from;
          for (int i = 0; i < n; i++) {
            dw[to + i] += sums[at + i];
          }
        }
      }
    }
  }

  private static int padded(int rows, int columns) {
    return MicroKernel.blocks(rows) * ROWS * width(columns);
  }

  private static int width(int columns) {
    return (columns + PANEL - 1) / PANEL * PANEL;
  }

  /**
   * Where the sums of a row by the panel from {@code column} on stand: {@code [panel][row][PANEL]}.
   */
  private static int at(int row, int column, int rows) {
    return column * MicroKernel.blocks(rows) * ROWS + row * PANEL;
  }

  /**
   * The products of {@code rows} of a by {@code columns} of c, {@code [rows][width(columns)]} from
   * 0 on in the thread's scratch.
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
    int size = padded(rows, columns);
    int leftBlocks = MicroKernel.blocks(rows);
    // Several short blocks make one stretch of terms, or several stretches one long block.
    int together = Math.max(1, DEPTH / Math.max(1, lanes));
    int depth = Math.min(DEPTH, together * lanes);
    int left = size;
    int panel = left + MicroKernel.size(leftBlocks, depth);
    float[] scratch = Scratch.floats(panel + depth * PANEL);
    Arrays.fill(scratch, 0, size, 0);
    for (int t = 0; t < blocks; t += together) {
      int count = Math.min(together, blocks - t);
      for (int l = 0; l < lanes; l += DEPTH) {
        int length = Math.min(DEPTH, lanes - l);
        int terms = count * length;
        for (int r = 0; r < rows; r += ROWS) {
          int at = left + MicroKernel.size(r / ROWS, terms) + ROWS;
          for (int s = 0; s < count; s++) {
            Packing.rowsToBlock(
                rows - r,
                length,
                a,
                ao + (t + s) * aStride + r * lanes + l,
                lanes,
                scratch,
                at + s * length * ROWS);
          }
        }
        for (int i = 0; i < columns; i += PANEL) {
          for (int s = 0; s < count; s++) {
            Packing.rowsToPanel(
                columns - i,
                length,
                c,
                co + (t + s) * cStride + i * lanes + l,
                lanes,
                scratch,
                panel + s * length * PANEL);
          }
          for (int block = 0; block < leftBlocks; block++) {
            int sums = (i * leftBlocks + block * PANEL) * ROWS;
            int at = left + block * MicroKernel.size(1, terms);
            MicroKernel.accumulate(
                terms, scratch, at, scratch, panel, scratch, sums, Float.NEGATIVE_INFINITY);
          }
        }
      }
    }
    return scratch;
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
