package dev.raptor.sim.vehicle;

import dev.raptor.core.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The named platforms: vehicles that were measured, and vehicles of other simulators, each a {@link
 * QuadrotorFile} among the resources. The numbers are those of the reference's registry; throttle
 * is in [0, 1] for all of them, also for mrs, which was measured against commands from 0 to 2000.
 *
 * <p>The registry's moment of inertia of x500_real about x, 0.1705, contradicts its own inverse, 1
 * / 0.021705. Both are kept: the inverse dominates the motion, and flights stay comparable with the
 * reference's.
 */
public final class Quadrotors {
  private static final Map<String, Quadrotor> BY_NAME = new LinkedHashMap<>();

  static {
    text("names.txt")
        .lines()
        .forEach(name -> BY_NAME.put(name, QuadrotorFile.parse(name, text(name + ".json"))));
  }

  private Quadrotors() {}

  /** The names, in the registry's order. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /** Every platform, in the order of {@link #names()}. */
  public static List<Quadrotor> all() {
    return List.copyOf(BY_NAME.values());
  }

  /**
   * The platform of that name.
   *
   * @throws InvalidInputException if there is none; the message lists those there are
   */
  public static Quadrotor named(String name) {
    Quadrotor quadrotor = BY_NAME.get(name);
    if (quadrotor == null) {
      throw new InvalidInputException(
          "unknown platform '%s', allowed: %s".formatted(name, String.join(", ", names())));
    }
    return quadrotor;
  }

  private static String text(String file) {
    try (InputStream stream = Quadrotors.class.getResourceAsStream("platforms/" + file)) {
      if (stream == null) {
        throw new IllegalStateException("the jar holds no platforms/" + file);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
