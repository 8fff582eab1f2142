package dev.raptor.app.command;

import dev.raptor.app.report.RunReport;
import dev.raptor.core.io.Json;
import dev.raptor.rl.run.Preset;
import dev.raptor.rl.run.RunConfig;
import dev.raptor.rl.run.RunListener;
import dev.raptor.rl.run.TrainingRun;
import dev.raptor.rl.run.TrainingVehicles;
import dev.raptor.rl.teacher.TeacherMethod;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.QuadrotorRanges;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code raptor train}: quadrotors, teachers, student, evaluation, in a folder. */
@Command(
    name = "train",
    description =
        "Train teachers, distil them into a policy and refine it; goes on where it was stopped.",
    showDefaultValues = true)
public final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      description = "How much to spend: ${COMPLETION-CANDIDATES}.")
  private Preset preset = Preset.SMOKE;

  @Option(
      names = "--teachers",
      paramLabel = "METHOD",
      description =
          "How to train teachers: ${COMPLETION-CANDIDATES}. PPO is reinforcement learning;"
              + " GRADIENT learns through the physics, which is far faster; with NONE the student"
              + " learns from its own flights alone.")
  private TeacherMethod method = TeacherMethod.PPO;

  @Option(
      names = "--imitation-only",
      description =
          "Stop when the student has learned from its teachers, as the paper's does, and do not"
              + " refine it.")
  private boolean imitationOnly;

  @Option(
      names = "--run",
      paramLabel = "FOLDER",
      description = "The run folder; runs/PRESET-METHOD-SEED if not given.")
  private Path folder;

  @Option(
      names = "--vehicles",
      arity = "1..*",
      split = ",",
      paramLabel = "quad.json",
      description =
          "Train for these vehicles and no others, a teacher each; the student is evaluated on them"
              + " too.")
  private List<Path> vehicles = List.of();

  @Option(
      names = "--distribution",
      paramLabel = "FILE",
      description =
          "Draw vehicles from the ranges of this JSON file, such as {\"mass_kg\": [0.2, 0.4],"
              + " \"thrust_to_weight\": [4, 8]}; further keys are torque_to_inertia,"
              + " torque_constant_m, time_constant_rising_s and time_constant_falling_s. What is"
              + " missing is as in the paper.")
  private Path distribution;

  @Option(
      names = "--quads",
      paramLabel = "N",
      description = "Quadrotors to draw, a teacher each; as many as the preset says if not given.")
  private Integer quads;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Hidden units of the student, the size of its memory.")
  private int hidden = 16;

  @Option(names = "--seed", paramLabel = "S", description = "Draws quadrotors and all else.")
  private long seed = 0;

  @Override
  public Integer call() throws IOException {
    Options.atLeastOne(spec, "--hidden", hidden);
    RunConfig config =
        preset.config(method, seed).withVehicles(trainingVehicles()).withHidden(hidden);
    if (quads != null) {
      Options.atLeastOne(spec, "--quads", quads);
      config = config.withQuadrotors(quads);
    }
    if (imitationOnly) {
      config = config.imitationOnly();
    }
    Path run =
        folder != null
            ? folder
            : Path.of("runs", "%s-%s-%d".formatted(preset, method, seed).toLowerCase(Locale.ROOT));
    PrintWriter out = spec.commandLine().getOut();
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    RunListener listener = new Reporting(run, progress);
    spec.commandLine()
        .getErr()
        .printf("%s: stop it whenever you like, the same command goes on%n", run);
    Map<String, Object> metrics = new TrainingRun(run, config, listener).run();
    progress.end();
    out.print(Json.writePretty(metrics));
    out.println("policy: " + run.resolve("student.safetensors"));
    out.println("report: " + RunReport.write(run));
    out.flush();
    return 0;
  }

  private TrainingVehicles trainingVehicles() throws IOException {
    if (vehicles.isEmpty()) {
      return new TrainingVehicles.Drawn(
          distribution == null
              ? QuadrotorRanges.PAPER
              : QuadrotorRanges.read(FileArgument.input(distribution)));
    }
    if (quads != null) {
      throw new ParameterException(
          spec.commandLine(), "--quads draws quadrotors, allowed only without --vehicles");
    }
    if (distribution != null) {
      throw new ParameterException(
          spec.commandLine(), "--vehicles and --distribution, allowed: one of the two");
    }
    List<Quadrotor> given = new ArrayList<>();
    for (Path file : vehicles) {
      given.add(QuadrotorFile.read(FileArgument.input(file)));
    }
    return new TrainingVehicles.Given(given);
  }

  /** Passes on how a run goes on, and now and then writes its report. */
  private static final class Reporting implements RunListener {
    private static final long INTERVAL_NS = 30_000_000_000L;

    private final Path run;
    private final RunListener next;
    private long writtenNs = System.nanoTime();

    Reporting(Path run, RunListener next) {
      this.run = run;
      this.next = next;
    }

    @Override
    public void progress(double share, String message) {
      next.progress(share, message);
      if (System.nanoTime() - writtenNs > INTERVAL_NS) {
        try {
          RunReport.write(run);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        writtenNs = System.nanoTime();
      }
    }
  }
}
