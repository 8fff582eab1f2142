package dev.raptor.app.command;

import dev.raptor.core.Policy;
import dev.raptor.core.fixed.FixedFile;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.rl.quantise.Calibration;
import dev.raptor.rl.quantise.QuantisationAwareTraining;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code raptor quantize}: a float policy in integers, and what that costs. */
@Command(
    name = "quantize",
    description =
        "Turn a policy into integers, scaled by flights of its own, and fly both side by side.",
    showDefaultValues = true)
public final class QuantizeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private PolicyOption policyOption;

  @Option(names = "--weights", paramLabel = "BITS", description = "Bits of a weight, 2 to 8.")
  private int weights = 8;

  @Option(
      names = "--activations",
      paramLabel = "BITS",
      description = "Bits of what the matrices multiply, 8 to 16.")
  private int activations = 16;

  @Option(
      names = "--fine-tune",
      paramLabel = "EPOCHS",
      description = {
        "Let the policy learn to fly with so few bits, for so many epochs of some seconds; the"
            + " integers that fly best are kept, be it those before.",
        "It helps where activations have 8 bits."
      })
  private int fineTune = 0;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write.")
  private Path out;

  @Option(names = "--quads", paramLabel = "N", description = "Quadrotors to fly both with.")
  private int quads = 200;

  @Option(names = "--episodes", paramLabel = "K", description = "Episodes of each, of 5 s.")
  private int episodes = 10;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Draws the flights to scale by, and others to compare by, as evaluate does.")
  private long seed = 0;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    Options.atLeastOne(spec, "--quads", quads);
    Options.atLeastOne(spec, "--episodes", episodes);
    FileArgument.output(out);
    FileArgument.output(json);
    if (fineTune < 0) {
      throw new ParameterException(
          spec.commandLine(), "--fine-tune is %d, allowed: 0 or more".formatted(fineTune));
    }
    FixedFormat format = new FixedFormat(weights, activations);
    RecurrentPolicy policy = policyOption.loadFloat();
    QuantisationAwareTraining.Result tuned = fineTune == 0 ? null : tune(policy, format);
    FixedPolicy fixed =
        tuned == null
            ? Calibration.quantise(policy, format, Calibration.QUADROTORS, seed)
            : tuned.policy();
    FixedFile.write(fixed, out);

    Evaluation before = evaluate(policy);
    Evaluation after = evaluate(fixed);
    if (json != null) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("float", before.toJson());
      figures.put("fixed", after.toJson());
      figures.put("flash_bytes", fixed.flashBytes());
      figures.put("ram_bytes", fixed.ramBytes());
      if (tuned != null) {
        figures.put("fine_tuning", tuned.toJson());
      }
      AtomicFile.write(json, Json.writePretty(figures).getBytes(StandardCharsets.UTF_8));
    }
    PrintWriter text = spec.commandLine().getOut();
    text.printf(
        "%s in %s: %d quadrotors x %d episodes, seed %d%n",
        policyOption.name(), format, quads, episodes, seed);
    if (tuned != null) {
      text.printf(
          "kept %s; on other flights, which chose it, %.1f of return, by calibration alone %.1f%n",
          tuned.epochs() == 0
              ? "calibration alone"
              : "epoch %d of %d of fine-tuning".formatted(tuned.epochs(), fineTune),
          tuned.keptReturn(),
          tuned.calibratedReturn());
    }
    text.printf("%-20s %10s %10s %10s%n", "", "float", "fixed", "difference");
    double share = 100 * (after.returnMean() / before.returnMean() - 1);
    row(text, "return", before.returnMean(), after.returnMean(), "%+.2f %%".formatted(share));
    double lost = 100 * (after.terminatedShare() - before.terminatedShare());
    row(
        text,
        "terminated, %",
        100 * before.terminatedShare(),
        100 * after.terminatedShare(),
        "%+.2f points".formatted(lost));
    row(
        text,
        "steady-state, mm",
        1000 * before.steadyStateErrorM(),
        1000 * after.steadyStateErrorM(),
        "%+.2f mm".formatted(1000 * (after.steadyStateErrorM() - before.steadyStateErrorM())));
    text.printf(
        "flash %d bytes, memory %d bytes a vehicle, %d multiplications a step%nwrote %s%n",
        fixed.flashBytes(), fixed.ramBytes(), fixed.operations(), out);
    text.flush();
    return 0;
  }

  private QuantisationAwareTraining.Result tune(RecurrentPolicy policy, FixedFormat format) {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    QuantisationAwareTraining.Result tuned =
        QuantisationAwareTraining.run(policy, format, fineTune, seed, progress);
    progress.end();
    return tuned;
  }

  private static void row(PrintWriter out, String what, double a, double b, String difference) {
    out.printf("%-20s %10.2f %10.2f %10s%n", what, a, b, difference);
  }

  private Evaluation evaluate(Policy policy) {
    return Evaluation.of(
        policy,
        QuadrotorDistribution.sample(seed, quads),
        episodes,
        seed,
        ObservationKind.RELATIVE,
        ReferenceKind.HOVER);
  }
}
