package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.SplittableRandom;

/**
 * Near the floor a rotor pushes more for the same speed. With z the height of the rotor above the
 * floor and R its radius,
 *
 * <pre>
 * f = f_∞ / (1 − (R/4z)²),   z at least R/2, so at most 4/3 of the thrust
 * </pre>
 *
 * Cheeseman and Bennett, <i>The effect of the ground on a helicopter rotor in forward flight</i>,
 * 1955. It is taken rotor by rotor, so that it rights a tilted vehicle. The floor does not stop
 * anything.
 *
 * @param floorM z of the floor, m, world frame
 * @param radiusPerArm R over the arm; 0.58 is the Crazyflie's, 23 mm to 40 mm
 */
public record GroundEffect(double floorM, double radiusPerArm) implements Effect {
  /** The radius of the Crazyflie's rotors over its arm. */
  public static final double CRAZYFLIE_RADIUS_PER_ARM = 0.58;

  /**
   * @throws IllegalArgumentException if the floor is not finite or the radius not in [0, 2] arms
   */
  public GroundEffect {
    Limits.inRange("z of the floor in m", floorM, -Simulator.BOUND, Simulator.BOUND);
    Limits.inRange("rotor radius over arm", radiusPerArm, 0, 2);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double radius = radiusPerArm * quadrotor.armM();
    return new Active() {
      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        for (int i = 0; i < Quadrotor.ROTORS; i++) {
          Vec3 rotor = moment.quadrotor().rotorPositionsM().get(i);
          double height =
              moment.state(Simulator.PZ)
                  - floorM
                  + moment.rotation(2, 0) * rotor.x()
                  + moment.rotation(2, 1) * rotor.y()
                  + moment.rotation(2, 2) * rotor.z();
          moment.pushAtRotor(i, moment.thrustN(i) * (ratio(height, radius) - 1), wrench);
        }
      }
    };
  }

  /** f / f_∞. */
  static double ratio(double heightM, double radiusM) {
    if (radiusM == 0) {
      return 1;
    }
    double x = radiusM / (4 * Math.max(heightM, radiusM / 2));
    return 1 / (1 - x * x);
  }
}
