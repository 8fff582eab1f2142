package dev.raptor.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector integer kernels give the scalar ones' bits, and these the right numbers. */
class IntegerKernelsTest {
  private final IntegerKernels scalar = new ScalarIntegerKernels();
  private final IntegerKernels vector = KernelProvider.chooseInteger("vector");
  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 16, 21, 22})
  void singlesGiveTheNumbersOfTheirFormula(int inputs) {
    for (int outputs : new int[] {1, 4, 16, 21, 48, 64, 144, 189}) {
      int[] weights = words(inputs * outputs, 127);
      Arrays.fill(weights, 0, inputs, Byte.MIN_VALUE);
      int[] x = words(inputs, 32767);
      IntegerLayer dense = layer(inputs, outputs, weights, 16);
      IntegerLayer few = layer(inputs, outputs, weights, IntegerKernels.FEW_GROUP);
      int[] expected = new int[outputs];
      for (int o = 0; o < outputs; o++) {
        int sum = bias(o) + 8;
        for (int i = 0; i < inputs; i++) {
          sum += weights[o * inputs + i] * x[i];
        }
        int scaled = (sum >> 4) * multiplier(o) + (1 << shift(o) - 1) >> shift(o);
        expected[o] = Math.clamp(scaled, -700, 32767);
      }
      for (IntegerKernels kernels : new IntegerKernels[] {scalar, vector}) {
        int[] y = new int[Kernels.padded(outputs, 16)];
        dense(kernels, inputs, dense, x, y);
        assertThat(Arrays.copyOf(y, outputs)).containsExactly(expected);
        if (outputs % 3 == 0) {
          int units = outputs / 3;
          y = new int[3 * Kernels.singleWidth(units)];
          kernels.gatesSingle(
              Kernels.singleWidth(units), inputs, layer(inputs, outputs, weights, 48), x, y);
          for (int o = 0; o < outputs; o++) {
            int unit = o % units;
            assertThat(y[unit / 16 * 48 + o / units * 16 + unit % 16]).isEqualTo(expected[o]);
          }
        }
        short[] words = new short[Kernels.padded(outputs, IntegerKernels.FEW_GROUP)];
        kernels.fewSingle(outputs, inputs, few, x, words);
        for (int o = 0; o < outputs; o++) {
          assertThat(words[o]).isEqualTo((short) expected[o]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 16, 21, 22})
  void densePanelGivesWhatDenseSingleGives(int inputs) {
    for (IntegerKernels kernels : new IntegerKernels[] {scalar, vector}) {
      int panel = kernels.panel();
      for (int outputs : new int[] {1, 4, 6, 16, 48}) {
        IntegerLayer layer = layer(inputs, outputs, words(inputs * outputs, 127), 16);
        int[] x = words(3 + inputs * panel, 32767);
        int[] y = words(layer.panelGroups() * IntegerLayer.PANEL_ROWS * panel, 9);
        kernels.densePanel(layer, x, 3, y);
        int[] one = new int[inputs];
        int[] single = new int[(outputs + 15) / 16 * 16];
        for (int lane = 0; lane < panel; lane++) {
          for (int i = 0; i < inputs; i++) {
            one[i] = x[3 + i * panel + lane];
          }
          dense(scalar, inputs, layer, one, single);
          for (int o = 0; o < outputs; o++) {
            assertThat(y[o * panel + lane]).isEqualTo(single[o]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 13, 16, 17, 32, 63})
  void aGruOfASingleSampleGivesWhatItsPartsGive(int units) {
    int inputs = 11;
    int[] wi = words(3 * units * inputs, 127);
    int[] wh = words(3 * units * units, 127);
    int[] x = words(inputs, 32767);
    int[] before = words(units, 32767);
    int[] table = table();
    int[] gi = new int[Kernels.singleWidth(3 * units)];
    int[] gh = new int[gi.length];
    int[] expected = before.clone();
    dense(scalar, inputs, layer(inputs, 3 * units, wi, 16), x, gi);
    dense(scalar, units, layer(units, 3 * units, wh, 16), before, gh);
    scalar.gruGates(units, gi, gh, 0, table, expected, 0);
    int width = Kernels.singleWidth(units);
    for (IntegerKernels kernels : new IntegerKernels[] {scalar, vector}) {
      int[] h = Arrays.copyOf(before, width);
      int[] room = new int[3 * width];
      int[] stateGates = new int[3 * width];
      kernels.gatesSingle(width, units, layer(units, 3 * units, wh, 48), h, stateGates);
      IntegerLayer gates = layer(inputs, 3 * units, wi, 48);
      kernels.gruSingle(width, inputs, gates, x, room, stateGates, table, h);
      assertThat(Arrays.copyOf(h, units)).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 13, 16, 20, 64, 207})
  void gatesAgree(int n) {
    int[] gi = words(3 * n, 65535);
    int[] gh = words(3 * n, 65535);
    int[] h = words(5 + n, 32767);
    // The ends: every product and sum must fit 32 bits there.
    gi[0] = -65535;
    gh[0] = -65535;
    gi[n] = 65535;
    gh[n] = 65535;
    gi[2 * n] = 65535;
    gh[2 * n] = 65535;
    h[5] = -32767;
    int[] gi2 = gi.clone();
    int[] gh2 = gh.clone();
    int[] h2 = h.clone();
    scalar.gruGates(n, gi, gh, 0, table(), h, 5);
    vector.gruGates(n, gi2, gh2, 0, table(), h2, 5);
    assertThat(h2).containsExactly(h);
    for (int word : h) {
      assertThat(word).isBetween(-32767, 32767);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 13, 16, 22, 704})
  void wordsAgreeAndRoundHalvesToTheEvenWord(int n) {
    float[] x = new float[n];
    float[] scales = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
      scales[i] = Math.scalb(1f, random.nextInt(0, 20));
    }
    short[] expected = new short[n];
    short[] actual = new short[n];
    assertThat(scalar.quantise(n, x, scales, expected)).isTrue();
    assertThat(vector.quantise(n, x, scales, actual)).isTrue();
    assertThat(actual).containsExactly(expected);
    for (int i = 0; i < n; i++) {
      double exact = Math.rint((double) x[i] * scales[i]);
      assertThat(expected[i]).isEqualTo((short) Math.clamp(exact, -32767, 32767));
    }
  }

  @Test
  void wordsTellOfEveryNumberThatIsNotFinite() {
    float[] scales = new float[37];
    Arrays.fill(scales, 1);
    for (IntegerKernels kernels : new IntegerKernels[] {scalar, vector}) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        for (int i = 0; i < scales.length; i++) {
          float[] x = new float[scales.length];
          x[i] = bad;
          assertThat(kernels.quantise(x.length, x, scales, new short[x.length])).isFalse();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 8, 15, 16, 31, 32})
  void rowsOfPanelsAreWordsAndFloatsOfTheirNumbers(int lanes) {
    for (IntegerKernels kernels : new IntegerKernels[] {scalar, vector}) {
      int panel = kernels.panel();
      int n = Math.min(panel, lanes);
      int rows = 5;
      int stride = n + 3;
      float[] scales = {1, 1024, 8192, 1 << 20, 0.125f};
      float[] x = new float[2 + rows * stride];
      for (int i = 0; i < x.length; i++) {
        x[i] = i % 17 == 3 ? Float.NaN : (float) random.nextGaussian();
      }
      int[] words = new int[rows * panel];
      float[] y = new float[x.length];
      kernels.wordRows(rows, n, x, 2, stride, scales, words);
      kernels.floatRows(rows, n, words, 0.5f, y, 2, stride);
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < stride; i++) {
          int word = i < n ? ScalarIntegerKernels.word(x[2 + r * stride + i], scales[r]) : 0;
          assertThat(i < panel ? words[r * panel + i] : 0).isEqualTo(word);
          assertThat(y[2 + r * stride + i]).isEqualTo(word * 0.5f);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 13, 16, 20, 64})
  void shortenedWordsAgree(int n) {
    int[] x = words(3 + n, 32767);
    x[3] = 32767;
    int[] expected = new int[n + 1];
    int[] actual = new int[n + 1];
    scalar.requantise(n, 8, 127, x, 3, expected, 1);
    vector.requantise(n, 8, 127, x, 3, actual, 1);
    assertThat(actual).containsExactly(expected);
    assertThat(actual[1]).isEqualTo(127);
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
    Arrays.fill(ones, 1);
    for (IntegerKernels kernels : new IntegerKernels[] {scalar, vector}) {
      short[] y = new short[x.length];
      kernels.quantise(x.length, x, ones, y);
      assertThat(y)
          .containsExactly(
              32767, -32767, 32767, -32767, 0, 0, 0, 0, 2, 0, -2, 32767, 32767, -32767);
    }
  }

  @Test
  void theRoundingIsToTheNearestHalvesUpwards() {
    // One input of weight 1: y = rsh(rsh(x, 1) 1, 1).
    int[] one = {1};
    IntegerLayer layer = IntegerLayer.of(1, one, new int[1], 1, one, one, -9, 9, 16);
    int[][] expected = {
      {0, 0}, {1, 1}, {2, 1}, {4, 1}, {5, 2}, {-1, 0}, {-3, 0}, {-4, -1}, {-6, -1}
    };
    for (int[] pair : expected) {
      int[] y = new int[16];
      dense(scalar, 1, layer, new int[] {pair[0]}, y);
      assertThat(y[0]).as("of %d", pair[0]).isEqualTo(pair[1]);
    }
  }

  private static void dense(
      IntegerKernels kernels, int inputs, IntegerLayer layer, int[] x, int[] y) {
    short[] words = new short[inputs];
    for (int i = 0; i < inputs; i++) {
      words[i] = (short) x[i];
    }
    kernels.denseSingle(y.length, inputs, layer, words, new int[inputs], y);
  }

  /** No entry is like another, so that none can be taken for another. */
  private static int[] table() {
    int[] table = new int[IntegerKernels.TABLE];
    for (int k = 0; k < table.length; k++) {
      int from = 32767 * k / table.length;
      int rise = 32767 * (k + 1) / table.length - from;
      table[k] = 2 * rise << 16 | 2 * from + 1;
    }
    return table;
  }

  private IntegerLayer layer(int inputs, int outputs, int[] weights, int group) {
    int[] biases = new int[outputs];
    int[] multipliers = new int[outputs];
    int[] shifts = new int[outputs];
    for (int o = 0; o < outputs; o++) {
      biases[o] = bias(o);
      multipliers[o] = multiplier(o);
      shifts[o] = shift(o);
    }
    return IntegerLayer.of(inputs, weights, biases, 4, multipliers, shifts, -700, 32767, group);
  }

  private static int bias(int output) {
    return (output * 7919 & (1 << 21) - 1) - (1 << 20);
  }

  private static int multiplier(int output) {
    return 128 + output * 37 % 128;
  }

  private static int shift(int output) {
    return 8 + output % 10;
  }

  private int[] words(int n, int limit) {
    int[] words = new int[n];
    for (int i = 0; i < n; i++) {
      words[i] = random.nextInt(-limit, limit + 1);
    }
    return words;
  }
}
