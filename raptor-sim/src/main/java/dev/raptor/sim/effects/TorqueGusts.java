package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * The torque of gusts that are smaller than the vehicle, so that its rotors meet different air: an
 * Ornstein-Uhlenbeck process per body axis, which steps as {@link Gusts} does, in the units of
 * {@link BodyTorque}:
 *
 * <pre>
 * M = m g (ℓ s_x, ℓ s_y, c_m s_z),   ds = −s/τ dt + σ √(2/τ) dW
 * </pre>
 *
 * @param stdShare σ, in [0, 1]
 * @param correlationS τ, s; the time in which the wind carries an eddy past the vehicle
 */
public record TorqueGusts(double stdShare, double correlationS) implements Effect {
  /** A twentieth of arm times weight, that turns within 0.2 s. */
  public static final TorqueGusts DEFAULT = new TorqueGusts(0.05, 0.2);

  /**
   * @throws IllegalArgumentException unless the deviation is in [0, 1] and the time in [0.01, 1e6]
   *     s
   */
  public TorqueGusts {
    Limits.inRange("torque of gusts over arm and weight", stdShare, 0, 1);
    Limits.inRange("correlation time of torque gusts in s", correlationS, 0.01, 1e6);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double weightN = quadrotor.massKg() * Simulator.GRAVITY_MS2;
    double[] unit = {
      weightN * quadrotor.armM(), weightN * quadrotor.armM(), weightN * quadrotor.torqueConstantM()
    };
    double keep = Math.exp(-Simulator.STEP_S / correlationS);
    double fresh = stdShare * Math.sqrt(1 - keep * keep);
    double[] s = new double[3];
    for (int k = 0; k < 3; k++) {
      s[k] = stdShare * random.nextGaussian();
    }
    return new Active() {
      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        for (int k = 0; k < 3; k++) {
          wrench[3 + k] += unit[k] * s[k];
          s[k] = keep * s[k] + fresh * random.nextGaussian();
        }
      }
    };
  }
}
