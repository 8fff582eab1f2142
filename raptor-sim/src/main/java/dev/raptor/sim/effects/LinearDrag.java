package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.SplittableRandom;

/**
 * The drag of the rotors, linear in the velocity through the air, per axis of the body:
 *
 * <pre>
 * F = −m R D Rᵀ (v − w),   D = diag(d_x, d_y, d_z)
 * </pre>
 *
 * Faessler, Franchi and Scaramuzza, <i>Differential flatness of quadrotor dynamics subject to rotor
 * drag for accurate tracking of high-speed trajectories</i>, RA-L 2018; the default is the D that
 * they measured.
 *
 * @param perS d_x, d_y and d_z, 1/s, up to 20, above which a held force would overshoot
 */
public record LinearDrag(Vec3 perS) implements Effect {
  /** D of the paper. */
  public static final LinearDrag DEFAULT = new LinearDrag(new Vec3(0.544, 0.386, 0));

  /**
   * @throws IllegalArgumentException unless each is in [0, 20]
   */
  public LinearDrag {
    Limits.inRange("linear drag along x in 1/s", perS.x(), 0, 20);
    Limits.inRange("linear drag along y in 1/s", perS.y(), 0, 20);
    Limits.inRange("linear drag along z in 1/s", perS.z(), 0, 20);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double[] d = {perS.x(), perS.y(), perS.z()};
    return new Active() {
      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        for (int axis = 0; axis < 3; axis++) {
          double along = 0;
          for (int k = 0; k < 3; k++) {
            along += moment.rotation(k, axis) * moment.airspeed(k);
          }
          double force = -quadrotor.massKg() * d[axis] * along;
          for (int k = 0; k < 3; k++) {
            wrench[k] += moment.rotation(k, axis) * force;
          }
        }
      }
    };
  }
}
