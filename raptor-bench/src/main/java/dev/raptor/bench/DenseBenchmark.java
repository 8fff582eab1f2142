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
  /** Outputs, inputs and lanes. */
  @Param({"64x64x128", "64x64x256", "64x26x256", "48x16x128", "16x22x128"})
  public String shape;

  private final Kernels kernels = Kernels.active();
  private int outputs;
  private int inputs;
  private int lanes;
  private float[] w;
  private float[] b;
  private float[] x;
  private float[] y;
  private float[] dx;
  private float[] dy;
  private float[] dw;
  private float[] db;

  /** Floating-point operations of one call, biases not counted. */
  static double flops(String shape) {
    double flops = 2;
    for (String side : shape.split("x")) {
      flops *= Integer.parseInt(side);
    }
    return flops;
  }

  /** Draws the operands and checks some numbers of each product. */
  @Setup
  public void setUp() {
    String[] sides = shape.split("x");
    outputs = Integer.parseInt(sides[0]);
    inputs = Integer.parseInt(sides[1]);
    lanes = Integer.parseInt(sides[2]);
    SplittableRandom random = RandomStreams.of(1);
    w = draw(outputs * inputs, random);
    b = draw(outputs, random);
    x = draw(inputs * lanes, random);
    dy = draw(outputs * lanes, random);
    y = new float[outputs * lanes];
    dx = new float[inputs * lanes];
    dw = new float[outputs * inputs];
    db = new float[outputs];
    forward();
    inputGradient();
    weightGradient();
    for (int draw = 0; draw < 100; draw++) {
      int o = random.nextInt(outputs);
      int i = random.nextInt(inputs);
      int l = random.nextInt(lanes);
      double sum = b[o];
      for (int k = 0; k < inputs; k++) {
        sum += w[o * inputs + k] * x[k * lanes + l];
      }
      Check.close("forward", y[o * lanes + l], sum);
      sum = 0;
      for (int k = 0; k < outputs; k++) {
        sum += w[k * inputs + i] * dy[k * lanes + l];
      }
      Check.close("input gradient", dx[i * lanes + l], sum);
      sum = 0;
      for (int k = 0; k < lanes; k++) {
        sum += dy[o * lanes + k] * x[i * lanes + k];
      }
      Check.close("weight gradient", dw[o * inputs + i], sum);
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
    kernels.dense(outputs, inputs, lanes, w, 0, b, 0, x, 0, y, 0, false);
    return y;
  }

  /** {@code dx = Wᵀ dy}. */
  @Benchmark
  public float[] inputGradient() {
    kernels.denseInputGradient(outputs, inputs, lanes, w, 0, dy, 0, dx, 0, false);
    return dx;
  }

  /** {@code dW += dy xᵀ}. */
  @Benchmark
  public float[] weightGradient() {
    kernels.denseWeightGradient(
        outputs, inputs, lanes, 1, dy, 0, outputs * lanes, x, 0, inputs * lanes, dw, 0, db, 0);
    return dw;
  }
}
