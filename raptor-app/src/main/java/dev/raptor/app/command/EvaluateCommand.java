package dev.raptor.app.command;

import dev.raptor.app.flight.NamedController;
import dev.raptor.core.Policy;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.rl.evaluation.EvaluationSuite;
import dev.raptor.rl.evaluation.FlightSuite;
import dev.raptor.rl.evaluation.FlightSuiteResults;
import dev.raptor.rl.evaluation.VehicleSet;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.controller.Controllers;
import dev.raptor.sim.reference.Lissajous;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code raptor evaluate}: how well policies fly quadrotors, each on the same flights. */
@Command(
    name = "evaluate",
    description = {
      "Fly policies on many sampled quadrotors, or on platforms, and say how well they do.",
      "Several policies fly the same vehicles from the same starts; how much the later ones differ"
          + " from the first is told with its standard error over the vehicles, or over the"
          + " episodes of a platform, of those for which both have the figure."
    },
    showDefaultValues = true,
    sortOptions = false)
public final class EvaluateCommand implements Callable<Integer> {
  private static final String FIGURE_EIGHT = "figure-eight";
  private static final int ROUNDS = 5;
  private static final double MAX_SECONDS = 600;
  private static final List<String> NOT_IN_A_SUITE =
      List.of(
          "--episodes",
          "--quad-seed",
          "--platform",
          "--quad",
          "--observation",
          "--reference",
          "--interval",
          "--seconds");

  @Spec private CommandSpec spec;

  @Option(
      names = "--policy",
      split = ",",
      paramLabel = "FILE",
      description = "Policy files, or 'pretrained' and 'imitated' for those in the jar.")
  private List<Path> policies = List.of(PolicyOption.PRETRAINED);

  @Option(names = "--quads", paramLabel = "N", description = "Quadrotors to draw.")
  private int quads = 200;

  @Option(names = "--episodes", paramLabel = "K", description = "Episodes of each.")
  private int episodes = 10;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      description =
          "Length of an episode; at least 20 if oscillation is to show, which takes its time. The"
              + " return counts every step.")
  private double seconds = 5;

  @Option(names = "--seed", paramLabel = "S", description = "Draws starts and disturbances.")
  private long seed = 0;

  @Option(
      names = "--quad-seed",
      paramLabel = "Q",
      description =
          "Draws the quadrotors; that of --seed if not given. 0 with 1000 quadrotors draws those of"
              + " the paper's training set.")
  private Long quadSeed;

  @Option(
      names = "--platform",
      split = ",",
      paramLabel = "NAME",
      description = "Fly these platforms instead of sampled quadrotors, or 'all'.")
  private List<String> platforms = List.of();

  @Option(
      names = "--quad",
      paramLabel = "quad.json",
      description = "Fly a vehicle of your own; may be given more than once.")
  private List<Path> own = new ArrayList<>();

  @Option(
      names = "--observation",
      paramLabel = "KIND",
      description = "What the policy sees: ${COMPLETION-CANDIDATES}; relative as when deployed.")
  private ObservationKind observation = ObservationKind.RELATIVE;

  @Option(
      names = "--reference",
      paramLabel = "KIND",
      description =
          "What it has to follow: hover, langevin (a random walk), mix (either) or "
              + FIGURE_EIGHT
              + " (2 m by 1 m, five rounds).")
  private String reference = "hover";

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "Time of one round of the figure-eight.")
  private double interval = 5.5;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private Path json;

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      description =
          "Instead of all this the tests of a suite: 'flight' is what a pilot cares for. Seed 1 is"
              + " for figures to quote, any other for choosing between policies.")
  private String suite;

  @Option(
      names = "--vehicles",
      split = ",",
      paramLabel = "SET",
      description = "Vehicles of the suite: ${COMPLETION-CANDIDATES}; all if not given.")
  private List<VehicleSet> sets = List.of(VehicleSet.values());

  @Option(
      names = "--tests",
      split = ",",
      paramLabel = "TEST",
      description = "Tests of the suite; all if not given.")
  private List<String> tests = FlightSuite.testNames();

  @Option(
      names = "--controller",
      split = ",",
      paramLabel = "NAME",
      description =
          "Controllers of the textbook that fly beside the policies and are told the vehicle as it"
              + " should be, without any effect: pid, geometric, lqr.")
  private List<String> controllers = List.of();

  @Mixin private EffectOptions effects;

  /** A policy and what to call it. */
  private record Named(String name, Policy policy) {}

  @Override
  public Integer call() throws IOException {
    Options.atLeastOne(spec, "--quads", quads);
    Options.atLeastOne(spec, "--episodes", episodes);
    FileArgument.output(json);
    List<Named> pilots = load();
    if (suite != null) {
      return fly(pilots);
    }
    refuse("--vehicles", "belongs to a suite, allowed only with --suite");
    refuse("--tests", "belongs to a suite, allowed only with --suite");
    if (!controllers.isEmpty() && observation == ObservationKind.ABSOLUTE) {
      throw new ParameterException(
          spec.commandLine(),
          "--observation is absolute, which controllers of the textbook cannot fly by, allowed:"
              + " relative");
    }
    List<Quadrotor> vehicles = PlatformNames.resolve(own, platforms);
    if (!vehicles.isEmpty()) {
      refuse("--quads", "draws quadrotors, allowed only without --platform and --quad");
      refuse("--quad-seed", "draws quadrotors, allowed only without --platform and --quad");
    }
    EvaluationSuite still =
        vehicles.isEmpty()
            ? EvaluationSuite.sampled(
                QuadrotorDistribution.sample(quadSeed == null ? seed : quadSeed, quads),
                episodes,
                seed)
            : EvaluationSuite.platforms(vehicles, episodes, seed);
    EvaluationSuite trial = disturbed(routed(still.lasting(steps())));
    Comparison comparison = new Comparison(vehicles, reference.equals(FIGURE_EIGHT));
    for (Named pilot : pilots) {
      comparison.add(pilot.name, trial.fly(pilot.policy, observation));
    }
    for (Map.Entry<String, Function<Quadrotor, Controller>> controller : textbook().entrySet()) {
      comparison.add(controller.getKey(), trial.fly(controller.getValue()));
    }
    if (json != null) {
      AtomicFile.write(
          json, Json.writePretty(comparison.toJson()).getBytes(StandardCharsets.UTF_8));
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%d %s x %d episodes, %s%s, %s observation, seed %d%n%s",
            vehicles.isEmpty() ? quads : vehicles.size(),
            vehicles.isEmpty() ? "quadrotors" : "platforms",
            episodes,
            reference,
            effects.toString().isEmpty() ? "" : ", " + effects,
            observation.toString().toLowerCase(Locale.ROOT),
            seed,
            comparison.table());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private int fly(List<Named> pilots) throws IOException {
    if (!suite.equals("flight")) {
      throw new ParameterException(
          spec.commandLine(), "--suite is '%s', allowed: flight".formatted(suite));
    }
    for (String option : NOT_IN_A_SUITE) {
      refuse(option, "is up to the suite, allowed only without --suite");
    }
    if (!effects.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "effects are up to the suite, allowed only without --suite");
    }
    Map<String, Policy> named = new LinkedHashMap<>();
    pilots.forEach(pilot -> named.put(pilot.name, pilot.policy));
    FlightSuite flights = new FlightSuite(seed, EnumSet.copyOf(sets), quads, Set.copyOf(tests));
    FlightSuiteResults results = flights.run(named, textbook());
    if (json != null) {
      AtomicFile.write(json, Json.writePretty(results.toJson()).getBytes(StandardCharsets.UTF_8));
    }
    spec.commandLine().getOut().print(FlightSuiteTable.of(results));
    spec.commandLine().getOut().flush();
    return 0;
  }

  /** The controllers that fly beside the policies, by name. */
  private Map<String, Function<Quadrotor, Controller>> textbook() {
    Map<String, Function<Quadrotor, Controller>> textbook = new LinkedHashMap<>();
    for (String controller : controllers) {
      String kind = NamedController.requireKind(controller);
      if (!kind.equals(NamedController.POLICY)) {
        textbook.put(kind, Controllers.named(kind));
      }
    }
    return textbook;
  }

  private void refuse(String option, String why) {
    if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
      throw new ParameterException(spec.commandLine(), option + " " + why);
    }
  }

  private int steps() {
    if (!(seconds >= Simulator.STEP_S && seconds <= MAX_SECONDS)) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds is %s, allowed: %s to %s".formatted(seconds, Simulator.STEP_S, MAX_SECONDS));
    }
    if (reference.equals(FIGURE_EIGHT)) {
      refuse("--seconds", "is up to the figure-eight, allowed only with another --reference");
    }
    return (int) Math.round(seconds / Simulator.STEP_S);
  }

  private EvaluationSuite routed(EvaluationSuite trial) {
    if (reference.equals(FIGURE_EIGHT)) {
      Lissajous figure = Lissajous.figureEight(interval);
      // What the ramp costs is half of its time.
      double seconds = ROUNDS * interval + figure.rampS() / 2;
      return trial.following(figure, (int) Math.round(seconds / Simulator.STEP_S));
    }
    for (ReferenceKind kind : ReferenceKind.values()) {
      if (kind.name().equalsIgnoreCase(reference)) {
        return trial.following(kind);
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "--reference is '%s', allowed: hover, langevin, mix, %s"
            .formatted(reference, FIGURE_EIGHT));
  }

  private EvaluationSuite disturbed(EvaluationSuite trial) {
    double seconds = trial.steps() * Simulator.STEP_S;
    return effects.isEmpty() ? trial : trial.under(quad -> effects.effects(quad, seconds));
  }

  private List<Named> load() throws IOException {
    List<Named> pilots = new ArrayList<>();
    for (Path file : policies) {
      String name = PolicyOption.name(file);
      boolean clear = policies.stream().filter(p -> PolicyOption.name(p).equals(name)).count() == 1;
      pilots.add(new Named(clear ? name : file.toString(), PolicyOption.load(file)));
    }
    return pilots;
  }
}
