package dev.raptor.sim.controller;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/**
 * Geometric tracking control on SE(3), of Lee, Leok and McClamroch, <i>Geometric tracking control
 * of a quadrotor UAV on SE(3)</i>, CDC 2010. It knows the vehicle: mass, inertia, rotors, thrust
 * curve and lags.
 *
 * <pre>
 * F   = −k_x e_x − k_v e_v + m g e_z             R_d points along F, see {@code Attitude}
 * e_R = ½ (R_dᵀR − RᵀR_d)^∨                      e_Ω = Ω
 * T   = F · R e_z
 * M   = −k_R e_R − k_Ω e_Ω + Ω × JΩ
 * </pre>
 *
 * The wished acceleration and body rates are taken as 0, because no controller is told them. In the
 * letters of {@link ControlGains}: k_x = m k_p k_v, k_v = m k_v, k_R = J k_a k_ω, k_Ω = J k_ω. It
 * has no integral part: a steady push leaves a steady error.
 */
public final class GeometricController implements Controller {
  private final Quadrotor quadrotor;
  private final ControlGains gains;
  private final MotorMixer mixer;
  private final Attitude attitude = new Attitude();

  /**
   * @throws IllegalArgumentException if the rotors cannot turn the vehicle about each axis
   */
  public GeometricController(Quadrotor quadrotor) {
    this.quadrotor = quadrotor;
    gains = ControlGains.of(quadrotor);
    mixer = new MotorMixer(quadrotor);
  }

  @Override
  public void reset() {
    mixer.reset();
  }

  @Override
  public void act(float[] observation, float[] action) {
    double m = quadrotor.massKg();
    double fx = m * acceleration(observation, 0);
    double fy = m * acceleration(observation, 1);
    double fz = m * (acceleration(observation, 2) + Simulator.GRAVITY_MS2);
    attitude.pointAlong(fx, fy, fz);
    attitude.compare(observation);
    double thrust =
        fx * observation[Observation.ROTATION + 2]
            + fy * observation[Observation.ROTATION + 5]
            + fz * observation[Observation.ROTATION + 8];
    Vec3 torque =
        torque(
            quadrotor,
            observation,
            angular(observation, 0),
            angular(observation, 1),
            angular(observation, 2));
    mixer.mix(
        thrust,
        torque.x(),
        torque.y(),
        torque.z(),
        observation,
        Observation.PREVIOUS_ACTION,
        action);
  }

  private double acceleration(float[] observation, int k) {
    return -gains.velocityPerS()
        * (gains.positionPerS() * observation[Observation.POSITION + k]
            + observation[Observation.VELOCITY + k]);
  }

  private double angular(float[] observation, int k) {
    return -gains.ratePerS()
        * (gains.attitudePerS() * attitude.sineError(k)
            + observation[Observation.ANGULAR_VELOCITY + k]);
  }

  /** Jα + Ω × JΩ, the torque that gives the angular acceleration α in rad/s². */
  static Vec3 torque(Quadrotor quadrotor, float[] observation, double ax, double ay, double az) {
    double wx = observation[Observation.ANGULAR_VELOCITY];
    double wy = observation[Observation.ANGULAR_VELOCITY + 1];
    double wz = observation[Observation.ANGULAR_VELOCITY + 2];
    Vec3 j = quadrotor.inertiaKgM2();
    Vec3 inverse = quadrotor.inverseInertia();
    return new Vec3(
        ax / inverse.x() + wy * wz * (j.z() - j.y()),
        ay / inverse.y() + wz * wx * (j.x() - j.z()),
        az / inverse.z() + wx * wy * (j.y() - j.x()));
  }
}
