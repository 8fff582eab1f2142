package dev.raptor.bench;

import dev.raptor.core.RandomStreams;


import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The products of {@link DenseBenchmark}, without biases, by another library; samples are rows.
 *
 * @param <M> its matrix
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class PeerDenseBenchmark<M> {
  /** Outputs, inputs and samples. */
  @Param({"64x64x2048", "64x64x8192", "64x64x16384", "1024x1024x1024"})
  public String shape;

  /** Weights, {@code [inputs][outputs]}. */
  M w;

  M x;
  M y;
  M dy;

  /** Gradient of the weights, {@code [outputs][inputs]}. */
  M dw;

  /** A matrix of zeros. */
  abstract M make(int rows, int columns);

  abstract void set(M matrix, int row, int column, float value);

  abstract float get(M matrix, int row, int column);

  /** {@code y = x W}. */
  public abstract M forward();

  /** {@code dW = dyᵀ x}. */
  public abstract M weightGradient();

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
    dy = draw(samples, outputs, random);
    y = make(samples, outputs);
    dw = make(outputs, inputs);
    forward();
    weightGradient();
    for (int draw = 0; draw < 100; draw++) {
      int o = random.nextInt(outputs);
      int i = random.nextInt(inputs);
      int s = random.nextInt(samples);
      double sum = 0;
      for (int k = 0; k < inputs; k++) {
        sum += get(x, s, k) * get(w, k, o);
      }
      Check.close("forward", get(y, s, o), sum);
      sum = 0;
      for (int k = 0; k < samples; k++) {
        sum += get(dy, k, o) * get(x, k, i);
      }
      Check.close("weight gradient", get(dw, o, i), sum, samples);
    }
  }

  private M draw(int rows, int columns, SplittableRandom random) {
    M matrix = make(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        set(matrix, r, c, random.nextFloat(-1, 1));
      }
    }
    return matrix;
  }
}
