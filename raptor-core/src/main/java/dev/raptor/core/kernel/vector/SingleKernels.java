package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dense layers of one sample: the lanes of a vector are outputs, so that nothing is summed within a
 * vector. Outputs go by groups of a constant size: rows are then a constant stride apart, which is
 * what the compiler wants to check the bounds of a whole loop before it.
 */
final class SingleKernels {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int V = VectorKernels.V;
  private static final int GROUP = Kernels.SINGLE_GROUP;
  private static final int GATES = Kernels.GATES_GROUP;

  private SingleKernels() {}

  static void dense(int width, int inputs, float[] w, int wo, float[] x, float[] y, boolean relu) {
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
    if (relu) {
      relu(width, y);
    }
  }

  static void gates(int width, int inputs, float[] w, int wo, float[] x, float[] y) {
    for (int o = 0; o < width; o += GATES) {
      int at = wo + o * (1 + inputs);
      if (3 * V == GATES) {
        three(inputs, w, at, x, y, o);
      } else {
        for (int v = 0; v < GATES; v += 6 * V) {
          six(inputs, w, at + v, x, y, o + v);
        }
      }
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

  private static void three(int inputs, float[] w, int wo, float[] x, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, w, wo);
    FloatVector s1 = FloatVector.fromArray(SPECIES, w, wo + V);
    FloatVector s2 = FloatVector.fromArray(SPECIES, w, wo + 2 * V);
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(SPECIES, x[i]);
      int at = wo + (1 + i) * GATES;
      s0 = a.fma(FloatVector.fromArray(SPECIES, w, at), s0);
      s1 = a.fma(FloatVector.fromArray(SPECIES, w, at + V), s1);
      s2 = a.fma(FloatVector.fromArray(SPECIES, w, at + 2 * V), s2);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
    s2.intoArray(y, yo + 2 * V);
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
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
  }

  private static void one(int inputs, float[] w, int wo, float[] x, float[] y, int yo) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, w, wo);
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(SPECIES, x[i]);
      int at = wo + (1 + i) * GROUP;
      s0 = a.fma(FloatVector.fromArray(SPECIES, w, at), s0);
    }
    s0.intoArray(y, yo);
  }

  private static void relu(int width, float[] y) {
    for (int i = 0; i < width; i += V) {
      FloatVector v = FloatVector.fromArray(SPECIES, y, i);
      v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoArray(y, i);
    }
  }
}
