package dev.raptor.sim.controller;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/**
 * The loops in loops that most autopilots fly with. It knows the vehicle: mass, inertia, rotors,
 * thrust curve and lags. In the letters of {@link ControlGains}, with e the error of the
 * observation and Σ sums over time:
 *
 * <pre>
 * v* = −k_p e_p
 * a  = k_v (v* − e_v + ½ k_p Σ (v* − e_v) dt)      tilt and thrust limited, see below
 * R* points along a + g e_z, see {@code Attitude}
 * ω* = −k_a · 2 vec(q*⁻¹ q)
 * α  = k_ω (ω* − ω + ½ k_a Σ (ω* − ω) dt)
 * T  = m (a + g e_z) · R e_z,   τ = Jα + ω × Jω
 * </pre>
 *
 * The force over mass is limited to between 0.3 g and the full thrust along world z, then aside to
 * 45° of tilt and to the thrust that is left. The sums are held within ±3 m/s² and ±5 rad/s²; that
 * of the velocity rests while the force is limited.
 */
public final class CascadedPid implements Controller {
  private static final double MAX_ACCELERATION_SUM = 3;
  private static final double MAX_ANGULAR_SUM = 5;
  private static final double MIN_FORCE_SHARE = 0.3;

  private final Quadrotor quadrotor;
  private final ControlGains gains;
  private final MotorMixer mixer;
  private final double maxAcceleration;
  private final Attitude attitude = new Attitude();
  private final double[] accelerationSum = new double[3];
  private final double[] angularSum = new double[3];
  private final double[] wish = new double[3];
  private final double[] angular = new double[3];

  /**
   * @throws IllegalArgumentException if the rotors cannot turn the vehicle about each axis
   */
  public CascadedPid(Quadrotor quadrotor) {
    this.quadrotor = quadrotor;
    gains = ControlGains.of(quadrotor);
    mixer = new MotorMixer(quadrotor);
    maxAcceleration = mixer.maxThrustN() / quadrotor.massKg();
  }

  @Override
  public void reset() {
    mixer.reset();
    for (int k = 0; k < 3; k++) {
      accelerationSum[k] = 0;
      angularSum[k] = 0;
    }
  }

  @Override
  public void act(float[] observation, float[] action) {
    for (int k = 0; k < 3; k++) {
      wish[k] = gains.velocityPerS() * velocityError(observation, k) + accelerationSum[k];
    }
    boolean limited = limit();
    attitude.pointAlong(wish[0], wish[1], wish[2]);
    attitude.compare(observation);
    for (int k = 0; k < 3; k++) {
      double error =
          -gains.attitudePerS() * attitude.quaternionError(k)
              - observation[Observation.ANGULAR_VELOCITY + k];
      angular[k] = gains.ratePerS() * error + angularSum[k];
      angularSum[k] =
          sum(angularSum[k], gains.ratePerS() * gains.attitudePerS() / 2 * error, MAX_ANGULAR_SUM);
      if (!limited) {
        accelerationSum[k] =
            sum(
                accelerationSum[k],
                gains.velocityPerS() * gains.positionPerS() / 2 * velocityError(observation, k),
                MAX_ACCELERATION_SUM);
      }
    }
    double thrust =
        quadrotor.massKg()
            * (wish[0] * observation[Observation.ROTATION + 2]
                + wish[1] * observation[Observation.ROTATION + 5]
                + wish[2] * observation[Observation.ROTATION + 8]);
    Vec3 torque =
        GeometricController.torque(quadrotor, observation, angular[0], angular[1], angular[2]);
    mixer.mix(
        thrust,
        torque.x(),
        torque.y(),
        torque.z(),
        observation,
        Observation.PREVIOUS_ACTION,
        action);
  }

  private double velocityError(float[] observation, int k) {
    return -gains.positionPerS() * observation[Observation.POSITION + k]
        - observation[Observation.VELOCITY + k];
  }

  /** Adds gravity to the wish and holds it to what can be flown; whether that changed it. */
  private boolean limit() {
    double g = Simulator.GRAVITY_MS2;
    double up = Math.max(MIN_FORCE_SHARE * g, Math.min(maxAcceleration, wish[2] + g));
    double room = Math.min(up, Math.sqrt(Math.max(0, maxAcceleration * maxAcceleration - up * up)));
    double aside = Math.hypot(wish[0], wish[1]);
    double scale = aside > room ? room / aside : 1;
    boolean limited = scale < 1 || up != wish[2] + g;
    wish[0] *= scale;
    wish[1] *= scale;
    wish[2] = up;
    return limited;
  }

  private static double sum(double sum, double rate, double max) {
    return Math.clamp(sum + rate * Simulator.STEP_S, -max, max);
  }
}
