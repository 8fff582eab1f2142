package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.kernel.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a dense layer's weights, {@code dW += dy xᵀ}: each weight is the product of two
 * rows, summed over the lanes of all blocks in ascending order. To need no sums within a vector,
 * one operand is transposed, stretch by stretch.
 */
final class WeightGradients {
  private static final int ROWS = MicroKernel.ROWS;
  private static final int PANEL = Kernels.PANEL;

  /** Lanes of a stretch: one operand, its transpose and the sums stay in the core's own cache. */
  private static final int DEPTH = 512;

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
      float[] x,
      int xo,
      float[] dw,
      int dwo,
      float[] db,
      int dbo) {
    boolean turned = padded(inputs, outputs) < padded(outputs, inputs);
    float[] sums;
    if (turned) {
      sums = sums(inputs, outputs, lanes, blocks, x, xo, dy, dyo, false);
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
      sums = sums(outputs, inputs, lanes, blocks, dy, dyo, x, xo, true);
      for (int from = 0; from < inputs; from += PANEL) {
        int n = Math.min(PANEL, inputs - from);
        for (int o = 0; o < outputs; o++) {
          int at = at(o, from, outputs);
          int to = dwo + o * inputs + from;
          addRow(n, sums, at, dw, to);
        }
      }
    }
    int s = turned ? padded(inputs, outputs) : padded(outputs, inputs);
    for (int o = 0; o < outputs; o++, s += PARTIAL_SUMS) {
      if (lanes % PARTIAL_SUMS == 0) {
        float even = (sums[s] + sums[s + 4]) + (sums[s + 2] + sums[s + 6]);
        float odd = (sums[s + 1] + sums[s + 5]) + (sums[s + 3] + sums[s + 7]);
        db[dbo + o] += even + odd;
      } else {
        db[dbo + o] += ScalarKernels.total(lanes, blocks, dy, dyo + o * lanes, outputs * lanes);
      }
    }
  }

  /** Adds {@code n} numbers of x to those of y. */
  private static void addRow(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector sum = FloatVector.fromArray(SPECIES, y, yo + i);
      sum.add(FloatVector.fromArray(SPECIES, x, xo + i)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] += x[xo + i];
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
   * 0 on in the thread's scratch, and behind them the partial sums of either, {@code
   * [rows][PARTIAL_SUMS]} if {@code ofRows}.
   */
  private static float[] sums(
      int rows,
      int columns,
      int lanes,
      int blocks,
      float[] a,
      int ao,
      float[] c,
      int co,
      boolean ofRows) {
    int leftBlocks = MicroKernel.blocks(rows);
    int total = blocks * lanes;
    // Whole panels are taken where they are.
    boolean direct = lanes == PANEL && rows % ROWS == 0;
    int stride = direct ? rows * PANEL : leftBlocks * ROWS * PANEL;
    int partial = padded(rows, columns);
    int right = partial + (ofRows ? rows : columns) * PARTIAL_SUMS;
    int left = right + DEPTH * width(columns);
    int copy = left + (direct ? 0 : DEPTH / PANEL * stride);
    float[] scratch = Scratch.floats(copy + (lanes == PANEL ? 0 : DEPTH * columns));
    Arrays.fill(scratch, 0, right, 0);
    for (int from = 0; from < total; from += DEPTH) {
      int terms = Math.min(DEPTH, total - from);
      float[] rowsOf = direct ? a : scratch;
      int rowsAt = direct ? ao + from * rows : left;
      float[] columnsOf = lanes == PANEL ? c : scratch;
      int columnsAt = lanes == PANEL ? co + from * columns : copy;
      // One pass over a whole stretch after the other: each reads memory in order, which the core
      // then fetches ahead.
      for (int l = 0; l < terms; l += PANEL) {
        int n = Math.min(PANEL, terms - l);
        if (!direct) {
          gather(rows, n, lanes, a, ao, from + l, scratch, left + l / PANEL * stride);
        }
        if (lanes != PANEL) {
          gather(columns, n, lanes, c, co, from + l, scratch, copy + l * columns);
        }
      }
      for (int l = 0; l < terms; l += PANEL) {
        for (int i = 0; i < columns; i += PANEL) {
          int panel = columnsAt + l * columns + i * PANEL;
          Packing.transposePanel(
              columns - i, columnsOf, panel, scratch, right + i * DEPTH + l * PANEL);
        }
      }
      for (int l = 0; l < terms; l += PANEL) {
        int n = Math.min(PANEL, terms - l);
        if (ofRows) {
          addPartialSums(rows, n, rowsOf, rowsAt + l / PANEL * stride, scratch, partial);
        } else {
          addPartialSums(columns, n, columnsOf, columnsAt + l * columns, scratch, partial);
        }
      }
      for (int i = 0; i < columns; i += PANEL) {
        for (int block = 0; block < leftBlocks; block++) {
          int at = rowsAt + block * ROWS * PANEL;
          int sums = (i * leftBlocks + block * PANEL) * ROWS;
          for (int w = 0; w < Math.min(PANEL, columns - i); w += MicroKernel.WIDTH) {
            MicroKernel.accumulateRows(
                terms, rowsOf, at, stride, scratch, right + i * DEPTH + w, scratch, sums + w);
          }
        }
      }
    }
    return scratch;
  }

  /**
   * A panel of the {@code n} lanes of all blocks, counted through, from {@code first} on; its other
   * columns may hold any number.
   */
  private static void gather(
      int rows, int n, int lanes, float[] from, int fo, int first, float[] to, int too) {
    for (int done = 0; done < n; ) {
      int block = (first + done) / lanes;
      int lane = (first + done) % lanes;
      int count = Math.min(n - done, lanes - lane);
      int at = fo + block * rows * lanes + lane;
      Packing.copyRows(rows, count, from, at, lanes, to, too + done, PANEL);
      done += count;
    }
  }

  /**
   * Adds each row of a panel to its partial sums, in the order of {@link ScalarKernels#total}; of
   * use where lanes come in multiples of their number.
   */
  private static void addPartialSums(
      int rows, int n, float[] panel, int panelAt, float[] sums, int sumsAt) {
    for (int part = 0; part < PARTIAL_SUMS; part += V) {
      for (int r = 0; r < rows; r++) {
        int from = panelAt + r * PANEL + part;
        int to = sumsAt + r * PARTIAL_SUMS + part;
        FloatVector sum = FloatVector.fromArray(SPECIES, sums, to);
        if (n == PANEL) {
          for (int l = 0; l < PANEL; l += PARTIAL_SUMS) {
            sum = FloatVector.fromArray(SPECIES, panel, from + l).add(sum);
          }
        } else {
          for (int l = 0; l + PARTIAL_SUMS <= n; l += PARTIAL_SUMS) {
            sum = FloatVector.fromArray(SPECIES, panel, from + l).add(sum);
          }
        }
        sum.intoArray(sums, to);
      }
    }
  }
}
