package dev.raptor.bench;

import dev.raptor.core.RandomStreams;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ojalgo.matrix.store.R032Store;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The products of {@link DenseBenchmark}, without biases, by ojAlgo; samples are rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OjalgoDenseBenchmark {
  /** Outputs, inputs and samples. */
  @Param({"64x64x2048", "64x64x8192", "64x64x16384", "1024x1024x1024"})
  public String shape;

  private R032Store w;
  private R032Store x;
  private R032Store y;
  private R032Store dy;
  private R032Store dw;

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
        sum += x.floatValue(s, k) * w.floatValue(k, o);
      }
      Check.close("forward", y.floatValue(s, o), sum);
      sum = 0;
      for (int k = 0; k < samples; k++) {
        sum += dy.floatValue(k, o) * x.floatValue(k, i);
      }
      Check.close("weight gradient", dw.floatValue(o, i), sum, samples);
    }
  }

  private static R032Store draw(int rows, int columns, SplittableRandom random) {
    R032Store matrix = R032Store.FACTORY.make(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, random.nextFloat(-1, 1));
      }
    }
    return matrix;
  }

  /** {@code y = x W}. */
  @Benchmark
  public R032Store forward() {
    y.fillByMultiplying(x, w);
    return y;
  }

  /** {@code dW = dyᵀ x}. */
  @Benchmark
  public R032Store weightGradient() {
    dw.fillByMultiplying(dy.transpose(), x);
    return dw;
  }
}
