package dev.raptor.sim.vehicle;

import dev.raptor.core.InvalidInputException;

/**
 * A closed interval.
 *
 * @param min its lower end
 * @param max its upper end
 */
public record Range(double min, double max) {
  /**
   * @throws InvalidInputException unless {@code min <= max}
   */
  public Range {
    if (!(min <= max)) {
      throw new InvalidInputException(
          "range from %s to %s, allowed: a minimum up to the maximum".formatted(min, max));
    }
  }

  /** Whether {@code value} lies inside; never for NaN. */
  public boolean contains(double value) {
    return value >= min && value <= max;
  }
}
