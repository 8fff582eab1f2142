package dev.raptor.sim.vehicle;

import dev.raptor.core.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
 * All keys are needed and no others allowed. The file's name without {@code .json} names the
 * vehicle.
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

  private QuadrotorFile() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it does not describe a quadrotor; the message says the
   *     file, the key, what was given and what is allowed
   */
  public static Quadrotor read(Path file) throws IOException {
    String fileName = file.getFileName().toString();
    String name =
        fileName.endsWith(".json") ? fileName.substring(0, fileName.length() - 5) : fileName;
    try {
      return parse(name, Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The quadrotor that {@code text} describes, with {@code name} for its name.
   *
   * @throws IllegalArgumentException if it describes none; the message says the key, what was given
   *     and what is allowed
   */
  public static Quadrotor parse(String name, String text) {
    if (!(Json.parse(text) instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(
          "not an object, allowed: an object with the keys " + String.join(", ", KEYS));
    }
    for (Object key : map.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key '%s', allowed: %s".formatted(key, String.join(", ", KEYS)));
      }
    }
    for (String key : KEYS) {
      if (!map.containsKey(key)) {
        throw new IllegalArgumentException(
            "key '%s' is missing, needed: %s".formatted(key, String.join(", ", KEYS)));
      }
    }
    List<Vec3> rotors = new ArrayList<>();
    List<?> positions = list("rotor_positions_m", map.get("rotor_positions_m"), Quadrotor.ROTORS);
    for (int i = 0; i < positions.size(); i++) {
      rotors.add(vector("rotor_positions_m[" + i + "]", positions.get(i)));
    }
    Vec3 c = vector("thrust_coefficients_n", map.get("thrust_coefficients_n"));
    return Quadrotor.of(
        name,
        number("mass_kg", map.get("mass_kg")),
        vector("inertia_kg_m2", map.get("inertia_kg_m2")),
        rotors,
        new ThrustCurve(c.x(), c.y(), c.z()),
        number("torque_constant_m", map.get("torque_constant_m")),
        number("time_constant_rising_s", map.get("time_constant_rising_s")),
        number("time_constant_falling_s", map.get("time_constant_falling_s")));
  }

  /**
   * Writes {@code quadrotor} to {@code file}, whole or not at all. An inverse inertia that is not
   * the inverse of the inertia has no place in the format: its inverse is written as the inertia,
   * because the motion follows the inverse.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Quadrotor quadrotor) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(whole, format(quadrotor));
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private static String format(Quadrotor quadrotor) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("mass_kg", quadrotor.massKg());
    map.put(
        "inertia_kg_m2",
        List.of(
            inertia(quadrotor.inertiaKgM2().x(), quadrotor.inverseInertia().x()),
            inertia(quadrotor.inertiaKgM2().y(), quadrotor.inverseInertia().y()),
            inertia(quadrotor.inertiaKgM2().z(), quadrotor.inverseInertia().z())));
    map.put(
        "rotor_positions_m",
        quadrotor.rotorPositionsM().stream().map(r -> List.of(r.x(), r.y(), r.z())).toList());
    ThrustCurve curve = quadrotor.thrustCurve();
    map.put("thrust_coefficients_n", List.of(curve.c0(), curve.c1(), curve.c2()));
    map.put("torque_constant_m", quadrotor.torqueConstantM());
    map.put("time_constant_rising_s", quadrotor.timeConstantRisingS());
    map.put("time_constant_falling_s", quadrotor.timeConstantFallingS());
    return Json.writePretty(map);
  }

  /** The inertia as it is where the two agree up to rounding, so that a file is read back equal. */
  private static double inertia(double inertia, double inverse) {
    return Math.abs(inertia * inverse - 1) < 1e-6 ? inertia : 1 / inverse;
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
    throw new IllegalArgumentException(
        "%s is %s, allowed: a list of %d".formatted(key, Json.write(value), size));
  }

  private static double number(String key, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(
        "%s is %s, allowed: a number".formatted(key, Json.write(value)));
  }
}
