package dev.raptor.core.kernel.vector;

import static dev.raptor.core.kernel.vector.VectorKernels.CLAMP_SQUARED;
import static dev.raptor.core.kernel.vector.VectorKernels.END;
import static dev.raptor.core.kernel.vector.VectorKernels.HALF_END;
import static dev.raptor.core.kernel.vector.VectorKernels.SIGN;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.kernel.Tanh;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The step of one sample: the lanes of a vector are units, so that nothing is summed within a
 * vector. Units go by groups of a constant size: rows are then a constant stride apart, which is
 * what the compiler wants to check the bounds of a whole loop before it.
 *
 * <p>One vehicle waits for this as long as its longest chain of operations takes, so that sums go
 * on in registers, without a way through memory, and what does not depend on each other is computed
 * in one loop: a core looks a few hundred instructions ahead, which is less than a layer.
 */
final class SingleKernels {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int V = VectorKernels.V;
  private static final int GROUP = Kernels.SINGLE_GROUP;
  private static final int GATES = Kernels.GATES_GROUP;
  private static final int READ = Kernels.READ_GROUP;

  private SingleKernels() {}

  static void dense(int width, int inputs, float[] w, int wo, float[] x, float[] y) {
    for (int o = 0; o < width; o += GROUP) {
      int at = wo + o * (1 + inputs);
      if (V == GROUP) {
        one(inputs, w, at, x, y, o);
      } else {
        for (int v = 0; v < GROUP; v += 2 * V) {
          two(inputs, w, at + v, x, y, o + v);
        }
      }
    }
  }

  private static void one(int inputs, float[] w, int wo, float[] x, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, w, wo);
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(SPECIES, x[i]);
      int at = wo + (1 + i) * GROUP;
      s0 = a.fma(FloatVector.fromArray(SPECIES, w, at), s0);
    }
    s0.blend(0f, s0.compare(LT, 0f)).intoArray(y, yo);
  }

  private static void two(int inputs, float[] w, int wo, float[] x, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, w, wo);
    FloatVector s1 = FloatVector.fromArray(SPECIES, w, wo + V);
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(SPECIES, x[i]);
      int at = wo + (1 + i) * GROUP;
      s0 = a.fma(FloatVector.fromArray(SPECIES, w, at), s0);
      s1 = a.fma(FloatVector.fromArray(SPECIES, w, at + V), s1);
    }
    s0.blend(0f, s0.compare(LT, 0f)).intoArray(y, yo);
    s1.blend(0f, s1.compare(LT, 0f)).intoArray(y, yo + V);
  }

  /** A group of gates from the inputs of a GRU, where a vector is no group itself. */
  static void gates(int inputs, float[] w, int wo, float[] x, float[] y, int yo) {
    for (int v = 0; v < GATES; v += 6 * V) {
      six(inputs, w, wo + v, x, y, yo + v);
    }
  }

  private static void six(int inputs, float[] w, int wo, float[] x, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, w, wo);
    FloatVector s1 = FloatVector.fromArray(SPECIES, w, wo + V);
    FloatVector s2 = FloatVector.fromArray(SPECIES, w, wo + 2 * V);
    FloatVector s3 = FloatVector.fromArray(SPECIES, w, wo + 3 * V);
    FloatVector s4 = FloatVector.fromArray(SPECIES, w, wo + 4 * V);
    FloatVector s5 = FloatVector.fromArray(SPECIES, w, wo + 5 * V);
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(SPECIES, x[i]);
      int at = wo + (1 + i) * GATES;
      s0 = a.fma(FloatVector.fromArray(SPECIES, w, at), s0);
      s1 = a.fma(FloatVector.fromArray(SPECIES, w, at + V), s1);
      s2 = a.fma(FloatVector.fromArray(SPECIES, w, at + 2 * V), s2);
      s3 = a.fma(FloatVector.fromArray(SPECIES, w, at + 3 * V), s3);
      s4 = a.fma(FloatVector.fromArray(SPECIES, w, at + 4 * V), s4);
      s5 = a.fma(FloatVector.fromArray(SPECIES, w, at + 5 * V), s5);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
    s2.intoArray(y, yo + 2 * V);
    s3.intoArray(y, yo + 3 * V);
    s4.intoArray(y, yo + 4 * V);
    s5.intoArray(y, yo + 5 * V);
  }

  /** {@link Kernels#gruSingle} of a group, where it is a vector. */
  static void gru(
      int inputs,
      float[] w,
      int from,
      float[] x,
      float[] read,
      int go,
      float[] h,
      float[] last,
      int u) {
    FloatVector r = FloatVector.fromArray(SPECIES, w, from);
    FloatVector z = FloatVector.fromArray(SPECIES, w, from + GROUP);
    FloatVector n = FloatVector.fromArray(SPECIES, w, from + 2 * GROUP);
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(SPECIES, x[i]);
      int at = from + (1 + i) * GATES;
      r = a.fma(FloatVector.fromArray(SPECIES, w, at), r);
      z = a.fma(FloatVector.fromArray(SPECIES, w, at + GROUP), z);
      n = a.fma(FloatVector.fromArray(SPECIES, w, at + 2 * GROUP), n);
    }
    r = r.add(FloatVector.fromArray(SPECIES, read, go));
    z = z.add(FloatVector.fromArray(SPECIES, read, go + GROUP));
    // As in VectorKernels, three times in full: a vector that crosses a call may be boxed.
    FloatVector r2 = r.mul(r);
    FloatVector rP = FloatVector.broadcast(SPECIES, Tanh.P3 / 256);
    rP = rP.fma(r2, FloatVector.broadcast(SPECIES, Tanh.P2 / 64));
    rP = rP.fma(r2, FloatVector.broadcast(SPECIES, Tanh.P1 / 16));
    rP = rP.fma(r2, FloatVector.broadcast(SPECIES, Tanh.P0 / 4));
    FloatVector rQ = FloatVector.broadcast(SPECIES, Tanh.Q3 / 64);
    rQ = rQ.fma(r2, FloatVector.broadcast(SPECIES, Tanh.Q2 / 16));
    rQ = rQ.fma(r2, FloatVector.broadcast(SPECIES, Tanh.Q1 / 4));
    rQ = rQ.fma(r2, FloatVector.broadcast(SPECIES, 1f));
    FloatVector rEnd = r.viewAsIntegralLanes().and(SIGN).or(HALF_END).viewAsFloatingLanes();
    r = r.mul(rP).div(rQ).blend(rEnd, r2.compare(GT, 4 * CLAMP_SQUARED)).add(0.5f);
    FloatVector z2 = z.mul(z);
    FloatVector zP = FloatVector.broadcast(SPECIES, Tanh.P3 / 256);
    zP = zP.fma(z2, FloatVector.broadcast(SPECIES, Tanh.P2 / 64));
    zP = zP.fma(z2, FloatVector.broadcast(SPECIES, Tanh.P1 / 16));
    zP = zP.fma(z2, FloatVector.broadcast(SPECIES, Tanh.P0 / 4));
    FloatVector zQ = FloatVector.broadcast(SPECIES, Tanh.Q3 / 64);
    zQ = zQ.fma(z2, FloatVector.broadcast(SPECIES, Tanh.Q2 / 16));
    zQ = zQ.fma(z2, FloatVector.broadcast(SPECIES, Tanh.Q1 / 4));
    zQ = zQ.fma(z2, FloatVector.broadcast(SPECIES, 1f));
    FloatVector zEnd = z.viewAsIntegralLanes().and(SIGN).or(HALF_END).viewAsFloatingLanes();
    z = z.mul(zP).div(zQ).blend(zEnd, z2.compare(GT, 4 * CLAMP_SQUARED)).add(0.5f);
    FloatVector c = r.fma(FloatVector.fromArray(SPECIES, read, go + 2 * GROUP), n);
    FloatVector c2 = c.mul(c);
    FloatVector cP = FloatVector.broadcast(SPECIES, Tanh.P3);
    cP = cP.fma(c2, FloatVector.broadcast(SPECIES, Tanh.P2));
    cP = cP.fma(c2, FloatVector.broadcast(SPECIES, Tanh.P1));
    cP = cP.fma(c2, FloatVector.broadcast(SPECIES, Tanh.P0));
    FloatVector cQ = FloatVector.broadcast(SPECIES, Tanh.Q3);
    cQ = cQ.fma(c2, FloatVector.broadcast(SPECIES, Tanh.Q2));
    cQ = cQ.fma(c2, FloatVector.broadcast(SPECIES, Tanh.Q1));
    cQ = cQ.fma(c2, FloatVector.broadcast(SPECIES, 1f));
    FloatVector cEnd = c.viewAsIntegralLanes().and(SIGN).or(END).viewAsFloatingLanes();
    c = c.mul(cP).div(cQ).blend(cEnd, c2.compare(GT, CLAMP_SQUARED));
    FloatVector old = FloatVector.fromArray(SPECIES, h, u);
    z.fma(old.sub(c), c).intoArray(h, u);
    old.intoArray(last, u);
  }

  static void read(int width, int inputs, float[] w, int wo, float[] h, float[] y) {
    for (int o = 0; o < width; o += GROUP) {
      int at = wo + 4 * o * (1 + inputs);
      if (V == GROUP) {
        four(inputs, w, at, h, y, 4 * o);
      } else {
        for (int v = 0; v < READ; v += 8 * V) {
          eight(inputs, w, at + v, h, y, 4 * o + v);
        }
      }
    }
  }

  private static void four(int inputs, float[] w, int wo, float[] x, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, w, wo);
    FloatVector s1 = FloatVector.fromArray(SPECIES, w, wo + V);
    FloatVector s2 = FloatVector.fromArray(SPECIES, w, wo + 2 * V);
    FloatVector s3 = FloatVector.fromArray(SPECIES, w, wo + 3 * V);
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(SPECIES, x[i]);
      int at = wo + (1 + i) * READ;
      s0 = a.fma(FloatVector.fromArray(SPECIES, w, at), s0);
      s1 = a.fma(FloatVector.fromArray(SPECIES, w, at + V), s1);
      s2 = a.fma(FloatVector.fromArray(SPECIES, w, at + 2 * V), s2);
      s3 = a.fma(FloatVector.fromArray(SPECIES, w, at + 3 * V), s3);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
    s2.intoArray(y, yo + 2 * V);
    s3.intoArray(y, yo + 3 * V);
  }

  private static void eight(int inputs, float[] w, int wo, float[] x, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, w, wo);
    FloatVector s1 = FloatVector.fromArray(SPECIES, w, wo + V);
    FloatVector s2 = FloatVector.fromArray(SPECIES, w, wo + 2 * V);
    FloatVector s3 = FloatVector.fromArray(SPECIES, w, wo + 3 * V);
    FloatVector s4 = FloatVector.fromArray(SPECIES, w, wo + 4 * V);
    FloatVector s5 = FloatVector.fromArray(SPECIES, w, wo + 5 * V);
    FloatVector s6 = FloatVector.fromArray(SPECIES, w, wo + 6 * V);
    FloatVector s7 = FloatVector.fromArray(SPECIES, w, wo + 7 * V);
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(SPECIES, x[i]);
      int at = wo + (1 + i) * READ;
      s0 = a.fma(FloatVector.fromArray(SPECIES, w, at), s0);
      s1 = a.fma(FloatVector.fromArray(SPECIES, w, at + V), s1);
      s2 = a.fma(FloatVector.fromArray(SPECIES, w, at + 2 * V), s2);
      s3 = a.fma(FloatVector.fromArray(SPECIES, w, at + 3 * V), s3);
      s4 = a.fma(FloatVector.fromArray(SPECIES, w, at + 4 * V), s4);
      s5 = a.fma(FloatVector.fromArray(SPECIES, w, at + 5 * V), s5);
      s6 = a.fma(FloatVector.fromArray(SPECIES, w, at + 6 * V), s6);
      s7 = a.fma(FloatVector.fromArray(SPECIES, w, at + 7 * V), s7);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
    s2.intoArray(y, yo + 2 * V);
    s3.intoArray(y, yo + 3 * V);
    s4.intoArray(y, yo + 4 * V);
    s5.intoArray(y, yo + 5 * V);
    s6.intoArray(y, yo + 6 * V);
    s7.intoArray(y, yo + 7 * V);
  }
}
