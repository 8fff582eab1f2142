package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import java.util.SplittableRandom;

/**
 * A battery that weakens as it empties and under load. With v the voltage over that of a full
 * battery at rest, q the charge that is left, from 1 to 0, and ℓ the power over that of hover,
 * which momentum theory gives as the thrust to 3/2:
 *
 * <pre>
 * ℓ = ¼ Σ (f_i / f_hover)^(3/2),  f_hover = m g / 4
 * q̇ = −ℓ / T_hover
 * v = 1 − a (1 − q) − b ℓ                          at least ½
 * f(n) becomes v² f(n)
 * </pre>
 *
 * since a motor's speed goes with the voltage and the thrust with its square. The default is a
 * Crazyflie: it hovers for 7 minutes, its cell drops from 4.2 V to 3.4 V, and a twentieth is lost
 * under the load of hover; the last is a guess.
 *
 * @param charge q at the start, in [0, 1]
 * @param hoverTimeS T_hover, s
 * @param emptyDrop a
 * @param loadDrop b
 */
public record BatterySag(double charge, double hoverTimeS, double emptyDrop, double loadDrop)
    implements Effect {
  /** The Crazyflie's, full. */
  public static final BatterySag DEFAULT = new BatterySag(1, 420, 0.19, 0.05);

  private static final double MIN_VOLTAGE = 0.5;

  /**
   * @throws IllegalArgumentException unless charge and drops are in [0, 1] and the time in [1, 1e6]
   *     s
   */
  public BatterySag {
    Limits.inRange("charge of the battery", charge, 0, 1);
    Limits.inRange("hover time of the battery in s", hoverTimeS, 1, 1e6);
    Limits.inRange("drop of the empty battery", emptyDrop, 0, 1);
    Limits.inRange("drop of the battery under load", loadDrop, 0, 1);
  }

  /** This battery, charged to {@code charge}. */
  public BatterySag withCharge(double charge) {
    return new BatterySag(charge, hoverTimeS, emptyDrop, loadDrop);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double hoverN = quadrotor.massKg() * Simulator.GRAVITY_MS2 / Quadrotor.ROTORS;
    return new Active() {
      private double left = charge;

      @Override
      public Quadrotor vehicle(FlightSnapshot moment, Quadrotor now) {
        double load = 0;
        for (int i = 0; i < Quadrotor.ROTORS; i++) {
          double share = Math.max(0, moment.thrustN(i)) / hoverN;
          load += share * Math.sqrt(share) / Quadrotor.ROTORS;
        }
        double v = Math.max(MIN_VOLTAGE, 1 - emptyDrop * (1 - left) - loadDrop * load);
        left = Math.max(0, left - load / hoverTimeS * Simulator.STEP_S);
        ThrustCurve c = now.thrustCurve();
        return QuadrotorVariants.withCurve(
            now, new ThrustCurve(v * v * c.c0(), v * v * c.c1(), v * v * c.c2()));
      }
    };
  }
}
