package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;

/** Quadrotors with some parameters changed. */
final class QuadrotorVariants {
  private QuadrotorVariants() {}

  static Quadrotor withCurve(Quadrotor q, ThrustCurve curve) {
    return withPropellers(q, curve, q.torqueConstantM());
  }

  static Quadrotor withPropellers(Quadrotor q, ThrustCurve curve, double torqueConstantM) {
    return new Quadrotor(
        q.name(),
        q.massKg(),
        q.inertiaKgM2(),
        q.inverseInertia(),
        q.rotorPositionsM(),
        curve,
        torqueConstantM,
        q.timeConstantRisingS(),
        q.timeConstantFallingS());
  }

  static Quadrotor withMass(Quadrotor q, double massKg, Vec3 inertia, Vec3 inverse) {
    return new Quadrotor(
        q.name(),
        massKg,
        inertia,
        inverse,
        q.rotorPositionsM(),
        q.thrustCurve(),
        q.torqueConstantM(),
        q.timeConstantRisingS(),
        q.timeConstantFallingS());
  }

  static Quadrotor withRotors(Quadrotor q, List<Vec3> rotorPositionsM) {
    return new Quadrotor(
        q.name(),
        q.massKg(),
        q.inertiaKgM2(),
        q.inverseInertia(),
        rotorPositionsM,
        q.thrustCurve(),
        q.torqueConstantM(),
        q.timeConstantRisingS(),
        q.timeConstantFallingS());
  }

  static Quadrotor withLags(Quadrotor q, double risingS, double fallingS) {
    return new Quadrotor(
        q.name(),
        q.massKg(),
        q.inertiaKgM2(),
        q.inverseInertia(),
        q.rotorPositionsM(),
        q.thrustCurve(),
        q.torqueConstantM(),
        risingS,
        fallingS);
  }
}
