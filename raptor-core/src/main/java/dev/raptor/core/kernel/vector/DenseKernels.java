package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;
import java.util.Arrays;

/**
 * The matrix products over blocks: outputs from inputs, and the gradient of the inputs from that of
 * the outputs. Both are sums of rows with scalar weights, so the lanes of a vector are lanes of the
 * block, and the order of accumulation does not depend on the width.
 *
 * <p>The weights are packed once a call, in stretches of {@link #DEPTH} terms, so that a panel
 * stays in the first-level cache. A block of {@link Kernels#PANEL} lanes is a panel as it is; of
 * another, panels are copied. Where lanes or rows end before a panel or a block does, the sums are
 * made in a tile of the scratch memory.
 */
final class DenseKernels {
  private static final int ROWS = MicroKernel.ROWS;
  private static final int WIDTH = MicroKernel.WIDTH;
  private static final int PANEL = Kernels.PANEL;

  /** Terms of a panel. */
  static final int DEPTH = 256;

  private DenseKernels() {}

  static void forward(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
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
      boolean clamp = relu && last;
      for (int t = 0; t < blocks; t++) {
        int in = xo + (t * inputs + from) * lanes;
        int out = yo + t * outputs * lanes;
        multiply(outputs, terms, lanes, scratch, x, in, y, out, from > 0, clamp);
      }
    }
  }

  static void inputGradient(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
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
      boolean more = add || from > 0;
      for (int t = 0; t < blocks; t++) {
        int in = dyo + (t * outputs + from) * lanes;
        int out = dxo + t * inputs * lanes;
        multiply(inputs, terms, lanes, scratch, dy, in, dx, out, more, false);
      }
    }
  }

  /** Packed weights, a panel and a tile. */
  private static float[] scratch(int rows, int terms) {
    int weights = MicroKernel.size(MicroKernel.blocks(rows), terms);
    return Scratch.floats(weights + (terms + ROWS) * PANEL);
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
    int panel = MicroKernel.size(MicroKernel.blocks(rows), terms);
    if (lanes == PANEL) {
      multiplyPanel(rows, terms, lanes, lanes, scratch, x, xo, y, yo, add, relu);
    } else {
      for (int l = 0; l < lanes; l += PANEL) {
        int columns = Math.min(PANEL, lanes - l);
        Packing.copyRows(terms, columns, x, xo + l, lanes, scratch, panel, PANEL);
        multiplyPanel(rows, terms, columns, lanes, scratch, scratch, panel, y, yo + l, add, relu);
      }
    }
  }

  /** The same by one panel, of which {@code columns} columns count. */
  private static void multiplyPanel(
      int rows,
      int terms,
      int columns,
      int lanes,
      float[] scratch,
      float[] panel,
      int panelAt,
      float[] y,
      int yo,
      boolean add,
      boolean relu) {
    int size = MicroKernel.size(1, terms);
    int tile = MicroKernel.size(MicroKernel.blocks(rows), terms) + terms * PANEL;
    for (int r = 0, w = 0; r < rows; r += ROWS, w += size) {
      int n = Math.min(ROWS, rows - r);
      int at = yo + r * lanes;
      boolean whole = n == ROWS && columns % WIDTH == 0;
      if (whole && !add) {
        for (int c = 0; c < columns; c += WIDTH) {
          MicroKernel.product(terms, scratch, w, panel, panelAt + c, y, at + c, lanes, relu);
        }
      } else if (whole && lanes == PANEL) {
        for (int c = 0; c < columns; c += WIDTH) {
          MicroKernel.accumulate(terms, scratch, w, panel, panelAt + c, y, at + c, relu);
        }
      } else {
        if (add) {
          Packing.copyRows(n, columns, y, at, lanes, scratch, tile, PANEL);
        }
        for (int c = 0; c < columns; c += WIDTH) {
          if (add) {
            MicroKernel.accumulate(terms, scratch, w, panel, panelAt + c, scratch, tile + c, relu);
          } else {
            MicroKernel.product(
                terms, scratch, w, panel, panelAt + c, scratch, tile + c, PANEL, relu);
          }
        }
        Packing.copyRows(n, columns, scratch, tile, PANEL, y, at, lanes);
      }
    }
  }
}
