package dev.raptor.sim.controller;

import dev.raptor.core.Observation;

/**
 * The velocity at which a controller goes back to its reference, m/s, world frame: the error of the
 * position times a rate per axis, all of it scaled to at most 3 m/s, because what is further away
 * than a vehicle can brake from would be overshot.
 */
final class Approach {
  private static final double MAX_SPEED_MS = 3;

  private final double[] perS;
  private final double[] velocity = new double[3];

  /** Rates along world x, y and z, 1/s. */
  Approach(double... perS) {
    this.perS = perS;
  }

  /** Takes the error of an observation. */
  void from(float[] observation) {
    double squares = 0;
    for (int k = 0; k < 3; k++) {
      velocity[k] = -perS[k] * observation[Observation.POSITION + k];
      squares += velocity[k] * velocity[k];
    }
    double scale = Math.min(1, MAX_SPEED_MS / Math.sqrt(squares));
    for (int k = 0; k < 3 && squares > 0; k++) {
      velocity[k] *= scale;
    }
  }

  /** Along world axis {@code k}, less the error of the velocity. */
  double error(float[] observation, int k) {
    return velocity[k] - observation[Observation.VELOCITY + k];
  }
}
