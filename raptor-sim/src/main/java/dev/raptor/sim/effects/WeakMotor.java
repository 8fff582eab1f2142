package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * A motor that from some time on gives a share of its thrust, and of the yaw torque with it; none
 * of it if it is dead:
 *
 * <pre>
 * f_i becomes k f_i,   0 ≤ k ≤ 1
 * </pre>
 *
 * The thrust that is missing is taken from the rotor's speed at the start of a step.
 *
 * @param timeS since when, s
 * @param motor i, from 0: front right, back right, back left, front left
 * @param share k
 */
public record WeakMotor(double timeS, int motor, double share) implements Effect {
  /**
   * @throws IllegalArgumentException if there is no such motor, the share is not in [0, 1] or the
   *     time not in [0, 1000] s
   */
  public WeakMotor {
    Limits.notNegative("time of the weak motor in s", timeS);
    Limits.inRange("number of the weak motor", motor, 0, Quadrotor.ROTORS - 1);
    Limits.inRange("share of the weak motor's thrust", share, 0, 1);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    return new Active() {
      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        if (moment.timeS() < timeS - Simulator.STEP_S / 2) {
          return;
        }
        moment.addThrust(motor, (share - 1) * moment.thrustN(motor), wrench);
      }
    };
  }
}
