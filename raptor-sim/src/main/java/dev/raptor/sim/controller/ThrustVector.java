package dev.raptor.sim.controller;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;

/**
 * The force of the rotors over mass that a controller wishes for, m/s², world frame, held to what
 * can be flown: what the errors ask for aside is at most 1 g; with gravity and what is to be made
 * up for added, the force along world z is between 0.4 g and 95 % of full thrust, and what is aside
 * of it within a tilt of 58° and the thrust that is left. Holds scratch space of one controller.
 */
final class ThrustVector {
  private static final double MAX_ASIDE_G = 1;
  private static final double MIN_UP_G = 0.4;
  private static final double MAX_UP_SHARE = 0.95;
  private static final double MAX_TILT_TANGENT = 1.6;

  private final double fullMS2;
  private final double[] force = new double[3];

  /**
   * @param fullMS2 full thrust over mass, m/s²
   */
  ThrustVector(double fullMS2) {
    this.fullMS2 = fullMS2;
  }

  /** What errors ask for, without gravity. */
  void wish(double x, double y, double z) {
    force[0] = x;
    force[1] = y;
    force[2] = z;
    holdAside(MAX_ASIDE_G * Simulator.GRAVITY_MS2);
  }

  /**
   * Adds gravity and what is to be made up for, m/s²; whether the sum had to be held back.
   *
   * @param steady three numbers
   */
  boolean add(double[] steady) {
    for (int k = 0; k < 3; k++) {
      force[k] += steady[k];
    }
    double g = Simulator.GRAVITY_MS2;
    double wished = force[2] + g;
    force[2] = Math.max(MIN_UP_G * g, Math.min(MAX_UP_SHARE * fullMS2, wished));
    double left = Math.sqrt(Math.max(0, fullMS2 * fullMS2 - force[2] * force[2]));
    boolean held = holdAside(Math.min(MAX_TILT_TANGENT * force[2], left));
    return held || force[2] != wished;
  }

  private boolean holdAside(double most) {
    double aside = Math.hypot(force[0], force[1]);
    if (!(aside > most)) {
      return false;
    }
    force[0] *= most / aside;
    force[1] *= most / aside;
    return true;
  }

  /** Points the rotors along it. */
  void point(Attitude attitude) {
    attitude.pointAlong(force[0], force[1], force[2]);
  }

  /** Its part along the rotors of an observed vehicle, m/s². */
  double alongRotors(float[] observation) {
    return force[0] * observation[Observation.ROTATION + 2]
        + force[1] * observation[Observation.ROTATION + 5]
        + force[2] * observation[Observation.ROTATION + 8];
  }
}
