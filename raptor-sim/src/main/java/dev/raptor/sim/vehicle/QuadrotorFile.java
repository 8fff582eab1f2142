package dev.raptor.sim.vehicle;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.core.io.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code quad.json} of one quadrotor:
 *
 * <pre>
 * {
 *   "mass_kg": 0.0306,
 *   "inertia_kg_m2": [9.4e-6, 9.6e-6, 1.7e-5],
 *   "rotor_positions_m": [[0.028, -0.028, 0], [-0.028, -0.028, 0], [-0.028, 0.028, 0], [0.028, 0.028, 0]],
 *   "thrust_coefficients_n": [0.0035, 0.0144, 0.0922],
 *   "torque_constant_m": 0.0047,
 *   "time_constant_rising_s": 0.055,
 *   "time_constant_falling_s": 0.25
 * }
 * </pre>
 *
 * All keys are needed. Two more are allowed. {@code inverse_inertia_per_kg_m2}, where it is not the
 * inverse of the inertia: the motion follows the inverse, gyroscopic torque the inertia. {@code
 * "yaw_directions": [-1, 1, -1, 1]} says which way each rotor turns the body, -1 for clockwise seen
 * from above; policies and simulator know no other, so one that differs is refused. The file's name
 * without {@code .json} names the vehicle.
 */
public final class QuadrotorFile {
  private static final List<String> KEYS =
      List.of(
          "mass_kg",
          "inertia_kg_m2",
          "rotor_positions_m",
          "thrust_coefficients_n",
          "torque_constant_m",
          "time_constant_rising_s",
          "time_constant_falling_s");

  /** For vehicles whose inverse is not that of their inertia, which then follow both. */
  private static final String INVERSE = "inverse_inertia_per_kg_m2";

  private static final String YAW_DIRECTIONS = "yaw_directions";

  private QuadrotorFile() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidInputException if it does not describe a quadrotor; the message says the file,
   *     the key, what was given and what is allowed
   */
  public static Quadrotor read(Path file) throws IOException {
    String fileName = file.getFileName().toString();
    String name =
        fileName.endsWith(".json") ? fileName.substring(0, fileName.length() - 5) : fileName;
    try {
      return parse(name, TextFile.read(file));
    } catch (InvalidInputException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The quadrotor that {@code text} describes, with {@code name} for its name.
   *
   * @throws InvalidInputException if it describes none; the message says the key, what was given
   *     and what is allowed
   */
  public static Quadrotor parse(String name, String text) {
    if (!(Json.parse(text) instanceof Map<?, ?> map)) {
      throw new InvalidInputException(
          "not an object, allowed: an object with the keys " + String.join(", ", KEYS));
    }
    for (Object key : map.keySet()) {
      if (!KEYS.contains(key) && !key.equals(INVERSE) && !key.equals(YAW_DIRECTIONS)) {
        throw new InvalidInputException(
            "unknown key '%s', allowed: %s, %s, %s"
                .formatted(key, String.join(", ", KEYS), INVERSE, YAW_DIRECTIONS));
      }
    }
    for (String key : KEYS) {
      if (!map.containsKey(key)) {
        throw new InvalidInputException(
            "key '%s' is missing, needed: %s".formatted(key, String.join(", ", KEYS)));
      }
    }
    if (map.containsKey(YAW_DIRECTIONS)) {
      requireYawDirections(map.get(YAW_DIRECTIONS));
    }
    List<Vec3> rotors = new ArrayList<>();
    List<?> positions = list("rotor_positions_m", map.get("rotor_positions_m"), Quadrotor.ROTORS);
    for (int i = 0; i < positions.size(); i++) {
      rotors.add(vector("rotor_positions_m[" + i + "]", positions.get(i)));
    }
    Vec3 c = vector("thrust_coefficients_n", map.get("thrust_coefficients_n"));
    Quadrotor quadrotor =
        Quadrotor.of(
            name,
            number("mass_kg", map.get("mass_kg")),
            vector("inertia_kg_m2", map.get("inertia_kg_m2")),
            rotors,
            new ThrustCurve(c.x(), c.y(), c.z()),
            number("torque_constant_m", map.get("torque_constant_m")),
            number("time_constant_rising_s", map.get("time_constant_rising_s")),
            number("time_constant_falling_s", map.get("time_constant_falling_s")));
    return map.containsKey(INVERSE)
        ? new Quadrotor(
            name,
            quadrotor.massKg(),
            quadrotor.inertiaKgM2(),
            vector(INVERSE, map.get(INVERSE)),
            rotors,
            quadrotor.thrustCurve(),
            quadrotor.torqueConstantM(),
            quadrotor.timeConstantRisingS(),
            quadrotor.timeConstantFallingS())
        : quadrotor;
  }

  private static void requireYawDirections(Object value) {
    List<?> given = list(YAW_DIRECTIONS, value, Quadrotor.ROTORS);
    int expected = 0;
    for (int i = 0; i < given.size(); i++) {
      double direction = number(YAW_DIRECTIONS + "[" + i + "]", given.get(i));
      if (Math.abs(direction) != 1) {
        throw new InvalidInputException(
            "%s[%d] is %s, allowed: -1 or 1".formatted(YAW_DIRECTIONS, i, direction));
      }
      expected += direction == Quadrotor.yawSign(i) ? 1 : 0;
    }
    if (expected < given.size()) {
      throw new InvalidInputException(
          "%s is %s, allowed: [-1, 1, -1, 1]; %s"
              .formatted(
                  YAW_DIRECTIONS,
                  Json.write(value),
                  expected == 0
                      ? "each rotor turns the body the other way: swap the propellers of left and right and turn the motors round"
                      : "rotors beside each other turn the body the same way, which ties yaw to roll or pitch"));
    }
  }

  /**
   * Writes {@code quadrotor} to {@code file}, whole or not at all; what is read back is equal, up
   * to the rounding of an inverse.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Quadrotor quadrotor) throws IOException {
    AtomicFile.write(file, format(quadrotor).getBytes(StandardCharsets.UTF_8));
  }

  /** The text of a quadrotor's file, as {@link #write} writes it. */
  public static String format(Quadrotor quadrotor) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("mass_kg", quadrotor.massKg());
    Vec3 inertia = quadrotor.inertiaKgM2();
    Vec3 inverse = quadrotor.inverseInertia();
    map.put("inertia_kg_m2", numbers(inertia));
    if (differ(inertia.x() * inverse.x())
        || differ(inertia.y() * inverse.y())
        || differ(inertia.z() * inverse.z())) {
      map.put(INVERSE, numbers(inverse));
    }
    map.put(
        "rotor_positions_m",
        quadrotor.rotorPositionsM().stream().map(QuadrotorFile::numbers).toList());
    ThrustCurve curve = quadrotor.thrustCurve();
    map.put("thrust_coefficients_n", List.of(curve.c0(), curve.c1(), curve.c2()));
    map.put("torque_constant_m", quadrotor.torqueConstantM());
    map.put("time_constant_rising_s", quadrotor.timeConstantRisingS());
    map.put("time_constant_falling_s", quadrotor.timeConstantFallingS());
    return Json.writePretty(map);
  }

  /** Whether an inertia times its inverse is more than rounding away from 1. */
  private static boolean differ(double product) {
    return Math.abs(product - 1) > 1e-6;
  }

  private static List<Double> numbers(Vec3 v) {
    return List.of(v.x(), v.y(), v.z());
  }

  private static Vec3 vector(String key, Object value) {
    List<?> list = list(key, value, 3);
    return new Vec3(
        number(key + "[0]", list.get(0)),
        number(key + "[1]", list.get(1)),
        number(key + "[2]", list.get(2)));
  }

  private static List<?> list(String key, Object value, int size) {
    if (value instanceof List<?> list && list.size() == size) {
      return list;
    }
    throw new InvalidInputException(
        "%s is %s, allowed: a list of %d".formatted(key, Json.write(value), size));
  }

  private static double number(String key, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new InvalidInputException(
        "%s is %s, allowed: a number".formatted(key, Json.write(value)));
  }
}
