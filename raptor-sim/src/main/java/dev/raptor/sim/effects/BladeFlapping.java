package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.SplittableRandom;

/**
 * The torque by which a rotor's disc that moves through the air sideways leans back. The blade that
 * goes into the wind lifts more than the one that goes with it, and rises: the thrust of rotor i
 * leans against the wind in its plane, u_i, and acts at a lever ℓ above the centre of mass, which
 * also counts how stiff the hub is. With ω the body rates and r_i the rotor's place,
 *
 * <pre>
 * u_i = (Rᵀ(v − w) + ω × r_i)   without its part along e_z
 * a_i = k u_i                                              the lean, rad, at most 0.3
 * M   = −Σ (ℓ + r_iz) f_i (e_z × a_i)
 * </pre>
 *
 * so that flying ahead or a wind from ahead lifts the nose. Mahony, Kumar and Corke, <i>Multirotor
 * aerial vehicles: modeling, estimation, and control of quadrotor</i>, 2012. The force that leans
 * with it is the drag of the rotors and comes with {@link LinearDrag}, whose D/g is the k of the
 * default. The lever of the default is ours, of the order of the height of a rotor above its arm.
 *
 * @param leanPerMS k, rad per m/s, 0 to 1
 * @param leverPerArm ℓ over the arm, 0 to 2
 */
public record BladeFlapping(double leanPerMS, double leverPerArm) implements Effect {
  /** A lean of 3 degrees per m/s at a fifth of the arm. */
  public static final BladeFlapping DEFAULT =
      new BladeFlapping(LinearDrag.DEFAULT.perS().x() / Simulator.GRAVITY_MS2, 0.2);

  private static final double MAX_LEAN_RAD = 0.3;

  /**
   * @throws IllegalArgumentException unless the lean is in [0, 1] rad per m/s and the lever in [0,
   *     2] arms
   */
  public BladeFlapping {
    Limits.inRange("lean of the rotor disc in rad per m/s", leanPerMS, 0, 1);
    Limits.inRange("lever of flapping over arm", leverPerArm, 0, 2);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double lever = leverPerArm * quadrotor.armM();
    return new Active() {
      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        double forward = 0;
        double left = 0;
        for (int k = 0; k < 3; k++) {
          forward += moment.rotation(k, 0) * moment.airspeed(k);
          left += moment.rotation(k, 1) * moment.airspeed(k);
        }
        double wx = moment.state(Simulator.WX);
        double wy = moment.state(Simulator.WY);
        double wz = moment.state(Simulator.WZ);
        for (int i = 0; i < Quadrotor.ROTORS; i++) {
          Vec3 r = moment.quadrotor().rotorPositionsM().get(i);
          double ux = forward + wy * r.z() - wz * r.y();
          double uy = left + wz * r.x() - wx * r.z();
          double lean = leanPerMS * Math.hypot(ux, uy);
          double scale = lean > MAX_LEAN_RAD ? MAX_LEAN_RAD / lean : 1;
          double moments = (lever + r.z()) * moment.thrustN(i) * scale * leanPerMS;
          wrench[3] += moments * uy;
          wrench[4] -= moments * ux;
        }
      }
    };
  }
}
