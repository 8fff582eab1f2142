package dev.raptor.sim.effects;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A weight picked up in flight, held rigidly at a place r from the centre of mass and moving as the
 * vehicle does. With m_p its mass, μ = m m_p/(m + m_p) the reduced one and r_i the rotors' places,
 * about the new centre of mass:
 *
 * <pre>
 * m'    = m + m_p                      r_i' = r_i − m_p/m' r
 * J_xx' = J_xx + μ (r_y² + r_z²)       and so on about y and z      (parallel axes)
 * </pre>
 *
 * The position goes on as that of the new centre of mass, m_p/m' r from the old. Products of
 * inertia, which a place off two axes has, are left out, as the simulator knows none.
 *
 * @param timeS when, s
 * @param massShare m_p/m, up to 10
 * @param placeM r, m, body frame: forward, left, up; up to 100 each
 */
public record Payload(double timeS, double massShare, Vec3 placeM) implements Effect {
  private static final double MAX_PLACE_M = 100;

  /**
   * @throws InvalidInputException if a number is not finite, the time or the share negative, the
   *     time above 1000, the share above 10 or a place beyond 100
   */
  public Payload {
    Limits.notNegative("time of the payload in s", timeS);
    Limits.inRange("payload over mass", massShare, 0, 10);
    Limits.inRange("payload forward in m", placeM.x(), -MAX_PLACE_M, MAX_PLACE_M);
    Limits.inRange("payload left in m", placeM.y(), -MAX_PLACE_M, MAX_PLACE_M);
    Limits.inRange("payload up in m", placeM.z(), -MAX_PLACE_M, MAX_PLACE_M);
  }

  /** A weight straight below the centre of mass, {@code depthM} down. */
  public Payload(double timeS, double massShare, double depthM) {
    this(timeS, massShare, new Vec3(0, 0, -depthM));
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidInputException unless the rotors of {@code quadrotor} are around the new centre
   *     of mass too
   */
  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double payload = massShare * quadrotor.massKg();
    double shift = payload / (quadrotor.massKg() + payload);
    Vec3 offset = new Vec3(shift * placeM.x(), shift * placeM.y(), shift * placeM.z());
    new CentreOfMass(offset).requireBetweenRotors(quadrotor);
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
          after = loaded(now, payload);
        }
        return after;
      }
    };
  }

  private Quadrotor loaded(Quadrotor now, double payload) {
    double m = now.massKg();
    double reduced = m * payload / (m + payload);
    double x = placeM.x() * placeM.x();
    double y = placeM.y() * placeM.y();
    double z = placeM.z() * placeM.z();
    Vec3 more = new Vec3(reduced * (y + z), reduced * (x + z), reduced * (x + y));
    Vec3 j = now.inertiaKgM2();
    Vec3 inverse = now.inverseInertia();
    double shift = payload / (m + payload);
    List<Vec3> rotors =
        new CentreOfMass(new Vec3(shift * placeM.x(), shift * placeM.y(), shift * placeM.z()))
            .shifted(now);
    return QuadrotorVariants.withRotors(
        QuadrotorVariants.withMass(
            now,
            m + payload,
            new Vec3(j.x() + more.x(), j.y() + more.y(), j.z() + more.z()),
            new Vec3(
                increased(inverse.x(), more.x()),
                increased(inverse.y(), more.y()),
                increased(inverse.z(), more.z()))),
        rotors);
  }

  /** The inverse of a moment of inertia that grew. */
  private static double increased(double inverse, double more) {
    return more == 0 ? inverse : 1 / (1 / inverse + more);
  }
}
