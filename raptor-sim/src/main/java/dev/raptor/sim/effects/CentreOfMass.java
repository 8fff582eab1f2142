package dev.raptor.sim.effects;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A centre of mass that is not where the vehicle's parameters have it, as of a battery that was put
 * in askew. With c its place from where it should be, rotor i is then at
 *
 * <pre>
 * r_i' = r_i − c                       so that hover needs   τ = −Σ (r_i' × f_i e_z) ≠ 0   of trim
 * </pre>
 *
 * The position that is flown is that of the true centre of mass; the inertia stays. The height
 * shifts the rotors against what acts at their hubs, as {@link BladeFlapping} and {@link
 * GroundEffect} do, and nothing else.
 *
 * @param offsetM c, m, body frame: forward, left, up
 */
public record CentreOfMass(Vec3 offsetM) implements Effect {
  /**
   * @throws InvalidInputException unless each is within ±1000 m
   */
  public CentreOfMass {
    Limits.inRange("centre of mass off by, in m,", offsetM);
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidInputException unless the rotors of {@code quadrotor} are still around its
   *     centre of mass
   */
  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    requireBetweenRotors(quadrotor);
    return new Active() {
      private Quadrotor before;
      private Quadrotor after;

      @Override
      public Quadrotor vehicle(FlightSnapshot moment, Quadrotor now) {
        if (now != before) {
          before = now;
          after = QuadrotorVariants.withRotors(now, shifted(now));
        }
        return after;
      }
    };
  }

  /** The places of the rotors from where the centre of mass is. */
  List<Vec3> shifted(Quadrotor quadrotor) {
    return quadrotor.rotorPositionsM().stream()
        .map(r -> new Vec3(r.x() - offsetM.x(), r.y() - offsetM.y(), r.z() - offsetM.z()))
        .toList();
  }

  void requireBetweenRotors(Quadrotor quadrotor) {
    double forward = Double.POSITIVE_INFINITY;
    double aside = Double.POSITIVE_INFINITY;
    for (Vec3 r : quadrotor.rotorPositionsM()) {
      forward = Math.min(forward, Math.abs(r.x()));
      aside = Math.min(aside, Math.abs(r.y()));
    }
    if (Math.abs(offsetM.x()) >= forward && offsetM.x() != 0
        || Math.abs(offsetM.y()) >= aside && offsetM.y() != 0) {
      throw new InvalidInputException(
          "centre of mass of %s is off by %s m forward and %s m left, allowed: less than its nearest rotors, %s and %s m"
              .formatted(quadrotor.name(), offsetM.x(), offsetM.y(), forward, aside));
    }
  }
}
