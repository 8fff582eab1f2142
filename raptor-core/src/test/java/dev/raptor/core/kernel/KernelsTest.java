package dev.raptor.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector kernels give the scalar kernels' bits, and the scalar ones give the right numbers. */
class KernelsTest {
  private final Kernels scalar = new ScalarKernels();
  private final Kernels vector = KernelProvider.choose("vector");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 13, 16, 32, 63, 64, 207, 702})
  void denseAgreesBitForBit(int lanes) {
    for (int[] shape : new int[][] {{1, 1}, {4, 16}, {6, 7}, {13, 22}, {48, 16}, {64, 26}}) {
      int outputs = shape[0];
      int inputs = shape[1];
      float[] w = random(outputs * inputs + 3, 1);
      float[] b = random(outputs + 1, 2);
      for (int blocks : new int[] {0, 1, 3}) {
        float[] x = random(blocks * inputs * lanes + 5, 3);
        for (boolean relu : new boolean[] {false, true}) {
          float[] before = random(blocks * outputs * lanes + 4, 4);
          float[] expected = before.clone();
          float[] actual = before.clone();
          scalar.dense(outputs, inputs, lanes, blocks, w, 3, b, 1, x, 5, expected, 2, relu);
          vector.dense(outputs, inputs, lanes, blocks, w, 3, b, 1, x, 5, actual, 2, relu);
          assertThat(actual).containsExactly(expected);
          assertThat(Arrays.copyOf(expected, 2)).containsExactly(before[0], before[1]);
          int end = expected.length - 2;
          assertThat(expected[end]).isEqualTo(before[end]);
        }
        for (boolean add : new boolean[] {false, true}) {
          float[] dy = random(blocks * outputs * lanes + 2, 5);
          float[] expected = random(blocks * inputs * lanes + 7, 6);
          float[] actual = expected.clone();
          scalar.denseInputGradient(outputs, inputs, lanes, blocks, w, 3, dy, 2, expected, 5, add);
          vector.denseInputGradient(outputs, inputs, lanes, blocks, w, 3, dy, 2, actual, 5, add);
          assertThat(actual).containsExactly(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 13, 16, 32, 48, 63, 64, 207, 520, 702})
  void weightGradientAgreesBitForBit(int lanes) {
    for (int[] shape :
        new int[][] {{1, 1}, {4, 3}, {6, 7}, {5, 22}, {13, 29}, {48, 16}, {24, 70}}) {
      int outputs = shape[0];
      int inputs = shape[1];
      for (int blocks : new int[] {0, 1, 3, 19}) {
        float[] dy = random(blocks * outputs * lanes + 2, 7);
        float[] x = random(blocks * inputs * lanes + 5, 8);
        float[] expectedW = random(outputs * inputs + 1, 9);
        float[] actualW = expectedW.clone();
        float[] expectedB = random(outputs, 10);
        float[] actualB = expectedB.clone();
        scalar.denseWeightGradient(
            outputs, inputs, lanes, blocks, dy, 2, x, 5, expectedW, 1, expectedB, 0);
        vector.denseWeightGradient(
            outputs, inputs, lanes, blocks, dy, 2, x, 5, actualW, 1, actualB, 0);
        assertThat(actualW).containsExactly(expectedW);
        assertThat(actualB).containsExactly(expectedB);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 13, 16, 22, 63})
  void aDenseLayerOfASingleSampleAgreesBitForBitWithABlockOfOne(int inputs) {
    for (int outputs : new int[] {1, 4, 16, 17, 31, 48, 64, 112}) {
      float[] w = random(outputs * inputs, 20);
      float[] b = random(outputs, 21);
      float[] x = random(inputs, 22);
      float[] expected = new float[outputs];
      scalar.dense(outputs, inputs, 1, 1, w, 0, b, 0, x, 0, expected, 0, true);
      int width = Kernels.singleWidth(outputs);
      float[] packed = new float[3 + width * (1 + inputs)];
      pack(inputs, outputs, w, b, 0, 1, packed);
      for (Kernels kernels : new Kernels[] {scalar, vector}) {
        float[] actual = new float[width];
        kernels.denseSingle(width, inputs, packed, 3, x, actual);
        assertThat(Arrays.copyOf(actual, outputs)).containsExactly(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 13, 16, 17, 22, 32, 63})
  void aGruOfASingleSampleAgreesBitForBitWithABlockOfOne(int units) {
    for (int outputs : new int[] {1, 4, 17, 70}) {
      float[] wo = random(outputs * units, 20);
      float[] bo = random(outputs, 21);
      float[] wi = random(3 * units * 5, 22);
      float[] bi = random(3 * units, 23);
      float[] wh = random(3 * units * units, 24);
      float[] bh = random(3 * units, 25);
      float[] x = random(5, 26);
      for (int i = 0; i < x.length; i++) {
        x[i] *= outputs; // up to where the gates are clamped
      }
      float[] h = random(units, 27);
      float[] gi = new float[3 * units];
      float[] gh = new float[3 * units];
      float[] next = new float[units];
      float[] nextGates = new float[3 * units];
      float[] y = new float[outputs];
      scalar.dense(3 * units, 5, 1, 1, wi, 0, bi, 0, x, 0, gi, 0, false);
      scalar.dense(3 * units, units, 1, 1, wh, 0, bh, 0, h, 0, gh, 0, false);
      scalar.gruGates(units, gi, 0, gh, 0, h, 0, next, 0);
      scalar.dense(3 * units, units, 1, 1, wh, 0, bh, 0, next, 0, nextGates, 0, false);
      scalar.dense(outputs, units, 1, 1, wo, 0, bo, 0, next, 0, y, 0, false);

      int width = Kernels.singleWidth(units);
      int readWidth = Math.max(width, Kernels.singleWidth(outputs));
      float[] inputs = new float[3 + 3 * width * 6];
      float[] states = new float[3 + 4 * readWidth * (1 + units)];
      pack(units, outputs, wo, bo, 0, 4, states);
      for (int gate = 0; gate < 3; gate++) {
        int from = gate * units;
        int to = from + units;
        float[] w = Arrays.copyOfRange(wi, from * 5, to * 5);
        pack(5, units, w, Arrays.copyOfRange(bi, from, to), gate, 3, inputs);
        w = Arrays.copyOfRange(wh, from * units, to * units);
        pack(units, units, w, Arrays.copyOfRange(bh, from, to), 1 + gate, 4, states);
      }
      for (Kernels kernels : new Kernels[] {scalar, vector}) {
        float[] state = Arrays.copyOf(h, width);
        float[] last = new float[width];
        float[] read = new float[4 * readWidth];
        kernels.stateProducts(readWidth, units, states, 3, state, read);
        assertThat(part(read, units, 1, gh.length)).containsExactly(gh);
        float[] room = new float[Kernels.GATES_GROUP];
        kernels.gruSingle(width, 5, inputs, 3, x, room, read, state, last);
        assertThat(Arrays.copyOf(state, units)).containsExactly(next);
        assertThat(Arrays.copyOf(last, units)).containsExactly(h);
        kernels.stateProducts(readWidth, units, states, 3, state, read);
        assertThat(part(read, units, 1, gh.length)).containsExactly(nextGates);
        assertThat(part(read, outputs, 0, outputs)).containsExactly(y);
      }
    }
  }

  /** One part of each group, biases and weights, from 3 on. */
  private static void pack(
      int inputs, int outputs, float[] w, float[] b, int part, int parts, float[] packed) {
    for (int o = 0; o < outputs; o++) {
      int at = 3 + Kernels.singleIndex(o, part, parts * 16, 1 + inputs);
      packed[at] = b[o];
      for (int i = 0; i < inputs; i++) {
        packed[at + (1 + i) * parts * 16] = w[o * inputs + i];
      }
    }
  }

  /** From groups of four parts the first {@code n} numbers of parts of {@code units} each. */
  private static float[] part(float[] read, int units, int part, int n) {
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      int unit = i % units;
      numbers[i] = read[unit / 16 * 64 + (part + i / units) * 16 + unit % 16];
    }
    return numbers;
  }

  /** More terms than a panel holds at once, and sums that go on from one stretch to the next. */
  @ParameterizedTest
  @ValueSource(ints = {255, 256, 257, 702})
  void deepProductsAgreeBitForBit(int terms) {
    for (int few : new int[] {13, 24}) {
      for (int lanes : new int[] {23, 32, 64}) {
        float[] w = random(few * terms, 30);
        float[] b = random(few, 31);
        float[] x = random(2 * terms * lanes, 32);
        for (boolean flag : new boolean[] {false, true}) {
          float[] expected = random(2 * few * lanes, 33);
          float[] actual = expected.clone();
          scalar.dense(few, terms, lanes, 2, w, 0, b, 0, x, 0, expected, 0, flag);
          vector.dense(few, terms, lanes, 2, w, 0, b, 0, x, 0, actual, 0, flag);
          assertThat(actual).containsExactly(expected);
          expected = random(2 * few * lanes, 34);
          actual = expected.clone();
          scalar.denseInputGradient(terms, few, lanes, 2, w, 0, x, 0, expected, 0, flag);
          vector.denseInputGradient(terms, few, lanes, 2, w, 0, x, 0, actual, 0, flag);
          assertThat(actual).containsExactly(expected);
        }
      }
    }
  }

  /** A panel of either provider has the bits of dense over as many lanes. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 13, 16, 22, 63, 207})
  void aPanelAgreesBitForBit(int inputs) {
    for (int outputs : new int[] {1, 4, 6, 16, 48, 63}) {
      float[] w = random(outputs * inputs, 40);
      float[] b = random(outputs, 41);
      for (Kernels kernels : new Kernels[] {scalar, vector}) {
        int group = kernels.panelRows();
        int rows = (outputs + group - 1) / group * group;
        float[] packed = new float[3 + rows * (1 + inputs)];
        for (int o = 0; o < outputs; o++) {
          int first = 3 + o / group * group * (1 + inputs) + o % group;
          packed[first] = b[o];
          for (int i = 0; i < inputs; i++) {
            packed[first + group * (1 + i)] = w[o * inputs + i];
          }
        }
        int panel = Kernels.PANEL;
        float[] x = random(2 + inputs * panel, 42);
        for (boolean relu : new boolean[] {false, true}) {
          float[] expected = new float[outputs * panel];
          scalar.dense(outputs, inputs, panel, 1, w, 0, b, 0, x, 2, expected, 0, relu);
          for (int lanes : new int[] {1, 9, 16, 31, 32}) {
            float[] actual = new float[rows * panel];
            kernels.densePanel(outputs, inputs, lanes, packed, 3, x, 2, actual, relu);
            for (int o = 0; o < outputs; o++) {
              assertThat(Arrays.copyOfRange(actual, o * panel, o * panel + lanes))
                  .containsExactly(Arrays.copyOfRange(expected, o * panel, o * panel + lanes));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 7, 8, 16, 22, 63})
  void oneNumberThatIsNotFiniteIsFound(int n) {
    float[] x = random(n, 60);
    for (Kernels kernels : new Kernels[] {scalar, vector}) {
      assertThat(kernels.areFinite(x)).isTrue();
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        for (int i = 0; i < n; i++) {
          float[] spoilt = x.clone();
          Arrays.fill(spoilt, Float.MAX_VALUE);
          spoilt[i] = bad;
          assertThat(kernels.areFinite(spoilt)).isFalse();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 13, 16, 32, 63})
  void rowsAreCopiedAndNothingElse(int n) {
    float[] from = random(5 * 70, 50);
    float[] expected = random(5 * 80, 51);
    float[] actual = expected.clone();
    scalar.copyRows(5, n, from, 2, 66, expected, 3, 75);
    vector.copyRows(5, n, from, 2, 66, actual, 3, 75);
    assertThat(actual).containsExactly(expected);
    for (int i = 0; i < n; i++) {
      assertThat(expected[3 + 2 * 75 + i]).isEqualTo(from[2 + 2 * 66 + i]);
    }
  }

  @Test
  void denseIsTheMatrixProduct() {
    float[] w = {1, 2, 3, 4, 5, 6};
    float[] b = {10, -100};
    float[] x = {1, 0, 0, 1, 2, 2};
    float[] y = new float[4];
    scalar.dense(2, 3, 2, 1, w, 0, b, 0, x, 0, y, 0, false);
    assertThat(y).containsExactly(17, 18, -84, -83);
    scalar.dense(2, 3, 2, 1, w, 0, b, 0, x, 0, y, 0, true);
    assertThat(y).containsExactly(17, 18, 0, 0);
    float[] dx = new float[6];
    scalar.denseInputGradient(2, 3, 2, 1, w, 0, new float[] {1, 0, 0, 1}, 0, dx, 0, false);
    assertThat(dx).containsExactly(1, 4, 2, 5, 3, 6);
    float[] dw = new float[6];
    float[] db = new float[2];
    scalar.denseWeightGradient(2, 3, 2, 1, new float[] {1, 0, 0, 1}, 0, x, 0, dw, 0, db, 0);
    assertThat(dw).containsExactly(1, 0, 2, 0, 1, 2);
    assertThat(db).containsExactly(1, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 13, 63, 207, 702})
  void elementwiseKernelsAgreeBitForBit(int n) {
    float[] x = random(n, 11);
    for (int i = 0; i < n; i++) {
      x[i] *= 8;
    }
    float[] expected = new float[n];
    float[] actual = new float[n];
    scalar.tanh(n, x, 0, expected, 0);
    vector.tanh(n, x, 0, actual, 0);
    assertThat(actual).containsExactly(expected);

    float[] gates = random(3 * n + 1, 12);
    float[] stateGates = random(3 * n, 13);
    float[] h = random(n, 14);
    float[] gates2 = gates.clone();
    float[] next = new float[n];
    float[] next2 = new float[n];
    scalar.gruGates(n, gates, 1, stateGates, 0, h, 0, next, 0);
    vector.gruGates(n, gates2, 1, stateGates, 0, h, 0, next2, 0);
    assertThat(gates2).containsExactly(gates);
    assertThat(next2).containsExactly(next);

    float[] stateGates2 = stateGates.clone();
    float[] dh = new float[n];
    float[] dh2 = new float[n];
    float[] dNext = random(n, 15);
    scalar.gruGatesBackward(n, gates, 1, stateGates, 0, h, 0, dNext, 0, dh, 0);
    vector.gruGatesBackward(n, gates2, 1, stateGates2, 0, h, 0, dNext, 0, dh2, 0);
    assertThat(gates2).containsExactly(gates);
    assertThat(stateGates2).containsExactly(stateGates);
    assertThat(dh2).containsExactly(dh);

    float[] y = random(n, 16);
    float[] dy = random(n, 17);
    float[] dy2 = dy.clone();
    scalar.reluBackward(n, y, 0, dy, 0);
    vector.reluBackward(n, y, 0, dy2, 0);
    assertThat(dy2).containsExactly(dy);
    scalar.tanhBackward(n, y, 0, dy, 0);
    vector.tanhBackward(n, y, 0, dy2, 0);
    assertThat(dy2).containsExactly(dy);

    float[] p = random(n, 18);
    float[] g = random(n, 19);
    float[] m = new float[n];
    float[] v = new float[n];
    float[] p2 = p.clone();
    float[] m2 = m.clone();
    float[] v2 = v.clone();
    for (int step = 0; step < 3; step++) {
      scalar.adam(n, p, g, m, v, 0.9f, 0.999f, 0.01f, 1.5f, 1e-7f);
      vector.adam(n, p2, g, m2, v2, 0.9f, 0.999f, 0.01f, 1.5f, 1e-7f);
    }
    assertThat(p2).containsExactly(p);
    assertThat(m2).containsExactly(m);
    assertThat(v2).containsExactly(v);
  }

  @Test
  void tanhIsTanhWithinItsBound() {
    for (float x = -20; x <= 20; x += 1e-4f) {
      float y = Tanh.tanh(x);
      assertThat(Math.abs(y - Math.tanh(x))).isLessThan(1.2e-6);
      assertThat(Math.abs(y)).isLessThan(1);
      assertThat(Math.abs(Tanh.sigmoid(x) - 1 / (1 + Math.exp(-x)))).isLessThan(7e-7);
    }
  }

  @Test
  void notANumberStaysOne() {
    float[] x = new float[40];
    Arrays.fill(x, Float.NaN);
    float[] y = new float[40];
    vector.tanh(40, x, 0, y, 0);
    for (float value : y) {
      assertThat(value).isNaN();
    }
    assertThat(Tanh.tanh(Float.NaN)).isNaN();
  }

  @Test
  void theForcedProviderIsTheOneThatRuns() {
    assertThat(KernelProvider.choose("scalar")).isInstanceOf(ScalarKernels.class);
    assertThat(KernelProvider.choose("vector").name()).startsWith("vector");
    assertThat(Kernels.active().name())
        .startsWith(System.getProperty(KernelProvider.PROPERTY, "vector"));
    assertThatThrownBy(() -> KernelProvider.choose("gpu"))
        .hasMessageContaining("'gpu'")
        .hasMessageContaining("auto, vector and scalar");
  }

  private static float[] random(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }
}
