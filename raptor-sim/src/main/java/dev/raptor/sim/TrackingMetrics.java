package dev.raptor.sim;

import java.util.OptionalDouble;

/**
 * How well a flight followed its reference, from the position error e_k after each of its K steps:
 *
 * <pre>
 * RMSE = √(1/K Σ ‖e_k‖²),   in the plane without the z of e_k
 * </pre>
 *
 * @param rmseM over all steps, m
 * @param planarRmseM over all steps, of x and y alone, m
 * @param maxErrorM largest ‖e_k‖ after the first N steps, m
 * @param steadyStateErrorM mean ‖e_k‖ of the second half, m; none if the flight was cut short
 * @param settlingTimeS after which ‖e_k‖ stays within {@value #SETTLED_M} m, s; none if it does not
 * @param settledShare of the steps with ‖e_k‖ within {@value #SETTLED_M} m
 * @param recoveryTimeS from the poke until ‖e_k‖ stays within {@value #SETTLED_M} m, s; none if it
 *     does not, or there was no poke
 */
public record TrackingMetrics(
    double rmseM,
    double planarRmseM,
    double maxErrorM,
    OptionalDouble steadyStateErrorM,
    OptionalDouble settlingTimeS,
    double settledShare,
    OptionalDouble recoveryTimeS) {
  /** Within this a vehicle counts as settled, m. */
  public static final double SETTLED_M = 0.15;

  /** The poke of a flight that had none. */
  public static final int NO_POKE = -1;

  /**
   * The metrics of one flight.
   *
   * @param errorsM x, y and z after each step, at least one step
   * @param terminated whether the flight was cut short
   * @param skipSteps N, the steps that the largest error leaves out, below the number of steps
   * @param pokeStep the steps before the poke, or {@link #NO_POKE}
   * @throws IllegalArgumentException if there is no step, or none is left without the first N
   */
  public static TrackingMetrics of(
      float[][] errorsM, boolean terminated, int skipSteps, int pokeStep) {
    int steps = errorsM.length;
    if (steps == 0 || skipSteps < 0 || skipSteps >= steps) {
      throw new IllegalArgumentException(
          "metrics of %d steps without the first %d, allowed: at least one step left"
              .formatted(steps, skipSteps));
    }
    double squares = 0;
    double planarSquares = 0;
    double max = 0;
    double secondHalf = 0;
    int within = 0;
    int lastOutside = -1;
    for (int k = 0; k < steps; k++) {
      double planar = Math.hypot(errorsM[k][0], errorsM[k][1]);
      double error = Math.hypot(planar, errorsM[k][2]);
      squares += error * error;
      planarSquares += planar * planar;
      max = k < skipSteps ? max : Math.max(max, error);
      secondHalf += k < steps / 2 ? 0 : error;
      if (error <= SETTLED_M) {
        within++;
      } else {
        lastOutside = k;
      }
    }
    boolean settled = !terminated && lastOutside < steps - 1;
    return new TrackingMetrics(
        Math.sqrt(squares / steps),
        Math.sqrt(planarSquares / steps),
        max,
        terminated ? OptionalDouble.empty() : OptionalDouble.of(secondHalf / (steps - steps / 2)),
        settled ? seconds(lastOutside + 1) : OptionalDouble.empty(),
        (double) within / steps,
        settled && pokeStep >= 0 && pokeStep < steps
            ? seconds(Math.max(0, lastOutside + 1 - pokeStep))
            : OptionalDouble.empty());
  }

  private static OptionalDouble seconds(int steps) {
    return OptionalDouble.of(steps * Simulator.STEP_S);
  }
}
