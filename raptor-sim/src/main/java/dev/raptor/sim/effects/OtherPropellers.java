package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import java.util.SplittableRandom;

/**
 * Propellers of the same shape and another diameter, on motors that turn them as fast. Thrust is
 * C_T ρ n² D⁴ and torque C_Q ρ n² D⁵ (Leishman, <i>Principles of helicopter aerodynamics</i>), so
 * with κ the ratio of the diameters
 *
 * <pre>
 * f(n) becomes κ⁴ f(n),   c_m becomes κ c_m
 * </pre>
 *
 * @param diameterRatio κ, 0.5 to 2
 */
public record OtherPropellers(double diameterRatio) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in [0.5, 2]
   */
  public OtherPropellers {
    Limits.inRange("propeller's diameter over the old one's", diameterRatio, 0.5, 2);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double k = Math.pow(diameterRatio, 4);
    return new Active() {
      private Quadrotor before;
      private Quadrotor after;

      @Override
      public Quadrotor vehicle(FlightSnapshot moment, Quadrotor now) {
        if (now != before) {
          ThrustCurve c = now.thrustCurve();
          before = now;
          after =
              QuadrotorVariants.withPropellers(
                  now,
                  new ThrustCurve(k * c.c0(), k * c.c1(), k * c.c2()),
                  diameterRatio * now.torqueConstantM());
        }
        return after;
      }
    };
  }
}
