package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.kernel.ScalarKernels;
import dev.raptor.core.kernel.Tanh;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API, bit for bit those of {@link ScalarKernels}. Lanes of a vector are
 * lanes of the block, so no output depends on the width.
 *
 * <p>Every method here is small and exchanges arrays: the compiler keeps vectors in registers only
 * within one compiled method, and a vector that crosses a call that is not inlined is boxed.
 *
 * <p>So is one whose class it cannot tell. Shortcuts of the library, such as {@code add}, are one
 * method for vectors of all widths, in which it knows the class of {@code this} from where the
 * vector comes from or else from a profile, and the profile finds several where other code of the
 * process uses other widths. What a loop carries comes from itself; within the loop it is an
 * argument of these methods, never {@code this}. And what is computed with vectors of another width
 * is computed by {@code lanewise} of two vectors alone, which each class has for itself and whose
 * callers have each their own profile.
 */
public final class VectorKernels implements Kernels {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  static final int V = SPECIES.length();
  private static final int ROWS = MicroKernel.ROWS;
  private static final ScalarKernels SCALAR = new ScalarKernels();

  static final float CLAMP_SQUARED = Tanh.CLAMP * Tanh.CLAMP;
  static final int SIGN = 1 << 31;

  /** The bits of tanh and of half of it where it is clamped; the sign is put to them. */
  static final int END = Float.floatToRawIntBits(Tanh.tanh(Tanh.CLAMP));

  static final int HALF_END = Float.floatToRawIntBits(Tanh.tanh(Tanh.CLAMP) / 2);

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
    DenseKernels.forward(outputs, inputs, lanes, blocks, w, wo, b, bo, x, xo, y, yo, relu);
  }

  @Override
  public void denseInputGradient(
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
    DenseKernels.inputGradient(outputs, inputs, lanes, blocks, w, wo, dy, dyo, dx, dxo, add);
  }

  @Override
  public void denseWeightGradient(
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
    WeightGradients.add(outputs, inputs, lanes, blocks, dy, dyo, x, xo, dw, dwo, db, dbo);
  }

  @Override
  public void denseSingle(int width, int inputs, float[] w, int wo, float[] x, float[] y) {
    SingleKernels.dense(width, inputs, w, wo, x, y);
  }

  @Override
  public void gruSingle(
      int width,
      int inputs,
      float[] w,
      int wo,
      float[] x,
      float[] gi,
      float[] read,
      float[] h,
      float[] last) {
    for (int u = 0; u < width; u += SINGLE_GROUP) {
      int from = wo + 3 * u * (1 + inputs);
      int go = 4 * u + SINGLE_GROUP;
      if (V == SINGLE_GROUP) {
        SingleKernels.gru(inputs, w, from, x, read, go, h, last, u);
      } else {
        System.arraycopy(h, u, last, u, SINGLE_GROUP);
        SingleKernels.gates(inputs, w, from, x, gi, 0);
        gruGates(SINGLE_GROUP, gi, 0, read, go, h, u, h, u);
      }
    }
  }

  @Override
  public void stateProducts(int width, int inputs, float[] w, int wo, float[] h, float[] y) {
    SingleKernels.read(width, inputs, w, wo, h, y);
  }

  @Override
  public int panelRows() {
    return ROWS;
  }

  @Override
  public void densePanel(
      int outputs,
      int inputs,
      int lanes,
      float[] w,
      int wo,
      float[] x,
      int xo,
      float[] y,
      boolean relu) {
    for (int o = 0, at = wo; o < outputs; o += ROWS, at += MicroKernel.size(1, inputs)) {
      for (int l = 0; l < lanes; l += MicroKernel.WIDTH) {
        if (outputs - o <= MicroKernel.HALF) {
          MicroKernel.half(inputs, w, at, x, xo + l, y, o * PANEL + l, relu);
        } else {
          MicroKernel.product(inputs, w, at, x, xo + l, y, o * PANEL + l, PANEL, relu);
        }
      }
    }
  }

  @Override
  public void copyRows(
      int rows, int n, float[] from, int fo, int fromStride, float[] to, int too, int toStride) {
    Packing.copyRows(rows, n, from, fo, fromStride, to, too, toStride);
  }

  @Override
  public boolean areFinite(float[] x) {
    if (x.length < V) {
      return SCALAR.areFinite(x);
    }
    // What is not finite less itself is not a number; the last vector overlaps the one before.
    FloatVector last = FloatVector.fromArray(SPECIES, x, x.length - V);
    FloatVector zero = last.sub(last);
    for (int i = 0; i < x.length - V; i += V) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      zero = v.sub(v).add(zero);
    }
    return !zero.compare(VectorOperators.NE, 0f).anyTrue();
  }

  @Override
  public void tanh(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector c = FloatVector.fromArray(SPECIES, x, xo + i);
      FloatVector u = c.mul(c);
      FloatVector p = FloatVector.broadcast(SPECIES, Tanh.P3);
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P2));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P1));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P0));
      FloatVector q = FloatVector.broadcast(SPECIES, Tanh.Q3);
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q2));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q1));
      q = q.fma(u, FloatVector.broadcast(SPECIES, 1f));
      FloatVector end = c.viewAsIntegralLanes().and(SIGN).or(END).viewAsFloatingLanes();
      c.mul(p).div(q).blend(end, u.compare(VectorOperators.GT, CLAMP_SQUARED)).intoArray(y, yo + i);
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

  @Override
  public void gruGates(
      int n, float[] gi, int gio, float[] gh, int gho, float[] h, int ho, float[] next, int nexto) {
    int vectors = n - n % V;
    if (vectors == n) {
      logistic(2 * n, gi, gio, gh, gho);
    } else {
      logistic(vectors, gi, gio, gh, gho);
      logistic(vectors, gi, gio + n, gh, gho + n);
    }
    candidate(vectors, n, gi, gio, gh, gho, h, ho, next, nexto);
    ScalarKernels.gruGates(vectors, n, gi, gio, gh, gho, h, ho, next, nexto);
  }

  /**
   * {@code gi ← σ(gi + gh)}, where σ(x) is ½ + x P(x²) / Q(x²), whose coefficients are those of
   * tanh times powers of two: the bits are the same.
   */
  private static void logistic(int n, float[] gi, int gio, float[] gh, int gho) {
    for (int i = 0; i < n; i += V) {
      FloatVector g =
          FloatVector.fromArray(SPECIES, gi, gio + i)
              .add(FloatVector.fromArray(SPECIES, gh, gho + i));
      FloatVector u = g.mul(g);
      FloatVector p = FloatVector.broadcast(SPECIES, Tanh.P3 / 256);
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P2 / 64));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P1 / 16));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P0 / 4));
      FloatVector q = FloatVector.broadcast(SPECIES, Tanh.Q3 / 64);
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q2 / 16));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q1 / 4));
      q = q.fma(u, FloatVector.broadcast(SPECIES, 1f));
      FloatVector end = g.viewAsIntegralLanes().and(SIGN).or(HALF_END).viewAsFloatingLanes();
      g.mul(p)
          .div(q)
          .blend(end, u.compare(VectorOperators.GT, 4 * CLAMP_SQUARED))
          .add(0.5f)
          .intoArray(gi, gio + i);
    }
  }

  /** {@code gi_n ← c = tanh(gi_n + r gh_n)} and {@code next = c + z (h - c)}. */
  private static void candidate(
      int vectors,
      int n,
      float[] gi,
      int gio,
      float[] gh,
      int gho,
      float[] h,
      int ho,
      float[] next,
      int nexto) {
    for (int i = 0; i < vectors; i += V) {
      FloatVector c =
          FloatVector.fromArray(SPECIES, gi, gio + i)
              .fma(
                  FloatVector.fromArray(SPECIES, gh, gho + 2 * n + i),
                  FloatVector.fromArray(SPECIES, gi, gio + 2 * n + i));
      FloatVector u = c.mul(c);
      FloatVector p = FloatVector.broadcast(SPECIES, Tanh.P3);
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P2));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P1));
      p = p.fma(u, FloatVector.broadcast(SPECIES, Tanh.P0));
      FloatVector q = FloatVector.broadcast(SPECIES, Tanh.Q3);
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q2));
      q = q.fma(u, FloatVector.broadcast(SPECIES, Tanh.Q1));
      q = q.fma(u, FloatVector.broadcast(SPECIES, 1f));
      FloatVector end = c.viewAsIntegralLanes().and(SIGN).or(END).viewAsFloatingLanes();
      c = c.mul(p).div(q).blend(end, u.compare(VectorOperators.GT, CLAMP_SQUARED));
      c.intoArray(gi, gio + 2 * n + i);
      FloatVector.fromArray(SPECIES, gi, gio + n + i)
          .fma(FloatVector.fromArray(SPECIES, h, ho + i).sub(c), c)
          .intoArray(next, nexto + i);
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
    ScalarKernels.gruGatesBackward(
        vectors, n, gates, gateso, gh, gho, h, ho, dNext, dNexto, dh, dho);
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
    ScalarKernels.adam(i, n, p, g, m, v, beta1, beta2, rate, scale, epsilon);
  }
}
