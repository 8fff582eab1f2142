package dev.raptor.rl.run;

import dev.raptor.rl.student.DistillationConfig;
import dev.raptor.rl.student.RefinementConfig;
import dev.raptor.rl.teacher.ApgConfig;
import dev.raptor.rl.teacher.PpoConfig;
import dev.raptor.rl.teacher.TeacherMethod;
import dev.raptor.sim.vehicle.QuadrotorRanges;

/** A size of training run, with all its hyper-parameters. */
public enum Preset {
  /** Minutes: enough to see everything work, and a student that flies most quadrotors. */
  SMOKE(16, 3_000_000, 200_000, 600, 40, 6),
  /** Under an hour on two cores: a student to fly with. */
  LAPTOP(200, 32_000_000, 300_000, 2000, 200, 40),
  /** All 1000 quadrotors of the paper. */
  FULL(1000, 32_000_000, 300_000, 3000, 200, 160);

  private static final int UPDATES_PER_EPOCH = 500;
  private static final int FORCED_SHARE = 30;

  private final int quadrotors;
  private final PpoConfig genericPpo;
  private final PpoConfig ppo;
  private final PpoConfig weakPpo;
  private final ApgConfig genericApg;
  private final DistillationConfig distillation;
  private final RefinementConfig refinement;

  Preset(
      int quadrotors,
      long genericPpoSteps,
      long ppoSteps,
      int genericUpdates,
      int epochs,
      int refinementEpochs) {
    this.quadrotors = quadrotors;
    genericPpo = PpoConfig.GENERIC.withTotalSteps(genericPpoSteps);
    ppo = PpoConfig.FINE_TUNING.withTotalSteps(ppoSteps);
    weakPpo = PpoConfig.WEAK_FINE_TUNING.withTotalSteps(2 * ppoSteps);
    genericApg = ApgConfig.GENERIC.withUpdates(genericUpdates);
    distillation =
        new DistillationConfig(
            16,
            epochs,
            UPDATES_PER_EPOCH,
            epochs / FORCED_SHARE,
            25,
            2,
            16,
            4,
            3e-3f,
            1f,
            0.5f,
            0.5f);
    refinement = RefinementConfig.DEFAULT.withEpochs(refinementEpochs);
  }

  /** A run of this size. */
  public RunConfig config(TeacherMethod method, long seed) {
    return new RunConfig(
        seed,
        new TrainingVehicles.Drawn(QuadrotorRanges.PAPER),
        quadrotors,
        method,
        genericPpo,
        ppo,
        weakPpo,
        genericApg,
        ApgConfig.FINE_TUNING,
        distillation,
        refinement);
  }
}
