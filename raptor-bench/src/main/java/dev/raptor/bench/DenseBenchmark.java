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
  private static final int LANES = Kernels.PANEL;

  /** Outputs, inputs and samples; samples are the lanes of blocks, as the learners hold them. */
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
    blocks = samples / LANES;
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
      int l = random.nextInt(LANES);
      double sum = b[o];
      for (int k = 0; k < inputs; k++) {
        sum += w[o * inputs + k] * x[(t * inputs + k) * LANES + l];
      }
      Check.close("forward", y[(t * outputs + o) * LANES + l], sum);
      sum = 0;
      for (int k = 0; k < outputs; k++) {
        sum += w[k * inputs + i] * dy[(t * outputs + k) * LANES + l];
      }
      Check.close("input gradient", dx[(t * inputs + i) * LANES + l], sum);
      sum = 0;
      for (int k = 0; k < samples; k++) {
        sum +=
            dy[(k / LANES * outputs + o) * LANES + k % LANES]
                * x[(k / LANES * inputs + i) * LANES + k % LANES];
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
    kernels.dense(outputs, inputs, LANES, blocks, w, 0, b, 0, x, 0, y, 0, false);
    return y;
  }

  /** {@code dx = Wᵀ dy}. */
  @Benchmark
  public float[] inputGradient() {
    kernels.denseInputGradient(outputs, inputs, LANES, blocks, w, 0, dy, 0, dx, 0, false);
    return dx;
  }

  /** {@code dW += dy xᵀ}. */
  @Benchmark
  public float[] weightGradient() {
    kernels.denseWeightGradient(outputs, inputs, LANES, blocks, dy, 0, x, 0, dw, 0, db, 0);
    return dw;
  }
}
