package dev.raptor.bench;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * The results of benchmarks, a line each: nanoseconds, allocated bytes, how many times as long the
 * scalar twin and each peer took, and the share of the core's peak of multiply-adds. Times are
 * medians over the iterations of all rounds, bytes the most of any round, less what the harness
 * itself allocates in an iteration, which the peak shows, as it allocates nothing. The peer {@code
 * P} of {@code XBenchmark.method} is {@code PXBenchmark.method}, with the same shape.
 */
final class Table {
  /** What is held against the kernels: the plain way to write it, and other libraries. */
  static final List<String> PEERS = List.of("Plain", "Onnx", "Ejml", "Ojalgo");

  private static final String PACKAGE = Table.class.getPackageName() + ".";

  private final double peakFlops;
  private final List<RunResult> peak;
  private final List<RunResult> vector;
  private final List<RunResult> scalar;
  private final List<RunResult> peers;

  Table(
      double peakFlops,
      List<RunResult> peak,
      List<RunResult> vector,
      List<RunResult> scalar,
      List<RunResult> peers) {
    this.peakFlops = peakFlops;
    this.peak = peak;
    this.vector = vector;
    this.scalar = scalar;
    this.peers = peers;
  }

  void print(PrintWriter out) {
    double limit = peakFlops / nanos(peak, what(peak.get(0)));
    out.printf(Locale.ROOT, "peak of multiply-adds: %.1f GFLOP/s%n", limit);
    out.printf("%-50s %12s %8s %8s", "what", "ns", "B/op", "scalar");
    PEERS.forEach(peer -> out.printf(" %8s", peer));
    out.printf(" %8s%n", "of peak");
    for (String what : names(vector)) {
      double nanos = nanos(vector, what);
      out.printf(Locale.ROOT, "%-50s %12.1f %8.1f", what, nanos, bytes(vector, what));
      ratio(out, nanos(scalar, what) / nanos);
      PEERS.forEach(peer -> ratio(out, nanos(peers, peer + what) / nanos));
      double flops = flops(what);
      out.println(
          Double.isNaN(flops)
              ? "%9s".formatted("-")
              : String.format(Locale.ROOT, " %7.0f%%", 100 * flops / nanos / limit));
    }
    double one = nanos(vector, "SharingBenchmark.oneThread");
    double two = nanos(vector, "SharingBenchmark.twoThreads");
    if (!Double.isNaN(one + two)) {
      out.printf(
          Locale.ROOT, "two threads with one policy: %.2f times the steps of one%n", 2 * one / two);
    }
  }

  private static void ratio(PrintWriter out, double ratio) {
    out.print(
        Double.isNaN(ratio)
            ? "%9s".formatted("-")
            : String.format(Locale.ROOT, ratio < 10 ? " %8.2f" : " %8.0f", ratio));
  }

  private static Set<String> names(List<RunResult> results) {
    Set<String> names = new LinkedHashSet<>();
    results.forEach(result -> names.add(what(result)));
    return names;
  }

  private static String what(RunResult result) {
    String shape = result.getParams().getParam("shape");
    String name = result.getParams().getBenchmark().substring(PACKAGE.length());
    return shape == null ? name : name + " " + shape;
  }

  private static double nanos(List<RunResult> results, String what) {
    double[] nanos =
        iterations(results.stream().filter(result -> what(result).equals(what)).toList())
            .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
            .sorted()
            .toArray();
    int n = nanos.length;
    return n == 0 ? Double.NaN : (nanos[(n - 1) / 2] + nanos[n / 2]) / 2;
  }

  private double bytes(List<RunResult> results, String what) {
    double harness = iterations(peak).mapToDouble(Table::allocated).max().orElse(0);
    return results.stream()
        .filter(result -> what(result).equals(what))
        .mapToDouble(
            result ->
                iterations(List.of(result))
                    .mapToDouble(i -> Math.max(0, allocated(i) - harness) / operations(i))
                    .average()
                    .orElse(Double.NaN))
        .max()
        .orElse(Double.NaN);
  }

  private static Stream<IterationResult> iterations(List<RunResult> results) {
    return results.stream()
        .flatMap(result -> result.getBenchmarkResults().stream())
        .flatMap(fork -> fork.getIterationResults().stream());
  }

  private static double allocated(IterationResult iteration) {
    double each = iteration.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
    return each * operations(iteration);
  }

  private static double operations(IterationResult iteration) {
    return iteration.getMetadata().getMeasuredOps();
  }

  /** Floating-point operations of one call, multiply-adds of layers only; NaN if there are none. */
  private static double flops(String what) {
    String[] words = what.split("[. ]");
    return switch (words[0]) {
      case "DenseBenchmark" -> {
        double flops = 2;
        for (String side : Arrays.asList(words[2].split("x"))) {
          flops *= Integer.parseInt(side);
        }
        yield flops;
      }
      case "StepBenchmark" -> StepBenchmark.FLOPS * StepBenchmark.vehicles(words[1]);
      case "SharingBenchmark" -> StepBenchmark.FLOPS;
      case "SequenceBenchmark" -> SequenceBenchmark.flops(words[1]);
      case "TrainingBenchmark" -> TrainingBenchmark.flops(words[1]);
      default -> Double.NaN;
    };
  }
}
