package dev.raptor.rl.teacher;

import dev.raptor.core.InvalidInputException;

/**
 * Hyper-parameters of learning by the gradient through the simulator.
 *
 * @param environments vehicles in lockstep
 * @param window steps that one gradient reaches back; one update each
 * @param updates in all
 * @param learningRate after a short rise; falls to 0 as a half cosine
 * @param discount of the gradient from step to step, against its explosion
 * @param maxGradientNorm bound of the gradient
 * @param observationNoise scale of the noise on what the actor sees; noise makes smooth actors,
 *     which are easier to imitate
 * @param langevinShare of the episodes, which follow a Langevin reference; the others hover
 */
public record ApgConfig(
    int environments,
    int window,
    int updates,
    float learningRate,
    float discount,
    float maxGradientNorm,
    float observationNoise,
    float langevinShare) {
  /** What trains one actor for all vehicles, told their parameters. */
  public static final ApgConfig GENERIC = new ApgConfig(128, 100, 2000, 2e-3f, 0.99f, 1f, 1f, 0.3f);

  /** What makes that actor the teacher of one vehicle. */
  public static final ApgConfig FINE_TUNING =
      new ApgConfig(64, 100, 30, 1e-3f, 0.99f, 1f, 1f, 0.3f);

  /** Checks the sizes. */
  public ApgConfig {
    if (environments < 1 || window < 1 || updates < 1) {
      throw new InvalidInputException(
          "%d environments, a window of %d steps, %d updates; all must be at least 1"
              .formatted(environments, window, updates));
    }
  }

  /** These hyper-parameters with another number of updates. */
  public ApgConfig withUpdates(int number) {
    return new ApgConfig(
        environments,
        window,
        number,
        learningRate,
        discount,
        maxGradientNorm,
        observationNoise,
        langevinShare);
  }

  /** Environment steps in all. */
  public long totalSteps() {
    return (long) environments * window * updates;
  }
}
