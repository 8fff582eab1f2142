package dev.raptor.rl;

import dev.raptor.core.RandomStreams;
import dev.raptor.rl.run.RunConfig;
import dev.raptor.rl.run.TrainingVehicles;
import dev.raptor.rl.student.DistillationConfig;
import dev.raptor.rl.student.FlightConditions;
import dev.raptor.rl.student.RefinementConfig;
import dev.raptor.rl.teacher.ApgConfig;
import dev.raptor.rl.teacher.PpoConfig;
import dev.raptor.rl.teacher.Teacher;
import dev.raptor.rl.teacher.TeacherMethod;
import dev.raptor.sim.vehicle.QuadrotorRanges;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;

/** Configurations that learn nothing, but quickly. */
public final class Tiny {
  private Tiny() {}

  public static RunConfig run(TeacherMethod method) {
    return new RunConfig(
        3,
        new TrainingVehicles.Drawn(QuadrotorRanges.PAPER),
        3,
        method,
        ppo(),
        ppo(),
        ppo(),
        apg(3),
        apg(1),
        distillation(3, 3),
        refinement(2, 2));
  }

  /** Two iterations. */
  public static PpoConfig ppo() {
    return ppo(16, 16, 256).withTotalSteps(2 * 256);
  }

  public static PpoConfig ppo(int environments, int horizon, int minibatch) {
    PpoConfig some = PpoConfig.DEFAULT;
    return new PpoConfig(
        environments,
        horizon,
        some.totalSteps(),
        some.epochs(),
        minibatch,
        some.gamma(),
        some.lambda(),
        some.clip(),
        some.actorLearningRate(),
        some.criticLearningRate(),
        some.finalLearningRate(),
        some.targetKl(),
        some.initialStd(),
        some.entropyCoefficient(),
        some.maxGradientNorm(),
        some.langevinShare(),
        0.3f);
  }

  public static ApgConfig apg(int updates) {
    return new ApgConfig(8, 10, updates, 1e-3f, 0.99f, 1, 1, 0.3f);
  }

  public static DistillationConfig distillation(int epochs, int updatesPerEpoch) {
    return new DistillationConfig(
        16, epochs, updatesPerEpoch, 1, 10, 2, 4, 4, 3e-3f, 1, 0.5f, 0.5f);
  }

  public static RefinementConfig refinement(int epochs, int updatesPerEpoch) {
    return new RefinementConfig(
        epochs,
        updatesPerEpoch,
        10,
        2,
        8,
        1e-3f,
        300,
        1,
        RefinementConfig.FlightMix.DEFAULT,
        FlightConditions.DEFAULT,
        RefinementConfig.DEFAULT.cost(),
        0.9f,
        0.1f);
  }

  /** Untrained: each holds about the throttle at which its quadrotor hovers. */
  public static List<Teacher> teachers(List<SampledQuadrotor> quadrotors) {
    return quadrotors.stream()
        .map(
            quadrotor ->
                new Teacher(
                    quadrotor.index(),
                    Teacher.initialise(
                        quadrotor.quadrotor(), RandomStreams.of(1, quadrotor.index()))))
        .toList();
  }
}
