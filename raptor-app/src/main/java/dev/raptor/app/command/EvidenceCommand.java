package dev.raptor.app.command;

import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.rl.evaluation.EvaluationSuite;
import dev.raptor.rl.evaluation.MemoryProbe;
import dev.raptor.rl.evaluation.MemorylessPolicy;
import dev.raptor.rl.run.AblationStudy;
import dev.raptor.rl.run.Preset;
import dev.raptor.rl.run.RunConfig;
import dev.raptor.rl.teacher.TeacherMethod;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code raptor evidence}: whether policies adapt to what they fly, and what that takes. */
@Command(
    name = "evidence",
    description = "Show that a policy adapts to what it flies, and what that takes.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      EvidenceCommand.Memory.class,
      EvidenceCommand.Probe.class,
      EvidenceCommand.Scaling.class,
      EvidenceCommand.Width.class
    })
public final class EvidenceCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is needed, allowed: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }

  /** The flights that policies are judged by. */
  private static final class Flights {
    @Option(names = "--quads", paramLabel = "N", description = "Quadrotors to draw.")
    private int quads = 1000;

    @Option(names = "--episodes", paramLabel = "K", description = "Episodes of each, of 5 s.")
    private int episodes = 10;

    @Option(
        names = "--seed",
        paramLabel = "S",
        description = "Draws quadrotors and starts; policies are mostly trained on those of 0.")
    private long seed = 11;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
    private Path json;

    void check(CommandSpec spec) throws IOException {
      Options.atLeastOne(spec, "--quads", quads);
      Options.atLeastOne(spec, "--episodes", episodes);
      FileArgument.output(json);
    }

    List<SampledQuadrotor> quadrotors() {
      return QuadrotorDistribution.sample(seed, quads);
    }

    EvaluationSuite trial() {
      return EvaluationSuite.sampled(quadrotors(), episodes, seed);
    }

    void say(CommandSpec spec, String table, Map<String, Object> figures) throws IOException {
      if (json != null) {
        AtomicFile.write(json, Json.writePretty(figures).getBytes(StandardCharsets.UTF_8));
      }
      spec.commandLine()
          .getOut()
          .printf("%d quadrotors x %d episodes, seed %d%n%s", quads, episodes, seed, table);
      spec.commandLine().getOut().flush();
    }

    void say(CommandSpec spec, Comparison comparison) throws IOException {
      say(spec, comparison.table(), comparison.toJson());
    }
  }

  /** The same policy with and without its memory. */
  @Command(
      name = "memory",
      description = "Fly a policy, and the same policy with its memory cleared before every step.",
      showDefaultValues = true)
  static final class Memory implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private PolicyOption policyOption;
    @Mixin private Flights flights;

    @Override
    public Integer call() throws IOException {
      flights.check(spec);
      Policy policy = policyOption.load();
      Comparison comparison = new Comparison(List.of(), false);
      EvaluationSuite trial = flights.trial();
      comparison.add(policyOption.name(), trial.fly(policy, ObservationKind.RELATIVE));
      comparison.add(
          "memory cleared", trial.fly(new MemorylessPolicy(policy), ObservationKind.RELATIVE));
      flights.say(spec, comparison);
      return 0;
    }
  }

  /** What the memory tells of the vehicle. */
  @Command(
      name = "probe",
      description = {
        "Read the thrust-to-weight ratio out of a policy's memory by a line, and say how well that"
            + " does over the time of flight.",
        "The line is fitted to four fifths of the quadrotors and judged on the last fifth."
      },
      showDefaultValues = true)
  static final class Probe implements Callable<Integer> {
    private static final int[] STEPS = {10, 20, 50, 100, 200, 300, 500};

    @Spec private CommandSpec spec;
    @Mixin private PolicyOption policyOption;
    @Mixin private Flights flights;

    @Override
    public Integer call() throws IOException {
      flights.check(spec);
      List<SampledQuadrotor> all = flights.quadrotors();
      int fitted = all.size() * 4 / 5;
      if (fitted == 0) {
        throw new ParameterException(
            spec.commandLine(), "--quads is %d, allowed: 2 or more".formatted(all.size()));
      }
      List<MemoryProbe.Reading> readings =
          MemoryProbe.read(
              policyOption.load(),
              all.subList(0, fitted),
              all.subList(fitted, all.size()),
              flights.episodes,
              flights.seed,
              STEPS);
      List<List<String>> rows = new ArrayList<>();
      List<Object> json = new ArrayList<>();
      rows.add(List.of("time s", "R2", "mean squared error", "flights"));
      for (MemoryProbe.Reading reading : readings) {
        rows.add(
            List.of(
                String.format(Locale.ROOT, "%.1f", reading.timeS()),
                String.format(Locale.ROOT, "%.3f", reading.r2()),
                String.format(Locale.ROOT, "%.4f", reading.meanSquaredError()),
                Integer.toString(reading.flights())));
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("time_s", reading.timeS());
        one.put("r2", reading.r2());
        one.put("mean_squared_error", reading.meanSquaredError());
        one.put("flights", reading.flights());
        json.add(one);
      }
      flights.say(spec, TextTable.of(rows, 0), Map.of("readings", json));
      return 0;
    }
  }

  /** Trains students that differ in one number, and compares them. */
  private abstract static class Students implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Flights flights;

    @Option(
        names = "--run",
        paramLabel = "FOLDER",
        description =
            "The folder of the study, which goes on where it was stopped; runs/NAME-SEED with the"
                + " command's name if not given.")
    private Path folder;

    @Option(
        names = "--preset",
        paramLabel = "PRESET",
        description = "What teachers and students are trained with: ${COMPLETION-CANDIDATES}.")
    private Preset preset = Preset.LAPTOP;

    @Option(
        names = "--epochs",
        paramLabel = "E",
        description = "Epochs of imitation for each student, the same for all.")
    private int epochs = 40;

    @Option(
        names = "--method",
        paramLabel = "METHOD",
        description = "How to train teachers: PPO, or GRADIENT, which is faster.")
    private TeacherMethod method = TeacherMethod.GRADIENT;

    @Option(names = "--train-seed", paramLabel = "S", description = "Draws all of the training.")
    private long seed = 0;

    /** The study of such students in a folder; {@code base} is what they have in common. */
    abstract AblationStudy study(Path folder, RunConfig base);

    List<Integer> atLeastOne(String option, List<Integer> values) {
      values.forEach(value -> Options.atLeastOne(spec, option, value));
      return values;
    }

    @Override
    public final Integer call() throws IOException {
      flights.check(spec);
      Options.atLeastOne(spec, "--epochs", epochs);
      if (flights.seed == seed) {
        throw new ParameterException(
            spec.commandLine(),
            "--seed is %d, which draws the vehicles of --train-seed, allowed: another"
                .formatted(seed));
      }
      if (method == TeacherMethod.NONE) {
        throw new ParameterException(
            spec.commandLine(), "--method is NONE, allowed: PPO, GRADIENT");
      }
      RunConfig base = preset.config(method, seed).imitationOnly(epochs);
      ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
      Path run = folder != null ? folder : Path.of("runs", spec.name() + "-" + seed);
      Map<String, Path> students = study(run, base).run(progress);
      progress.end();
      Comparison comparison = new Comparison(List.of(), false);
      EvaluationSuite trial = flights.trial();
      for (Map.Entry<String, Path> student : students.entrySet()) {
        Policy policy = Policies.load(student.getValue());
        comparison.add(student.getKey(), trial.fly(policy, ObservationKind.RELATIVE));
      }
      flights.say(spec, comparison);
      return 0;
    }
  }

  /** How much more teachers help. */
  @Command(
      name = "scaling",
      description = "Train students of more and more teachers, and compare them.",
      showDefaultValues = true)
  static final class Scaling extends Students {
    @Option(
        names = "--teachers",
        split = ",",
        paramLabel = "N",
        description = "Numbers of teachers.")
    private List<Integer> counts = List.of(16, 64, 250, 1000);

    @Option(
        names = "--equal-per-teacher",
        description =
            "Give each student as many samples of each of its teachers as the others have; if not"
                + " given, all students have as many samples in all, those of few teachers more of"
                + " each.")
    private boolean equalPerTeacher;

    @Override
    AblationStudy study(Path folder, RunConfig base) {
      return AblationStudy.ofTeachers(
          folder, base, atLeastOne("--teachers", counts), equalPerTeacher);
    }
  }

  /** How much more memory helps. */
  @Command(
      name = "width",
      description = "Train students of more and more hidden units, and compare them.",
      showDefaultValues = true)
  static final class Width extends Students {
    @Option(
        names = "--hidden",
        split = ",",
        paramLabel = "N",
        description = "Numbers of hidden units.")
    private List<Integer> sizes = List.of(4, 8, 16, 32, 64);

    @Override
    AblationStudy study(Path folder, RunConfig base) {
      return AblationStudy.ofHiddenSizes(folder, base, atLeastOne("--hidden", sizes));
    }
  }
}
