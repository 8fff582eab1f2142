package dev.raptor.sim.effects;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.vehicle.Vec3;

/** Checks of the numbers of effects. */
final class Limits {
  private static final double MOST = 1000;

  private Limits() {}

  static void inRange(String what, double value, double min, double max) {
    InvalidInputException.requireRange(what, value, min, max);
  }

  /** A time, a speed or a deviation that is no mistake. */
  static void notNegative(String what, double value) {
    inRange(what, value, 0, MOST);
  }

  static void inRange(String what, Vec3 v) {
    if (!(Math.abs(v.x()) <= MOST && Math.abs(v.y()) <= MOST && Math.abs(v.z()) <= MOST)) {
      throw new InvalidInputException(
          "%s is %s, allowed: numbers within ±%s".formatted(what, v, MOST));
    }
  }
}
