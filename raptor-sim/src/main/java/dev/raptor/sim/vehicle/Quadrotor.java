package dev.raptor.sim.vehicle;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.kernel.Dynamics;
import java.util.List;

/**
 * The parameters of one quadrotor. Rotors are in the order front right, back right, back left,
 * front left, push along body z and turn so that their drag yaws the body by {@link #yawSign}.
 *
 * <p>The errors of the constructor use the keys of {@link QuadrotorFile}.
 *
 * @param name for people
 * @param massKg kg, above 0
 * @param inertiaKgM2 diagonal of the inertia matrix, kg m²; enters the gyroscopic term alone
 * @param inverseInertia diagonal of its inverse, 1/(kg m²); a number of its own because one of the
 *     {@link Quadrotors} is known with an inertia that contradicts it
 * @param rotorPositionsM four, relative to the centre of mass, body frame, m
 * @param thrustCurve of each rotor
 * @param torqueConstantM yaw torque over thrust, N m / N
 * @param timeConstantRisingS lag of a rotor that speeds up, s
 * @param timeConstantFallingS lag of a rotor that slows down, s
 */
public record Quadrotor(
    String name,
    double massKg,
    Vec3 inertiaKgM2,
    Vec3 inverseInertia,
    List<Vec3> rotorPositionsM,
    ThrustCurve thrustCurve,
    double torqueConstantM,
    double timeConstantRisingS,
    double timeConstantFallingS) {
  /** Rotors of a quadrotor. */
  public static final int ROTORS = 4;

  /** Fourth-order Runge-Kutta at 100 Hz is unstable for lags below 3.6 ms. */
  static final double MIN_TIME_CONSTANT_S = 0.004;

  private static final double MIN_MASS_KG = 1e-6;
  private static final double MAX_MASS_KG = 1e6;
  private static final double MIN_INERTIA_KG_M2 = 1e-12;
  private static final double MAX_INERTIA_KG_M2 = 1e9;
  private static final double MAX_POSITION_M = 1e3;
  private static final double MAX_THRUST_TO_WEIGHT = 1e3;
  private static final double MAX_TURN_RAD_S2 = 1e5;
  private static final double MAX_GYRO = 10;
  private static final double MAX_TIME_CONSTANT_S = 1e3;

  private static final String[] ROTOR_NAMES = {
    "front right", "back right", "back left", "front left"
  };
  private static final int[] X_SIGNS = {1, -1, -1, 1};
  private static final int[] Y_SIGNS = {-1, -1, 1, 1};
  private static final int[] YAW_SIGNS = {-1, 1, -1, 1};

  /**
   * @throws InvalidInputException if a parameter is not physical; the message says which, what was
   *     given and what is allowed
   */
  public Quadrotor {
    if (name == null || name.isBlank()) {
      throw new InvalidInputException("name is blank, allowed: any other text");
    }
    InvalidInputException.requireRange("mass_kg", massKg, MIN_MASS_KG, MAX_MASS_KG);
    requireInertia(inertiaKgM2);
    requireInverseInertia("inverse inertia x", inverseInertia.x());
    requireInverseInertia("inverse inertia y", inverseInertia.y());
    requireInverseInertia("inverse inertia z", inverseInertia.z());
    rotorPositionsM = List.copyOf(rotorPositionsM);
    if (rotorPositionsM.size() != ROTORS) {
      throw new InvalidInputException(
          "rotor_positions_m has %d positions, allowed: %d"
              .formatted(rotorPositionsM.size(), ROTORS));
    }
    for (int i = 0; i < ROTORS; i++) {
      requireQuadrant(i, rotorPositionsM.get(i));
    }
    InvalidInputException.requireRange("torque_constant_m", torqueConstantM, 0, MAX_POSITION_M);
    InvalidInputException.requireRange(
        "time_constant_rising_s", timeConstantRisingS, MIN_TIME_CONSTANT_S, MAX_TIME_CONSTANT_S);
    InvalidInputException.requireRange(
        "time_constant_falling_s", timeConstantFallingS, MIN_TIME_CONSTANT_S, MAX_TIME_CONSTANT_S);
    requireMotion(
        massKg, inertiaKgM2, inverseInertia, rotorPositionsM, thrustCurve, torqueConstantM);
  }

  /** A quadrotor whose inverse inertia is the inverse of its inertia. */
  public static Quadrotor of(
      String name,
      double massKg,
      Vec3 inertiaKgM2,
      List<Vec3> rotorPositionsM,
      ThrustCurve thrustCurve,
      double torqueConstantM,
      double timeConstantRisingS,
      double timeConstantFallingS) {
    requireInertia(inertiaKgM2);
    return new Quadrotor(
        name,
        massKg,
        inertiaKgM2,
        new Vec3(1 / inertiaKgM2.x(), 1 / inertiaKgM2.y(), 1 / inertiaKgM2.z()),
        rotorPositionsM,
        thrustCurve,
        torqueConstantM,
        timeConstantRisingS,
        timeConstantFallingS);
  }

  /** Four rotors at (±x, ±y, 0), in the order of this class; x and y in m. */
  public static List<Vec3> rotorsAt(double xM, double yM) {
    return List.of(
        new Vec3(xM, -yM, 0), new Vec3(-xM, -yM, 0), new Vec3(-xM, yM, 0), new Vec3(xM, yM, 0));
  }

  /** The sign of the yaw torque of rotor {@code i}: -1, +1, -1, +1. */
  public static int yawSign(int i) {
    return YAW_SIGNS[i];
  }

  /** Mean distance of the rotors from the body z axis, m. */
  public double armM() {
    return rotorPositionsM.stream().mapToDouble(r -> Math.hypot(r.x(), r.y())).sum() / ROTORS;
  }

  /** r: thrust at full throttle over weight. */
  public double thrustToWeight() {
    return ROTORS * thrustCurve.thrustN(1) / weightN();
  }

  /**
   * How fast one rotor at full throttle turns the body about x, in 1/s², by the reference's
   * convention, which takes the arm along x:
   *
   * <pre>κ = √2 · mean |x_i| · f(1) / Jxx</pre>
   */
  public double torqueToInertia() {
    double x = rotorPositionsM.stream().mapToDouble(r -> Math.abs(r.x())).sum() / ROTORS;
    return Math.sqrt(2) * x * thrustCurve.thrustN(1) * inverseInertia.x();
  }

  /** The normalised rotor speed at which the four rotors carry the weight. */
  public double hoverThrottle() {
    return thrustCurve.throttleFor(weightN() / ROTORS);
  }

  private double weightN() {
    return massKg * Dynamics.GRAVITY_MS2;
  }

  private static void requireInertia(Vec3 j) {
    InvalidInputException.requireRange(
        "inertia_kg_m2[0]", j.x(), MIN_INERTIA_KG_M2, MAX_INERTIA_KG_M2);
    InvalidInputException.requireRange(
        "inertia_kg_m2[1]", j.y(), MIN_INERTIA_KG_M2, MAX_INERTIA_KG_M2);
    InvalidInputException.requireRange(
        "inertia_kg_m2[2]", j.z(), MIN_INERTIA_KG_M2, MAX_INERTIA_KG_M2);
  }

  private static void requireInverseInertia(String what, double value) {
    InvalidInputException.requireRange(what, value, 1 / MAX_INERTIA_KG_M2, 1 / MIN_INERTIA_KG_M2);
  }

  /**
   * Each parameter may be fine and the vehicle still move too fast to be integrated at 100 Hz in
   * single precision; these bounds are a hundred times what has ever flown.
   */
  private static void requireMotion(
      double massKg,
      Vec3 j,
      Vec3 inverse,
      List<Vec3> rotors,
      ThrustCurve curve,
      double torqueConstantM) {
    double mostN = Math.abs(curve.c0()) + Math.abs(curve.c1()) + Math.abs(curve.c2());
    double sideways = 0;
    double lengthways = 0;
    for (Vec3 r : rotors) {
      sideways += Math.abs(r.y());
      lengthways += Math.abs(r.x());
    }
    requireAtMost(
        "thrust to weight",
        ROTORS * mostN / (massKg * Dynamics.GRAVITY_MS2),
        MAX_THRUST_TO_WEIGHT,
        "mass_kg and thrust_coefficients_n");
    double turn =
        mostN
            * Math.max(
                Math.max(inverse.x() * sideways, inverse.y() * lengthways),
                inverse.z() * ROTORS * torqueConstantM);
    requireAtMost(
        "angular acceleration in rad/s²",
        turn,
        MAX_TURN_RAD_S2,
        "inertia_kg_m2, rotor_positions_m, thrust_coefficients_n and torque_constant_m");
    double gyro =
        Math.max(
            Math.max(inverse.x() * Math.abs(j.y() - j.z()), inverse.y() * Math.abs(j.z() - j.x())),
            inverse.z() * Math.abs(j.x() - j.y()));
    requireAtMost(
        "difference of two moments of inertia over the third", gyro, MAX_GYRO, "inertia_kg_m2");
  }

  private static void requireAtMost(String what, double value, double max, String keys) {
    if (!(value <= max)) {
      throw new InvalidInputException(
          "%s is %s, allowed: up to %s; it follows from %s".formatted(what, value, max, keys));
    }
  }

  private static void requireQuadrant(int i, Vec3 r) {
    boolean near =
        Math.abs(r.x()) <= MAX_POSITION_M
            && Math.abs(r.y()) <= MAX_POSITION_M
            && Math.abs(r.z()) <= MAX_POSITION_M;
    boolean there =
        X_SIGNS[i] * r.x() >= 0 && Y_SIGNS[i] * r.y() >= 0 && (r.x() != 0 || r.y() != 0);
    if (!(near && there)) {
      throw new InvalidInputException(
          "rotor_positions_m[%d] is [%s, %s, %s], allowed: up to 1 km, and %s of the centre of mass (x forward, y left)"
              .formatted(i, r.x(), r.y(), r.z(), ROTOR_NAMES[i]));
    }
  }
}
