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
 * @param weakShare of the episodes of a training for many vehicles, which fly the weakest of
 *     {@value Ppo#WEAKEST_OF} drawn, by {@linkplain
 *     dev.raptor.sim.vehicle.Quadrotor#torqueToInertia() torque to inertia}: they are rare, and
 *     most of what is lost
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
    float langevinShare,
    float weakShare) {
  /** What trains the teacher of any quadrotor from scratch. */
  public static final PpoConfig DEFAULT =
      new PpoConfig(
          128, 64, 1_200_000, 4, 512, 0.99f, 0.98f, 0.2f, 1.5e-3f, 2e-3f, 0.05f, 0.02f, 0.3f, 0f,
          1f, 0.3f, 0f);

  /** What trains one actor for all vehicles, told their parameters. */
  public static final PpoConfig GENERIC =
      new PpoConfig(
          256,
          64,
          32_000_000,
          4,
          2048,
          0.99f,
          0.98f,
          0.2f,
          1.5e-3f,
          2e-3f,
          0.05f,
          0.02f,
          0.3f,
          0f,
          1f,
          0.3f,
          0.3f);

  /** What makes that actor the teacher of one vehicle. */
  public static final PpoConfig FINE_TUNING =
      new PpoConfig(
          128, 64, 300_000, 4, 2048, 0.99f, 0.98f, 0.2f, 7e-4f, 1e-3f, 0.05f, 0.02f, 0.15f, 0f, 1f,
          0.3f, 0f);

  /**
   * The same for a vehicle with little torque, to which the actor for all does not do justice: more
   * steps, which look further around.
   */
  public static final PpoConfig WEAK_FINE_TUNING =
      FINE_TUNING.withTotalSteps(2 * FINE_TUNING.totalSteps()).withInitialStd(0.2f);

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
        langevinShare,
        weakShare);
  }

  /** These hyper-parameters with another standard deviation of the actions at the start. */
  public PpoConfig withInitialStd(float std) {
    return new PpoConfig(
        environments,
        horizon,
        totalSteps,
        epochs,
        minibatch,
        gamma,
        lambda,
        clip,
        actorLearningRate,
        criticLearningRate,
        finalLearningRate,
        targetKl,
        std,
        entropyCoefficient,
        maxGradientNorm,
        langevinShare,
        weakShare);
  }
}
