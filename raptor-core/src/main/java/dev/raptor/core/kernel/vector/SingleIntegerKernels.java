package dev.raptor.core.kernel.vector;

import static dev.raptor.core.kernel.vector.VectorIntegerKernels.HIGH;
import static dev.raptor.core.kernel.vector.VectorIntegerKernels.LIMIT;
import static dev.raptor.core.kernel.vector.VectorIntegerKernels.ODD;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.MUL;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.IntegerLayer;
import dev.raptor.core.kernel.Kernels;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The step of one sample in integers: the lanes are outputs or units, as in {@link SingleKernels}.
 * What follows the sums of a layer is done in registers where few vectors are summed, else by a
 * loop over what was stored.
 */
final class SingleIntegerKernels {
  private static final VectorSpecies<Integer> SPECIES = VectorIntegerKernels.SPECIES;
  private static final int V = VectorKernels.V;

  /** As many lanes; where there is no such vector, twice as many, of which the first count. */
  private static final VectorSpecies<Byte> BYTES =
      V == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private static final VectorSpecies<Short> SHORTS =
      SPECIES.withLanes(short.class).check(short.class);
  private static final int FEW = IntegerKernels.FEW_GROUP;

  /** A group or two: narrower than the others where these would mostly straddle cache lines. */
  private static final VectorSpecies<Integer> FEW_INTS = V == 16 ? IntVector.SPECIES_128 : SPECIES;

  private static final VectorSpecies<Short> FEW_SHORTS = VectorIntegerKernels.half(FEW_INTS);
  private static final int GROUP = Kernels.SINGLE_GROUP;
  private static final int GATES = Kernels.GATES_GROUP;
  private static final int HEADER = IntegerLayer.HEADER;

  private SingleIntegerKernels() {}

  static void dense(int width, int inputs, IntegerLayer layer, short[] x, int[] y) {
    for (int o = 0; o < width; o += GROUP) {
      if (V == GROUP) {
        one(inputs, layer, o * HEADER, o * inputs, x, y, o);
      } else {
        for (int v = 0; v < GROUP; v += 2 * V) {
          two(inputs, layer, o * HEADER + v, o * inputs + v, x, y, o + v);
        }
        requantise(layer, o * HEADER, y, o);
      }
    }
  }

  static void gates(int width, int inputs, IntegerLayer layer, int[] x, int[] y) {
    for (int u = 0; u < width; u += GROUP) {
      for (int v = 0; v < GROUP; v += V) {
        int from = u * (3 * HEADER + inputs);
        three(inputs, layer, from + v, from + HEADER * GATES + v, x, y, 3 * u + v);
      }
    }
  }

  /**
   * With two sums for each output, of which each waits half as long. Lanes that are more than a
   * group are read and not used. For the methods that the vectors call see {@link VectorKernels}.
   */
  static void few(int outputs, int inputs, IntegerLayer layer, int[] x, short[] y) {
    int[] w = layer.ints();
    for (int o = 0; o < outputs; o += FEW) {
      int ho = o * (HEADER + inputs);
      int wo = ho + HEADER * FEW;
      IntVector s0 = IntVector.fromArray(FEW_INTS, w, ho);
      IntVector s1 = IntVector.zero(FEW_INTS);
      int i = 0;
      for (; i + 1 < inputs; i += 2) {
        IntVector w0 = IntVector.fromArray(FEW_INTS, w, wo + i * FEW);
        IntVector w1 = IntVector.fromArray(FEW_INTS, w, wo + (i + 1) * FEW);
        s0 = IntVector.broadcast(FEW_INTS, x[i]).lanewise(MUL, w0).lanewise(ADD, s0);
        s1 = IntVector.broadcast(FEW_INTS, x[i + 1]).lanewise(MUL, w1).lanewise(ADD, s1);
      }
      if (i < inputs) {
        IntVector w0 = IntVector.fromArray(FEW_INTS, w, wo + i * FEW);
        s0 = IntVector.broadcast(FEW_INTS, x[i]).lanewise(MUL, w0).lanewise(ADD, s0);
      }
      IntVector words =
          s0.lanewise(ADD, s1)
              .lanewise(ASHR, IntVector.broadcast(FEW_INTS, layer.preShift()))
              .lanewise(MUL, IntVector.fromArray(FEW_INTS, w, ho + FEW))
              .lanewise(ADD, IntVector.fromArray(FEW_INTS, w, ho + 2 * FEW))
              .lanewise(ASHR, IntVector.fromArray(FEW_INTS, w, ho + 3 * FEW))
              .lanewise(MAX, IntVector.broadcast(FEW_INTS, layer.low()))
              .lanewise(MIN, IntVector.broadcast(FEW_INTS, layer.high()));
      Vector<Short> shorts = words.convertShape(I2S, FEW_SHORTS, 0);
      ((ShortVector) shorts.reinterpretShape(ShortVector.SPECIES_64, 0)).intoArray(y, o);
    }
  }

  /**
   * A number that is a short is spread over both halves of each lane and shifted down: a vector can
   * be spread from memory, an int made of a short cannot.
   */
  private static void one(
      int inputs, IntegerLayer layer, int ho, int wo, short[] x, int[] y, int yo) {
    int[] heads = layer.ints();
    byte[] w = layer.bytes();
    IntVector s0 = IntVector.fromArray(SPECIES, heads, ho);
    for (int i = 0; i < inputs; i++) {
      IntVector a = ShortVector.broadcast(SHORTS, x[i]).reinterpretAsInts().lanewise(ASHR, 16);
      int at = wo + i * GROUP;
      IntVector w0 = (IntVector) ByteVector.fromArray(BYTES, w, at).convertShape(B2I, SPECIES, 0);
      s0 = a.mul(w0).add(s0);
    }
    s0.lanewise(ASHR, layer.preShift())
        .mul(IntVector.fromArray(SPECIES, heads, ho + GROUP))
        .add(IntVector.fromArray(SPECIES, heads, ho + 2 * GROUP))
        .lanewise(ASHR, IntVector.fromArray(SPECIES, heads, ho + 3 * GROUP))
        .max(layer.low())
        .min(layer.high())
        .intoArray(y, yo);
  }

  private static void two(
      int inputs, IntegerLayer layer, int ho, int wo, short[] x, int[] y, int yo) {
    int[] heads = layer.ints();
    byte[] w = layer.bytes();
    IntVector s0 = IntVector.fromArray(SPECIES, heads, ho);
    IntVector s1 = IntVector.fromArray(SPECIES, heads, ho + V);
    for (int i = 0; i < inputs; i++) {
      IntVector a = ShortVector.broadcast(SHORTS, x[i]).reinterpretAsInts().lanewise(ASHR, 16);
      int at = wo + i * GROUP;
      IntVector w0 = (IntVector) ByteVector.fromArray(BYTES, w, at).convertShape(B2I, SPECIES, 0);
      IntVector w1 =
          (IntVector) ByteVector.fromArray(BYTES, w, at + V).convertShape(B2I, SPECIES, 0);
      s0 = a.mul(w0).add(s0);
      s1 = a.mul(w1).add(s1);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + V);
  }

  /**
   * Three vectors of outputs from weights of which three are in a lane. What stands above a weight
   * is shifted down to it and multiplied as well: its product is 256 times the sum above and {@link
   * IntegerLayer#OFFSET} times the sum of the inputs too large, which is taken off in the end. What
   * overflows on the way does so in whole turns of 2³².
   */
  private static void three(
      int inputs, IntegerLayer layer, int ho, int wo, int[] x, int[] y, int yo) {
    int[] w = layer.ints();
    IntVector s0 = IntVector.zero(SPECIES);
    IntVector s1 = s0;
    IntVector s2 = s0;
    IntVector sum = s0;
    for (int i = 0; i < inputs; i++) {
      IntVector a = IntVector.broadcast(SPECIES, x[i]);
      IntVector row = IntVector.fromArray(SPECIES, w, wo + i * GROUP);
      sum = a.add(sum);
      s0 = row.mul(a).add(s0);
      s1 = row.lanewise(ASHR, 8).mul(a).add(s1);
      s2 = row.lanewise(ASHR, 16).mul(a).add(s2);
    }
    IntVector offset = sum.mul(IntegerLayer.OFFSET);
    s0 = s0.sub(s1.lanewise(LSHL, 8)).sub(offset).add(IntVector.fromArray(SPECIES, w, ho));
    s1 = s1.sub(s2.lanewise(LSHL, 8)).sub(offset).add(IntVector.fromArray(SPECIES, w, ho + GROUP));
    s2 = s2.add(IntVector.fromArray(SPECIES, w, ho + 2 * GROUP));
    s0.lanewise(ASHR, layer.preShift())
        .mul(IntVector.fromArray(SPECIES, w, ho + GATES))
        .add(IntVector.fromArray(SPECIES, w, ho + 2 * GATES))
        .lanewise(ASHR, IntVector.fromArray(SPECIES, w, ho + 3 * GATES))
        .max(layer.low())
        .min(layer.high())
        .intoArray(y, yo);
    s1.lanewise(ASHR, layer.preShift())
        .mul(IntVector.fromArray(SPECIES, w, ho + GATES + GROUP))
        .add(IntVector.fromArray(SPECIES, w, ho + 2 * GATES + GROUP))
        .lanewise(ASHR, IntVector.fromArray(SPECIES, w, ho + 3 * GATES + GROUP))
        .max(layer.low())
        .min(layer.high())
        .intoArray(y, yo + GROUP);
    s2.lanewise(ASHR, layer.preShift())
        .mul(IntVector.fromArray(SPECIES, w, ho + GATES + 2 * GROUP))
        .add(IntVector.fromArray(SPECIES, w, ho + 2 * GATES + 2 * GROUP))
        .lanewise(ASHR, IntVector.fromArray(SPECIES, w, ho + 3 * GATES + 2 * GROUP))
        .max(layer.low())
        .min(layer.high())
        .intoArray(y, yo + 2 * GROUP);
  }

  /**
   * {@link dev.raptor.core.kernel.IntegerKernels#gruSingle} of the units from {@code u} on that
   * fill a vector of sixteen, with all in registers from the sums to the state. The sums and the
   * look-ups stand here in full, though both stand elsewhere too: on a way through memory a step
   * waits, and a vector that crosses a call may be boxed.
   *
   * <p>One vehicle waits for this as long as its longest chain of operations takes, so that the
   * chain is kept short: the masks are made of the size and not of the index, and z h does not wait
   * for the candidate. The table takes eight registers, so constants are few and z comes last: a
   * vector that is spilt mostly straddles two cache lines of the stack.
   */
  static void gru(int inputs, IntegerLayer layer, int[] x, int[] gh, int[] table, int[] h, int u) {
    int[] w = layer.ints();
    int ho = u * (3 * HEADER + inputs);
    int wo = ho + HEADER * GATES;
    int go = 3 * u;
    IntVector s0 = IntVector.zero(SPECIES);
    IntVector s1 = s0;
    IntVector s2 = s0;
    IntVector sum = s0;
    for (int i = 0; i < inputs; i++) {
      IntVector a = IntVector.broadcast(SPECIES, x[i]);
      IntVector row = IntVector.fromArray(SPECIES, w, wo + i * GROUP);
      sum = a.add(sum);
      s0 = row.mul(a).add(s0);
      s1 = row.lanewise(ASHR, 8).mul(a).add(s1);
      s2 = row.lanewise(ASHR, 16).mul(a).add(s2);
    }
    IntVector offset = sum.mul(IntegerLayer.OFFSET);
    s0 = s0.sub(s1.lanewise(LSHL, 8)).sub(offset).add(IntVector.fromArray(SPECIES, w, ho));
    s1 = s1.sub(s2.lanewise(LSHL, 8)).sub(offset).add(IntVector.fromArray(SPECIES, w, ho + GROUP));
    s2 = s2.add(IntVector.fromArray(SPECIES, w, ho + 2 * GROUP));
    s0 =
        s0.lanewise(ASHR, layer.preShift())
            .mul(IntVector.fromArray(SPECIES, w, ho + GATES))
            .add(IntVector.fromArray(SPECIES, w, ho + 2 * GATES))
            .lanewise(ASHR, IntVector.fromArray(SPECIES, w, ho + 3 * GATES))
            .max(layer.low())
            .min(layer.high());
    s1 =
        s1.lanewise(ASHR, layer.preShift())
            .mul(IntVector.fromArray(SPECIES, w, ho + GATES + GROUP))
            .add(IntVector.fromArray(SPECIES, w, ho + 2 * GATES + GROUP))
            .lanewise(ASHR, IntVector.fromArray(SPECIES, w, ho + 3 * GATES + GROUP))
            .max(layer.low())
            .min(layer.high());
    s2 =
        s2.lanewise(ASHR, layer.preShift())
            .mul(IntVector.fromArray(SPECIES, w, ho + GATES + 2 * GROUP))
            .add(IntVector.fromArray(SPECIES, w, ho + 2 * GATES + 2 * GROUP))
            .lanewise(ASHR, IntVector.fromArray(SPECIES, w, ho + 3 * GATES + 2 * GROUP))
            .max(layer.low())
            .min(layer.high());
    IntVector t0 = IntVector.fromArray(SPECIES, table, 0);
    IntVector t1 = IntVector.fromArray(SPECIES, table, V);
    IntVector t2 = IntVector.fromArray(SPECIES, table, 2 * V);
    IntVector t3 = IntVector.fromArray(SPECIES, table, 3 * V);
    IntVector t4 = IntVector.fromArray(SPECIES, table, 4 * V);
    IntVector t5 = IntVector.fromArray(SPECIES, table, 5 * V);
    IntVector t6 = IntVector.fromArray(SPECIES, table, 6 * V);
    IntVector t7 = IntVector.fromArray(SPECIES, table, 7 * V);
    IntVector rWord = s0.add(IntVector.fromArray(SPECIES, gh, go));
    IntVector rSize = rWord.abs().min(LIMIT);
    IntVector rIndex = rSize.lanewise(ASHR, 8);
    VectorMask<Integer> rSecond = rSize.and(ODD).compare(NE, 0);
    IntVector rEntry =
        rIndex
            .selectFrom(t0, t1)
            .blend(rIndex.selectFrom(t2, t3), rSecond)
            .blend(
                rIndex.selectFrom(t4, t5).blend(rIndex.selectFrom(t6, t7), rSecond),
                rSize.compare(GE, HIGH));
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
        r.mul(IntVector.fromArray(SPECIES, gh, go + 2 * GROUP))
            .add(16384)
            .lanewise(ASHR, 15)
            .add(s2);
    IntVector cSize = cWord.abs().min(LIMIT);
    IntVector cIndex = cSize.lanewise(ASHR, 8);
    VectorMask<Integer> cSecond = cSize.and(ODD).compare(NE, 0);
    IntVector cEntry =
        cIndex
            .selectFrom(t0, t1)
            .blend(cIndex.selectFrom(t2, t3), cSecond)
            .blend(
                cIndex.selectFrom(t4, t5).blend(cIndex.selectFrom(t6, t7), cSecond),
                cSize.compare(GE, HIGH));
    IntVector cSign = cWord.lanewise(ASHR, 31);
    IntVector c =
        cEntry
            .lanewise(LSHR, 16)
            .mul(cSize.and(255))
            .add(cEntry.and(0xffff).lanewise(LSHL, 8))
            .lanewise(ASHR, 9)
            .lanewise(XOR, cSign)
            .sub(cSign);
    IntVector zWord = s1.add(IntVector.fromArray(SPECIES, gh, go + GROUP));
    IntVector zSize = zWord.abs().min(LIMIT);
    IntVector zIndex = zSize.lanewise(ASHR, 8);
    VectorMask<Integer> zSecond = zSize.and(ODD).compare(NE, 0);
    IntVector zEntry =
        zIndex
            .selectFrom(t0, t1)
            .blend(zIndex.selectFrom(t2, t3), zSecond)
            .blend(
                zIndex.selectFrom(t4, t5).blend(zIndex.selectFrom(t6, t7), zSecond),
                zSize.compare(GE, HIGH));
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
    z.mul(IntVector.fromArray(SPECIES, h, u))
        .add(16384)
        .sub(z.mul(c))
        .lanewise(ASHR, 15)
        .add(c)
        .intoArray(h, u);
  }

  private static void requantise(IntegerLayer layer, int head, int[] y, int yo) {
    int[] heads = layer.ints();
    for (int o = 0; o < GROUP; o += V) {
      int at = head + o;
      IntVector.fromArray(SPECIES, y, yo + o)
          .lanewise(ASHR, layer.preShift())
          .mul(IntVector.fromArray(SPECIES, heads, at + GROUP))
          .add(IntVector.fromArray(SPECIES, heads, at + 2 * GROUP))
          .lanewise(ASHR, IntVector.fromArray(SPECIES, heads, at + 3 * GROUP))
          .max(layer.low())
          .min(layer.high())
          .intoArray(y, yo + o);
    }
  }
}
