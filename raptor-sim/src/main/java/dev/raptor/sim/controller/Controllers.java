package dev.raptor.sim.controller;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The controllers of the textbook by their names on the command line. Each is told the vehicle that
 * it flies. A new one is a line here; whatever lists controllers has it then.
 */
public final class Controllers {
  private static final Map<String, Function<Quadrotor, Controller>> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("pid", CascadedPid::new);
    BY_NAME.put("geometric", GeometricController::new);
    BY_NAME.put("lqr", LqrController::new);
  }

  private Controllers() {}

  /** All names. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * What makes the controller of that name for a vehicle.
   *
   * @throws InvalidInputException if there is none; the message lists those there are
   */
  public static Function<Quadrotor, Controller> named(String name) {
    Function<Quadrotor, Controller> controller = BY_NAME.get(name);
    if (controller == null) {
      throw new InvalidInputException(
          "unknown controller '%s', allowed: %s".formatted(name, String.join(", ", names())));
    }
    return controller;
  }
}
