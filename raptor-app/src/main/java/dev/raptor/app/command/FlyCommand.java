package dev.raptor.app.command;

import dev.raptor.app.flight.FarStart;
import dev.raptor.app.flight.Flight;
import dev.raptor.app.flight.FlightPlan;
import dev.raptor.app.flight.GuidedPolicy;
import dev.raptor.app.flight.NamedController;
import dev.raptor.app.flight.Route;
import dev.raptor.app.report.Axis;
import dev.raptor.app.report.FlightReport;
import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.flight.GuidanceLimits;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.Vec3;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Flies platforms with a policy, and reports how it went. */
@Command(
    name = "fly",
    description = "Fly platforms with a policy, print a table, write a flight report.",
    sortOptions = false)
public final class FlyCommand implements Callable<Integer> {
  private static final double MAX_SECONDS = 600;
  private static final String POLICY = "policy";

  @Spec private CommandSpec spec;
  @Mixin private PolicyOption policyOption;
  @Mixin private EffectOptions effects;

  @Option(
      names = "--platform",
      split = ",",
      paramLabel = "NAME",
      description = "The platforms to fly, or 'all'; all if no vehicle is given.")
  private List<String> platforms = new ArrayList<>();

  @Option(
      names = "--quad",
      paramLabel = "quad.json",
      description = "A vehicle of your own; may be given more than once.")
  private List<Path> quads = new ArrayList<>();

  @Option(
      names = "--controller",
      split = ",",
      paramLabel = "NAME",
      description =
          "What to fly with: policy, which is told nothing of the vehicle, or pid, geometric and"
              + " lqr, which know it, or betaflight, which runs beside this in real time (docs/sitl.md); several to compare them. policy if not given.")
  private List<String> controllers = new ArrayList<>();

  @Option(
      names = "--seconds",
      description = "How long to fly; 5, or a lap of the route if that is longer, if not given.")
  private Double seconds;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "What the random starts come from; ${DEFAULT-VALUE} if not given.")
  private long seed;

  @Option(
      names = "--reference",
      defaultValue = "hover",
      paramLabel = "ROUTE",
      converter = Route.Converter.class,
      description =
          "What to follow: hover, langevin (a random walk), figure-eight (2 m by 1 m in 10 s), step"
              + " (1 m after 1 s), circle (1 m wide, in 5 s) or waypoints (a lap of 11 s);"
              + " ${DEFAULT-VALUE} if not given.")
  private Route route;

  @Option(
      names = "--from",
      split = ",",
      arity = "1",
      paramLabel = "X,Y,Z",
      description =
          "Begin at rest so many metres from the target, and fly there with the policy in a control"
              + " loop, as beside an autopilot; up to 1000 m an axis.")
  private List<Double> from;

  @Option(
      names = "--heading",
      paramLabel = "DEG",
      description =
          "Where the nose shall look then, from where it looks at the start; with --from.")
  private Double heading;

  @Option(
      names = "--speed",
      paramLabel = "M_S",
      description = "How fast to go there, up to the velocity clip of the policy; 2 m/s, or that.")
  private Double speed;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures for machines.")
  private Path json;

  @Option(
      names = "--html",
      defaultValue = "flight.html",
      paramLabel = "FILE",
      description = "The flight report; ${DEFAULT-VALUE} if not given.")
  private Path html;

  @Option(names = "--svg", paramLabel = "FILE", description = "Write one picture of all flights.")
  private Path svg;

  @Override
  public Integer call() throws IOException {
    FileArgument.output(html);
    FileArgument.output(svg);
    FileArgument.output(json);
    FileArgument.different(html, svg, json);
    List<Quadrotor> vehicles = vehicles();
    Policy policy = policy();
    Optional<FarStart> far = far(policy);
    List<NamedController> pilots = pilots(policy, far);
    double flown = seconds == null ? far.map(FarStart::seconds).orElse(route.seconds()) : seconds;
    int steps = steps(flown);
    List<Flight> flights = new ArrayList<>();
    for (Quadrotor vehicle : vehicles) {
      // A platform starts the same whatever flies it, and whatever flies beside it.
      int stream = Quadrotors.names().indexOf(vehicle.name());
      FlightPlan mission =
          new FlightPlan(
              route, steps, effects.effects(vehicle, steps * Simulator.STEP_S), seed, far);
      for (NamedController pilot : pilots) {
        flights.add(Flight.fly(vehicle, pilot, mission, stream));
      }
    }
    String title =
        String.format(
            Locale.ROOT,
            "%s: %d %s, %s%s for %s s%s, seed %d",
            pilots.stream().map(NamedController::name).collect(Collectors.joining(", ")),
            vehicles.size(),
            vehicles.size() == 1 ? "vehicle" : "vehicles",
            route,
            from == null ? "" : " from " + from,
            Axis.label(flown),
            effects.toString().isEmpty() ? "" : ", " + effects,
            seed);
    FlightReport report = new FlightReport(title, flights);
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.table());
    write(html, report.html(), out);
    if (svg != null) {
      write(svg, report.picture(), out);
    }
    if (json != null) {
      List<Map<String, Object>> rows = flights.stream().map(Flight::toJson).toList();
      write(json, Json.writePretty(Map.of("flights", rows)), out);
    }
    out.flush();
    return 0;
  }

  private static int steps(double seconds) {
    double steps = seconds / Simulator.STEP_S;
    if (!(steps >= 1 && seconds <= MAX_SECONDS)) {
      throw new InvalidInputException(
          "--seconds is %s, allowed: %s to %s".formatted(seconds, Simulator.STEP_S, MAX_SECONDS));
    }
    return (int) Math.round(steps);
  }

  private Policy policy() throws IOException {
    // Whoever flies by the textbook alone needs no policy.
    return kinds().contains(POLICY) ? policyOption.load() : null;
  }

  private List<String> kinds() {
    List<String> given = controllers.isEmpty() ? List.of(POLICY) : controllers;
    return given.stream().map(NamedController::requireFlownKind).distinct().toList();
  }

  private List<NamedController> pilots(Policy policy, Optional<FarStart> far) {
    if (far.isPresent()) {
      return List.of(
          new NamedController(
              policyOption.name(), false, vehicle -> new GuidedPolicy(policy, far.get())));
    }
    return kinds().stream()
        .map(kind -> NamedController.of(kind, policy, policyOption.name()))
        .toList();
  }

  private Optional<FarStart> far(Policy policy) {
    if (from == null && heading == null && speed == null) {
      return Optional.empty();
    }
    if (from == null || from.size() != 3) {
      throw new InvalidInputException(
          "--from is %s, allowed: X,Y,Z in m, which --heading and --speed need too"
              .formatted(from == null ? "missing" : from));
    }
    if (!kinds().equals(List.of(POLICY)) || route != Route.HOVER) {
      throw new InvalidInputException(
          "--from flies a policy to a point, allowed: --controller policy, --reference hover");
    }
    double most =
        ErrorClip.of(policy)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "%s: does not say how large an error it may be shown, allowed: a policy that train, import or export wrote"
                            .formatted(policyOption.name())))
            .velocityMS();
    double limit = speed == null ? Math.min(GuidanceLimits.DEFAULT.speedMS(), most) : speed;
    if (!(limit > 0 && limit <= most)) {
      throw new InvalidInputException(
          "--speed is %s m/s, allowed: above 0, up to %s with this policy".formatted(limit, most));
    }
    return Optional.of(
        new FarStart(
            new Vec3(from.get(0), from.get(1), from.get(2)),
            Math.toRadians(heading == null ? 0 : heading),
            limit));
  }

  private List<Quadrotor> vehicles() throws IOException {
    List<Quadrotor> vehicles = PlatformNames.resolve(quads, platforms);
    return vehicles.isEmpty() ? Quadrotors.all() : vehicles;
  }

  private static void write(Path path, String text, PrintWriter out) throws IOException {
    AtomicFile.write(path, text.getBytes(StandardCharsets.UTF_8));
    out.println("wrote " + path);
  }
}
