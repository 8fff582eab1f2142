package dev.raptor.sim.effects;

import dev.raptor.sim.Vec3;

/** Says what is wrong with an effect where it is made. */
final class Limits {
  private Limits() {}

  static void inRange(String what, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          max == Double.MAX_VALUE
              ? "%s is %s, allowed: a finite number from %s".formatted(what, value, min)
              : "%s is %s, allowed: %s to %s".formatted(what, value, min, max));
    }
  }

  static void notNegative(String what, double value) {
    inRange(what, value, 0, Double.MAX_VALUE);
  }

  static void finite(String what, Vec3 v) {
    if (!(Double.isFinite(v.x()) && Double.isFinite(v.y()) && Double.isFinite(v.z()))) {
      throw new IllegalArgumentException("%s is %s, allowed: finite numbers".formatted(what, v));
    }
  }
}
