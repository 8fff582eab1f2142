package dev.raptor.bench;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.kernel.Kernels;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A dense layer's three matrix products, in the shapes of teachers and student. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DenseBenchmark {
  private static final int LANES = 128;

  /**
   * Outputs, inputs and samples. Samples are the lanes of one block up to 1024, and beyond that
   * those of blocks of 128, as the learners hold them.
   */
  @Param({
    "16x22x128",
    "48x16x128",
    "64x26x256",
    "64x64x128",
    "64x64x256",
    "64x64x2048",
    "64x64x8192",
    "64x64x16384",
    "1024x1024x1024"
  })
  public String shape;

  private final Kernels kernels = Kernels.active();
  private int outputs;
  private int inputs;
  private int lanes;
  private int blocks;
  private float[] w;
  private float[] b;
  private float[] x;
  private float[] y;
  private float[] dx;
  private float[] dy;
  private float[] dw;
  private float[] db;

  /** Draws the operands and checks some numbers of each product. */
  @Setup
  public void setUp() {
    String[] sides = shape.split("x");
    outputs = Integer.parseInt(sides[0]);
    inputs = Integer.parseInt(sides[1]);
    int samples = Integer.parseInt(sides[2]);
    lanes = samples > 1024 ? LANES : samples;
    blocks = samples / lanes;
    SplittableRandom random = RandomStreams.of(1);
    w = draw(outputs * inputs, random);
    b = draw(outputs, random);
    x = draw(inputs * samples, random);
    dy = draw(outputs * samples, random);
    y = new float[outputs * samples];
    dx = new float[inputs * samples];
    dw = new float[outputs * inputs];
    db = new float[outputs];
    forward();
    inputGradient();
    weightGradient();
    for (int draw = 0; draw < 100; draw++) {
      int o = random.nextInt(outputs);
      int i = random.nextInt(inputs);
      int t = random.nextInt(blocks);
      int l = random.nextInt(lanes);
      double sum = b[o];
      for (int k = 0; k < inputs; k++) {
        sum += w[o * inputs + k] * x[(t * inputs + k) * lanes + l];
      }
      Check.close("forward", y[(t * outputs + o) * lanes + l], sum);
      sum = 0;
      for (int k = 0; k < outputs; k++) {
        sum += w[k * inputs + i] * dy[(t * outputs + k) * lanes + l];
      }
      Check.close("input gradient", dx[(t * inputs + i) * lanes + l], sum);
      sum = 0;
      for (int k = 0; k < samples; k++) {
        sum +=
            dy[(k / lanes * outputs + o) * lanes + k % lanes]
                * x[(k / lanes * inputs + i) * lanes + k % lanes];
      }
      Check.close("weight gradient", dw[o * inputs + i], sum, samples);
    }
  }

  private static float[] draw(int n, SplittableRandom random) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }

  /** {@code y = W x + b}. */
  @Benchmark
  public float[] forward() {
    for (int t = 0; t < blocks; t++) {
      int xo = t * inputs * lanes;
      kernels.dense(outputs, inputs, lanes, w, 0, b, 0, x, xo, y, t * outputs * lanes, false);
    }
    return y;
  }

  /** {@code dx = Wᵀ dy}. */
  @Benchmark
  public float[] inputGradient() {
    for (int t = 0; t < blocks; t++) {
      int dyo = t * outputs * lanes;
      kernels.denseInputGradient(
          outputs, inputs, lanes, w, 0, dy, dyo, dx, t * inputs * lanes, false);
    }
    return dx;
  }

  /** {@code dW += dy xᵀ}. */
  @Benchmark
  public float[] weightGradient() {
    kernels.denseWeightGradient(
        outputs, inputs, lanes, blocks, dy, 0, outputs * lanes, x, 0, inputs * lanes, dw, 0, db, 0);
    return dw;
  }
}
