package dev.raptor.core.kernel.vector;

import java.util.Arrays;

/**
 * The matrix products over a block: outputs from inputs, and the gradient of the inputs from that
 * of the outputs. Both are sums of rows with scalar weights, so the lanes of a vector are lanes of
 * the block, and the order of accumulation does not depend on the width.
 *
 * <p>The weights are packed once a call, the block panel by panel, both in stretches of {@link
 * #DEPTH} terms, so that a panel stays in the first-level cache. What does not fill a panel or a
 * block of rows takes the way over a tile in the scratch memory.
 */
final class DenseKernels {
  private static final int ROWS = MicroKernel.ROWS;
  private static final int PANEL = MicroKernel.PANEL;

  /** Terms of a panel. */
  static final int DEPTH = 256;

  private DenseKernels() {}

  static void forward(
      int outputs,
      int inputs,
      int lanes,
      float[] w,
      int wo,
      float[] b,
      int bo,
      float[] x,
      int xo,
      float[] y,
      int yo,
      boolean relu) {
    for (int from = 0; from < inputs; from += DEPTH) {
      int terms = Math.min(DEPTH, inputs - from);
      float[] scratch = scratch(outputs, terms);
      for (int o = 0, at = 0; o < outputs; o += ROWS, at += MicroKernel.size(1, terms)) {
        int rows = Math.min(ROWS, outputs - o);
        System.arraycopy(b, bo + o, scratch, at, rows);
        Packing.rowsToBlock(rows, terms, w, wo + o * inputs + from, inputs, scratch, at + ROWS);
      }
      boolean last = from + terms == inputs;
      multiply(outputs, terms, lanes, scratch, x, xo + from * lanes, y, yo, from > 0, relu && last);
    }
  }

  static void inputGradient(
      int outputs,
      int inputs,
      int lanes,
      float[] w,
      int wo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      boolean add) {
    for (int from = 0; from < outputs; from += DEPTH) {
      int terms = Math.min(DEPTH, outputs - from);
      float[] scratch = scratch(inputs, terms);
      for (int i = 0, at = 0; i < inputs; i += ROWS, at += MicroKernel.size(1, terms)) {
        Arrays.fill(scratch, at, at + ROWS, 0);
        Packing.columnsToBlock(
            inputs - i, terms, w, wo + from * inputs + i, inputs, scratch, at + ROWS);
      }
      multiply(
          inputs, terms, lanes, scratch, dy, dyo + from * lanes, dx, dxo, add || from > 0, false);
    }
  }

  /** Packed weights, a panel and a tile. */
  private static float[] scratch(int rows, int terms) {
    int blocks = MicroKernel.blocks(rows);
    return Scratch.floats(MicroKernel.size(blocks, terms) + terms * PANEL + blocks * ROWS * PANEL);
  }

  /** The packed weights at the beginning of {@code scratch} by a block of {@code terms} rows. */
  private static void multiply(
      int rows,
      int terms,
      int lanes,
      float[] scratch,
      float[] x,
      int xo,
      float[] y,
      int yo,
      boolean add,
      boolean relu) {
    int blocks = MicroKernel.blocks(rows);
    int panel = MicroKernel.size(blocks, terms);
    int tile = panel + terms * PANEL;
    for (int l = 0; l < lanes; l += PANEL) {
      int columns = Math.min(PANEL, lanes - l);
      Packing.copyRows(terms, columns, x, xo + l, lanes, scratch, panel, PANEL);
      int whole = columns == PANEL ? rows / ROWS : 0;
      if (whole > 0) {
        product(whole, terms, scratch, 0, panel, y, yo + l, lanes, add, relu);
      }
      int left = rows - whole * ROWS;
      if (left > 0) {
        int at = yo + whole * ROWS * lanes + l;
        if (add) {
          Packing.copyRows(left, columns, y, at, lanes, scratch, tile, PANEL);
        }
        int from = MicroKernel.size(whole, terms);
        product(blocks - whole, terms, scratch, from, panel, scratch, tile, PANEL, add, relu);
        Packing.copyRows(left, columns, scratch, tile, PANEL, y, at, lanes);
      }
    }
  }

  private static void product(
      int blocks,
      int terms,
      float[] scratch,
      int weights,
      int panel,
      float[] y,
      int yo,
      int stride,
      boolean add,
      boolean relu) {
    if (add) {
      MicroKernel.accumulate(blocks, terms, scratch, weights, scratch, panel, y, yo, stride);
    } else {
      MicroKernel.product(blocks, terms, scratch, weights, scratch, panel, y, yo, stride);
    }
    if (relu) {
      MicroKernel.relu(blocks * ROWS, y, yo, stride);
    }
  }
}
