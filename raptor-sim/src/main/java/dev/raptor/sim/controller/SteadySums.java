package dev.raptor.sim.controller;

import dev.raptor.sim.Simulator;

/**
 * The integral parts of a controller, which do not wind up while the rotors are at their limits. In
 * the letters of {@link ControlGains}, with e_v and e_ω the errors of velocity and body rate:
 *
 * <pre>
 * Σ_F ← Σ_F + 0.6 k_p k_v e_v dt      Σ_M ← Σ_M + 0.45 k_a k_ω e_ω dt
 * </pre>
 */
final class SteadySums {
  private static final double FORCE_SHARE = 0.6;
  private static final double TORQUE_SHARE = 0.45;
  private static final double MAX_FORCE_MS2 = 8;
  private static final double MAX_TORQUE_SHARE = 0.7;
  private static final double MIN_WEAKNESS = 0.7;
  private static final double MAX_WEAKNESS = 2;

  private final MotorMixer mixer;
  private final ControlGains gains;
  private final double[] force = new double[3];
  private final double[] torque = new double[3];
  private final double[] maxTorque = new double[3];

  SteadySums(MotorMixer mixer, ControlGains gains) {
    this.mixer = mixer;
    this.gains = gains;
    for (int k = 0; k < 3; k++) {
      maxTorque[k] = MAX_TORQUE_SHARE * mixer.maxAngularAcceleration(k);
    }
  }

  void reset() {
    for (int k = 0; k < 3; k++) {
      force[k] = 0;
      torque[k] = 0;
    }
  }

  /** Of force over mass, m/s², world frame. */
  double[] force() {
    return force;
  }

  /** Of torque over inertia, rad/s², body frame. */
  double[] torque() {
    return torque;
  }

  /** b: how much more thrust hover needs than the model says, over what it says. */
  double weakness() {
    return Math.clamp(1 + force[2] / Simulator.GRAVITY_MS2, MIN_WEAKNESS, MAX_WEAKNESS);
  }

  /** Counts an error of velocity, m/s, unless the force wished for had to be {@code held} back. */
  void addForce(int k, double error, boolean held) {
    if (!(held || k == 2 && mixer.isThrustLimited())) {
      double by = FORCE_SHARE * gains.position(k) * gains.velocity(k) * error;
      force[k] = within(force[k] + by * Simulator.STEP_S, MAX_FORCE_MS2);
    }
  }

  /** Counts an error of body rate, rad/s, unless the rotors could not give the last torque. */
  void addTorque(int k, double error) {
    if (!mixer.isTorqueLimited(k)) {
      double by = TORQUE_SHARE * gains.attitude(k) * gains.rate(k) * error;
      torque[k] = within(torque[k] + by * Simulator.STEP_S, maxTorque[k]);
    }
  }

  private static double within(double sum, double most) {
    return Math.clamp(sum, -most, most);
  }
}
