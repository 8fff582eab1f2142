package dev.raptor.rl.teacher;

import dev.raptor.core.InvalidInputException;

/**
 * Hyper-parameters of PPO under their names from the papers (Schulman et al., 2017; GAE: Schulman
 * et al., 2016).
 *
 * @param environments episodes in lockstep, N
 * @param horizon steps of each between updates, T
 * @param totalSteps environment steps in all
 * @param epochs passes over each batch
 * @param minibatch samples of one update, a multiple of the environments
 * @param gamma discount γ
 * @param lambda λ of generalised advantage estimation
 * @param clip ε of the clipped surrogate
 * @param actorLearningRate at the start; falls linearly to {@code finalLearningRate} of it
 * @param criticLearningRate at the start; falls likewise
 * @param finalLearningRate share of the learning rates that is left at the end
 * @param targetKl approximate KL divergence at which the epochs of a batch end early
 * @param initialStd standard deviation of the actions at the start; it is learned
 * @param entropyCoefficient weight of the entropy bonus
 * @param maxGradientNorm bound of each network's gradient
 * @param langevinShare of the episodes, which follow a Langevin reference; the others hover
 */
public record PpoConfig(
    int environments,
    int horizon,
    long totalSteps,
    int epochs,
    int minibatch,
    float gamma,
    float lambda,
    float clip,
    float actorLearningRate,
    float criticLearningRate,
    float finalLearningRate,
    float targetKl,
    float initialStd,
    float entropyCoefficient,
    float maxGradientNorm,
    float langevinShare) {
  /**
   * What trains the teacher of any quadrotor from scratch. One epoch of small minibatches makes as
   * many updates as four of large ones, and costs a third.
   */
  public static final PpoConfig DEFAULT =
      new PpoConfig(
          128, 32, 1_200_000, 1, 256, 0.99f, 0.95f, 0.2f, 1.5e-3f, 2e-3f, 0.05f, 0.02f, 0.3f, 0f,
          1f, 0.3f);

  /** What trains one actor for all vehicles, told their parameters. */
  public static final PpoConfig GENERIC =
      new PpoConfig(
          256,
          32,
          16_000_000,
          1,
          1024,
          0.99f,
          0.95f,
          0.2f,
          1.5e-3f,
          2e-3f,
          0.05f,
          0.02f,
          0.3f,
          0f,
          1f,
          0.3f);

  /** What makes that actor the teacher of one vehicle. */
  public static final PpoConfig FINE_TUNING =
      new PpoConfig(
          128, 32, 400_000, 1, 256, 0.99f, 0.95f, 0.2f, 7e-4f, 1e-3f, 0.05f, 0.02f, 0.1f, 0f, 1f,
          0.3f);

  /** Checks the sizes. */
  public PpoConfig {
    if (environments < 1 || minibatch < 1 || minibatch % environments != 0) {
      throw new InvalidInputException(
          "a minibatch of %d samples, allowed are multiples of the environments, %d"
              .formatted(minibatch, environments));
    }
    if (horizon < 1 || (environments * horizon) % minibatch != 0) {
      throw new InvalidInputException(
          "%d environments x %d steps, which must be a multiple of the minibatch, %d"
              .formatted(environments, horizon, minibatch));
    }
  }

  /** These hyper-parameters with another number of steps. */
  public PpoConfig withTotalSteps(long steps) {
    return new PpoConfig(
        environments,
        horizon,
        steps,
        epochs,
        minibatch,
        gamma,
        lambda,
        clip,
        actorLearningRate,
        criticLearningRate,
        finalLearningRate,
        targetKl,
        initialStd,
        entropyCoefficient,
        maxGradientNorm,
        langevinShare);
  }
}
