package dev.raptor.sim.controller;

import dev.raptor.core.Observation;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/**
 * The loops in loops that most autopilots fly with. It knows the vehicle: mass, inertia, rotors,
 * thrust curve and lags. In the letters of {@link ControlGains}, with e the error of the
 * observation and Σ sums over time:
 *
 * <pre>
 * v* = −k_p e_p                                         at most 3 m/s
 * a  = k_v (v* − e_v) + 0.6 k_p k_v Σ (v* − e_v) dt      held to what can be flown, see {@code ThrustVector}
 * R* points along a + g e_z, see {@code Attitude}
 * ω* = −k_a · 2 vec(q*⁻¹ q)
 * α  = b (k_ω (ω* − ω) + 0.45 k_a k_ω Σ (ω* − ω) dt)
 * T  = m (a + g e_z) · R e_z,   τ = Jα + ω × Jω
 * b  = 1 + Σ_z/g                                         in [0.7, 2]
 * </pre>
 *
 * <p>b makes up for a battery: what hover needs more than the model says is taken for thrust that
 * all rotors lack, so torques grow with it. The sums do not wind up: those of force are held within
 * ±8 m/s² and rest while the force is held back, those of torque within 0.7 of what the rotors can
 * add and rest while these cannot give the torque.
 */
public final class CascadedPid implements Controller {
  private final Quadrotor quadrotor;
  private final ControlGains gains;
  private final MotorMixer mixer;
  private final ThrustVector force;
  private final SteadySums sums;
  private final Approach approach;
  private final Attitude attitude = new Attitude();
  private final double[] velocityError = new double[3];
  private final double[] rateError = new double[3];

  /**
   * @throws IllegalArgumentException if the rotors cannot turn the vehicle about each axis
   */
  public CascadedPid(Quadrotor quadrotor) {
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
      velocityError[k] = approach.error(observation, k);
    }
    force.wish(
        gains.velocity(0) * velocityError[0],
        gains.velocity(1) * velocityError[1],
        gains.velocity(2) * velocityError[2]);
    boolean held = force.add(sums.force());
    force.point(attitude);
    attitude.compare(observation);
    for (int k = 0; k < 3; k++) {
      rateError[k] =
          -gains.attitude(k) * attitude.quaternionError(k)
              - observation[Observation.ANGULAR_VELOCITY + k];
    }
    double weak = sums.weakness();
    Vec3 torque =
        GeometricController.torque(
            quadrotor,
            observation,
            weak * (gains.rate(0) * rateError[0] + sums.torque()[0]),
            weak * (gains.rate(1) * rateError[1] + sums.torque()[1]),
            weak * (gains.rate(2) * rateError[2] + sums.torque()[2]));
    mixer.mix(
        quadrotor.massKg() * force.alongRotors(observation),
        torque.x(),
        torque.y(),
        torque.z(),
        observation,
        Observation.PREVIOUS_ACTION,
        action);
    for (int k = 0; k < 3; k++) {
      sums.addForce(k, velocityError[k], held);
      sums.addTorque(k, rateError[k]);
    }
  }
}
