package dev.raptor.bench;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Activation;
import dev.raptor.core.network.Adam;
import dev.raptor.core.network.Mlp;
import dev.raptor.rl.student.Distillation;
import dev.raptor.rl.student.DistillationConfig;
import dev.raptor.rl.student.StudentTraining;
import dev.raptor.rl.teacher.Ppo;
import dev.raptor.rl.teacher.PpoConfig;
import dev.raptor.rl.teacher.Teacher;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The cost of training in nanoseconds a sample on one core; 1e9 over that is samples a second.
 *
 * <ul>
 *   <li>{@code ppoUpdate}: a minibatch through actor and critic, forward and backward, and Adam;
 *   <li>{@code ppo}: an environment step of PPO, all included: flight, advantages, updates;
 *   <li>{@code distillation}: a step of imitation, all included: flight, the teacher's label,
 *       truncated backpropagation through time and Adam.
 * </ul>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrainingBenchmark {
  private static final int LANES = 128;
  private static final int MINIBATCH = 256;

  /** 8 batches of the default size. */
  private static final int PPO_STEPS = 32_768;

  private static final int UPDATES = 10;
  private static final int CHUNK = 25;
  private static final int GROUPS = 16;
  private static final int GROUP_LANES = 4;
  private static final int DISTILLATION_STEPS = UPDATES * CHUNK * GROUPS * GROUP_LANES;

  private static final Mlp CRITIC =
      Mlp.of(Activation.TANH, Activation.IDENTITY, Teacher.ACTOR.inputs(), 64, 64, 1);

  /** Multiply-adds of a pass forward, weights alone, twice: a pass backward takes double that. */
  private static final double ACTOR_FLOPS = 2 * (29 * 64 + 64 * 64 + 64 * 4);

  private static final double CRITIC_FLOPS = 2 * (29 * 64 + 64 * 64 + 64);
  private static final double STUDENT_FLOPS = 2 * (22 * 16 + 2 * 16 * 48 + 16 * 4);

  private final SampledQuadrotor quadrotor = QuadrotorDistribution.sample(1, 1).get(0);
  private final Mlp.Workspace actor = Teacher.ACTOR.workspace(LANES);
  private final Mlp.Workspace critic = CRITIC.workspace(LANES);
  private final float[] actorParameters = new float[Teacher.ACTOR.parameterCount()];
  private final float[] criticParameters = new float[CRITIC.parameterCount()];
  private final float[] actorGradient = new float[actorParameters.length];
  private final float[] criticGradient = new float[criticParameters.length];
  private final Adam actorAdam = new Adam(actorParameters.length, 1e-5f);
  private final Adam criticAdam = new Adam(criticParameters.length, 1e-5f);
  private final float[] observations = new float[Teacher.ACTOR.inputs() * MINIBATCH];
  private Distillation distillation;

  /** Floating-point operations of a sample. */
  static double flops(String benchmark) {
    return switch (benchmark) {
      case "ppoUpdate" -> 3 * (ACTOR_FLOPS + CRITIC_FLOPS);
      case "ppo" -> (1 + 3 * PpoConfig.DEFAULT.epochs()) * (ACTOR_FLOPS + CRITIC_FLOPS);
      case "distillation" -> 3 * STUDENT_FLOPS + ACTOR_FLOPS;
      default ->
          throw new IllegalArgumentException(
              "no flops are known of %s, allowed: ppoUpdate, ppo, distillation"
                  .formatted(benchmark));
    };
  }

  /** Untrained networks; eight quadrotors with a teacher each. */
  @Setup
  public void setUp() {
    Teacher.ACTOR.initialiseOrthogonal(actorParameters, 1.4f, 0.01f, RandomStreams.of(1));
    CRITIC.initialiseOrthogonal(criticParameters, 1.4f, 1, RandomStreams.of(2));
    for (int i = 0; i < observations.length; i++) {
      observations[i] = (float) Math.sin(i);
    }
    List<SampledQuadrotor> quadrotors = QuadrotorDistribution.sample(1, GROUPS);
    distillation =
        new Distillation(
            quadrotors,
            IntStream.range(0, GROUPS).mapToObj(i -> new Teacher(i, actorParameters)).toList(),
            IntStream.range(0, GROUPS).mapToObj(i -> new float[3]).toList(),
            new DistillationConfig(
                16, 1_000_000, UPDATES, 0, CHUNK, 1, GROUPS, GROUP_LANES, 1e-3f, 1f, 0.5f, 0.5f),
            1);
  }

  /** A minibatch, in blocks of the default number of environments. */
  @Benchmark
  @OperationsPerInvocation(MINIBATCH)
  public float ppoUpdate() {
    for (int at = 0; at < observations.length; at += Teacher.ACTOR.inputs() * LANES) {
      actor.forward(actorParameters, 0, observations, at);
      critic.forward(criticParameters, 0, observations, at);
      System.arraycopy(actor.output(), 0, actor.outputGradient(), 0, actor.output().length);
      System.arraycopy(critic.output(), 0, critic.outputGradient(), 0, critic.output().length);
      actor.backward(actorParameters, 0, actorGradient, 0, null);
      critic.backward(criticParameters, 0, criticGradient, 0, null);
    }
    Adam.clip(actorGradient, 1);
    Adam.clip(criticGradient, 1);
    actorAdam.update(actorParameters, actorGradient, 1e-6f);
    criticAdam.update(criticParameters, criticGradient, 1e-6f);
    return actorParameters[0];
  }

  /** A short training from scratch. */
  @Benchmark
  @OperationsPerInvocation(PPO_STEPS)
  public Teacher ppo() {
    return Ppo.train(quadrotor, PpoConfig.DEFAULT.withTotalSteps(PPO_STEPS), 1, progress -> {});
  }

  /** Some updates of one tile, on this thread alone. */
  @Benchmark
  @OperationsPerInvocation(DISTILLATION_STEPS)
  public StudentTraining.Progress distillation() {
    return distillation.runEpoch();
  }
}
