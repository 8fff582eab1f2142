package dev.raptor.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every gradient against central differences of an obvious double-precision twin, and the forward
 * pass against the twin itself.
 */
class GradientTest {
  private static final double STEP = 1e-5;

  @ParameterizedTest
  @CsvSource({"RELU, 19", "TANH, 19", "IDENTITY, 19", "TANH, 32", "RELU, 64"})
  void mlpGradients(Activation activation, int lanes) {
    Mlp mlp = Mlp.of(activation, Activation.TANH, 5, 9, 7, 3);
    SplittableRandom random = RandomStreams.of(1, activation.ordinal());
    float[] p = new float[mlp.parameterCount()];
    mlp.initialiseOrthogonal(p, 1.4f, 0.8f, random);
    for (int i = 0; i < p.length; i++) {
      p[i] += random.nextFloat(-0.1f, 0.1f);
    }
    float[] x = uniform(5 * lanes, random);
    float[] dOut = uniform(3 * lanes, random);

    Mlp.Workspace workspace = mlp.workspace(lanes);
    workspace.forward(p, 0, x, 0);
    double[] twin = naive(mlp, toDouble(p), toDouble(x), lanes);
    for (int i = 0; i < twin.length; i++) {
      assertThat((double) workspace.output()[i]).isCloseTo(twin[i], within(5e-6));
    }
    System.arraycopy(dOut, 0, workspace.outputGradient(), 0, dOut.length);
    float[] gradient = new float[p.length];
    float[] dx = new float[x.length];
    workspace.backward(p, 0, gradient, 0, dx);

    check(gradient, p, q -> dot(naive(mlp, q, toDouble(x), lanes), dOut));
    check(dx, x, q -> dot(naive(mlp, toDouble(p), q, lanes), dOut));
  }

  @Test
  void studentGradientsOverASequenceWithResets() {
    checkStudent(null, null);
  }

  /** On grids so coarse that many are clamped: back it goes as if each rounding were a constant. */
  @Test
  void studentGradientsStraightThroughRoundings() {
    checkStudent(new UniformQuantiser(0.05f, 0, 12), new UniformQuantiser(0.03f, -8, 8));
  }

  private static void checkStudent(UniformQuantiser featureGrid, UniformQuantiser stateGrid) {
    int steps = 9;
    int lanes = 18;
    RecurrentNetwork network = RecurrentNetwork.RAPTOR;
    SplittableRandom random = RandomStreams.of(2);
    float[] p = network.initialise(random);
    UnrolledNetwork unrolled = new UnrolledNetwork(network, steps, lanes, featureGrid, stateGrid);
    float[] x = uniform(steps * 22 * lanes, random);
    boolean[] resets = new boolean[steps * lanes];
    resets[3 * lanes + 2] = true;
    resets[5 * lanes + 7] = true;
    resets[lanes + 17] = true;
    System.arraycopy(x, 0, unrolled.inputs(), 0, x.length);
    unrolled.begin();
    for (int t = 0; t < steps; t++) {
      for (int lane = 0; lane < lanes; lane++) {
        if (resets[t * lanes + lane]) {
          unrolled.reset(t, lane);
        }
      }
      unrolled.step(p, t);
    }
    Seen seen = new Seen(featureGrid, stateGrid);
    double[] twin = naive(network, toDouble(p), x, steps, lanes, resets, seen);
    if (featureGrid != null) {
      assertThat(seen.clamped()).isBetween(0.1, 0.5);
    }
    for (int i = 0; i < twin.length; i++) {
      assertThat((double) unrolled.outputs()[i]).isCloseTo(twin[i], within(5e-6));
    }
    float[] dOut = uniform(steps * 4 * lanes, random);
    System.arraycopy(dOut, 0, unrolled.outputGradient(), 0, dOut.length);
    float[] gradient = new float[p.length];
    unrolled.backward(p, gradient);

    check(gradient, p, q -> dot(naive(network, q, x, steps, lanes, resets, seen.again()), dOut));
  }

  @Test
  void aGridHasTheNearest() {
    float[] x = {0, 0.24f, 0.26f, -0.26f, 0.75f, 1.3f, -1.3f, 9};
    float[] y = new float[8];
    UniformQuantiser grid = new UniformQuantiser(0.5f, -1, 2);
    grid.round(8, x, 0, y, 0);
    assertThat(y).containsExactly(0, 0, 0.5f, -0.5f, 1, 1, -0.5f, 1);
    float[] gradient = {1, 2, 3, 4, 5, 6, 7, 8};
    grid.backward(8, x, 0, gradient, 0);
    assertThat(gradient).containsExactly(1, 2, 3, 4, 5, 0, 0, 0);
  }

  @Test
  void adamMovesByTheLearningRateAtFirst() {
    float[] p = {1, 1, 1};
    Adam adam = new Adam(3, 1e-8f);
    adam.update(p, new float[] {0.5f, -20, 0}, 0.1f);
    assertThat(p[0]).isCloseTo(0.9f, within(1e-6f));
    assertThat(p[1]).isCloseTo(1.1f, within(1e-6f));
    assertThat(p[2]).isEqualTo(1);
    float[] gradient = {3, 4, 0};
    assertThat(Adam.clip(gradient, 1)).isEqualTo(5);
    assertThat(gradient[0]).isCloseTo(0.6f, within(1e-6f));
  }

  @Test
  void orthogonalRowsAndColumns() {
    Mlp mlp = Mlp.of(Activation.RELU, Activation.IDENTITY, 5, 12, 3);
    float[] p = new float[mlp.parameterCount()];
    mlp.initialiseOrthogonal(p, 2, 0.5f, RandomStreams.of(3));
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        double dot = 0;
        for (int r = 0; r < 12; r++) {
          dot += p[r * 5 + a] * p[r * 5 + b];
        }
        assertThat(dot).isCloseTo(a == b ? 4 : 0, within(1e-5));
      }
    }
  }

  private static void check(float[] gradient, float[] at, ToDoubleFunction<double[]> loss) {
    double[] q = toDouble(at);
    for (int i = 0; i < q.length; i++) {
      double centre = q[i];
      q[i] = centre + STEP;
      double up = loss.applyAsDouble(q);
      q[i] = centre - STEP;
      double down = loss.applyAsDouble(q);
      q[i] = centre;
      double expected = (up - down) / (2 * STEP);
      assertThat((double) gradient[i])
          .as("gradient %d", i)
          .isCloseTo(expected, within(2e-4 * (1 + Math.abs(expected))));
    }
  }

  private static double[] naive(Mlp mlp, double[] p, double[] x, int lanes) {
    double[] in = x;
    for (int layer = 0; layer < mlp.layers().size(); layer++) {
      in = naive(mlp.layers().get(layer), p, mlp.offset(layer), in, 0, lanes);
    }
    return in;
  }

  private static double[] naive(Dense dense, double[] p, int at, double[] x, int xo, int lanes) {
    double[] y = new double[dense.outputs() * lanes];
    for (int o = 0; o < dense.outputs(); o++) {
      for (int l = 0; l < lanes; l++) {
        double sum = p[at + dense.biasOffset() + o];
        for (int i = 0; i < dense.inputs(); i++) {
          sum += p[at + o * dense.inputs() + i] * x[xo + i * lanes + l];
        }
        y[o * lanes + l] =
            switch (dense.activation()) {
              case IDENTITY -> sum;
              case RELU -> Math.max(0, sum);
              case TANH -> Math.tanh(sum);
            };
      }
    }
    return y;
  }

  private static double[] naive(
      RecurrentNetwork network,
      double[] p,
      float[] x,
      int steps,
      int lanes,
      boolean[] resets,
      Seen seen) {
    int hidden = network.hidden();
    Dense inputLayer = network.gru().inputLayer();
    double[] input = toDouble(x);
    double[] h = new double[hidden * lanes];
    double[] out = new double[steps * network.outputs() * lanes];
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < h.length; i++) {
        h[i] = resets[t * lanes + i % lanes] ? 0 : h[i];
      }
      double[] e = naive(network.encoder(), p, 0, input, t * network.inputs() * lanes, lanes);
      double[] gi = naive(inputLayer, p, network.gruOffset(), seen.features(e), 0, lanes);
      int stateAt = network.gruOffset() + inputLayer.parameterCount();
      double[] gh = naive(network.gru().stateLayer(), p, stateAt, seen.state(h), 0, lanes);
      int n = hidden * lanes;
      for (int i = 0; i < n; i++) {
        double r = 1 / (1 + Math.exp(-gi[i] - gh[i]));
        double z = 1 / (1 + Math.exp(-gi[n + i] - gh[n + i]));
        double c = Math.tanh(gi[2 * n + i] + r * gh[2 * n + i]);
        h[i] = (1 - z) * c + z * h[i];
      }
      double[] y = naive(network.decoder(), p, network.decoderOffset(), seen.state(h), 0, lanes);
      System.arraycopy(y, 0, out, t * y.length, y.length);
    }
    return out;
  }

  /**
   * What matrices see: at first numbers of the grids, later what is as far from another number, or
   * the same where it was clamped.
   */
  private static final class Seen {
    private final UniformQuantiser featureGrid;
    private final UniformQuantiser stateGrid;
    private final List<Double> offsets = new ArrayList<>();
    private final List<Boolean> clamped = new ArrayList<>();
    private int next;

    Seen(UniformQuantiser featureGrid, UniformQuantiser stateGrid) {
      this.featureGrid = featureGrid;
      this.stateGrid = stateGrid;
    }

    Seen again() {
      next = 0;
      return this;
    }

    double clamped() {
      return (double) clamped.stream().filter(c -> c).count() / clamped.size();
    }

    double[] features(double[] x) {
      return see(featureGrid, x);
    }

    double[] state(double[] x) {
      return see(stateGrid, x);
    }

    private double[] see(UniformQuantiser grid, double[] x) {
      if (grid == null) {
        return x;
      }
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++, next++) {
        if (next == offsets.size()) {
          double nearest = Math.rint(x[i] / grid.step());
          double multiple = Math.clamp(nearest, grid.least(), grid.most());
          clamped.add(multiple != nearest);
          offsets.add(grid.step() * multiple - (multiple == nearest ? x[i] : 0));
        }
        y[i] = offsets.get(next) + (clamped.get(next) ? 0 : x[i]);
      }
      return y;
    }
  }

  private static double dot(double[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] toDouble(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = values[i];
    }
    return out;
  }

  private static float[] uniform(int n, SplittableRandom random) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }
}
