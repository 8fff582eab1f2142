package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.SplittableRandom;

/**
 * A torque that is fixed to the body and never ends, given in what the vehicle weighs so that a
 * light one and a heavy one feel the same. With ℓ the arm and c_m the torque constant,
 *
 * <pre>
 * M = m g (s_x ℓ, s_y ℓ, s_z c_m)
 * </pre>
 *
 * A share of 0.1 about x or y is that of a centre of mass which is off by a tenth of the arm; about
 * z that of arms twisted until a tenth of the rotors' drag is not balanced.
 *
 * @param share s, each within ±1
 */
public record BodyTorque(Vec3 share) implements Effect {
  /**
   * @throws IllegalArgumentException unless each is in [-1, 1]
   */
  public BodyTorque {
    Limits.inRange("torque about x over arm and weight", share.x(), -1, 1);
    Limits.inRange("torque about y over arm and weight", share.y(), -1, 1);
    Limits.inRange("torque about z over torque constant and weight", share.z(), -1, 1);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double weightN = quadrotor.massKg() * Simulator.GRAVITY_MS2;
    double level = weightN * quadrotor.armM();
    double yaw = weightN * quadrotor.torqueConstantM();
    return new Active() {
      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        wrench[3] += level * share.x();
        wrench[4] += level * share.y();
        wrench[5] += yaw * share.z();
      }
    };
  }
}
