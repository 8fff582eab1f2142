package dev.raptor.sim.vehicle;

import dev.raptor.sim.kernel.Dynamics;

/** Says what is wrong with a number where it is given. */
public final class Allowed {
  private Allowed() {}

  public static void range(String what, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: a finite number from %s to %s".formatted(what, value, min, max));
    }
  }

  /** Where a vehicle can be, or how fast. */
  public static void bound(String what, Vec3 v) {
    double most = Math.max(Math.max(Math.abs(v.x()), Math.abs(v.y())), Math.abs(v.z()));
    if (!(most <= Dynamics.BOUND)) {
      throw new IllegalArgumentException(
          "%s is [%s, %s, %s], allowed: finite numbers within ±%s"
              .formatted(what, v.x(), v.y(), v.z(), Dynamics.BOUND));
    }
  }
}
