package dev.raptor.sim.vehicle;

import dev.raptor.core.InvalidInputException;

/**
 * Thrust of one rotor in N as a function of its normalised speed n in [0, 1]:
 *
 * <pre>f(n) = c0 + c1 n + c2 n²</pre>
 *
 * Where c0 is negative, so is the thrust of a slow rotor; a fitted curve is taken at its word.
 *
 * @param c0 N
 * @param c1 N
 * @param c2 N
 */
public record ThrustCurve(double c0, double c1, double c2) {
  /**
   * @throws InvalidInputException unless the coefficients are finite, and full throttle pushes
   *     upwards and more than no throttle
   */
  public ThrustCurve {
    double full = c0 + c1 + c2;
    if (!(Double.isFinite(full) && full > Math.max(0, c0))) {
      throw new InvalidInputException(
          "thrust_coefficients_n is [%s, %s, %s], allowed: finite numbers whose sum is above 0 and above the first"
              .formatted(c0, c1, c2));
    }
  }

  /** Thrust in N at the normalised rotor speed {@code n}. */
  public double thrustN(double n) {
    return c0 + n * (c1 + n * c2);
  }

  /**
   * The normalised rotor speed that gives {@code thrustN}, on the branch where thrust rises with
   * speed. It is above 1 where the rotor is too weak, and NaN where the curve never gets there.
   *
   * <pre>n = 2 (f − c0) / (c1 + √(c1² + 4 c2 (f − c0)))</pre>
   *
   * which is the usual root, written so that it holds for c2 = 0 too.
   */
  public double throttleFor(double thrustN) {
    double excess = thrustN - c0;
    double slope = Math.sqrt(c1 * c1 + 4 * c2 * excess);
    if (c1 >= 0 && slope > 0) {
      return 2 * excess / (c1 + slope);
    }
    return (slope - c1) / (2 * c2);
  }
}
