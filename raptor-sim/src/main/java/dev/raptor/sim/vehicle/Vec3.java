package dev.raptor.sim.vehicle;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.kernel.Dynamics;

/** A vector of three numbers; unit and frame are said where it is used. */
public record Vec3(double x, double y, double z) {
  /** The null vector. */
  public static final Vec3 ZERO = new Vec3(0, 0, 0);

  /**
   * Checks that {@code v} is where a vehicle can be, or as fast as one can be.
   *
   * @param what begins the message
   * @throws InvalidInputException if a number is beyond what the simulator clamps, or is none
   */
  public static void requireBounded(String what, Vec3 v) {
    double most = Math.max(Math.max(Math.abs(v.x()), Math.abs(v.y())), Math.abs(v.z()));
    if (!(most <= Dynamics.BOUND)) {
      throw new InvalidInputException(
          "%s is [%s, %s, %s], allowed: finite numbers within ±%s"
              .formatted(what, v.x(), v.y(), v.z(), Dynamics.BOUND));
    }
  }
}
