package dev.raptor.core.kernel.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.IntegerLayer;
import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.kernel.ScalarIntegerKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The integer kernels on the Vector API. Every method is small and exchanges arrays, as in {@link
 * VectorKernels}. With one sample the lanes of a vector are outputs, with many they are samples.
 *
 * <p>All vectors are of one width, but for some weights of {@link SingleIntegerKernels}, bytes that
 * become ints where they are read, words that become shorts where they are written, and its groups
 * of few outputs.
 */
public final class VectorIntegerKernels implements IntegerKernels {
  private static final VectorSpecies<Float> FLOATS = VectorKernels.SPECIES;
  static final VectorSpecies<Integer> SPECIES = FLOATS.withLanes(int.class).check(int.class);
  private static final int PANEL_ROWS = IntegerLayer.PANEL_ROWS;
  private static final int HEADER = IntegerLayer.HEADER;
  private static final int V = SPECIES.length();
  private static final int PANEL = 2 * V;

  private static final VectorSpecies<Short> HALF = half(SPECIES);

  /** What serves where vectors have fewer lanes than the least that a kernel knows of. */
  private static final IntegerKernels SCALAR = new ScalarIntegerKernels();

  static final int LIMIT = 32767;

  /**
   * Whether the table stays in eight registers, from which four permutations and three choices find
   * sixteen entries; a gather takes as long as for one lane after the other.
   */
  private static final boolean PERMUTES = 8 * V == TABLE;

  /** Of a size: whether its entry is in the second of two pairs of registers. */
  static final int ODD = 32 << 8;

  /** The size from which its entry is in the last four registers. */
  static final int HIGH = 64 << 8;

  /** Creates the provider; it has no state. */
  public VectorIntegerKernels() {}

  /** Shorts in as many lanes; where there is no such vector, in more. */
  static VectorSpecies<Short> half(VectorSpecies<Integer> ints) {
    return VectorShape.forBitSize(Math.max(64, ints.vectorBitSize() / 2)).withLanes(short.class);
  }

  @Override
  public String name() {
    return "vector " + SPECIES.vectorBitSize() + " bit";
  }

  @Override
  public boolean quantise(int n, float[] x, float[] scales, short[] y) {
    if (HALF.length() > V) {
      return SCALAR.quantise(n, x, scales, y);
    }
    // What is not finite less itself is not a number.
    FloatVector zero = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i + V <= n; i += V) {
      FloatVector number = FloatVector.fromArray(FLOATS, x, i);
      zero = number.sub(number).add(zero);
      IntVector word =
          number
              .mul(FloatVector.fromArray(FLOATS, scales, i))
              .blend(0, number.compare(NE, number))
              .add(ROUNDER)
              .reinterpretAsInts()
              .max(ROUNDER_BITS - LIMIT)
              .min(ROUNDER_BITS + LIMIT)
              .sub(ROUNDER_BITS);
      ((ShortVector) word.convertShape(I2S, HALF, 0)).intoArray(y, i);
    }
    boolean finite = ScalarIntegerKernels.quantise(i, n, x, scales, y);
    return finite && !zero.compare(NE, 0f).anyTrue();
  }

  @Override
  public void wordRows(int rows, int n, float[] x, int xo, int stride, float[] scales, int[] y) {
    if (n == PANEL) {
      wholeWordRows(rows, x, xo, stride, scales, y);
    } else {
      ScalarIntegerKernels.wordRows(rows, n, x, xo, stride, scales, y, PANEL);
    }
  }

  private static void wholeWordRows(
      int rows, float[] x, int xo, int stride, float[] scales, int[] y) {
    for (int r = 0; r < rows; r++) {
      int from = xo + r * stride;
      float scale = scales[r];
      for (int i = 0; i < PANEL; i += V) {
        FloatVector number = FloatVector.fromArray(FLOATS, x, from + i);
        number
            .mul(scale)
            .blend(0, number.compare(NE, number))
            .add(ROUNDER)
            .reinterpretAsInts()
            .max(ROUNDER_BITS - LIMIT)
            .min(ROUNDER_BITS + LIMIT)
            .sub(ROUNDER_BITS)
            .intoArray(y, r * PANEL + i);
      }
    }
  }

  @Override
  public void floatRows(int rows, int n, int[] x, float scale, float[] y, int yo, int stride) {
    if (n == PANEL) {
      wholeFloatRows(rows, x, scale, y, yo, stride);
    } else {
      ScalarIntegerKernels.floatRows(rows, n, x, scale, y, yo, stride, PANEL);
    }
  }

  private static void wholeFloatRows(
      int rows, int[] x, float scale, float[] y, int yo, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < PANEL; i += V) {
        IntVector words = IntVector.fromArray(SPECIES, x, r * PANEL + i);
        FloatVector floats = (FloatVector) words.convertShape(I2F, FLOATS, 0);
        floats.mul(scale).intoArray(y, yo + r * stride + i);
      }
    }
  }

  @Override
  public void denseSingle(
      int width, int inputs, IntegerLayer layer, short[] x, int[] room, int[] y) {
    SingleIntegerKernels.dense(width, inputs, layer, x, y);
  }

  @Override
  public void gatesSingle(int width, int inputs, IntegerLayer layer, int[] x, int[] y) {
    SingleIntegerKernels.gates(width, inputs, layer, x, y);
  }

  @Override
  public void gruSingle(
      int width,
      int inputs,
      IntegerLayer layer,
      int[] x,
      int[] gi,
      int[] gh,
      int[] table,
      int[] h) {
    if (PERMUTES) {
      for (int u = 0; u < width; u += V) {
        SingleIntegerKernels.gru(inputs, layer, x, gh, table, h, u);
      }
    } else {
      SingleIntegerKernels.gates(width, inputs, layer, x, gi);
      for (int u = 0; u < width; u += Kernels.SINGLE_GROUP) {
        units(Kernels.SINGLE_GROUP, Kernels.SINGLE_GROUP, gi, gh, 3 * u, table, h, u);
      }
    }
  }

  @Override
  public void fewSingle(int outputs, int inputs, IntegerLayer layer, int[] x, short[] y) {
    if (V < FEW_GROUP) {
      SCALAR.fewSingle(outputs, inputs, layer, x, y);
    } else {
      SingleIntegerKernels.few(outputs, inputs, layer, x, y);
    }
  }

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public void densePanel(IntegerLayer layer, int[] x, int xo, int[] y) {
    for (int g = 0; g < layer.panelGroups(); g++) {
      int header = g * PANEL_ROWS * (HEADER + layer.inputs());
      sums(layer.inputs(), layer.panels(), header, x, xo, y, g * PANEL_ROWS * PANEL);
      requantise(layer, header, y, g * PANEL_ROWS * PANEL);
    }
  }

  /** Six outputs by two vectors in registers, as in {@link MicroKernel}. */
  private static void sums(int inputs, int[] w, int header, int[] x, int xo, int[] y, int yo) {
    IntVector s00 = IntVector.broadcast(SPECIES, w[header]);
    IntVector s01 = s00;
    IntVector s10 = IntVector.broadcast(SPECIES, w[header + 1]);
    IntVector s11 = s10;
    IntVector s20 = IntVector.broadcast(SPECIES, w[header + 2]);
    IntVector s21 = s20;
    IntVector s30 = IntVector.broadcast(SPECIES, w[header + 3]);
    IntVector s31 = s30;
    IntVector s40 = IntVector.broadcast(SPECIES, w[header + 4]);
    IntVector s41 = s40;
    IntVector s50 = IntVector.broadcast(SPECIES, w[header + 5]);
    IntVector s51 = s50;
    for (int i = 0; i < inputs; i++) {
      int right = xo + i * PANEL;
      IntVector x0 = IntVector.fromArray(SPECIES, x, right);
      IntVector x1 = IntVector.fromArray(SPECIES, x, right + V);
      int left = header + (HEADER + i) * PANEL_ROWS;
      IntVector a = IntVector.broadcast(SPECIES, w[left]);
      s00 = a.mul(x0).add(s00);
      s01 = a.mul(x1).add(s01);
      a = IntVector.broadcast(SPECIES, w[left + 1]);
      s10 = a.mul(x0).add(s10);
      s11 = a.mul(x1).add(s11);
      a = IntVector.broadcast(SPECIES, w[left + 2]);
      s20 = a.mul(x0).add(s20);
      s21 = a.mul(x1).add(s21);
      a = IntVector.broadcast(SPECIES, w[left + 3]);
      s30 = a.mul(x0).add(s30);
      s31 = a.mul(x1).add(s31);
      a = IntVector.broadcast(SPECIES, w[left + 4]);
      s40 = a.mul(x0).add(s40);
      s41 = a.mul(x1).add(s41);
      a = IntVector.broadcast(SPECIES, w[left + 5]);
      s50 = a.mul(x0).add(s50);
      s51 = a.mul(x1).add(s51);
    }
    s00.intoArray(y, yo);
    s01.intoArray(y, yo + V);
    s10.intoArray(y, yo + 1 * PANEL);
    s11.intoArray(y, yo + 1 * PANEL + V);
    s20.intoArray(y, yo + 2 * PANEL);
    s21.intoArray(y, yo + 2 * PANEL + V);
    s30.intoArray(y, yo + 3 * PANEL);
    s31.intoArray(y, yo + 3 * PANEL + V);
    s40.intoArray(y, yo + 4 * PANEL);
    s41.intoArray(y, yo + 4 * PANEL + V);
    s50.intoArray(y, yo + 5 * PANEL);
    s51.intoArray(y, yo + 5 * PANEL + V);
  }

  private static void requantise(IntegerLayer layer, int header, int[] y, int yo) {
    int[] w = layer.panels();
    int preShift = layer.preShift();
    int low = layer.low();
    int high = layer.high();
    for (int r = 0; r < PANEL_ROWS; r++) {
      int multiplier = w[header + PANEL_ROWS + r];
      int rounding = w[header + 2 * PANEL_ROWS + r];
      int shift = w[header + 3 * PANEL_ROWS + r];
      for (int l = 0; l < PANEL; l += V) {
        int at = yo + r * PANEL + l;
        IntVector.fromArray(SPECIES, y, at)
            .lanewise(ASHR, preShift)
            .mul(multiplier)
            .add(rounding)
            .lanewise(ASHR, shift)
            .max(low)
            .min(high)
            .intoArray(y, at);
      }
    }
  }

  @Override
  public void gruGates(int n, int[] gi, int[] gh, int go, int[] table, int[] h, int ho) {
    int vectors = n - n % V;
    units(vectors, n, gi, gh, go, table, h, ho);
    ScalarIntegerKernels.gruGates(vectors, n, gi, gh, go, table, h, ho);
  }

  /**
   * The gates and the new state of the first {@code n} units; see {@link SingleIntegerKernels#gru}.
   */
  private static void units(
      int n, int units, int[] gi, int[] gh, int go, int[] table, int[] h, int ho) {
    IntVector t0 = IntVector.fromArray(SPECIES, table, 0);
    IntVector t1 = IntVector.fromArray(SPECIES, table, V);
    IntVector t2 = IntVector.fromArray(SPECIES, table, 2 * V);
    IntVector t3 = IntVector.fromArray(SPECIES, table, 3 * V);
    IntVector t4 = IntVector.fromArray(SPECIES, table, 4 * V);
    IntVector t5 = IntVector.fromArray(SPECIES, table, 5 * V);
    IntVector t6 = IntVector.fromArray(SPECIES, table, 6 * V);
    IntVector t7 = IntVector.fromArray(SPECIES, table, 7 * V);
    for (int i = 0; i < n; i += V) {
      int at = go + i;
      IntVector rWord =
          IntVector.fromArray(SPECIES, gi, at).add(IntVector.fromArray(SPECIES, gh, at));
      IntVector rSize = rWord.abs().min(LIMIT);
      IntVector rIndex = rSize.lanewise(ASHR, 8);
      IntVector rEntry;
      if (PERMUTES) {
        VectorMask<Integer> second = rSize.and(ODD).compare(NE, 0);
        rEntry =
            rIndex
                .selectFrom(t0, t1)
                .blend(rIndex.selectFrom(t2, t3), second)
                .blend(
                    rIndex.selectFrom(t4, t5).blend(rIndex.selectFrom(t6, t7), second),
                    rSize.compare(GE, HIGH));
      } else {
        rIndex.intoArray(gh, at);
        rEntry = IntVector.fromArray(SPECIES, table, 0, gh, at);
      }
      IntVector rSign = rWord.lanewise(ASHR, 31);
      IntVector r =
          rEntry
              .lanewise(LSHR, 16)
              .mul(rSize.and(255))
              .add(rEntry.and(0xffff).lanewise(LSHL, 8))
              .lanewise(ASHR, 9)
              .lanewise(XOR, rSign)
              .add(IntVector.broadcast(SPECIES, 32769).sub(rSign))
              .lanewise(ASHR, 1);
      IntVector cWord =
          r.mul(IntVector.fromArray(SPECIES, gh, at + 2 * units))
              .add(16384)
              .lanewise(ASHR, 15)
              .add(IntVector.fromArray(SPECIES, gi, at + 2 * units));
      IntVector cSize = cWord.abs().min(LIMIT);
      IntVector cIndex = cSize.lanewise(ASHR, 8);
      IntVector cEntry;
      if (PERMUTES) {
        VectorMask<Integer> second = cSize.and(ODD).compare(NE, 0);
        cEntry =
            cIndex
                .selectFrom(t0, t1)
                .blend(cIndex.selectFrom(t2, t3), second)
                .blend(
                    cIndex.selectFrom(t4, t5).blend(cIndex.selectFrom(t6, t7), second),
                    cSize.compare(GE, HIGH));
      } else {
        cIndex.intoArray(gh, at + 2 * units);
        cEntry = IntVector.fromArray(SPECIES, table, 0, gh, at + 2 * units);
      }
      IntVector cSign = cWord.lanewise(ASHR, 31);
      IntVector c =
          cEntry
              .lanewise(LSHR, 16)
              .mul(cSize.and(255))
              .add(cEntry.and(0xffff).lanewise(LSHL, 8))
              .lanewise(ASHR, 9)
              .lanewise(XOR, cSign)
              .sub(cSign);
      IntVector zWord =
          IntVector.fromArray(SPECIES, gi, at + units)
              .add(IntVector.fromArray(SPECIES, gh, at + units));
      IntVector zSize = zWord.abs().min(LIMIT);
      IntVector zIndex = zSize.lanewise(ASHR, 8);
      IntVector zEntry;
      if (PERMUTES) {
        VectorMask<Integer> second = zSize.and(ODD).compare(NE, 0);
        zEntry =
            zIndex
                .selectFrom(t0, t1)
                .blend(zIndex.selectFrom(t2, t3), second)
                .blend(
                    zIndex.selectFrom(t4, t5).blend(zIndex.selectFrom(t6, t7), second),
                    zSize.compare(GE, HIGH));
      } else {
        zIndex.intoArray(gh, at + units);
        zEntry = IntVector.fromArray(SPECIES, table, 0, gh, at + units);
      }
      IntVector zSign = zWord.lanewise(ASHR, 31);
      IntVector z =
          zEntry
              .lanewise(LSHR, 16)
              .mul(zSize.and(255))
              .add(zEntry.and(0xffff).lanewise(LSHL, 8))
              .lanewise(ASHR, 9)
              .lanewise(XOR, zSign)
              .add(IntVector.broadcast(SPECIES, 32769).sub(zSign))
              .lanewise(ASHR, 1);
      z.mul(IntVector.fromArray(SPECIES, h, ho + i))
          .add(16384)
          .sub(z.mul(c))
          .lanewise(ASHR, 15)
          .add(c)
          .intoArray(h, ho + i);
    }
  }

  @Override
  public void requantise(int n, int shift, int limit, int[] x, int xo, int[] y, int yo) {
    int half = 1 << shift >> 1;
    int vectors = n - n % V;
    for (int i = 0; i < vectors; i += V) {
      IntVector.fromArray(SPECIES, x, xo + i)
          .add(half)
          .lanewise(ASHR, shift)
          .min(limit)
          .intoArray(y, yo + i);
    }
    ScalarIntegerKernels.requantise(vectors, n, shift, limit, x, xo, y, yo);
  }
}
