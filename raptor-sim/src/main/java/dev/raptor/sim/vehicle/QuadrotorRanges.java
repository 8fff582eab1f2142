package dev.raptor.sim.vehicle;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ranges that {@link QuadrotorDistribution} draws quadrotors from, with the letters of its
 * equations. As a JSON file:
 *
 * <pre>
 * {
 *   "thrust_to_weight": [4, 8],
 *   "mass_kg": [0.2, 0.4],
 *   "torque_to_inertia": [600, 1200],
 *   "torque_constant_m": [0.01, 0.02],
 *   "time_constant_rising_s": [0.02, 0.05],
 *   "time_constant_falling_s": [0.03, 0.1]
 * }
 * </pre>
 *
 * A key that is missing has the range of the {@link #PAPER}; others are not allowed.
 *
 * @param thrustToWeight r: thrust at full throttle over weight, above 1
 * @param massKg m, kg, above 0; its cube root is uniform
 * @param torqueToInertia κ of {@link Quadrotor#torqueToInertia()}, 1/s², above 0
 * @param torqueConstantM yaw torque over thrust, m, above 0
 * @param timeConstantRisingS lag of a rotor that speeds up, s, above 0
 * @param timeConstantFallingS lag of a rotor that slows down, s, above 0
 */
public record QuadrotorRanges(
    Range thrustToWeight,
    Range massKg,
    Range torqueToInertia,
    Range torqueConstantM,
    Range timeConstantRisingS,
    Range timeConstantFallingS) {
  /** What the paper's policy is trained on. */
  public static final QuadrotorRanges PAPER =
      new QuadrotorRanges(
          QuadrotorDistribution.THRUST_TO_WEIGHT,
          QuadrotorDistribution.MASS_KG,
          QuadrotorDistribution.TORQUE_TO_INERTIA,
          QuadrotorDistribution.TORQUE_CONSTANT_M,
          QuadrotorDistribution.TIME_CONSTANT_RISING_S,
          QuadrotorDistribution.TIME_CONSTANT_FALLING_S);

  /**
   * @throws InvalidInputException if a range reaches to where no quadrotor flies; the message says
   *     which, what was given and what is allowed
   */
  public QuadrotorRanges {
    requireAbove(1, "thrust_to_weight", thrustToWeight);
    requireAbove(0, "mass_kg", massKg);
    requireAbove(0, "torque_to_inertia", torqueToInertia);
    requireAbove(0, "torque_constant_m", torqueConstantM);
    requireAbove(0, "time_constant_rising_s", timeConstantRisingS);
    requireAbove(0, "time_constant_falling_s", timeConstantFallingS);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidInputException if it does not hold ranges; the message says the file, the key,
   *     what was given and what is allowed
   */
  public static QuadrotorRanges read(Path file) throws IOException {
    try {
      return parse(Files.readString(file));
    } catch (InvalidInputException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The ranges that {@code text} holds.
   *
   * @throws InvalidInputException if it holds none; the message says the key, what was given and
   *     what is allowed
   */
  public static QuadrotorRanges parse(String text) {
    Map<String, Range> ranges = PAPER.byName();
    String keys = String.join(", ", ranges.keySet());
    if (!(Json.parse(text) instanceof Map<?, ?> map)) {
      throw new InvalidInputException("not an object, allowed: an object with the keys " + keys);
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = (String) entry.getKey();
      if (!ranges.containsKey(key)) {
        throw new InvalidInputException("unknown key '%s', allowed: %s".formatted(key, keys));
      }
      ranges.put(key, range(key, entry.getValue()));
    }
    return new QuadrotorRanges(
        ranges.get("thrust_to_weight"),
        ranges.get("mass_kg"),
        ranges.get("torque_to_inertia"),
        ranges.get("torque_constant_m"),
        ranges.get("time_constant_rising_s"),
        ranges.get("time_constant_falling_s"));
  }

  /** As JSON, all keys. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    byName().forEach((name, range) -> json.put(name, List.of(range.min(), range.max())));
    return json;
  }

  private Map<String, Range> byName() {
    Map<String, Range> ranges = new LinkedHashMap<>();
    ranges.put("thrust_to_weight", thrustToWeight);
    ranges.put("mass_kg", massKg);
    ranges.put("torque_to_inertia", torqueToInertia);
    ranges.put("torque_constant_m", torqueConstantM);
    ranges.put("time_constant_rising_s", timeConstantRisingS);
    ranges.put("time_constant_falling_s", timeConstantFallingS);
    return ranges;
  }

  private static Range range(String key, Object value) {
    if (value instanceof List<?> ends
        && ends.size() == 2
        && ends.get(0) instanceof Number min
        && ends.get(1) instanceof Number max
        && min.doubleValue() <= max.doubleValue()) {
      return new Range(min.doubleValue(), max.doubleValue());
    }
    throw new InvalidInputException(
        "%s is %s, allowed: [MIN, MAX], two numbers with MIN up to MAX"
            .formatted(key, Json.write(value)));
  }

  private static void requireAbove(double limit, String key, Range range) {
    if (!(range.min() > limit) || !Double.isFinite(range.max())) {
      throw new InvalidInputException(
          "%s is [%s, %s], allowed: finite numbers above %s"
              .formatted(key, range.min(), range.max(), limit));
    }
  }
}
