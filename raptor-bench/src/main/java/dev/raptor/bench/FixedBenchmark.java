package dev.raptor.bench;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.fixed.FixedSession;
import dev.raptor.core.fixed.quantise.CalibrationData;
import dev.raptor.core.fixed.quantise.Quantiser;
import dev.raptor.core.fixed.quantise.Scales;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.util.Arrays;
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

/**
 * One step of the policy in float and in both fixed-point formats, for one vehicle, 64 and 1024;
 * the action goes into the observation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FixedBenchmark {
  private static final RecurrentNetwork NETWORK = RecurrentNetwork.RAPTOR;
  private static final int IN = NETWORK.inputs();
  private static final int OUT = NETWORK.outputs();
  private static final int FLIGHTS = 4;
  private static final int STEPS = 25;

  private Flight inFloat;
  private Flight in16x8;
  private Flight in8x8;
  private FixedSession words;
  private final short[] observation = new short[IN];
  private final short[] action = new short[OUT];

  /** Draws a policy, brings it to integers and checks these against the float one. */
  @Setup
  public void setUp() {
    RecurrentPolicy policy =
        new RecurrentPolicy(NETWORK, NETWORK.initialise(RandomStreams.of(1)), Map.of());
    SplittableRandom random = RandomStreams.of(2);
    float[] observations = new float[STEPS * IN * FLIGHTS];
    for (int i = 0; i < observations.length; i++) {
      observations[i] = (float) random.nextGaussian();
    }
    int[] lengths = new int[FLIGHTS];
    Arrays.fill(lengths, STEPS);
    CalibrationData recording = new CalibrationData(FLIGHTS, STEPS, IN, lengths, observations);
    FixedPolicy wide = quantise(policy, FixedFormat.W8A16, recording);
    inFloat = new Flight(policy);
    in16x8 = new Flight(wide);
    in8x8 = new Flight(quantise(policy, FixedFormat.W8A8, recording));
    words = wide.newSession();
    for (int t = 0; t < 100; t++) {
      inFloat.step();
      in16x8.step();
      in8x8.step();
    }
    for (int i = 0; i < OUT; i++) {
      if (Math.abs(inFloat.action[i] - in16x8.action[i]) > 0.02
          || Math.abs(inFloat.action[i] - in8x8.action[i]) > 0.1) {
        throw new IllegalStateException("the integers fly elsewhere");
      }
    }
  }

  private static FixedPolicy quantise(
      RecurrentPolicy policy, FixedFormat format, CalibrationData recording) {
    Quantiser quantiser = new Quantiser(policy, format, recording);
    // To calibrate would heat the kernels' innards one by one, before any kernel is compiled whole:
    // a queue of which the compiler may still be at work when the time is taken.
    int[] bits = new int[IN];
    Arrays.fill(bits, 12);
    Scales scales = new Scales(bits, 12, 8.0 / format.featureLimit(), 8);
    return quantiser.quantise(policy.parameters(), scales, Map.of());
  }

  /** A float session. */
  @Benchmark
  public float[] floatOne() {
    return inFloat.step();
  }

  /** A 16x8 session, from floats to floats. */
  @Benchmark
  public float[] w8a16One() {
    return in16x8.step();
  }

  /** A 16x8 session, from words to words. */
  @Benchmark
  public short[] w8a16Words() {
    words.step(observation, action);
    System.arraycopy(action, 0, observation, IN - OUT, OUT);
    return action;
  }

  /** An 8x8 session, from floats to floats. */
  @Benchmark
  public float[] w8a8One() {
    return in8x8.step();
  }

  /** 64 vehicles in float. */
  @Benchmark
  public float[] floatBatch64() {
    return inFloat.few.step();
  }

  /** 64 vehicles in 16x8. */
  @Benchmark
  public float[] w8a16Batch64() {
    return in16x8.few.step();
  }

  /** 64 vehicles in 8x8. */
  @Benchmark
  public float[] w8a8Batch64() {
    return in8x8.few.step();
  }

  /** 1024 vehicles in float. */
  @Benchmark
  public float[] floatBatch1024() {
    return inFloat.many.step();
  }

  /** 1024 vehicles in 16x8. */
  @Benchmark
  public float[] w8a16Batch1024() {
    return in16x8.many.step();
  }

  /** 1024 vehicles in 8x8. */
  @Benchmark
  public float[] w8a8Batch1024() {
    return in8x8.many.step();
  }

  private static final class Flight {
    final PolicySession session;
    final Many few;
    final Many many;
    final float[] observation = new float[IN];
    final float[] action = new float[OUT];

    Flight(Policy policy) {
      session = policy.newSession();
      few = new Many(policy, 64);
      many = new Many(policy, 1024);
      SplittableRandom random = RandomStreams.of(3);
      for (int i = 0; i < IN; i++) {
        observation[i] = random.nextFloat(-1, 1);
        Arrays.fill(few.observations, i * 64, (i + 1) * 64, observation[i]);
        Arrays.fill(many.observations, i * 1024, (i + 1) * 1024, observation[i]);
      }
    }

    float[] step() {
      session.step(observation, action);
      System.arraycopy(action, 0, observation, IN - OUT, OUT);
      return action;
    }
  }

  private static final class Many {
    final int lanes;
    final PolicyBatch batch;
    final float[] observations;
    final float[] actions;

    Many(Policy policy, int lanes) {
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
