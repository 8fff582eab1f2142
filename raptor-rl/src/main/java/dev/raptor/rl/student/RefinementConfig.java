package dev.raptor.rl.student;

import dev.raptor.core.InvalidInputException;
import dev.raptor.rl.optim.FlightCost;

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
 * @param mix which vehicles fly which references for how long
 * @param conditions what the student meets beyond plain flights
 * @param cost what it descends
 * @param cruiseMS how fast flights that begin far off should be, at most, m/s
 * @param memoryWeight of {@link MemoryContraction}, 0 or above
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
    FlightMix mix,
    FlightConditions conditions,
    FlightCost.Weights cost,
    float cruiseMS,
    float memoryWeight) {
  /**
   * Which vehicles fly what, and how long.
   *
   * @param weakShare of the flights of 500 steps whose vehicle is the weakest of {@value
   *     PolicyGradientRefinement#WEAKEST_OF} drawn, by how fast its motors turn it at hover: they
   *     are rare, and the hardest to bring to rest
   * @param routeShare of the flights that follow a figure of up to 1 m to each side and 1.5 m/s
   * @param langevinShare of the others that follow a Langevin reference; the rest hovers
   * @param longShare of the flights that last {@code longSteps}, the memory kept
   * @param longSteps of 10 ms
   * @param longWeakShare of these whose vehicle is the weakest so drawn: it takes long to see a
   *     swing that does not die down
   */
  public record FlightMix(
      float weakShare,
      float routeShare,
      float langevinShare,
      float longShare,
      int longSteps,
      float longWeakShare) {
    /** What the policy in the jar was trained with. */
    public static final FlightMix DEFAULT = new FlightMix(0.25f, 0.25f, 0.3f, 0.2f, 3000, 0.7f);

    /**
     * @throws InvalidInputException if a share is not in [0, 1], or a long flight shorter than the
     *     others
     */
    public FlightMix {
      FlightConditions.requireShare("weakShare", weakShare);
      FlightConditions.requireShare("routeShare", routeShare);
      FlightConditions.requireShare("langevinShare", langevinShare);
      FlightConditions.requireShare("longShare", longShare);
      FlightConditions.requireShare("longWeakShare", longWeakShare);
      if (longSteps < PolicyGradientRefinement.EPISODE_STEPS) {
        throw new InvalidInputException(
            "longSteps is %d, allowed: %d or more"
                .formatted(longSteps, PolicyGradientRefinement.EPISODE_STEPS));
      }
    }
  }

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
        0,
        updatesPerEpoch,
        200,
        2,
        32,
        learningRate,
        250f,
        1f,
        FlightMix.DEFAULT,
        FlightConditions.DEFAULT,
        new FlightCost.Weights(0.012f, 0.6f, 0.05f, 0.003f, 0.15f),
        0.9f,
        0.1f);
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
        mix,
        conditions,
        cost,
        cruiseMS,
        memoryWeight);
  }

  /** Environment steps in all. */
  public long totalSteps() {
    return (long) epochs * updatesPerEpoch * window * tiles * lanes;
  }
}
