package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.SplittableRandom;

/**
 * A weight picked up in flight, held rigidly at a depth h straight below the centre of mass and
 * moving as the vehicle does. With m_p its mass and μ = m m_p/(m + m_p) the reduced one, about the
 * new centre of mass:
 *
 * <pre>
 * m'    = m + m_p
 * J_xx' = J_xx + μ h²,   J_yy' = J_yy + μ h²,   J_zz' = J_zz      (parallel axes)
 * </pre>
 *
 * The position goes on as that of the new centre of mass, which lies m_p/m' h lower.
 *
 * @param timeS when, s
 * @param massShare m_p/m, up to 10
 * @param depthM h, m
 */
public record Payload(double timeS, double massShare, double depthM) implements Effect {
  /**
   * @throws IllegalArgumentException if a number is negative, or the time above 1000, the share
   *     above 10 or the depth above 100
   */
  public Payload {
    Limits.notNegative("time of the payload in s", timeS);
    Limits.inRange("payload over mass", massShare, 0, 10);
    Limits.inRange("depth of the payload in m", depthM, 0, 100);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    return new Active() {
      private Quadrotor before;
      private Quadrotor after;

      @Override
      public Quadrotor vehicle(FlightSnapshot moment, Quadrotor now) {
        if (massShare == 0 || moment.timeS() < timeS - Simulator.STEP_S / 2) {
          return now;
        }
        if (now != before) {
          before = now;
          after = loaded(now);
        }
        return after;
      }

      private Quadrotor loaded(Quadrotor now) {
        double m = now.massKg();
        double payload = massShare * quadrotor.massKg();
        double more = m * payload / (m + payload) * depthM * depthM;
        Vec3 j = now.inertiaKgM2();
        Vec3 inverse = now.inverseInertia();
        return QuadrotorVariants.withMass(
            now,
            m + payload,
            new Vec3(j.x() + more, j.y() + more, j.z()),
            new Vec3(1 / (1 / inverse.x() + more), 1 / (1 / inverse.y() + more), inverse.z()));
      }
    };
  }
}
