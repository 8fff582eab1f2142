package dev.raptor.examples;

import dev.raptor.core.json.Json;
import dev.raptor.rl.Preset;
import dev.raptor.rl.TeacherMethod;
import dev.raptor.rl.TrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
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
    description = "Train teachers, distil them into a policy and refine it; goes on where it was stopped.",
    showDefaultValues = true)
final class TrainCommand implements Callable<Integer> {
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
          "How to train teachers: ${COMPLETION-CANDIDATES}. PPO trains each from scratch by"
              + " reinforcement learning; GRADIENT learns through the physics, which is far faster; with NONE the student"
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
    Map<String, Object> metrics = new TrainingRun(run, preset.config(method, seed), progress).run();
    progress.end();
    out.print(Json.writePretty(metrics));
    out.println("policy: " + run.resolve("student.safetensors"));
    out.flush();
    return 0;
  }
}
