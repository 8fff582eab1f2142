package dev.raptor.bench;

import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One step of the policy for one vehicle, 64 and 1024; the action goes into the observation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StepBenchmark {
  private static final RecurrentNetwork NETWORK = RecurrentNetwork.RAPTOR;
  private static final int IN = NETWORK.inputs();
  private static final int OUT = NETWORK.outputs();

  /** Floating-point operations for one vehicle, activations not counted. */
  static final double FLOPS = 2.0 * (NETWORK.parameterCount() - 16 - 16 - 96 - 4);

  private final float[] observation = new float[IN];
  private final float[] action = new float[OUT];
  private PolicySession session;
  private Many few;
  private Many many;

  /** Draws the observations and checks the session and the batches against the plain twin. */
  @Setup
  public void setUp() {
    RecurrentPolicy policy = policy();
    session = policy.newSession();
    few = new Many(policy, 64);
    many = new Many(policy, 1024);
    System.arraycopy(observation(), 0, observation, 0, IN);
    for (int i = 0; i < IN; i++) {
      for (Many batch : new Many[] {few, many}) {
        for (int lane = 0; lane < batch.lanes; lane++) {
          batch.observations[i * batch.lanes + lane] = observation[i];
        }
      }
    }
    float[] plainObservation = observation();
    float[] plainAction = new float[OUT];
    PlainStep plain = new PlainStep(policy.parameters());
    for (int t = 0; t < 100; t++) {
      one();
      batch64();
      batch1024();
      plain.step(plainObservation, plainAction);
      System.arraycopy(plainAction, 0, plainObservation, IN - OUT, OUT);
      for (int i = 0; i < OUT; i++) {
        Check.close("session", action[i], plainAction[i]);
        Check.close("batch of 64", few.actions[i * 64 + 13], plainAction[i]);
        Check.close("batch of 1024", many.actions[i * 1024 + 700], plainAction[i]);
      }
    }
  }

  /** The policy of every benchmark of a step. */
  static RecurrentPolicy policy() {
    return new RecurrentPolicy(NETWORK, NETWORK.initialise(RandomStreams.of(1)), Map.of());
  }

  /** What every vehicle observes first. */
  static float[] observation() {
    SplittableRandom random = RandomStreams.of(2);
    float[] observation = new float[IN];
    for (int i = 0; i < IN; i++) {
      observation[i] = random.nextFloat(-1, 1);
    }
    return observation;
  }

  /** The vehicles of a method. */
  static int vehicles(String method) {
    return method.startsWith("batch") ? Integer.parseInt(method.substring("batch".length())) : 1;
  }

  /** A session's step. */
  @Benchmark
  public float[] one() {
    session.step(observation, action);
    System.arraycopy(action, 0, observation, IN - OUT, OUT);
    return action;
  }

  /** 64 vehicles. */
  @Benchmark
  public float[] batch64() {
    return few.step();
  }

  /** 1024 vehicles. */
  @Benchmark
  public float[] batch1024() {
    return many.step();
  }

  private static final class Many {
    final int lanes;
    final PolicyBatch batch;
    final float[] observations;
    final float[] actions;

    Many(RecurrentPolicy policy, int lanes) {
      this.lanes = lanes;
      batch = policy.newBatch(lanes);
      observations = new float[IN * lanes];
      actions = new float[OUT * lanes];
    }

    float[] step() {
      batch.step(observations, actions);
      System.arraycopy(actions, 0, observations, (IN - OUT) * lanes, OUT * lanes);
      return actions;
    }
  }
}
