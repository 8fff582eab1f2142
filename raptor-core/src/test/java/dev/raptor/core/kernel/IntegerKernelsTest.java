package dev.raptor.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector integer kernels give the scalar ones' bits, and these the right numbers. */
class IntegerKernelsTest {
  private static final int WIDTH = 48;

  private final IntegerKernels scalar = new ScalarIntegerKernels();
  private final IntegerKernels vector = KernelProvider.chooseInteger("vector");
  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 16, 21, 22})
  void denseSingleAgrees(int inputs) {
    for (int width : new int[] {16, 32, 48, 64, 96, 144}) {
      int[] w = packed(inputs, width, 3);
      int[] x = words(inputs, 32767);
      int[] expected = words(width, 9);
      int[] actual = words(width, 9);
      scalar.denseSingle(width, inputs, w, 3, 4, -700, 32767, x, expected);
      vector.denseSingle(width, inputs, w, 3, 4, -700, 32767, x, actual);
      assertThat(actual).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 13, 16, 64, 207})
  void denseAgrees(int lanes) {
    for (int outputs : new int[] {1, 4, 6, 16, 48}) {
      int inputs = 22;
      int[] w = packed(inputs, WIDTH, 0);
      int[] x = words(inputs * lanes, 32767);
      int[] expected = new int[outputs * lanes];
      int[] actual = new int[outputs * lanes];
      scalar.dense(outputs, inputs, lanes, WIDTH, w, 0, 4, -700, 32767, x, expected);
      vector.dense(outputs, inputs, lanes, WIDTH, w, 0, 4, -700, 32767, x, actual);
      assertThat(actual).containsExactly(expected);

      int[] single = new int[WIDTH];
      int[] one = new int[inputs];
      for (int i = 0; i < inputs; i++) {
        one[i] = x[i * lanes + lanes / 2];
      }
      scalar.denseSingle(WIDTH, inputs, w, 0, 4, -700, 32767, one, single);
      for (int o = 0; o < outputs; o++) {
        assertThat(actual[o * lanes + lanes / 2]).isEqualTo(single[o]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 13, 16, 20, 64, 207})
  void gatesAgree(int n) {
    for (int shift : new int[] {8, 9}) {
      int[] table = new int[1 << 15 - shift];
      for (int k = 0; k < table.length; k++) {
        table[k] = 32766 * k / table.length << 16 | 32766 / table.length;
      }
      int[] gi = words(3 * n, 65535);
      int[] gh = words(3 * n, 65535);
      int[] h = words(n, 32767);
      // The ends: every product and sum must fit 32 bits there.
      gi[0] = -65535;
      gh[0] = -65535;
      gi[n] = 65535;
      gh[n] = 65535;
      gi[2 * n] = 65535;
      gh[2 * n] = 65535;
      h[0] = -32767;
      int[] gi2 = gi.clone();
      int[] gh2 = gh.clone();
      int[] h2 = h.clone();
      scalar.gruGates(n, gi, gh, table, shift, h);
      vector.gruGates(n, gi2, gh2, table, shift, h2);
      assertThat(h2).containsExactly(h);
      for (int word : h) {
        assertThat(word).isBetween(-32767, 32767);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 13, 16, 22, 704})
  void wordsAgreeAndRoundHalvesToTheEvenWord(int n) {
    float[] x = new float[n + 2];
    float[] scales = new float[n];
    for (int i = 0; i < n; i++) {
      x[2 + i] = (float) random.nextGaussian();
      scales[i] = Math.scalb(1f, random.nextInt(0, 20));
    }
    int[] expected = new int[n];
    int[] actual = new int[n];
    scalar.words(n, x, 2, scales, expected, 0);
    vector.words(n, x, 2, scales, actual, 0);
    assertThat(actual).containsExactly(expected);
    for (int i = 0; i < n; i++) {
      double exact = Math.rint((double) x[2 + i] * scales[i]);
      assertThat(expected[i]).isEqualTo((int) Math.clamp(exact, -32767, 32767));
    }
  }

  @Test
  void wordsSaturateAtTheEnds() {
    float[] x = {
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN,
      -0f,
      Float.MIN_VALUE,
      0.5f,
      1.5f,
      -0.5f,
      -1.5f,
      32767.4f,
      32767.5f,
      -32768f
    };
    float[] ones = new float[x.length];
    java.util.Arrays.fill(ones, 1);
    for (IntegerKernels kernels : new IntegerKernels[] {scalar, vector}) {
      int[] y = new int[x.length];
      kernels.words(x.length, x, 0, ones, y, 0);
      assertThat(y)
          .containsExactly(
              32767, -32767, 32767, -32767, 0, 0, 0, 0, 2, 0, -2, 32767, 32767, -32767);
    }
  }

  @Test
  void theRoundingIsToTheNearestHalvesUpwards() {
    // One input of weight 1: y = rsh(rsh(x, 1) 1, 1).
    int[] w = new int[16 * 5];
    w[0] = 1;
    w[16] = 1;
    w[32] = 1;
    w[48] = 1;
    w[64] = 1;
    int[][] expected = {
      {0, 0}, {1, 1}, {2, 1}, {4, 1}, {5, 2}, {-1, 0}, {-3, 0}, {-4, -1}, {-6, -1}
    };
    for (int[] pair : expected) {
      int[] y = new int[16];
      scalar.denseSingle(16, 1, w, 0, 1, -9, 9, new int[] {pair[0]}, y);
      assertThat(y[0]).as("of %d", pair[0]).isEqualTo(pair[1]);
    }
  }

  private int[] packed(int inputs, int width, int offset) {
    int[] w = new int[offset + (IntegerKernels.HEADER_ROWS + inputs) * width];
    for (int o = 0; o < width; o++) {
      int shift = random.nextInt(8, 18);
      w[offset + o] = random.nextInt(-1 << 20, 1 << 20);
      w[offset + width + o] = random.nextInt(128, 256);
      w[offset + 2 * width + o] = 1 << shift - 1;
      w[offset + 3 * width + o] = shift;
      for (int i = 0; i < inputs; i++) {
        w[offset + (IntegerKernels.HEADER_ROWS + i) * width + o] = random.nextInt(-127, 128);
      }
    }
    return w;
  }

  private int[] words(int n, int limit) {
    int[] words = new int[n];
    for (int i = 0; i < n; i++) {
      words[i] = random.nextInt(-limit, limit + 1);
    }
    return words;
  }
}
