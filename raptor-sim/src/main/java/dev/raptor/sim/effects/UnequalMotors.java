package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * Motors and propellers that are not quite alike. Each rotor gives more or less thrust than it
 * should at the same command, and yaw torque with it, by a share that is drawn for each flight:
 *
 * <pre>
 * f_i becomes (1 + ε_i) f_i,   ε_i ~ U(−s, s)
 * </pre>
 *
 * What differs is taken from the rotors' speeds at the start of a step.
 *
 * @param share s, 0 to 0.5; new motors of one batch differ by a few hundredths
 */
public record UnequalMotors(double share) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in [0, 0.5]
   */
  public UnequalMotors {
    Limits.inRange("share by which motors differ", share, 0, 0.5);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double[] more = new double[Quadrotor.ROTORS];
    for (int i = 0; i < more.length; i++) {
      more[i] = share * (2 * random.nextDouble() - 1);
    }
    return new Active() {
      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        for (int i = 0; i < more.length; i++) {
          moment.addThrust(i, more[i] * moment.thrustN(i), wrench);
        }
      }
    };
  }
}
