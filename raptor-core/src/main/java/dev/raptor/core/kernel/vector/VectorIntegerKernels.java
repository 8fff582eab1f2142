package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.ScalarIntegerKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The integer kernels on the Vector API. Every method is small and exchanges arrays, as in {@link
 * VectorKernels}. With one sample the lanes of a vector are outputs, with many they are samples.
 */
public final class VectorIntegerKernels implements IntegerKernels {
  private static final VectorSpecies<Float> FLOATS = VectorKernels.SPECIES;
  private static final VectorSpecies<Integer> SPECIES =
      FLOATS.withLanes(int.class).check(int.class);
  private static final int V = SPECIES.length();
  private static final int LIMIT = 32767;

  /** Creates the provider; it has no state. */
  public VectorIntegerKernels() {}

  @Override
  public String name() {
    return "vector " + SPECIES.vectorBitSize() + " bit";
  }

  @Override
  public void denseSingle(
      int width, int inputs, int[] w, int wo, int preShift, int low, int high, int[] x, int[] y) {
    int c = 0;
    for (; c + 6 * V <= width; c += 6 * V) {
      six(width, inputs, w, wo + c, x, y, c);
    }
    for (; c + 2 * V <= width; c += 2 * V) {
      two(width, inputs, w, wo + c, x, y, c);
    }
    for (; c < width; c += V) {
      one(width, inputs, w, wo + c, x, y, c);
    }
    requantise(width, w, wo + width, preShift, low, high, y);
  }

  private static void six(int width, int inputs, int[] w, int wo, int[] x, int[] y, int yo) {
    IntVector s0 = IntVector.fromArray(SPECIES, w, wo);
    IntVector s1 = IntVector.fromArray(SPECIES, w, wo + V);
    IntVector s2 = IntVector.fromArray(SPECIES, w, wo + 2 * V);
    IntVector s3 = IntVector.fromArray(SPECIES, w, wo + 3 * V);
    IntVector s4 = IntVector.fromArray(SPECIES, w, wo + 4 * V);
    IntVector s5 = IntVector.fromArray(SPECIES, w, wo + 5 * V);
    for (int i = 0, at = wo + HEADER_ROWS * width; i < inputs; i++, at += width) {
      IntVector a = IntVector.broadcast(SPECIES, x[i]);
      s0 = s0.add(a.mul(IntVector.fromArray(SPECIES, w, at)));
      s1 = s1.add(a.mul(IntVector.fromArray(SPECIES, w, at + V)));
      s2 = s2.add(a.mul(IntVector.fromArray(SPECIES, w, at + 2 * V)));
      s3 = s3.add(a.mul(IntVector.fromArray(SPECIES, w, at + 3 * V)));
      s4 = s4.add(a.mul(IntVector.fromArray(SPECIES, w, at + 4 * V)));
      s5 = s5.add(a.mul(IntVector.fromArray(SPECIES, w, at + 5 * V)));
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
    s2.intoArray(y, yo + 2 * V);
    s3.intoArray(y, yo + 3 * V);
    s4.intoArray(y, yo + 4 * V);
    s5.intoArray(y, yo + 5 * V);
  }

  /** Two inputs at a time, because a loop's own work would take as long as that of one. */
  private static void two(int width, int inputs, int[] w, int wo, int[] x, int[] y, int yo) {
    IntVector s0 = IntVector.fromArray(SPECIES, w, wo);
    IntVector s1 = IntVector.fromArray(SPECIES, w, wo + V);
    int at = wo + HEADER_ROWS * width;
    int i = 0;
    for (; i + 2 <= inputs; i += 2, at += 2 * width) {
      IntVector a = IntVector.broadcast(SPECIES, x[i]);
      IntVector b = IntVector.broadcast(SPECIES, x[i + 1]);
      IntVector p0 = a.mul(IntVector.fromArray(SPECIES, w, at));
      IntVector p1 = a.mul(IntVector.fromArray(SPECIES, w, at + V));
      s0 = s0.add(p0.add(b.mul(IntVector.fromArray(SPECIES, w, at + width))));
      s1 = s1.add(p1.add(b.mul(IntVector.fromArray(SPECIES, w, at + width + V))));
    }
    if (i < inputs) {
      IntVector a = IntVector.broadcast(SPECIES, x[i]);
      s0 = s0.add(a.mul(IntVector.fromArray(SPECIES, w, at)));
      s1 = s1.add(a.mul(IntVector.fromArray(SPECIES, w, at + V)));
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
  }

  private static void one(int width, int inputs, int[] w, int wo, int[] x, int[] y, int yo) {
    IntVector s0 = IntVector.fromArray(SPECIES, w, wo);
    for (int i = 0, at = wo + HEADER_ROWS * width; i < inputs; i++, at += width) {
      IntVector a = IntVector.broadcast(SPECIES, x[i]);
      s0 = s0.add(a.mul(IntVector.fromArray(SPECIES, w, at)));
    }
    s0.intoArray(y, yo);
  }

  private static void requantise(
      int width, int[] w, int multiplier, int preShift, int low, int high, int[] y) {
    for (int o = 0; o < width; o += V) {
      IntVector.fromArray(SPECIES, y, o)
          .lanewise(VectorOperators.ASHR, preShift)
          .mul(IntVector.fromArray(SPECIES, w, multiplier + o))
          .add(IntVector.fromArray(SPECIES, w, multiplier + width + o))
          .lanewise(
              VectorOperators.ASHR, IntVector.fromArray(SPECIES, w, multiplier + 2 * width + o))
          .max(low)
          .min(high)
          .intoArray(y, o);
    }
  }

  @Override
  public void dense(
      int outputs,
      int inputs,
      int lanes,
      int width,
      int[] w,
      int wo,
      int preShift,
      int low,
      int high,
      int[] x,
      int[] y) {
    int vectors = lanes - lanes % V;
    int o = 0;
    for (; o + 4 <= outputs; o += 4) {
      for (int l = 0; l < vectors; l += V) {
        fourRows(inputs, lanes, width, w, wo + o, x, l, y, o * lanes + l);
      }
    }
    for (; o < outputs; o++) {
      for (int l = 0; l < vectors; l += V) {
        oneRow(inputs, lanes, width, w, wo + o, x, l, y, o * lanes + l);
      }
    }
    for (o = 0; o < outputs; o++) {
      requantiseRow(vectors, w, wo + width + o, width, preShift, low, high, y, o * lanes);
      ScalarIntegerKernels.denseRow(
          inputs, lanes, vectors, width, w, wo + o, preShift, low, high, x, y, o * lanes);
    }
  }

  private static void fourRows(
      int inputs, int lanes, int width, int[] w, int wo, int[] x, int xo, int[] y, int yo) {
    IntVector s0 = IntVector.broadcast(SPECIES, w[wo]);
    IntVector s1 = IntVector.broadcast(SPECIES, w[wo + 1]);
    IntVector s2 = IntVector.broadcast(SPECIES, w[wo + 2]);
    IntVector s3 = IntVector.broadcast(SPECIES, w[wo + 3]);
    int at = wo + HEADER_ROWS * width;
    for (int i = 0; i < inputs; i++, at += width) {
      IntVector a = IntVector.fromArray(SPECIES, x, xo + i * lanes);
      s0 = s0.add(a.mul(w[at]));
      s1 = s1.add(a.mul(w[at + 1]));
      s2 = s2.add(a.mul(w[at + 2]));
      s3 = s3.add(a.mul(w[at + 3]));
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + lanes);
    s2.intoArray(y, yo + 2 * lanes);
    s3.intoArray(y, yo + 3 * lanes);
  }

  private static void oneRow(
      int inputs, int lanes, int width, int[] w, int wo, int[] x, int xo, int[] y, int yo) {
    IntVector s0 = IntVector.broadcast(SPECIES, w[wo]);
    int at = wo + HEADER_ROWS * width;
    for (int i = 0; i < inputs; i++, at += width) {
      s0 = s0.add(IntVector.fromArray(SPECIES, x, xo + i * lanes).mul(w[at]));
    }
    s0.intoArray(y, yo);
  }

  private static void requantiseRow(
      int lanes, int[] w, int scale, int width, int preShift, int low, int high, int[] y, int yo) {
    int multiplier = w[scale];
    int rounding = w[scale + width];
    int shift = w[scale + 2 * width];
    for (int l = 0; l < lanes; l += V) {
      IntVector.fromArray(SPECIES, y, yo + l)
          .lanewise(VectorOperators.ASHR, preShift)
          .mul(multiplier)
          .add(rounding)
          .lanewise(VectorOperators.ASHR, shift)
          .max(low)
          .min(high)
          .intoArray(y, yo + l);
    }
  }

  @Override
  public void gruGates(int n, int[] gi, int[] gh, int[] table, int tableShift, int[] h) {
    int vectors = n - n % V;
    // The two gates are neighbours: whole vectors run from one into the other.
    int together = vectors == n ? 2 * n : vectors;
    for (int at = 0; at < 2 * n; at += Math.max(n, together)) {
      sums(together, gi, gh, at, tableShift);
      tanh(together, gi, gh, at, table, tableShift);
    }
    candidates(vectors, n, gi, gh, tableShift);
    tanh(vectors, gi, gh, 2 * n, table, tableShift);
    blend(vectors, n, gi, h);
    if (vectors < n) {
      ScalarIntegerKernels.gruGates(vectors, n, gi, gh, table, tableShift, h);
    }
  }

  @Override
  public void words(int n, float[] x, int xo, float[] scales, int[] y, int yo) {
    int last = n - V;
    for (int i = 0; i < last; i += V) {
      words(x, xo + i, scales, i, y, yo + i);
    }
    if (last >= 0) {
      // The last vector begins earlier where that is needed; some words are written twice.
      words(x, xo + last, scales, last, y, yo + last);
    } else {
      ScalarIntegerKernels.wordsOf(n, x, xo, scales, y, yo);
    }
  }

  private static void words(float[] x, int xo, float[] scales, int so, int[] y, int yo) {
    FloatVector v =
        FloatVector.fromArray(FLOATS, x, xo).mul(FloatVector.fromArray(FLOATS, scales, so));
    v = v.blend(LIMIT, v.compare(VectorOperators.GT, LIMIT));
    v = v.blend(-LIMIT, v.compare(VectorOperators.LT, -LIMIT));
    v = v.blend(0, v.test(VectorOperators.IS_NAN));
    v.add(ROUNDER).reinterpretAsInts().sub(ROUNDER_BITS).intoArray(y, yo);
  }

  /** {@code gi ← sat(gi + gh)}; gh becomes the index of the table's entry. */
  private static void sums(int n, int[] gi, int[] gh, int at, int shift) {
    for (int i = at; i < at + n; i += V) {
      IntVector word =
          IntVector.fromArray(SPECIES, gi, i)
              .add(IntVector.fromArray(SPECIES, gh, i))
              .max(-LIMIT)
              .min(LIMIT);
      word.intoArray(gi, i);
      word.abs().lanewise(VectorOperators.ASHR, shift).intoArray(gh, i);
    }
  }

  /** {@code w ← T(w)}, with the entries' indices at hand. */
  private static void tanh(int n, int[] w, int[] indices, int at, int[] table, int shift) {
    int mask = (1 << shift) - 1;
    int half = 1 << shift >> 1;
    for (int i = at; i < at + n; i += V) {
      IntVector word = IntVector.fromArray(SPECIES, w, i);
      IntVector entry = IntVector.fromArray(SPECIES, table, 0, indices, i);
      IntVector rise = entry.and(0xffff).mul(word.abs().and(mask));
      IntVector y =
          rise.add(half)
              .lanewise(VectorOperators.ASHR, shift)
              .add(entry.lanewise(VectorOperators.ASHR, 16));
      IntVector sign = word.lanewise(VectorOperators.ASHR, 31);
      y.lanewise(VectorOperators.XOR, sign).sub(sign).intoArray(w, i);
    }
  }

  /** {@code gi_n ← sat(gi_n + rsh(r gh_n, 15))}, with r from its tanh; gh becomes the index. */
  private static void candidates(int n, int units, int[] gi, int[] gh, int shift) {
    int c = 2 * units;
    for (int i = 0; i < n; i += V) {
      IntVector word =
          IntVector.fromArray(SPECIES, gi, i)
              .add(32769)
              .lanewise(VectorOperators.ASHR, 1)
              .mul(IntVector.fromArray(SPECIES, gh, c + i))
              .add(16384)
              .lanewise(VectorOperators.ASHR, 15)
              .add(IntVector.fromArray(SPECIES, gi, c + i))
              .max(-LIMIT)
              .min(LIMIT);
      word.intoArray(gi, c + i);
      word.abs().lanewise(VectorOperators.ASHR, shift).intoArray(gh, c + i);
    }
  }

  /** {@code h ← c + rsh(z (h - c), 15)}, with z from its tanh. */
  private static void blend(int n, int units, int[] gi, int[] h) {
    for (int i = 0; i < n; i += V) {
      IntVector c = IntVector.fromArray(SPECIES, gi, 2 * units + i);
      IntVector.fromArray(SPECIES, gi, units + i)
          .add(32769)
          .lanewise(VectorOperators.ASHR, 1)
          .mul(IntVector.fromArray(SPECIES, h, i).sub(c))
          .add(16384)
          .lanewise(VectorOperators.ASHR, 15)
          .add(c)
          .intoArray(h, i);
    }
  }
}
