package dev.raptor.app.flight;

import dev.raptor.app.sitl.BetaflightController;
import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.controller.Controllers;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A controller as the command line names it.
 *
 * @param name in tables and reports
 * @param knowsTheVehicle whether it is told the vehicle's parameters
 * @param factory makes the controller for a flight of a vehicle
 */
public record NamedController(
    String name, boolean knowsTheVehicle, Function<Quadrotor, Controller> factory) {
  /** The kind that is a policy from a file. */
  public static final String POLICY = "policy";

  /** The kind that is a Betaflight beside this process, in real time. */
  private static final String BETAFLIGHT = "betaflight";

  /** A policy. */
  public static NamedController of(Policy policy, String name) {
    return new NamedController(name, false, vehicle -> new WatchedPolicy(policy));
  }

  /**
   * The controller of that kind.
   *
   * @throws InvalidInputException if there is no such kind; the message lists those there are
   */
  public static NamedController of(String kind, Policy policy, String policyName) {
    String name = requireFlownKind(kind);
    return switch (name) {
      case POLICY -> of(policy, policyName);
      case BETAFLIGHT -> new NamedController(name, true, BetaflightController::board);
      default -> new NamedController(name, true, Controllers.named(name));
    };
  }

  /**
   * Returns the name of {@code kind}, however it is capitalised, if there are controllers of it
   * that fly as fast as this computer can.
   */
  public static String requireKind(String kind) {
    return require(kind, List.of());
  }

  /** The same, with those that fly in real time. */
  public static String requireFlownKind(String kind) {
    return require(kind, List.of(BETAFLIGHT));
  }

  private static String require(String kind, List<String> more) {
    String name = kind.toLowerCase(Locale.ROOT);
    List<String> kinds = new ArrayList<>(List.of(POLICY));
    kinds.addAll(Controllers.names());
    kinds.addAll(more);
    if (!kinds.contains(name)) {
      throw new InvalidInputException(
          "--controller has '%s', allowed: %s".formatted(kind, String.join(", ", kinds)));
    }
    return name;
  }
}
