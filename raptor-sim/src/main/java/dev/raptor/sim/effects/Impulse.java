package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.SplittableRandom;

/**
 * A push within one step, given by what it does to the vehicle, so that a light one and a heavy one
 * feel the same:
 *
 * <pre>
 * F = m Δv/dt,   M = J Δω/dt      for one step of dt
 * </pre>
 *
 * @param timeS when, s
 * @param velocityMS Δv, m/s, world frame
 * @param rateRadS Δω, rad/s, body frame
 */
public record Impulse(double timeS, Vec3 velocityMS, Vec3 rateRadS) implements Effect {
  /**
   * @throws IllegalArgumentException unless the time is in [0, 1000] s and the rest within ±1000
   */
  public Impulse {
    Limits.notNegative("time of the poke in s", timeS);
    Limits.inRange("poke in m/s", velocityMS);
    Limits.inRange("turn of the poke in rad/s", rateRadS);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    return new Active() {
      private boolean done;

      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        // Half a step early, so that rounding does not put it off by a step.
        if (done || moment.timeS() < timeS - Simulator.STEP_S / 2) {
          return;
        }
        done = true;
        double perS = 1 / Simulator.STEP_S;
        double m = moment.quadrotor().massKg();
        Vec3 inverse = moment.quadrotor().inverseInertia();
        wrench[0] += m * velocityMS.x() * perS;
        wrench[1] += m * velocityMS.y() * perS;
        wrench[2] += m * velocityMS.z() * perS;
        wrench[3] += rateRadS.x() / inverse.x() * perS;
        wrench[4] += rateRadS.y() / inverse.y() * perS;
        wrench[5] += rateRadS.z() / inverse.z() * perS;
      }
    };
  }
}
