package dev.raptor.core.kernel.vector;

import java.util.Arrays;

/**
 * The matrix products over a block: outputs from inputs, and the gradient of the inputs from that
 * of the outputs. Both are sums of rows with scalar weights, so the lanes of a vector are lanes of
 * the block, and the order of accumulation does not depend on the width.
 *
 * <p>The weights are packed once a call, the block panel by panel, both in stretches of {@link
 * #DEPTH} terms, so that a panel stays in the first-level cache. The sums of a panel are made in a
 * tile of the scratch memory, which is filled up where lanes or rows end before a panel or a block
 * does.
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
      if (add) {
        Packing.copyRows(rows, columns, y, yo + l, lanes, scratch, tile, PANEL);
        MicroKernel.accumulate(blocks, terms, scratch, 0, scratch, panel, scratch, tile);
      } else {
        MicroKernel.product(blocks, terms, scratch, 0, scratch, panel, scratch, tile);
      }
      if (relu) {
        MicroKernel.relu(rows, scratch, tile);
      }
      Packing.copyRows(rows, columns, scratch, tile, PANEL, y, yo + l, lanes);
    }
  }
}
