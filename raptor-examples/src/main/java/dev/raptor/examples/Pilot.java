package dev.raptor.examples;

import dev.raptor.core.Policy;
import dev.raptor.sim.CascadedPid;
import dev.raptor.sim.Controller;
import dev.raptor.sim.GeometricController;
import dev.raptor.sim.Quadrotor;
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
record Pilot(String name, boolean knowsTheVehicle, Function<Quadrotor, Controller> boarding) {
  private static final List<String> KINDS = List.of("policy", "pid", "geometric");

  /**
   * The pilot of that kind.
   *
   * @throws IllegalArgumentException if there is no such kind; the message lists those there are
   */
  static Pilot of(String kind, Policy policy, String policyName) {
    return switch (requireKind(kind)) {
      case "policy" -> new Pilot(policyName, false, vehicle -> new WatchedPolicy(policy));
      case "pid" -> new Pilot(kind, true, CascadedPid::new);
      default -> new Pilot(kind, true, GeometricController::new);
    };
  }

  /** Returns the name of {@code kind}, however it is capitalised, if there are pilots of it. */
  static String requireKind(String kind) {
    String name = kind.toLowerCase(Locale.ROOT);
    if (!KINDS.contains(name)) {
      throw new IllegalArgumentException(
          "--controller has '%s', allowed: %s".formatted(kind, String.join(", ", KINDS)));
    }
    return name;
  }
}
