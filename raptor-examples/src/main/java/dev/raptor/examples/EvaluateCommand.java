package dev.raptor.examples;

import dev.raptor.core.Policy;
import dev.raptor.core.checkpoint.AtomicFile;
import dev.raptor.core.json.Json;
import dev.raptor.rl.Evaluation;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.QuadrotorDistribution;
import dev.raptor.sim.ReferenceKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code raptor evaluate}: how well a policy flies quadrotors drawn from the distribution. */
@Command(
    name = "evaluate",
    description = "Fly a policy on many sampled quadrotors and say how well it does.",
    showDefaultValues = true)
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private PolicyOption policyOption;

  @Option(names = "--quads", paramLabel = "N", description = "Quadrotors to draw.")
  private int quads = 200;

  @Option(names = "--episodes", paramLabel = "K", description = "Episodes of each, of 5 s.")
  private int episodes = 10;

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
      names = "--observation",
      paramLabel = "KIND",
      description = "What the policy sees: ${COMPLETION-CANDIDATES}; relative as when deployed.")
  private ObservationKind observation = ObservationKind.RELATIVE;

  @Option(
      names = "--reference",
      paramLabel = "KIND",
      description = "What it has to follow: ${COMPLETION-CANDIDATES}.")
  private ReferenceKind reference = ReferenceKind.HOVER;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    Options.atLeastOne(spec, "--quads", quads);
    Options.atLeastOne(spec, "--episodes", episodes);
    FileArgument.output(json);
    Policy policy = policyOption.load();
    Evaluation evaluation =
        Evaluation.of(
            policy,
            QuadrotorDistribution.sample(quadSeed == null ? seed : quadSeed, quads),
            episodes,
            seed,
            observation,
            reference);
    if (json != null) {
      AtomicFile.write(
          json, Json.writePretty(evaluation.toJson()).getBytes(StandardCharsets.UTF_8));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %d quadrotors x %d episodes, seed %d%n", policyOption.name(), quads, episodes, seed);
    out.printf(
        "  return              %8.2f   (standard deviation over quadrotors %.1f)%n",
        evaluation.returnMean(), evaluation.returnStdOverQuads());
    out.printf("  length              %8.2f   of 500 steps%n", evaluation.lengthMean());
    out.printf("  terminated          %8.2f %%%n", 100 * evaluation.terminatedShare());
    out.printf("  steady-state error  %8.4f m%n", evaluation.steadyStateErrorM());
    out.printf("  settling time       %8.2f s%n", evaluation.settlingTimeS());
    out.flush();
    return 0;
  }
}
