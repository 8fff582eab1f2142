package dev.raptor.app.flight;

import dev.raptor.core.Policy;
import dev.raptor.sim.controller.CascadedPid;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.controller.GeometricController;
import dev.raptor.sim.controller.LqrController;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What {@code raptor fly} flies with.
 *
 * @param name in tables and reports
 * @param knowsTheVehicle whether it is told the vehicle's parameters
 * @param boarding makes the controller for a flight of a vehicle
 */
public record NamedController(
    String name, boolean knowsTheVehicle, Function<Quadrotor, Controller> boarding) {
  private static final List<String> KINDS = List.of("policy", "pid", "geometric", "lqr");

  /**
   * The pilot of that kind.
   *
   * @throws IllegalArgumentException if there is no such kind; the message lists those there are
   */
  public static NamedController of(String kind, Policy policy, String policyName) {
    String name = requireKind(kind);
    return switch (name) {
      case "policy" -> new NamedController(policyName, false, vehicle -> new WatchedPolicy(policy));
      case "pid" -> new NamedController(name, true, CascadedPid::new);
      case "geometric" -> new NamedController(name, true, GeometricController::new);
      default -> new NamedController(name, true, LqrController::new);
    };
  }

  /** Returns the name of {@code kind}, however it is capitalised, if there are pilots of it. */
  public static String requireKind(String kind) {
    String name = kind.toLowerCase(Locale.ROOT);
    if (!KINDS.contains(name)) {
      throw new IllegalArgumentException(
          "--controller has '%s', allowed: %s".formatted(kind, String.join(", ", KINDS)));
    }
    return name;
  }
}
