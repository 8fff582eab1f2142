package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.kernel.ScalarKernels;
import dev.raptor.core.kernel.Tanh;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API, bit for bit those of {@link ScalarKernels}. Lanes of a vector are
 * lanes of the block, so no output depends on the width.
 *
 * <p>Every method here is small and exchanges arrays: the compiler keeps vectors in registers only
 * within one compiled method, and a vector that crosses a call that is not inlined is boxed.
 */
public final class VectorKernels implements Kernels {
  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  private static final int V = SPECIES.length();
  private static final int PARTIAL_SUMS = 16;

  private final ScalarKernels scalar = new ScalarKernels();

  /** Creates the provider; it has no state. */
  public VectorKernels() {}

  @Override
  public String name() {
    return "vector " + SPECIES.vectorBitSize() + " bit";
  }

  @Override
  public void dense(
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
    for (int o = 0; o < outputs; o++) {
      int row = yo + o * lanes;
      Arrays.fill(y, row, row + lanes, b[bo + o]);
    }
    accumulate(outputs, inputs, lanes, w, wo, inputs, 1, x, xo, y, yo);
    if (relu) {
      relu(outputs * lanes, y, yo);
    }
  }

  @Override
  public void denseInputGradient(
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
    if (!add) {
      Arrays.fill(dx, dxo, dxo + inputs * lanes, 0);
    }
    accumulate(inputs, outputs, lanes, w, wo, 1, inputs, dy, dyo, dx, dxo);
  }

  /** {@code y[r] += Σ_k a(r, k) x[k]} with {@code a(r, k) = a[ao + r * rs + k * ks]}. */
  private static void accumulate(
      int rows,
      int terms,
      int lanes,
      float[] a,
      int ao,
      int rs,
      int ks,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    int r = 0;
    for (; r + 6 <= rows; r += 6) {
      int l = 0;
      for (; l + 2 * V <= lanes; l += 2 * V) {
        six(terms, lanes, a, ao + r * rs, rs, ks, x, xo + l, y, yo + r * lanes + l);
      }
      rest(6, terms, lanes, l, a, ao + r * rs, rs, ks, x, xo, y, yo + r * lanes);
    }
    for (; r + 4 <= rows; r += 4) {
      int l = 0;
      for (; l + 2 * V <= lanes; l += 2 * V) {
        four(terms, lanes, a, ao + r * rs, rs, ks, x, xo + l, y, yo + r * lanes + l);
      }
      rest(4, terms, lanes, l, a, ao + r * rs, rs, ks, x, xo, y, yo + r * lanes);
    }
    rest(rows - r, terms, lanes, 0, a, ao + r * rs, rs, ks, x, xo, y, yo + r * lanes);
  }

  /** Six rows by two vectors: twelve sums, two inputs and a weight fill sixteen registers. */
  private static void six(
      int terms,
      int lanes,
      float[] a,
      int ao,
      int rs,
      int ks,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    int y1 = yo + lanes;
    int y2 = y1 + lanes;
    int y3 = y2 + lanes;
    int y4 = y3 + lanes;
    int y5 = y4 + lanes;
    FloatVector s00 = FloatVector.fromArray(SPECIES, y, yo);
    FloatVector s01 = FloatVector.fromArray(SPECIES, y, yo + V);
    FloatVector s10 = FloatVector.fromArray(SPECIES, y, y1);
    FloatVector s11 = FloatVector.fromArray(SPECIES, y, y1 + V);
    FloatVector s20 = FloatVector.fromArray(SPECIES, y, y2);
    FloatVector s21 = FloatVector.fromArray(SPECIES, y, y2 + V);
    FloatVector s30 = FloatVector.fromArray(SPECIES, y, y3);
    FloatVector s31 = FloatVector.fromArray(SPECIES, y, y3 + V);
    FloatVector s40 = FloatVector.fromArray(SPECIES, y, y4);
    FloatVector s41 = FloatVector.fromArray(SPECIES, y, y4 + V);
    FloatVector s50 = FloatVector.fromArray(SPECIES, y, y5);
    FloatVector s51 = FloatVector.fromArray(SPECIES, y, y5 + V);
    for (int k = 0, at = ao, xi = xo; k < terms; k++, at += ks, xi += lanes) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xi);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xi + V);
      FloatVector w = FloatVector.broadcast(SPECIES, a[at]);
      s00 = w.fma(x0, s00);
      s01 = w.fma(x1, s01);
      w = FloatVector.broadcast(SPECIES, a[at + rs]);
      s10 = w.fma(x0, s10);
      s11 = w.fma(x1, s11);
      w = FloatVector.broadcast(SPECIES, a[at + 2 * rs]);
      s20 = w.fma(x0, s20);
      s21 = w.fma(x1, s21);
      w = FloatVector.broadcast(SPECIES, a[at + 3 * rs]);
      s30 = w.fma(x0, s30);
      s31 = w.fma(x1, s31);
      w = FloatVector.broadcast(SPECIES, a[at + 4 * rs]);
      s40 = w.fma(x0, s40);
      s41 = w.fma(x1, s41);
      w = FloatVector.broadcast(SPECIES, a[at + 5 * rs]);
      s50 = w.fma(x0, s50);
      s51 = w.fma(x1, s51);
    }
    s00.intoArray(y, yo);
    s01.intoArray(y, yo + V);
    s10.intoArray(y, y1);
    s11.intoArray(y, y1 + V);
    s20.intoArray(y, y2);
    s21.intoArray(y, y2 + V);
    s30.intoArray(y, y3);
    s31.intoArray(y, y3 + V);
    s40.intoArray(y, y4);
    s41.intoArray(y, y4 + V);
    s50.intoArray(y, y5);
    s51.intoArray(y, y5 + V);
  }

  private static void four(
      int terms,
      int lanes,
      float[] a,
      int ao,
      int rs,
      int ks,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    int y1 = yo + lanes;
    int y2 = y1 + lanes;
    int y3 = y2 + lanes;
    FloatVector s00 = FloatVector.fromArray(SPECIES, y, yo);
    FloatVector s01 = FloatVector.fromArray(SPECIES, y, yo + V);
    FloatVector s10 = FloatVector.fromArray(SPECIES, y, y1);
    FloatVector s11 = FloatVector.fromArray(SPECIES, y, y1 + V);
    FloatVector s20 = FloatVector.fromArray(SPECIES, y, y2);
    FloatVector s21 = FloatVector.fromArray(SPECIES, y, y2 + V);
    FloatVector s30 = FloatVector.fromArray(SPECIES, y, y3);
    FloatVector s31 = FloatVector.fromArray(SPECIES, y, y3 + V);
    for (int k = 0, at = ao, xi = xo; k < terms; k++, at += ks, xi += lanes) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xi);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xi + V);
      FloatVector w = FloatVector.broadcast(SPECIES, a[at]);
      s00 = w.fma(x0, s00);
      s01 = w.fma(x1, s01);
      w = FloatVector.broadcast(SPECIES, a[at + rs]);
      s10 = w.fma(x0, s10);
      s11 = w.fma(x1, s11);
      w = FloatVector.broadcast(SPECIES, a[at + 2 * rs]);
      s20 = w.fma(x0, s20);
      s21 = w.fma(x1, s21);
      w = FloatVector.broadcast(SPECIES, a[at + 3 * rs]);
      s30 = w.fma(x0, s30);
      s31 = w.fma(x1, s31);
    }
    s00.intoArray(y, yo);
    s01.intoArray(y, yo + V);
    s10.intoArray(y, y1);
    s11.intoArray(y, y1 + V);
    s20.intoArray(y, y2);
    s21.intoArray(y, y2 + V);
    s30.intoArray(y, y3);
    s31.intoArray(y, y3 + V);
  }

  /** The rows one by one from lane {@code from} on, the last few lanes without vectors. */
  private static void rest(
      int rows,
      int terms,
      int lanes,
      int from,
      float[] a,
      int ao,
      int rs,
      int ks,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    for (int r = 0; r < rows; r++) {
      int l = from;
      for (; l + 4 * V <= lanes; l += 4 * V) {
        wide(terms, lanes, a, ao + r * rs, ks, x, xo + l, y, yo + r * lanes + l);
      }
      for (; l + V <= lanes; l += V) {
        one(terms, lanes, a, ao + r * rs, ks, x, xo + l, y, yo + r * lanes + l);
      }
      for (; l < lanes; l++) {
        float sum = y[yo + r * lanes + l];
        for (int k = 0; k < terms; k++) {
          sum = Math.fma(a[ao + r * rs + k * ks], x[xo + k * lanes + l], sum);
        }
        y[yo + r * lanes + l] = sum;
      }
    }
  }

  private static void wide(
      int terms, int lanes, float[] a, int ao, int ks, float[] x, int xo, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, y, yo);
    FloatVector s1 = FloatVector.fromArray(SPECIES, y, yo + V);
    FloatVector s2 = FloatVector.fromArray(SPECIES, y, yo + 2 * V);
    FloatVector s3 = FloatVector.fromArray(SPECIES, y, yo + 3 * V);
    for (int k = 0, at = ao, xi = xo; k < terms; k++, at += ks, xi += lanes) {
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
      int terms, int lanes, float[] a, int ao, int ks, float[] x, int xo, float[] y, int yo) {
    FloatVector s = FloatVector.fromArray(SPECIES, y, yo);
    for (int k = 0, at = ao, xi = xo; k < terms; k++, at += ks, xi += lanes) {
      s = FloatVector.broadcast(SPECIES, a[at]).fma(FloatVector.fromArray(SPECIES, x, xi), s);
    }
    s.intoArray(y, yo);
  }

  private static void relu(int n, float[] y, int yo) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector v = FloatVector.fromArray(SPECIES, y, yo + i);
      v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = y[yo + i] < 0 ? 0 : y[yo + i];
    }
  }

  @Override
  public void denseWeightGradient(
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
    if (lanes % PARTIAL_SUMS != 0) {
      scalar.denseWeightGradient(
          outputs, inputs, lanes, blocks, dy, dyo, dyStride, x, xo, xStride, dw, dwo, db, dbo);
      return;
    }
    float[] sums = new float[8 * PARTIAL_SUMS];
    int o = 0;
    for (; o + 4 <= outputs; o += 4) {
      int i = 0;
      for (; i + 2 <= inputs; i += 2) {
        for (int part = 0; part < PARTIAL_SUMS; part += V) {
          fourByTwo(
              part, lanes, blocks, dy, dyo + o * lanes, dyStride, x, xo + i * lanes, xStride, sums);
        }
        for (int s = 0; s < 8; s++) {
          dw[dwo + (o + s / 2) * inputs + i + s % 2] += ScalarKernels.sum(sums, s * PARTIAL_SUMS);
        }
      }
      for (; i < inputs; i++) {
        weightGradients(
            4, o, i, inputs, lanes, blocks, dy, dyo, dyStride, x, xo, xStride, dw, dwo, sums);
      }
    }
    for (int i = 0; i < inputs; i++) {
      weightGradients(
          outputs - o,
          o,
          i,
          inputs,
          lanes,
          blocks,
          dy,
          dyo,
          dyStride,
          x,
          xo,
          xStride,
          dw,
          dwo,
          sums);
    }
    for (o = 0; o < outputs; o++) {
      for (int part = 0; part < PARTIAL_SUMS; part += V) {
        total(part, lanes, blocks, dy, dyo + o * lanes, dyStride, sums);
      }
      db[dbo + o] += ScalarKernels.sum(sums, 0);
    }
  }

  /** Eight sums of products over the lanes congruent to {@code part, part + V) modulo 16. */
  private static void fourByTwo(
      int part,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      int dyStride,
      float[] x,
      int xo,
      int xStride,
      float[] sums) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    for (int t = 0; t < blocks; t++) {
      int a = dyo + t * dyStride + part;
      int c = xo + t * xStride + part;
      for (int l = 0; l < lanes; l += PARTIAL_SUMS) {
        FloatVector x0 = FloatVector.fromArray(SPECIES, x, c + l);
        FloatVector x1 = FloatVector.fromArray(SPECIES, x, c + lanes + l);
        FloatVector d = FloatVector.fromArray(SPECIES, dy, a + l);
        s00 = d.fma(x0, s00);
        s01 = d.fma(x1, s01);
        d = FloatVector.fromArray(SPECIES, dy, a + lanes + l);
        s10 = d.fma(x0, s10);
        s11 = d.fma(x1, s11);
        d = FloatVector.fromArray(SPECIES, dy, a + 2 * lanes + l);
        s20 = d.fma(x0, s20);
        s21 = d.fma(x1, s21);
        d = FloatVector.fromArray(SPECIES, dy, a + 3 * lanes + l);
        s30 = d.fma(x0, s30);
        s31 = d.fma(x1, s31);
      }
    }
    s00.intoArray(sums, part);
    s01.intoArray(sums, PARTIAL_SUMS + part);
    s10.intoArray(sums, 2 * PARTIAL_SUMS + part);
    s11.intoArray(sums, 3 * PARTIAL_SUMS + part);
    s20.intoArray(sums, 4 * PARTIAL_SUMS + part);
    s21.intoArray(sums, 5 * PARTIAL_SUMS + part);
    s30.intoArray(sums, 6 * PARTIAL_SUMS + part);
    s31.intoArray(sums, 7 * PARTIAL_SUMS + part);
  }

  /** The weights between input {@code i} and {@code rows} outputs from {@code o} on, one by one. */
  private static void weightGradients(
      int rows,
      int o,
      int i,
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
      float[] sums) {
    for (int r = o; r < o + rows; r++) {
      for (int part = 0; part < PARTIAL_SUMS; part += V) {
        product(
            part, lanes, blocks, dy, dyo + r * lanes, dyStride, x, xo + i * lanes, xStride, sums);
      }
      dw[dwo + r * inputs + i] += ScalarKernels.sum(sums, 0);
    }
  }

  private static void product(
      int part,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      int dyStride,
      float[] x,
      int xo,
      int xStride,
      float[] sums) {
    FloatVector s = FloatVector.zero(SPECIES);
    for (int t = 0; t < blocks; t++) {
      int a = dyo + t * dyStride + part;
      int c = xo + t * xStride + part;
      for (int l = 0; l < lanes; l += PARTIAL_SUMS) {
        s =
            FloatVector.fromArray(SPECIES, dy, a + l)
                .fma(FloatVector.fromArray(SPECIES, x, c + l), s);
      }
    }
    s.intoArray(sums, part);
  }

  private static void total(
      int part, int lanes, int blocks, float[] dy, int dyo, int dyStride, float[] sums) {
    FloatVector s = FloatVector.zero(SPECIES);
    for (int t = 0; t < blocks; t++) {
      int a = dyo + t * dyStride + part;
      for (int l = 0; l < lanes; l += PARTIAL_SUMS) {
        s = s.add(FloatVector.fromArray(SPECIES, dy, a + l));
      }
    }
    s.intoArray(sums, part);
  }

  @Override
  public void tanh(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector c = FloatVector.fromArray(SPECIES, x, xo + i);
      c = c.blend(Tanh.CLAMP, c.compare(VectorOperators.GT, Tanh.CLAMP));
      c = c.blend(-Tanh.CLAMP, c.compare(VectorOperators.LT, -Tanh.CLAMP));
      FloatVector u = c.mul(c);
      FloatVector p = FloatVector.broadcast(SPECIES, Tanh.P3);
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P2));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P1));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P0));
      FloatVector q = FloatVector.broadcast(SPECIES, Tanh.Q3);
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q2));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q1));
      q = q.fma(u, FloatVector.broadcast(SPECIES, 1f));
      c.mul(p).div(q).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Tanh.tanh(x[xo + i]);
    }
  }

  @Override
  public void reluBackward(int n, float[] y, int yo, float[] dy, int dyo) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector v = FloatVector.fromArray(SPECIES, y, yo + i);
      FloatVector d = FloatVector.fromArray(SPECIES, dy, dyo + i);
      FloatVector.zero(SPECIES).blend(d, v.compare(VectorOperators.GT, 0f)).intoArray(dy, dyo + i);
    }
    for (; i < n; i++) {
      dy[dyo + i] = y[yo + i] > 0 ? dy[dyo + i] : 0;
    }
  }

  @Override
  public void tanhBackward(int n, float[] y, int yo, float[] dy, int dyo) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector v = FloatVector.fromArray(SPECIES, y, yo + i);
      FloatVector slope = v.neg().fma(v, FloatVector.broadcast(SPECIES, 1f));
      FloatVector.fromArray(SPECIES, dy, dyo + i).mul(slope).intoArray(dy, dyo + i);
    }
    for (; i < n; i++) {
      dy[dyo + i] *= Math.fma(-y[yo + i], y[yo + i], 1f);
    }
  }

  /** {@code y = σ(a + b)}. */
  private static void sigmoidOfSum(int n, float[] a, int ao, float[] b, int bo, float[] y, int yo) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector c =
          FloatVector.fromArray(SPECIES, a, ao + i)
              .add(FloatVector.fromArray(SPECIES, b, bo + i))
              .mul(0.5f);
      c = c.blend(Tanh.CLAMP, c.compare(VectorOperators.GT, Tanh.CLAMP));
      c = c.blend(-Tanh.CLAMP, c.compare(VectorOperators.LT, -Tanh.CLAMP));
      FloatVector u = c.mul(c);
      FloatVector p = FloatVector.broadcast(SPECIES, Tanh.P3);
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P2));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P1));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P0));
      FloatVector q = FloatVector.broadcast(SPECIES, Tanh.Q3);
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q2));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q1));
      q = q.fma(u, FloatVector.broadcast(SPECIES, 1f));
      FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
      half.fma(c.mul(p).div(q), half).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Tanh.sigmoid(a[ao + i] + b[bo + i]);
    }
  }

  @Override
  public void gruGates(
      int n, float[] gi, int gio, float[] gh, int gho, float[] h, int ho, float[] next, int nexto) {
    sigmoidOfSum(2 * n, gi, gio, gh, gho, gi, gio);
    candidateInput(n, gi, gio, gh, gho + 2 * n);
    tanh(n, gi, gio + 2 * n, gi, gio + 2 * n);
    blendState(n, gi, gio, h, ho, next, nexto);
  }

  /** {@code gi_n ← gi_n + r gh_n}. */
  private static void candidateInput(int n, float[] gi, int gio, float[] gh, int gho) {
    int c = gio + 2 * n;
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector.fromArray(SPECIES, gi, gio + i)
          .fma(
              FloatVector.fromArray(SPECIES, gh, gho + i),
              FloatVector.fromArray(SPECIES, gi, c + i))
          .intoArray(gi, c + i);
    }
    for (; i < n; i++) {
      gi[c + i] = Math.fma(gi[gio + i], gh[gho + i], gi[c + i]);
    }
  }

  /** {@code next = c + z (h - c)}. */
  private static void blendState(
      int n, float[] gates, int gateso, float[] h, int ho, float[] next, int nexto) {
    int z = gateso + n;
    int c = gateso + 2 * n;
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector candidate = FloatVector.fromArray(SPECIES, gates, c + i);
      FloatVector.fromArray(SPECIES, gates, z + i)
          .fma(FloatVector.fromArray(SPECIES, h, ho + i).sub(candidate), candidate)
          .intoArray(next, nexto + i);
    }
    for (; i < n; i++) {
      next[nexto + i] = Math.fma(gates[z + i], h[ho + i] - gates[c + i], gates[c + i]);
    }
  }

  @Override
  public void gruGatesBackward(
      int n,
      float[] gates,
      int gateso,
      float[] gh,
      int gho,
      float[] h,
      int ho,
      float[] dNext,
      int dNexto,
      float[] dh,
      int dho) {
    int vectors = n - n % V;
    for (int i = 0; i < vectors; i += V) {
      FloatVector r = FloatVector.fromArray(SPECIES, gates, gateso + i);
      FloatVector z = FloatVector.fromArray(SPECIES, gates, gateso + n + i);
      FloatVector c = FloatVector.fromArray(SPECIES, gates, gateso + 2 * n + i);
      FloatVector d = FloatVector.fromArray(SPECIES, dNext, dNexto + i);
      FloatVector one = FloatVector.broadcast(SPECIES, 1f);
      FloatVector dc = d.mul(one.sub(z)).mul(c.neg().fma(c, one));
      FloatVector dz =
          d.mul(FloatVector.fromArray(SPECIES, h, ho + i).sub(c)).mul(z.mul(one.sub(z)));
      FloatVector dr =
          dc.mul(FloatVector.fromArray(SPECIES, gh, gho + 2 * n + i)).mul(r.mul(one.sub(r)));
      dr.intoArray(gates, gateso + i);
      dz.intoArray(gates, gateso + n + i);
      dc.intoArray(gates, gateso + 2 * n + i);
      dr.intoArray(gh, gho + i);
      dz.intoArray(gh, gho + n + i);
      dc.mul(r).intoArray(gh, gho + 2 * n + i);
      d.mul(z).intoArray(dh, dho + i);
    }
    for (int i = vectors; i < n; i++) {
      float r = gates[gateso + i];
      float z = gates[gateso + n + i];
      float c = gates[gateso + 2 * n + i];
      float d = dNext[dNexto + i];
      float dc = d * (1f - z) * Math.fma(-c, c, 1f);
      float dz = d * (h[ho + i] - c) * (z * (1f - z));
      float dr = dc * gh[gho + 2 * n + i] * (r * (1f - r));
      gates[gateso + i] = dr;
      gates[gateso + n + i] = dz;
      gates[gateso + 2 * n + i] = dc;
      gh[gho + i] = dr;
      gh[gho + n + i] = dz;
      gh[gho + 2 * n + i] = dc * r;
      dh[dho + i] = d * z;
    }
  }

  @Override
  public void adam(
      int n,
      float[] p,
      float[] g,
      float[] m,
      float[] v,
      float beta1,
      float beta2,
      float rate,
      float scale,
      float epsilon) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector gi = FloatVector.fromArray(SPECIES, g, i);
      FloatVector g2 = gi.mul(gi);
      FloatVector mi =
          FloatVector.broadcast(SPECIES, beta1)
              .fma(FloatVector.fromArray(SPECIES, m, i).sub(gi), gi);
      FloatVector vi =
          FloatVector.broadcast(SPECIES, beta2)
              .fma(FloatVector.fromArray(SPECIES, v, i).sub(g2), g2);
      mi.intoArray(m, i);
      vi.intoArray(v, i);
      FloatVector step =
          mi.mul(rate).div(vi.mul(scale).lanewise(VectorOperators.SQRT).add(epsilon));
      FloatVector.fromArray(SPECIES, p, i).sub(step).intoArray(p, i);
    }
    for (; i < n; i++) {
      m[i] = Math.fma(beta1, m[i] - g[i], g[i]);
      v[i] = Math.fma(beta2, v[i] - g[i] * g[i], g[i] * g[i]);
      p[i] -= rate * m[i] / ((float) Math.sqrt(v[i] * scale) + epsilon);
    }
  }
}
