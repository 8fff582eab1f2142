package dev.raptor.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The network as one would write it down, with the JDK's functions. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PlainStepBenchmark {
  private final PlainStep plain = new PlainStep(StepBenchmark.policy().parameters());
  private final float[] observation = StepBenchmark.observation();
  private final float[] action = new float[4];

  /** One vehicle; the action goes into the observation. */
  @Benchmark
  public float[] one() {
    plain.step(observation, action);
    System.arraycopy(action, 0, observation, 18, 4);
    return action;
  }
}
