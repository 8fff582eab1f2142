package dev.raptor.core.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products over a block: outputs from inputs, and the gradient of the inputs from that
 * of the outputs. Both are sums of rows with scalar weights, so the lanes of a vector are lanes of
 * the block, and the order of accumulation does not depend on the width.
 *
 * <p>The block is cut into panels of two vectors. A panel is first copied so that its rows follow
 * each other: the rows of a block of 128 or 256 lanes lie a power of two apart and would fall into
 * the same few sets of the first-level cache. Four rows of sums then stay in registers while they
 * walk down the panel: with two inputs and four weights, which the compiler loads all at once, they
 * fill fourteen of sixteen registers, and six rows would spill. The last four rows may overlap the
 * four before. What is left of the lanes takes the slower kernels at the end.
 */
final class DenseKernels {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int V = VectorKernels.V;
  private static final int PANEL = 2 * V;

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
    int paneled = outputs < 4 ? 0 : lanes - lanes % PANEL;
    float[] panel = lanes == PANEL ? x : Scratch.floats(inputs * PANEL);
    for (int l = 0; l < paneled; l += PANEL) {
      int at = lanes == PANEL ? xo : pack(inputs, lanes, x, xo + l, panel);
      for (int o = 0; o < outputs; o += 4) {
        int r = Math.min(o, outputs - 4);
        four(inputs, w, wo + r * inputs, b, bo + r, panel, at, y, yo + r * lanes + l, lanes, relu);
      }
    }
    if (paneled == lanes) {
      return;
    }
    for (int r = 0; r < outputs; r++) {
      int row = yo + r * lanes;
      Arrays.fill(y, row + paneled, row + lanes, b[bo + r]);
      row(inputs, lanes, paneled, w, wo + r * inputs, 1, x, xo, y, row);
      if (relu) {
        relu(row + paneled, row + lanes, y);
      }
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
    // The last four rows may be partly done already: computed again where they are overwritten, but
    // not where they are added to.
    int blocked = add || inputs < 4 ? inputs - inputs % 4 : inputs;
    int paneled = blocked == 0 ? 0 : lanes - lanes % PANEL;
    float[] panel = lanes == PANEL ? dy : Scratch.floats(outputs * PANEL);
    for (int l = 0; l < paneled; l += PANEL) {
      int at = lanes == PANEL ? dyo : pack(outputs, lanes, dy, dyo + l, panel);
      for (int i = 0; i < blocked; i += 4) {
        int r = Math.min(i, inputs - 4);
        fourGradients(outputs, inputs, w, wo + r, panel, at, dx, dxo + r * lanes + l, lanes, add);
      }
    }
    for (int r = 0; r < inputs; r++) {
      int from = r < blocked ? paneled : 0;
      int row = dxo + r * lanes;
      if (!add) {
        Arrays.fill(dx, row + from, row + lanes, 0);
      }
      row(outputs, lanes, from, w, wo + r, inputs, dy, dyo, dx, row);
    }
  }

  /** Copies a panel to the start of {@code panel}; returns 0, where it begins. */
  private static int pack(int rows, int lanes, float[] x, int xo, float[] panel) {
    for (int k = 0, at = xo; k < rows; k++, at += lanes) {
      FloatVector.fromArray(SPECIES, x, at).intoArray(panel, k * PANEL);
      FloatVector.fromArray(SPECIES, x, at + V).intoArray(panel, k * PANEL + V);
    }
    return 0;
  }

  /** Four rows by two vectors. */
  private static void four(
      int terms,
      float[] w,
      int wo,
      float[] b,
      int bo,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int lanes,
      boolean relu) {
    int w1 = wo + terms;
    int w2 = w1 + terms;
    int w3 = w2 + terms;
    FloatVector s00 = FloatVector.broadcast(SPECIES, b[bo]);
    FloatVector s01 = s00;
    FloatVector s10 = FloatVector.broadcast(SPECIES, b[bo + 1]);
    FloatVector s11 = s10;
    FloatVector s20 = FloatVector.broadcast(SPECIES, b[bo + 2]);
    FloatVector s21 = s20;
    FloatVector s30 = FloatVector.broadcast(SPECIES, b[bo + 3]);
    FloatVector s31 = s30;
    for (int k = 0; k < terms; k++) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xo + k * PANEL);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xo + k * PANEL + V);
      FloatVector a = FloatVector.broadcast(SPECIES, w[wo + k]);
      s00 = a.fma(x0, s00);
      s01 = a.fma(x1, s01);
      a = FloatVector.broadcast(SPECIES, w[w1 + k]);
      s10 = a.fma(x0, s10);
      s11 = a.fma(x1, s11);
      a = FloatVector.broadcast(SPECIES, w[w2 + k]);
      s20 = a.fma(x0, s20);
      s21 = a.fma(x1, s21);
      a = FloatVector.broadcast(SPECIES, w[w3 + k]);
      s30 = a.fma(x0, s30);
      s31 = a.fma(x1, s31);
    }
    if (relu) {
      s00 = s00.blend(0f, s00.compare(VectorOperators.LT, 0f));
      s01 = s01.blend(0f, s01.compare(VectorOperators.LT, 0f));
      s10 = s10.blend(0f, s10.compare(VectorOperators.LT, 0f));
      s11 = s11.blend(0f, s11.compare(VectorOperators.LT, 0f));
      s20 = s20.blend(0f, s20.compare(VectorOperators.LT, 0f));
      s21 = s21.blend(0f, s21.compare(VectorOperators.LT, 0f));
      s30 = s30.blend(0f, s30.compare(VectorOperators.LT, 0f));
      s31 = s31.blend(0f, s31.compare(VectorOperators.LT, 0f));
    }
    s00.intoArray(y, yo);
    s01.intoArray(y, yo + V);
    s10.intoArray(y, yo + lanes);
    s11.intoArray(y, yo + lanes + V);
    s20.intoArray(y, yo + 2 * lanes);
    s21.intoArray(y, yo + 2 * lanes + V);
    s30.intoArray(y, yo + 3 * lanes);
    s31.intoArray(y, yo + 3 * lanes + V);
  }

  /** Four gradients by two vectors. */
  private static void fourGradients(
      int terms,
      int stride,
      float[] w,
      int wo,
      float[] dy,
      int dyo,
      float[] y,
      int yo,
      int lanes,
      boolean add) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = s10;
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = s20;
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = s30;
    if (add) {
      s00 = FloatVector.fromArray(SPECIES, y, yo);
      s01 = FloatVector.fromArray(SPECIES, y, yo + V);
      s10 = FloatVector.fromArray(SPECIES, y, yo + lanes);
      s11 = FloatVector.fromArray(SPECIES, y, yo + lanes + V);
      s20 = FloatVector.fromArray(SPECIES, y, yo + 2 * lanes);
      s21 = FloatVector.fromArray(SPECIES, y, yo + 2 * lanes + V);
      s30 = FloatVector.fromArray(SPECIES, y, yo + 3 * lanes);
      s31 = FloatVector.fromArray(SPECIES, y, yo + 3 * lanes + V);
    }
    for (int k = 0, at = wo; k < terms; k++, at += stride) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, dy, dyo + k * PANEL);
      FloatVector x1 = FloatVector.fromArray(SPECIES, dy, dyo + k * PANEL + V);
      FloatVector a = FloatVector.broadcast(SPECIES, w[at]);
      s00 = a.fma(x0, s00);
      s01 = a.fma(x1, s01);
      a = FloatVector.broadcast(SPECIES, w[at + 1]);
      s10 = a.fma(x0, s10);
      s11 = a.fma(x1, s11);
      a = FloatVector.broadcast(SPECIES, w[at + 2]);
      s20 = a.fma(x0, s20);
      s21 = a.fma(x1, s21);
      a = FloatVector.broadcast(SPECIES, w[at + 3]);
      s30 = a.fma(x0, s30);
      s31 = a.fma(x1, s31);
    }
    s00.intoArray(y, yo);
    s01.intoArray(y, yo + V);
    s10.intoArray(y, yo + lanes);
    s11.intoArray(y, yo + lanes + V);
    s20.intoArray(y, yo + 2 * lanes);
    s21.intoArray(y, yo + 2 * lanes + V);
    s30.intoArray(y, yo + 3 * lanes);
    s31.intoArray(y, yo + 3 * lanes + V);
  }

  /** One row from lane {@code from} on, {@code y += Σ_k a[k] x[k]}, the last lanes one by one. */
  private static void row(
      int terms,
      int lanes,
      int from,
      float[] a,
      int ao,
      int stride,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    int l = from;
    for (; l + 4 * V <= lanes; l += 4 * V) {
      wide(terms, lanes, a, ao, stride, x, xo + l, y, yo + l);
    }
    for (; l + V <= lanes; l += V) {
      one(terms, lanes, a, ao, stride, x, xo + l, y, yo + l);
    }
    for (; l < lanes; l++) {
      float sum = y[yo + l];
      for (int k = 0; k < terms; k++) {
        sum = Math.fma(a[ao + k * stride], x[xo + k * lanes + l], sum);
      }
      y[yo + l] = sum;
    }
  }

  private static void wide(
      int terms, int lanes, float[] a, int ao, int stride, float[] x, int xo, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, y, yo);
    FloatVector s1 = FloatVector.fromArray(SPECIES, y, yo + V);
    FloatVector s2 = FloatVector.fromArray(SPECIES, y, yo + 2 * V);
    FloatVector s3 = FloatVector.fromArray(SPECIES, y, yo + 3 * V);
    for (int k = 0, at = ao, xi = xo; k < terms; k++, at += stride, xi += lanes) {
      FloatVector w = FloatVector.broadcast(SPECIES, a[at]);
      s0 = w.fma(FloatVector.fromArray(SPECIES, x, xi), s0);
      s1 = w.fma(FloatVector.fromArray(SPECIES, x, xi + V), s1);
      s2 = w.fma(FloatVector.fromArray(SPECIES, x, xi + 2 * V), s2);
      s3 = w.fma(FloatVector.fromArray(SPECIES, x, xi + 3 * V), s3);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
    s2.intoArray(y, yo + 2 * V);
    s3.intoArray(y, yo + 3 * V);
  }

  private static void one(
      int terms, int lanes, float[] a, int ao, int stride, float[] x, int xo, float[] y, int yo) {
    FloatVector s = FloatVector.fromArray(SPECIES, y, yo);
    for (int k = 0, at = ao, xi = xo; k < terms; k++, at += stride, xi += lanes) {
      s = FloatVector.broadcast(SPECIES, a[at]).fma(FloatVector.fromArray(SPECIES, x, xi), s);
    }
    s.intoArray(y, yo);
  }

  private static void relu(int from, int to, float[] y) {
    for (int i = from; i < to; i++) {
      y[i] = y[i] < 0 ? 0 : y[i];
    }
  }
}
