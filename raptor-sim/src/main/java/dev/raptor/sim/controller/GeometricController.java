package dev.raptor.sim.controller;

import dev.raptor.core.Observation;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/**
 * Geometric tracking control on SE(3) with integral parts, of Goodarzi, Lee and Lee, <i>Geometric
 * nonlinear PID control of a quadrotor UAV on SE(3)</i>, ECC 2013, which adds them to Lee, Leok and
 * McClamroch, CDC 2010. It knows the vehicle: mass, inertia, rotors, thrust curve and lags.
 *
 * <pre>
 * F   = −k_x e_x − k_v e_v − k_i Σ (e_v + c_1 e_x) dt + m g e_z     R_d points along F, see {@code Attitude}
 * e_R = ½ (R_dᵀR − RᵀR_d)^∨                      e_Ω = Ω
 * T   = F · R e_z
 * M   = b (−k_R e_R − k_Ω e_Ω − k_I Σ (e_Ω + c_2 e_R) dt) + Ω × JΩ
 * </pre>
 *
 * The wished acceleration and body rates are taken as 0, because no controller is told them. In the
 * letters of {@link ControlGains}: k_x = m k_p k_v, k_v = m k_v, k_i = 0.6 m k_p k_v, c_1 = k_p,
 * k_R = J k_a k_ω, k_Ω = J k_ω, k_I = 0.45 J k_a k_ω, c_2 = k_a. What k_p e_x asks for is at most 3
 * m/s. The force is held to what can be flown, the sums do not wind up, and b makes up for a weak
 * battery, all as in {@link CascadedPid}.
 */
public final class GeometricController implements Controller {
  private final Quadrotor quadrotor;
  private final ControlGains gains;
  private final MotorMixer mixer;
  private final ThrustVector force;
  private final SteadySums sums;
  private final Approach approach;
  private final Attitude attitude = new Attitude();
  private final double[] positionError = new double[3];
  private final double[] attitudeError = new double[3];

  /**
   * @throws IllegalArgumentException if the rotors cannot turn the vehicle about each axis
   */
  public GeometricController(Quadrotor quadrotor) {
    this.quadrotor = quadrotor;
    mixer = new MotorMixer(quadrotor);
    gains = ControlGains.of(mixer);
    force = new ThrustVector(mixer.maxThrustN() / quadrotor.massKg());
    sums = new SteadySums(mixer, gains);
    approach = new Approach(gains.position(0), gains.position(1), gains.position(2));
  }

  @Override
  public void reset() {
    mixer.reset();
    sums.reset();
  }

  @Override
  public void act(float[] observation, float[] action) {
    approach.from(observation);
    for (int k = 0; k < 3; k++) {
      positionError[k] = -approach.error(observation, k);
    }
    force.wish(
        -gains.velocity(0) * positionError[0],
        -gains.velocity(1) * positionError[1],
        -gains.velocity(2) * positionError[2]);
    boolean held = force.add(sums.force());
    force.point(attitude);
    attitude.compare(observation);
    for (int k = 0; k < 3; k++) {
      attitudeError[k] =
          observation[Observation.ANGULAR_VELOCITY + k] + gains.attitude(k) * attitude.sineError(k);
    }
    double weak = sums.weakness();
    Vec3 torque =
        torque(
            quadrotor,
            observation,
            weak * (sums.torque()[0] - gains.rate(0) * attitudeError[0]),
            weak * (sums.torque()[1] - gains.rate(1) * attitudeError[1]),
            weak * (sums.torque()[2] - gains.rate(2) * attitudeError[2]));
    mixer.mix(
        quadrotor.massKg() * force.alongRotors(observation),
        torque.x(),
        torque.y(),
        torque.z(),
        observation,
        Observation.PREVIOUS_ACTION,
        action);
    for (int k = 0; k < 3; k++) {
      sums.addForce(k, -positionError[k], held);
      sums.addTorque(k, -attitudeError[k]);
    }
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
