package dev.raptor.rl;

/** How much a training run spends. */
public enum Preset {
  /** Minutes: enough to see everything work, and a student that flies most quadrotors. */
  SMOKE(24, 800_000, 40, 1),
  /** Under an hour on two cores: a student to fly with. */
  LAPTOP(200, 1_200_000, 160, 5),
  /** All 1000 quadrotors of the paper. */
  FULL(1000, 1_200_000, 400, 5);

  private static final int UPDATES_PER_EPOCH = 250;

  private final int teachers;
  private final PpoConfig ppo;
  private final DistillationConfig distillation;

  Preset(int teachers, long steps, int epochs, int forcedEpochs) {
    this.teachers = teachers;
    ppo = PpoConfig.DEFAULT.withTotalSteps(steps);
    distillation =
        new DistillationConfig(
            16, epochs, UPDATES_PER_EPOCH, forcedEpochs, 50, 2, 4, 3e-3f, 1f, 0.5f, 0.5f);
  }

  /** The number of quadrotors, and so of teachers. */
  public int teachers() {
    return teachers;
  }

  /** How each teacher is trained. */
  public PpoConfig ppo() {
    return ppo;
  }

  /** How the student is distilled. */
  public DistillationConfig distillation() {
    return distillation;
  }
}
