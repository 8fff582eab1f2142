package dev.raptor.sim.controller;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/**
 * A linear-quadratic regulator for each axis of a hovering vehicle, with an observer of what pushes
 * and turns it beside its rotors. It knows the vehicle: mass, inertia, rotors, thrust curve and
 * lags. With d_F and d_M of {@code DisturbanceObserver}, T and τ what the rotors give now, and
 * gains k of {@code LinearQuadraticRegulator} for the chains
 *
 * <pre>
 * aside    ṗ = v,  v̇ = g θ,  θ̇ = ω,  ω̇ = α,  α̇ = (u − α)/T_m     cost  (p/0.25)² + (ω/3)² + (u/0.5 α_max)²
 * heading  ψ̇ = ω,  ω̇ = α,  α̇ = (u − α)/T_m                       cost  (ψ/0.7)² + (ω/7)² + (u/0.75 α_max)²
 * height   ṗ = v,  v̇ = a,  ȧ = (u − a)/T_m                        cost  (p/0.3)² + (v/3)² + (u/0.8 a_max)²
 * </pre>
 *
 * in m, m/s, rad, rad/s, with α_max and a_max what the rotors can add at hover,
 *
 * <pre>
 * a   = −g/k_θ (k_p e_p + k_v e_v) aside,  −(k_p e_p + k_v e_v)/(1 + k_a) in height,  k_p e_p/k_v at most 3 m/s
 * R*  points along F = a + g e_z − d_F, see {@code Attitude} and, for limits, {@code ThrustVector}
 * T*  = m (1 + k_a) F · R e_z − k_a T
 * τ*  = J (−k_θ · 2 vec(q*⁻¹ q) − k_ω ω − k_α J⁻¹τ − (1 + k_α) d_M) + ω × Jω
 * </pre>
 *
 * <p>T_m is the lag of the motors up to 0.13 s; only what is slower is shortened to that. The costs
 * were found on vehicles drawn with the seeds 1000 to 1019, flown in still air, with noise, delays,
 * wind and off balance, and by the flight suite of seed 3.
 */
public final class LqrController implements Controller {
  private static final double RESPONSE_S = 0.13;
  private static final double LEAST_CLIMB_SHARE = 0.05;

  private final Quadrotor quadrotor;
  private final MotorMixer mixer;
  private final ThrustVector force;
  private final DisturbanceObserver observer;
  private final Approach approach;
  private final Attitude attitude = new Attitude();
  private final double[] inverseInertia;
  private final double[] roll;
  private final double[] pitch;
  private final double[] heading;
  private final double[] height;
  private final double[] wrench = new double[4];
  private final double[] steady = new double[3];

  /**
   * @throws IllegalArgumentException if the rotors cannot turn the vehicle about each axis
   */
  public LqrController(Quadrotor quadrotor) {
    this.quadrotor = quadrotor;
    mixer = new MotorMixer(quadrotor, RESPONSE_S);
    double fullMS2 = mixer.maxThrustN() / quadrotor.massKg();
    force = new ThrustVector(fullMS2);
    observer = new DisturbanceObserver(quadrotor, mixer);
    Vec3 inverse = quadrotor.inverseInertia();
    inverseInertia = new double[] {inverse.x(), inverse.y(), inverse.z()};
    double g = Simulator.GRAVITY_MS2;
    double climb = Math.max(LEAST_CLIMB_SHARE * g, Math.min(g, fullMS2 - g));
    roll = aside(mixer.maxAngularAcceleration(0));
    pitch = aside(mixer.maxAngularAcceleration(1));
    heading = chain(new double[] {1, 1}, mixer.maxAngularAcceleration(2), 0.75, 0.7, 7);
    height = chain(new double[] {1, 1}, climb, 0.8, 0.3, 3);
    approach = new Approach(pitch[0] / pitch[1], roll[0] / roll[1], height[0] / height[1]);
  }

  private double[] aside(double most) {
    double infinity = Double.POSITIVE_INFINITY;
    return chain(
        new double[] {1, Simulator.GRAVITY_MS2, 1, 1}, most, 0.5, 0.25, infinity, infinity, 3);
  }

  /** Gains for a command of up to {@code share} of the most, and states up to {@code sizes}. */
  private double[] chain(double[] couplings, double most, double share, double... sizes) {
    double[] costs = new double[sizes.length + 1];
    for (int i = 0; i < sizes.length; i++) {
      costs[i] = 1 / (sizes[i] * sizes[i]);
    }
    double command = share * most;
    return LinearQuadraticRegulator.gains(
        couplings, mixer.responseS(), costs, 1 / (command * command));
  }

  @Override
  public void reset() {
    mixer.reset();
    observer.reset();
  }

  @Override
  public void act(float[] observation, float[] action) {
    mixer.start(observation, Observation.PREVIOUS_ACTION);
    mixer.wrench(wrench);
    observer.observe(observation, wrench);
    double g = Simulator.GRAVITY_MS2;
    approach.from(observation);
    force.wish(
        g / pitch[2] * pitch[1] * approach.error(observation, 0),
        g / roll[2] * roll[1] * approach.error(observation, 1),
        height[1] / (1 + height[2]) * approach.error(observation, 2));
    for (int k = 0; k < 3; k++) {
      steady[k] = -observer.force(k);
    }
    force.add(steady);
    force.point(attitude);
    attitude.compare(observation);
    Vec3 torque =
        GeometricController.torque(
            quadrotor,
            observation,
            angular(0, roll[2], roll[3], roll[4], observation),
            angular(1, pitch[2], pitch[3], pitch[4], observation),
            angular(2, heading[0], heading[1], heading[2], observation));
    mixer.mix(
        quadrotor.massKg() * (1 + height[2]) * force.alongRotors(observation)
            - height[2] * wrench[0],
        torque.x(),
        torque.y(),
        torque.z(),
        observation,
        Observation.PREVIOUS_ACTION,
        action);
  }

  private double angular(int k, double angle, double rate, double lag, float[] observation) {
    return -angle * attitude.quaternionError(k)
        - rate * observation[Observation.ANGULAR_VELOCITY + k]
        - lag * inverseInertia[k] * wrench[1 + k]
        - (1 + lag) * observer.torque(k);
  }
}
