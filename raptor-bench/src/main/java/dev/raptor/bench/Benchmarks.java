package dev.raptor.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks, each with the vector kernels and with the scalar ones, and prints one table:
 * what, nanoseconds, allocated bytes, the scalar twin's time as a multiple, and the share of the
 * core's peak of multiply-adds, measured in the same run. JMH's JSON goes to a file.
 */
public final class Benchmarks {
  private static final int ITERATIONS = 5;

  private Benchmarks() {}

  /**
   * Runs them.
   *
   * @param args a regular expression of what to run, {@code .} for all; the forks of each, 1 if not
   *     given; the JSON file, {@code benchmarks.json} if not given
   */
  public static void main(String[] args) throws RunnerException, IOException {
    String include = args.length > 0 ? args[0] : ".";
    int forks = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    Path json = Path.of(args.length > 2 ? args[2] : "benchmarks.json");

    Collection<RunResult> peak = run("PeakBenchmark", "vector", forks);
    Collection<RunResult> vector = run(include, "vector", forks);
    Collection<RunResult> scalar = run(include, "scalar", forks);
    List<RunResult> all = new ArrayList<>(peak);
    all.addAll(vector);
    all.addAll(scalar);
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(json), false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(all);
    }

    double limit = PeakBenchmark.FLOPS / nanos(peak.iterator().next());
    System.out.printf(Locale.ROOT, "%npeak of multiply-adds: %.1f GFLOP/s%n", limit);
    System.out.printf(
        "%-36s %12s %8s %14s %8s %14s%n",
        "what", "vector ns", "B/op", "scalar ns", "ratio", "share of peak");
    for (RunResult result : vector) {
      double flops = flops(result);
      double twin =
          scalar.stream()
              .filter(s -> what(s).equals(what(result)))
              .mapToDouble(Benchmarks::nanos)
              .findFirst()
              .orElse(Double.NaN);
      System.out.printf(
          Locale.ROOT,
          "%-36s %12.0f %8.1f %14.0f %8.1f %13.0f%%%n",
          what(result),
          nanos(result),
          bytes(result),
          twin,
          twin / nanos(result),
          100 * flops / nanos(result) / limit);
    }
    System.out.println("written: " + json.toAbsolutePath());
  }

  private static Collection<RunResult> run(String include, String kernels, int forks)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(include)
            .forks(forks)
            .warmupIterations(ITERATIONS)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.milliseconds(500))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .jvmArgs("--add-modules=jdk.incubator.vector", "-Ddev.raptor.kernels=" + kernels);
    if (!include.startsWith("Peak")) {
      options.exclude("PeakBenchmark");
    }
    return new Runner(options.build()).run();
  }

  private static String what(RunResult result) {
    String name = result.getParams().getBenchmark();
    String shape = result.getParams().getParam("shape");
    return name.substring(PeakBenchmark.class.getPackageName().length() + 1)
        + (shape == null ? "" : " " + shape);
  }

  private static double nanos(RunResult result) {
    return result.getPrimaryResult().getScore();
  }

  private static double bytes(RunResult result) {
    var bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return bytes == null ? Double.NaN : bytes.getScore();
  }

  /** Floating-point operations of one call. */
  private static double flops(RunResult result) {
    String name = what(result);
    String shape = result.getParams().getParam("shape");
    if (shape != null) {
      return DenseBenchmark.flops(shape);
    }
    if (name.startsWith("TrainingBenchmark.")) {
      return TrainingBenchmark.flops(name.substring(name.indexOf('.') + 1));
    }
    int vehicles = name.endsWith("batch64") ? 64 : name.endsWith("batch1024") ? 1024 : 1;
    return vehicles * StepBenchmark.FLOPS;
  }
}
