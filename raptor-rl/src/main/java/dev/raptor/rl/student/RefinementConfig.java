package dev.raptor.rl.student;

import dev.raptor.core.InvalidInputException;

/**
 * Hyper-parameters of {@link PolicyGradientRefinement}.
 *
 * @param epochs each of {@code updatesPerEpoch} updates; a checkpoint follows each
 * @param updatesPerEpoch updates between checkpoints
 * @param window steps that one gradient reaches back; one update each
 * @param tiles blocks of lanes that learn together, each on a thread of its own
 * @param lanes of a tile; each flies a quadrotor of its own
 * @param learningRate after a short rise; falls to 0 as a half cosine
 * @param maxStateGradient bound of the gradient of a window's summed cost by a flight's state:
 *     while a flight is under control it is some hundreds, else it grows without bounds and drowns
 *     those of all others
 * @param maxGradientNorm bound of the gradient
 * @param weakShare of the vehicles, which are the weakest of {@value
 *     PolicyGradientRefinement#WEAKEST_OF} drawn, by {@linkplain
 *     dev.raptor.sim.vehicle.Quadrotor#torqueToInertia() torque to inertia}: they are rare, and the
 *     hardest to bring to rest
 * @param langevinShare of the episodes, which follow a Langevin reference; the others hover
 * @param pushShare of the episodes, in which a steady force as of a strong wind is added
 * @param noiseShare of the episodes, in which the student sees through noise of a random strength
 * @param delayShare of the episodes, in which the motors get the action one or two steps late
 */
public record RefinementConfig(
    int epochs,
    int updatesPerEpoch,
    int window,
    int tiles,
    int lanes,
    float learningRate,
    float maxStateGradient,
    float maxGradientNorm,
    float weakShare,
    float langevinShare,
    float pushShare,
    float noiseShare,
    float delayShare) {
  /** A student's learning after its imitation; of no epochs yet. */
  public static final RefinementConfig DEFAULT = of(500, 3e-3f);

  /** That of a student which goes on to learn with its numbers rounded; of no epochs yet. */
  public static final RefinementConfig FINE_TUNING = of(250, 1e-3f);

  /** Checks the sizes. */
  public RefinementConfig {
    if (epochs < 0 || updatesPerEpoch < 1 || window < 1 || tiles < 1 || lanes < 1) {
      throw new InvalidInputException(
          ("%d epochs of %d updates, a window of %d steps, %d tiles of %d lanes; allowed are epochs"
                  + " from 0 and sizes from 1")
              .formatted(epochs, updatesPerEpoch, window, tiles, lanes));
    }
  }

  private static RefinementConfig of(int updatesPerEpoch, float learningRate) {
    return new RefinementConfig(
        0, updatesPerEpoch, 200, 2, 32, learningRate, 500f, 1f, 0.25f, 0.3f, 0.2f, 0.15f, 0.1f);
  }

  /** These hyper-parameters with another number of epochs; 0 leaves the student as it is. */
  public RefinementConfig withEpochs(int number) {
    return new RefinementConfig(
        number,
        updatesPerEpoch,
        window,
        tiles,
        lanes,
        learningRate,
        maxStateGradient,
        maxGradientNorm,
        weakShare,
        langevinShare,
        pushShare,
        noiseShare,
        delayShare);
  }

  /** Environment steps in all. */
  public long totalSteps() {
    return (long) epochs * updatesPerEpoch * window * tiles * lanes;
  }
}
