package dev.raptor.sim.controller;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/**
 * What pushes and turns a vehicle beside its rotors, from how it moved over a step and how it
 * should have moved. With bars for the mean of the step's start and end, T and τ what the rotors
 * give by the model of their lags, and φ = e^(−dt/τ_o) of the observer's time,
 *
 * <pre>
 * d_F ← φ d_F + (1 − φ) ((v − v_last)/dt − (T̄/m R̄ e_z − g e_z))          m/s², world frame
 * d_M ← φ d_M + (1 − φ) ((ω − ω_last)/dt − J⁻¹ (τ̄ − ω̄ × Jω̄))            rad/s², body frame
 * </pre>
 *
 * so that all that lasts is found: wind, weight, a centre of mass off its place, weak motors, an
 * empty battery, and the acceleration of a reference that moves. Since the model knows the rotors'
 * limits, it does not wind up. Each number is held within what rotors could make up for.
 */
final class DisturbanceObserver {
  private static final double FORCE_S = 0.45;
  private static final double TORQUE_S = 0.5;
  private static final double MAX_FORCE_MS2 = 10;

  private final Quadrotor quadrotor;
  private final double[] inverseInertia;
  private final double[] maxTorque = new double[3];
  private final double[] force = new double[3];
  private final double[] torque = new double[3];
  private final double[] lastVelocity = new double[3];
  private final double[] lastRate = new double[3];
  private final double[] lastAxis = new double[3];
  private final double[] lastWrench = new double[4];
  private boolean started;

  DisturbanceObserver(Quadrotor quadrotor, MotorMixer mixer) {
    this.quadrotor = quadrotor;
    Vec3 inverse = quadrotor.inverseInertia();
    inverseInertia = new double[] {inverse.x(), inverse.y(), inverse.z()};
    for (int k = 0; k < 3; k++) {
      maxTorque[k] = mixer.maxAngularAcceleration(k);
    }
  }

  void reset() {
    started = false;
    for (int k = 0; k < 3; k++) {
      force[k] = 0;
      torque[k] = 0;
    }
  }

  /** d_F, m/s², world frame. */
  double force(int k) {
    return force[k];
  }

  /** d_M, rad/s², body frame. */
  double torque(int k) {
    return torque[k];
  }

  /**
   * Once a step.
   *
   * @param wrench what the rotors give now, as of {@link MotorMixer#wrench}
   */
  void observe(float[] observation, double[] wrench) {
    if (started) {
      update(observation, wrench);
    }
    for (int k = 0; k < 3; k++) {
      lastVelocity[k] = observation[Observation.VELOCITY + k];
      lastRate[k] = observation[Observation.ANGULAR_VELOCITY + k];
      lastAxis[k] = observation[Observation.ROTATION + 3 * k + 2];
    }
    System.arraycopy(wrench, 0, lastWrench, 0, wrench.length);
    started = true;
  }

  private void update(float[] observation, double[] wrench) {
    double keepForce = Math.exp(-Simulator.STEP_S / FORCE_S);
    double keepTorque = Math.exp(-Simulator.STEP_S / TORQUE_S);
    double thrust = (lastWrench[0] + wrench[0]) / 2 / quadrotor.massKg();
    Vec3 j = quadrotor.inertiaKgM2();
    double wx = (observation[Observation.ANGULAR_VELOCITY] + lastRate[0]) / 2;
    double wy = (observation[Observation.ANGULAR_VELOCITY + 1] + lastRate[1]) / 2;
    double wz = (observation[Observation.ANGULAR_VELOCITY + 2] + lastRate[2]) / 2;
    for (int k = 0; k < 3; k++) {
      double axis = (observation[Observation.ROTATION + 3 * k + 2] + lastAxis[k]) / 2;
      double gravity = k == 2 ? Simulator.GRAVITY_MS2 : 0;
      double moved = (observation[Observation.VELOCITY + k] - lastVelocity[k]) / Simulator.STEP_S;
      double push = moved - (thrust * axis - gravity);
      force[k] =
          Math.clamp(keepForce * force[k] + (1 - keepForce) * push, -MAX_FORCE_MS2, MAX_FORCE_MS2);
      double gyroscopic =
          switch (k) {
            case 0 -> wy * wz * (j.z() - j.y());
            case 1 -> wz * wx * (j.x() - j.z());
            default -> wx * wy * (j.y() - j.x());
          };
      double mean = (lastWrench[1 + k] + wrench[1 + k]) / 2;
      double turned =
          (observation[Observation.ANGULAR_VELOCITY + k] - lastRate[k]) / Simulator.STEP_S;
      double turn = turned - inverseInertia[k] * (mean - gyroscopic);
      torque[k] =
          Math.clamp(keepTorque * torque[k] + (1 - keepTorque) * turn, -maxTorque[k], maxTorque[k]);
    }
  }
}
