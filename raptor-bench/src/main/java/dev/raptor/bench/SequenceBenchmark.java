package dev.raptor.bench;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Adam;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The student's network over a sequence, forward and backward, and the optimiser's step. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SequenceBenchmark {
  private static final RecurrentNetwork NETWORK = RecurrentNetwork.RAPTOR;
  private static final int STEPS = 20;
  private static final int LANES = 128;

  private final float[] parameters = NETWORK.initialise(RandomStreams.of(1));
  private final float[] gradient = new float[parameters.length];
  private final UnrolledNetwork unrolled = new UnrolledNetwork(NETWORK, STEPS, LANES);
  private final float[] moved = parameters.clone();
  private final Adam adam = new Adam(moved.length, 1e-7f);

  /** Floating-point operations of one call of a method; the backward pass has two products more. */
  static double flops(String method) {
    return switch (method) {
      case "sequenceForward" -> StepBenchmark.FLOPS * STEPS * LANES;
      case "sequenceForwardBackward" -> 3 * StepBenchmark.FLOPS * STEPS * LANES;
      default -> Double.NaN;
    };
  }

  /** Draws inputs, and checks the gradient of a weight of each layer against a difference. */
  @Setup
  public void setUp() {
    SplittableRandom random = RandomStreams.of(3);
    for (int i = 0; i < unrolled.inputs().length; i++) {
      unrolled.inputs()[i] = random.nextFloat(-1, 1);
    }
    for (int i = 0; i < unrolled.outputGradient().length; i++) {
      unrolled.outputGradient()[i] = 1f / unrolled.outputGradient().length;
    }
    sequenceForwardBackward();
    float h = 1e-2f;
    for (int at : new int[] {3, NETWORK.gruOffset() + 5, NETWORK.decoderOffset() + 7}) {
      float was = parameters[at];
      parameters[at] = was + h;
      double above = loss();
      parameters[at] = was - h;
      double difference = (above - loss()) / (2 * h);
      parameters[at] = was;
      Check.close("gradient " + at, gradient[at], difference);
    }
  }

  private double loss() {
    sequenceForward();
    double sum = 0;
    for (float output : unrolled.outputs()) {
      sum += output;
    }
    return sum / unrolled.outputs().length;
  }

  /** 20 steps of 128 lanes. */
  @Benchmark
  public float[] sequenceForward() {
    unrolled.begin();
    for (int t = 0; t < STEPS; t++) {
      unrolled.step(parameters, t);
    }
    return unrolled.outputs();
  }

  /** The same, and back through time. */
  @Benchmark
  public float[] sequenceForwardBackward() {
    sequenceForward();
    Arrays.fill(gradient, 0);
    unrolled.backward(parameters, gradient);
    return gradient;
  }

  /** One step of Adam over the student's 2084 parameters. */
  @Benchmark
  public float[] adam() {
    adam.update(moved, gradient, 1e-6f);
    return moved;
  }
}
