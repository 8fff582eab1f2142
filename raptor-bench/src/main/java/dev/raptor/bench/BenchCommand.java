package dev.raptor.bench;

import dev.raptor.core.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code raptor bench}: runs the benchmarks and prints one table, see {@link Table}. A round
 * measures the core's peak, then each benchmark with the vector kernels, then with the scalar ones,
 * then what is held against them, each in a JVM of its own; rounds follow each other, so that a
 * machine that is slower for a while is so for all.
 */
@Command(
    name = "raptor bench",
    description = "Run the benchmarks, next to other libraries and to the core's limit.")
public final class BenchCommand implements Callable<Integer> {
  private static final int MIN_WARM_UP = 10;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "REGEX",
      arity = "0..1",
      defaultValue = ".",
      description = "What to run, such as Step or Dense.*forward; everything if not given.")
  private String regex;

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "1",
      description = "Rounds, each in JVMs of its own (default ${DEFAULT-VALUE}).")
  private int forks;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Iterations of 0.5 s, after twice as many to warm up, and at least ten (default"
              + " ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--bits",
      paramLabel = "N",
      description = "The widest vectors to use, 128, 256 or 512; what the core has if not given.")
  private Integer bits;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JMH's JSON.")
  private Path json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  /** Runs the command and ends the process. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(arguments));
  }

  /** The command with its errors and exit codes. */
  static CommandLine commandLine() {
    return new CommandLine(new BenchCommand())
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(
            (e, arguments) -> {
              print(e.getCommandLine(), e.getMessage() + " (see raptor bench --help)");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              print(command, e.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  private static void print(CommandLine command, String message) {
    String line = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
    command.getErr().println("raptor bench: " + line);
    command.getErr().flush();
  }

  @Override
  public Integer call() throws RunnerException, IOException {
    check();
    List<RunResult> peak = new ArrayList<>();
    List<RunResult> vector = new ArrayList<>();
    List<RunResult> scalar = new ArrayList<>();
    List<RunResult> peers = new ArrayList<>();
    String peer = "\\.(" + String.join("|", Table.PEERS) + ")\\w*Benchmark\\.";
    String ours = "PeakBenchmark|" + peer;
    for (int round = 1; round <= forks; round++) {
      peak.addAll(run(round, "peak", "PeakBenchmark", "^$", "vector"));
      vector.addAll(run(round, "vector kernels", regex, ours, "vector"));
      scalar.addAll(run(round, "scalar kernels", regex, ours, "scalar"));
      peers.addAll(run(round, "peers", regex, "^(?!.*" + peer + ")", "vector"));
    }
    PrintWriter out = spec.commandLine().getOut();
    new Table(PeakBenchmark.flops(bits), peak, vector, scalar, peers).print(out);
    if (json != null) {
      List<RunResult> all = new ArrayList<>(peak);
      all.addAll(vector);
      all.addAll(scalar);
      all.addAll(peers);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintStream stream = new PrintStream(bytes, false, StandardCharsets.UTF_8);
      ResultFormatFactory.getInstance(ResultFormatType.JSON, stream).writeOut(all);
      stream.flush();
      AtomicFile.write(json, bytes.toByteArray());
      out.println("wrote " + json);
    }
    out.flush();
    return 0;
  }

  private void check() {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      refuse("'%s' is no regular expression, allowed: such as Step or Dense.*forward", regex);
    }
    if (find(regex).isEmpty()) {
      String names =
          find(".*").stream()
              .map(entry -> entry.getUserClassQName().replaceFirst(".*\\.", ""))
              .distinct()
              .collect(Collectors.joining(", "));
      refuse("no benchmark matches '%s', allowed: a part of a name, such as of " + names, regex);
    }
    if (forks < 1) {
      refuse("--forks is %d, allowed: 1 or more", forks);
    }
    if (iterations < 1) {
      refuse("--iterations is %d, allowed: 1 or more", iterations);
    }
    if (bits != null && bits != 128 && bits != 256 && bits != 512) {
      refuse("--bits is %d, allowed: 128, 256 and 512", bits);
    }
    if (json != null && json.toAbsolutePath().getParent() != null) {
      if (!Files.isDirectory(json.toAbsolutePath().getParent())) {
        refuse("--json is %s, allowed: a file in a folder that exists", json);
      }
    }
  }

  private static Collection<BenchmarkListEntry> find(String regex) {
    OutputFormat none = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    return BenchmarkList.defaultList().find(none, List.of(regex), List.of());
  }

  private void refuse(String message, Object given) {
    throw new ParameterException(spec.commandLine(), message.formatted(given));
  }

  private List<RunResult> run(
      int round, String what, String include, String exclude, String kernels)
      throws RunnerException, IOException {
    PrintWriter err = spec.commandLine().getErr();
    err.printf("raptor bench: round %d of %d, %s ...%n", round, forks, what);
    err.flush();
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(include)
            .forks(1)
            // Before they are compiled, the largest kernels take milliseconds a call.
            .warmupIterations(Math.max(MIN_WARM_UP, 2 * iterations))
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.milliseconds(500))
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .exclude(exclude)
            .jvmArgs(jvmArguments(kernels));
    Path log = Files.createTempFile("raptor-bench", ".log");
    options.output(log.toString());
    try {
      List<RunResult> results = List.copyOf(new Runner(options.build()).run());
      Files.delete(log);
      return results;
    } catch (NoBenchmarksException e) {
      Files.delete(log);
      return List.of();
    } catch (RunnerException e) {
      throw new RunnerException("%s; its output is %s".formatted(e.getMessage(), log), e);
    }
  }

  private String[] jvmArguments(String kernels) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--add-modules=jdk.incubator.vector");
    arguments.add("--enable-native-access=ALL-UNNAMED");
    arguments.add("--sun-misc-unsafe-memory-access=allow");
    // What is hot waits until it is compiled: until then vectors are objects, and on a machine that
    // has much else to do the compiler would come to it while the time is taken.
    arguments.add("-XX:-BackgroundCompilation");
    // Which kernels run is known; the table is to be read.
    arguments.add("-Djava.util.logging.SimpleFormatter.format=");
    arguments.add("-Ddev.raptor.kernels=" + kernels);
    if (bits != null) {
      arguments.add("-XX:MaxVectorSize=" + bits / 8);
    }
    return arguments.toArray(String[]::new);
  }
}
