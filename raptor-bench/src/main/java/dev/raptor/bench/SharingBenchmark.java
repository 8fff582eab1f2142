package dev.raptor.bench;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** One policy, a session for each thread: the step of a thread while another steps too. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SharingBenchmark {
  /** What threads share. */
  @State(Scope.Benchmark)
  public static class Shared {
    final Policy policy = StepBenchmark.policy();

    /** Compiles the step before two threads race to it. */
    @Setup
    public void warmUp() {
      policy.warmUp();
    }
  }

  /** What each has of its own. */
  @State(Scope.Thread)
  public static class Own {
    final float[] observation = new float[22];
    final float[] action = new float[4];
    PolicySession session;

    float[] step(Policy policy) {
      if (session == null) {
        session = policy.newSession();
      }
      session.step(observation, action);
      System.arraycopy(action, 0, observation, 18, 4);
      return action;
    }
  }

  /** One thread. */
  @Benchmark
  @Threads(1)
  public float[] oneThread(Shared shared, Own own) {
    return own.step(shared.policy);
  }

  /** Two threads. */
  @Benchmark
  @Threads(2)
  public float[] twoThreads(Shared shared, Own own) {
    return own.step(shared.policy);
  }
}
