package dev.raptor.app.command;

import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.quantise.CompressionSearch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code raptor search}: how small a policy can be, and what each byte buys. */
@Command(
    name = "search",
    description =
        "Search hidden units, bits and pruning together for the best flight in the fewest bytes;"
            + " goes on where it was stopped.",
    showDefaultValues = true)
public final class SearchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private PolicyOption policyOption;

  @Option(
      names = "--run",
      paramLabel = "FOLDER",
      description = "Where students and results are kept; runs/search-SEED if not given.")
  private Path folder;

  @Option(names = "--trials", paramLabel = "N", description = "Candidates, of 60, to fly.")
  private int trials = 18;

  @Option(names = "--updates", paramLabel = "N", description = "Updates of each student.")
  private int updates = 4000;

  @Option(
      names = "--quads",
      paramLabel = "N",
      description = "Quadrotors to scale each by, and as many others to fly it with.")
  private int quads = 100;

  @Option(names = "--episodes", paramLabel = "K", description = "Episodes of each, of 5 s.")
  private int episodes = 5;

  @Option(names = "--seed", paramLabel = "S", description = "Draws everything.")
  private long seed = 0;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the table as JSON.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    FileArgument.output(json);
    RecurrentPolicy policy = policyOption.loadFloat();
    Path run = folder != null ? folder : Path.of("runs", "search-" + seed);
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    List<CompressionSearch.Row> rows =
        new CompressionSearch(
                run,
                policy,
                new CompressionSearch.Config(trials, updates, quads, episodes, seed),
                progress)
            .run();
    progress.end();
    if (json != null) {
      List<Map<String, Object>> table = rows.stream().map(SearchCommand::toJson).toList();
      AtomicFile.write(
          json, Json.writePretty(Map.of("candidates", table)).getBytes(StandardCharsets.UTF_8));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%-6s %-7s %7s %8s %9s %11s %9s %11s %14s%n",
        "hidden",
        "format",
        "pruned",
        "bytes",
        "products",
        "error",
        "return",
        "terminated",
        "steady-state m");
    for (CompressionSearch.Row row : rows) {
      print(out, row);
    }
    out.println("* nothing that was flown is better in one and no worse in the other two of");
    out.println("  error, bytes and products; ~ predicted, not trained");
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, CompressionSearch.Row row) {
    out.printf(
        "%-6d %-7s %6.0f%% %8d ",
        row.candidate().hidden(),
        row.candidate().format(),
        100 * row.candidate().pruned(),
        row.flashBytes());
    if (row.measured()) {
      out.printf(
          "%9d %9.4f %s %9.1f %9.1f %% %14.3f%n",
          row.operations(),
          row.error(),
          row.pareto() ? "*" : " ",
          row.evaluation().get("return_mean"),
          100 * (double) row.evaluation().get("terminated_share"),
          row.evaluation().get("steady_state_error_m"));
    } else {
      out.printf("%9s %9.4f ~%n", "", row.error());
    }
  }

  private static Map<String, Object> toJson(CompressionSearch.Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("hidden", row.candidate().hidden());
    json.put("weight_bits", row.candidate().format().weightBits());
    json.put("activation_bits", row.candidate().format().activationBits());
    json.put("pruned", row.candidate().pruned());
    json.put("measured", row.measured());
    json.put("flight_error", row.error());
    json.put("flash_bytes", row.flashBytes());
    if (row.measured()) {
      json.put("operations", row.operations());
      json.put("pareto", row.pareto());
      json.put("evaluation", row.evaluation());
    }
    return json;
  }
}
