package dev.raptor.bench;

import dev.raptor.core.Policies;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.SimulatorGradient;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * The simulator, ns for each step of each vehicle, in a batch of {@value #LANES} sampled
 * quadrotors. Where there are two threads, each steps a batch of its own: twice the work in the
 * same time would be the same figure.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SimulatorBenchmark {
  static final int LANES = 64;

  private static final int STATE = Simulator.STATE_ROWS * LANES;

  /** As long as an episode. */
  private static final int STEPS = 500;

  private final SplittableRandom random = RandomStreams.of(1);
  private final Simulator simulator = new Simulator(LANES);
  private final SimulatorGradient gradient = new SimulatorGradient(simulator);
  private final float[] start = new float[STATE];
  private final float[] actions = new float[STEPS * Environment.ACTION_ROWS * LANES];
  private final float[] action = new float[Environment.ACTION_ROWS * LANES];
  private final float[] after = new float[STATE];
  private final float[] before = new float[STATE];
  private final float[] actionGradient = new float[Environment.ACTION_ROWS * LANES];
  private Flights hovering;
  private Flights moving;
  private Flights flown;
  private PolicyBatch policy;
  private int step;

  /** Draws the vehicles, where they start, and commands around those of hover. */
  @Setup
  public void setUp() {
    List<SampledQuadrotor> sampled = QuadrotorDistribution.sample(1, LANES);
    hovering = new Flights(sampled, ReferenceKind.HOVER);
    moving = new Flights(sampled, ReferenceKind.MIX);
    flown = new Flights(sampled, ReferenceKind.MIX);
    policy = Policies.pretrained().newBatch(LANES);
    for (int lane = 0; lane < LANES; lane++) {
      Quadrotor quadrotor = sampled.get(lane).quadrotor();
      simulator.assign(lane, quadrotor);
      double hover = 2 * quadrotor.hoverThrottle() - 1;
      for (int i = lane; i < actions.length; i += LANES) {
        actions[i] = (float) (hover + random.nextDouble(-0.1, 0.1));
      }
    }
    System.arraycopy(flown.environment.simulator().state(), 0, start, 0, STATE);
    for (int i = 0; i < STATE; i++) {
      after[i] = (float) random.nextGaussian();
    }
  }

  /** Dynamics alone. */
  @Benchmark
  @OperationsPerInvocation(LANES)
  public float[] dynamics() {
    nextAction();
    if (step == 0) {
      System.arraycopy(start, 0, simulator.state(), 0, STATE);
    }
    simulator.step(action);
    return simulator.state();
  }

  /** Dynamics alone, a batch on each of two threads. */
  @Benchmark
  @Threads(2)
  @OperationsPerInvocation(LANES)
  public float[] dynamicsOnTwoThreads() {
    return dynamics();
  }

  /** The gradient of a step by state and action; it repeats the step. */
  @Benchmark
  @OperationsPerInvocation(LANES)
  public float[] gradient() {
    nextAction();
    gradient.backward(start, 0, action, 0, after, before, actionGradient);
    return before;
  }

  /** Observation, step, reward, termination, and a reset where one is due. */
  @Benchmark
  @OperationsPerInvocation(LANES)
  public float[] environmentHover() {
    nextAction();
    hovering.step(action);
    return hovering.observation;
  }

  /** The same, half of the episodes after the Langevin reference. */
  @Benchmark
  @OperationsPerInvocation(LANES)
  public float[] environmentMix() {
    nextAction();
    moving.step(action);
    return moving.observation;
  }

  /** The same on each of two threads. */
  @Benchmark
  @Threads(2)
  @OperationsPerInvocation(LANES)
  public float[] environmentMixOnTwoThreads() {
    return environmentMix();
  }

  /** The same, flown by the policy in the jar. */
  @Benchmark
  @OperationsPerInvocation(LANES)
  public float[] closedLoop() {
    policy.step(flown.observation, action);
    flown.step(action);
    return flown.observation;
  }

  private void nextAction() {
    step = (step + 1) % STEPS;
    System.arraycopy(actions, step * action.length, action, 0, action.length);
  }

  private final class Flights {
    final Environment environment = new Environment(LANES);
    final float[] observation = new float[Environment.STUDENT_ROWS * LANES];
    final float[] reward = new float[LANES];
    final boolean[] terminated = new boolean[LANES];
    final ReferenceKind reference;

    Flights(List<SampledQuadrotor> sampled, ReferenceKind reference) {
      this.reference = reference;
      for (int lane = 0; lane < LANES; lane++) {
        environment.assign(lane, sampled.get(lane).quadrotor(), Task.training(sampled.get(lane)));
        environment.reset(lane, random, reference);
      }
      environment.observe(ObservationKind.RELATIVE, observation);
    }

    void step(float[] action) {
      environment.step(action, reward, terminated);
      for (int lane = 0; lane < LANES; lane++) {
        if (terminated[lane] || environment.steps(lane) >= STEPS) {
          environment.reset(lane, random, reference);
          if (this == flown) {
            policy.reset(lane);
          }
        }
      }
      environment.observe(ObservationKind.RELATIVE, observation);
    }
  }
}
