package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * The drag of the body, quadratic in the velocity through the air:
 *
 * <pre>
 * F = −½ ρ C_d A ‖v − w‖ (v − w),   ρ = 1.225 kg/m³,   C_d A = c arm²
 * </pre>
 *
 * so that vehicles of one shape share c. The default is RotorPy's hummingbird (Folk, Paulos and
 * Kumar 2023), 0.005 N s²/m² with arms of 0.17 m. The force is held below what would stop the
 * vehicle within a step.
 *
 * @param areaPerArm2 c
 */
public record QuadraticDrag(double areaPerArm2) implements Effect {
  /** The hummingbird's. */
  public static final QuadraticDrag DEFAULT = new QuadraticDrag(2 * 0.005 / 1.225 / (0.17 * 0.17));

  private static final double AIR_KG_M3 = 1.225;

  /** The most that a force held for a step of 10 ms may brake, 1/s. */
  private static final double MAX_PER_S = 50;

  /**
   * @throws IllegalArgumentException unless it is in [0, 1000]
   */
  public QuadraticDrag {
    Limits.notNegative("drag area over arm squared", areaPerArm2);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double half = AIR_KG_M3 / 2 * areaPerArm2 * quadrotor.armM() * quadrotor.armM();
    double most = MAX_PER_S * quadrotor.massKg();
    return new Active() {
      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        double speed =
            Math.hypot(Math.hypot(moment.airspeed(0), moment.airspeed(1)), moment.airspeed(2));
        double factor = Math.min(half * speed, most);
        for (int k = 0; k < 3; k++) {
          wrench[k] -= factor * moment.airspeed(k);
        }
      }
    };
  }
}
