package dev.raptor.bench;

import dev.raptor.core.RandomStreams;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The products of {@link DenseBenchmark}, without biases, by EJML; samples are rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EjmlDenseBenchmark {
  /** Outputs, inputs and samples. */
  @Param({"64x64x2048", "64x64x8192", "64x64x16384", "1024x1024x1024"})
  public String shape;

  private FMatrixRMaj w;
  private FMatrixRMaj x;
  private FMatrixRMaj y;
  private FMatrixRMaj dy;
  private FMatrixRMaj dw;

  /** Draws the operands and checks some numbers of each product. */
  @Setup
  public void setUp() {
    String[] sides = shape.split("x");
    int outputs = Integer.parseInt(sides[0]);
    int inputs = Integer.parseInt(sides[1]);
    int samples = Integer.parseInt(sides[2]);
    SplittableRandom random = RandomStreams.of(1);
    w = draw(inputs, outputs, random);
    x = draw(samples, inputs, random);
    y = draw(samples, outputs, random);
    dy = draw(samples, outputs, random);
    dw = draw(outputs, inputs, random);
    forward();
    weightGradient();
    for (int draw = 0; draw < 100; draw++) {
      int o = random.nextInt(outputs);
      int i = random.nextInt(inputs);
      int s = random.nextInt(samples);
      double sum = 0;
      for (int k = 0; k < inputs; k++) {
        sum += x.get(s, k) * w.get(k, o);
      }
      Check.close("forward", y.get(s, o), sum);
      sum = 0;
      for (int k = 0; k < samples; k++) {
        sum += dy.get(k, o) * x.get(k, i);
      }
      Check.close("weight gradient", dw.get(o, i), sum, samples);
    }
  }

  private static FMatrixRMaj draw(int rows, int columns, SplittableRandom random) {
    FMatrixRMaj matrix = new FMatrixRMaj(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, random.nextFloat(-1, 1));
      }
    }
    return matrix;
  }

  /** {@code y = x W}. */
  @Benchmark
  public FMatrixRMaj forward() {
    CommonOps_FDRM.mult(x, w, y);
    return y;
  }

  /** {@code dW = dyᵀ x}. */
  @Benchmark
  public FMatrixRMaj weightGradient() {
    CommonOps_FDRM.multTransA(dy, x, dw);
    return dw;
  }
}
