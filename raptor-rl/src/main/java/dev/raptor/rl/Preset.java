package dev.raptor.rl;

/** How much a training run spends. */
public enum Preset {
  /** Minutes: enough to see everything work, and a student that flies most quadrotors. */
  SMOKE(16, 800_000, 600, 40),
  /** Under an hour on two cores: a student to fly with. */
  LAPTOP(200, 1_200_000, 2000, 300),
  /** All 1000 quadrotors of the paper. */
  FULL(1000, 1_200_000, 3000, 1000);

  private static final int UPDATES_PER_EPOCH = 500;
  private static final int FORCED_SHARE = 30;

  private final int teachers;
  private final PpoConfig ppo;
  private final ApgConfig generic;
  private final DistillationConfig distillation;

  Preset(int teachers, long ppoSteps, int genericUpdates, int epochs) {
    this.teachers = teachers;
    ppo = PpoConfig.DEFAULT.withTotalSteps(ppoSteps);
    generic = ApgConfig.GENERIC.withUpdates(genericUpdates);
    distillation =
        new DistillationConfig(
            16, epochs, UPDATES_PER_EPOCH, epochs / FORCED_SHARE, 25, 2, 4, 3e-3f, 1f, 0.5f, 0.5f);
  }

  /** A run of this size. */
  public RunConfig config(TeacherMethod method, long seed) {
    return new RunConfig(seed, teachers, method, ppo, generic, ApgConfig.FINE_TUNING, distillation);
  }
}
