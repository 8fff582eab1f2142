package dev.raptor.app.command;

import dev.raptor.app.report.RunReport;
import dev.raptor.core.io.Json;
import dev.raptor.rl.run.Preset;
import dev.raptor.rl.run.RunListener;
import dev.raptor.rl.run.TrainingRun;
import dev.raptor.rl.teacher.TeacherMethod;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      names = "--run",
      paramLabel = "FOLDER",
      description = "The run folder; runs/PRESET-METHOD-SEED if not given.")
  private Path folder;

  @Option(names = "--seed", paramLabel = "S", description = "Draws quadrotors and all else.")
  private long seed = 0;

  @Override
  public Integer call() throws IOException {
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
    Map<String, Object> metrics = new TrainingRun(run, preset.config(method, seed), listener).run();
    progress.end();
    out.print(Json.writePretty(metrics));
    out.println("policy: " + run.resolve("student.safetensors"));
    out.println("report: " + RunReport.write(run));
    out.flush();
    return 0;
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
