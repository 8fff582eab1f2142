package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Vec3;

/** Says what is wrong with an effect where it is made. */
final class Limits {
  private static final double MOST = 1000;

  private Limits() {}

  static void inRange(String what, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: %s to %s".formatted(what, value, min, max));
    }
  }

  /** A time, a speed or a deviation that is no mistake. */
  static void notNegative(String what, double value) {
    inRange(what, value, 0, MOST);
  }

  static void inRange(String what, Vec3 v) {
    if (!(Math.abs(v.x()) <= MOST && Math.abs(v.y()) <= MOST && Math.abs(v.z()) <= MOST)) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: numbers within ±%s".formatted(what, v, MOST));
    }
  }
}
