package dev.raptor.core.kernel.vector;

import java.util.Arrays;

/**
 * The matrix products over a block: outputs from inputs, and the gradient of the inputs from that
 * of the outputs. Both are sums of rows with scalar weights, so the lanes of a vector are lanes of
 * the block, and the order of accumulation does not depend on the width.
 *
 * <p>The weights are packed once a call, the block panel by panel, both in stretches of {@link
 * #DEPTH} terms, so that a panel stays in the first-level cache. Where lanes or rows end before a
 * panel or a block does, the sums are made in a tile of the scratch memory.
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
    int weights = MicroKernel.size(MicroKernel.blocks(rows), terms);
    return Scratch.floats(weights + terms * PANEL + ROWS * PANEL);
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
    float floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    int blocks = MicroKernel.blocks(rows);
    int size = MicroKernel.size(1, terms);
    int panel = blocks * size;
    int tile = panel + terms * PANEL;
    for (int l = 0; l < lanes; l += PANEL) {
      int columns = Math.min(PANEL, lanes - l);
      Packing.copyRows(terms, columns, x, xo + l, lanes, scratch, panel, PANEL);
      for (int block = 0; block < blocks; block++) {
        int r = block * ROWS;
        int n = Math.min(ROWS, rows - r);
        int w = block * size;
        int at = yo + r * lanes + l;
        if (!add && n == ROWS && columns == PANEL) {
          MicroKernel.product(terms, scratch, w, scratch, panel, y, at, lanes, floor);
        } else if (!add) {
          MicroKernel.product(terms, scratch, w, scratch, panel, scratch, tile, PANEL, floor);
          Packing.copyRows(n, columns, scratch, tile, PANEL, y, at, lanes);
        } else {
          Packing.copyRows(n, columns, y, at, lanes, scratch, tile, PANEL);
          MicroKernel.accumulate(terms, scratch, w, scratch, panel, scratch, tile, floor);
          Packing.copyRows(n, columns, scratch, tile, PANEL, y, at, lanes);
        }
      }
    }
  }
}
