package dev.raptor.app.command;

import dev.raptor.rl.evaluation.FlightSuiteResults;
import dev.raptor.rl.evaluation.FlightSuiteResults.Interval;
import dev.raptor.rl.evaluation.FlightSuiteResults.Row;
import dev.raptor.rl.evaluation.VehicleSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Lays out the results of a flight suite for people. */
final class FlightSuiteTable {
  private FlightSuiteTable() {}

  static String of(FlightSuiteResults results) {
    StringBuilder text = new StringBuilder();
    Set<VehicleSet> sets = new LinkedHashSet<>();
    results.rows().forEach(row -> sets.add(row.vehicles()));
    List<String> policies = results.rows().stream().map(Row::policy).distinct().toList();
    for (VehicleSet set : sets) {
      List<Row> rows = results.rows().stream().filter(row -> row.vehicles() == set).toList();
      text.append(
          "%s vehicles, %d flights a test, seed %d%n"
              .formatted(name(set), rows.get(0).flights(), results.seed()));
      text.append(TextTable.of(lines(rows, policies), 2));
      for (String policy : policies.subList(1, policies.size())) {
        text.append("%s against %s: ".formatted(policy, policies.get(0)));
        text.append("worse in %s; ".formatted(list(rows, policy, Row::isWorse)));
        text.append("better in %s%n".formatted(list(rows, policy, Row::isBetter)));
      }
      text.append(System.lineSeparator());
    }
    text.append(memory(results));
    return text.toString();
  }

  private static List<List<String>> lines(List<Row> rows, List<String> policies) {
    List<List<String>> lines = new ArrayList<>();
    boolean compares = policies.size() > 1;
    lines.add(
        List.of(
            "test",
            "policy",
            "alive",
            "RMSE m",
            "swings",
            "change",
            "saturated",
            "heading",
            compares ? "better, worse" : "",
            compares ? "alive -" : "",
            compares ? "RMSE -" : "",
            compares ? "swings -" : ""));
    for (Row row : rows) {
      boolean first = row.policy().equals(policies.get(0));
      lines.add(
          List.of(
              first ? row.test() : "",
              row.policy(),
              show("%.1f %%", 100 * row.survivedShare()),
              show("%.4f", row.rmseM()),
              row.calm() ? show("%.1f %%", 100 * row.oscillatingShare()) : "-",
              show("%.4f", row.quality().actionChange()),
              show("%.1f %%", 100 * row.quality().saturatedShare()),
              show("%.1f°", Math.toDegrees(row.quality().headingErrorRad())),
              first ? "" : verdict(row),
              first ? "" : show("%+.1f", 100, row.survived()),
              first ? "" : show("%+.4f", 1, row.rmse()),
              first || !row.calm() ? "" : show("%+.1f", 100, row.oscillating())));
    }
    return lines;
  }

  /** In what it is surely better or worse. */
  private static String verdict(Row row) {
    StringJoiner words = new StringJoiner(" ");
    say(words, "alive", row.survived().isAbove(), row.survived().isBelow());
    say(words, "RMSE", row.rmse().isBelow(), row.rmse().isAbove());
    if (row.calm()) {
      say(words, "swings", row.oscillating().isBelow(), row.oscillating().isAbove());
    }
    return words.toString();
  }

  private static void say(StringJoiner words, String figure, boolean better, boolean worse) {
    if (better || worse) {
      words.add((better ? "+" : "-") + figure);
    }
  }

  private static String list(List<Row> rows, String policy, Predicate<Row> which) {
    String names =
        rows.stream()
            .filter(row -> row.policy().equals(policy) && which.test(row))
            .map(Row::test)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  private static String memory(FlightSuiteResults results) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("memory", "left after 1 s", "apart after 500 steps"));
    results
        .memory()
        .forEach(
            (policy, test) ->
                lines.add(
                    List.of(
                        policy,
                        show("%.2f %%", 100 * test.remainder()),
                        show("%.1e", test.divergence()))));
    return TextTable.of(lines, 1);
  }

  private static String name(VehicleSet set) {
    String name = set.name().toLowerCase(Locale.ROOT);
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static String show(String pattern, double number) {
    return Double.isNaN(number) ? "-" : pattern.formatted(number);
  }

  private static String show(String pattern, double factor, Interval interval) {
    return Double.isNaN(interval.low())
        ? "-"
        : (pattern + " " + pattern).formatted(factor * interval.low(), factor * interval.high());
  }
}
