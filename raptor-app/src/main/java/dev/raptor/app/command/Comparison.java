package dev.raptor.app.command;

import dev.raptor.rl.evaluation.EpisodeResults;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results of several controllers on the same flights, for people and for machines. */
final class Comparison {
  private final List<Quadrotor> platforms;
  private final boolean tracking;
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(String name, EpisodeResults outcome) {
    Entry of(int quad) {
      return new Entry(name, outcome.of(quad));
    }
  }

  /**
   * A column of the table.
   *
   * @param unit that a figure is multiplied by
   */
  private record Column(String title, String key, double unit, int decimals) {
    String show(double value, boolean signed) {
      if (!Double.isFinite(value)) {
        return "-";
      }
      return String.format(Locale.ROOT, (signed ? "%+." : "%.") + decimals + "f", unit * value);
    }
  }

  private static final List<Column> COLUMNS =
      List.of(
          new Column("return", "return_mean", 1, 2),
          new Column("length", "length_mean", 1, 1),
          new Column("terminated %", "terminated_share", 100, 2),
          new Column("steady-state m", "steady_state_error_m", 1, 4),
          new Column("settling s", "settling_time_s", 1, 2),
          new Column("swings rad/s", "rate_rms_rad_s", 1, 3),
          new Column("change", "action_change", 1, 4),
          new Column("heading °", "heading_error_deg", 1, 1));

  private static final List<Column> TRACKING =
      List.of(
          new Column("return", "return_mean", 1, 1),
          new Column("terminated %", "terminated_share", 100, 2),
          new Column("RMSE m", "rmse_position_m", 1, 4),
          new Column("in plane m", "rmse_plane_m", 1, 4));

  /**
   * Of no policy yet.
   *
   * @param platforms that the trial is of; none if of sampled quadrotors
   * @param tracking shows how figures were followed, or else how places were held
   */
  Comparison(List<Quadrotor> platforms, boolean tracking) {
    this.platforms = platforms;
    this.tracking = tracking;
  }

  void add(String name, EpisodeResults outcome) {
    entries.add(new Entry(name, outcome));
  }

  /**
   * For machines: of one policy on sampled quadrotors its figures, or else those of each policy and
   * the differences, over all vehicles and by platform.
   */
  Map<String, Object> toJson() {
    if (entries.size() == 1 && platforms.isEmpty()) {
      return figures(entries.get(0));
    }
    Map<String, Object> json = block(entries);
    if (!platforms.isEmpty()) {
      List<Object> each = new ArrayList<>();
      for (int i = 0; i < platforms.size(); i++) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("platform", platforms.get(i).name());
        one.putAll(block(of(i)));
        each.add(one);
      }
      json.put("platforms", each);
    }
    return json;
  }

  private List<Entry> of(int platform) {
    return entries.stream().map(entry -> entry.of(platform)).toList();
  }

  private Map<String, Object> block(List<Entry> rows) {
    List<Object> policies = new ArrayList<>();
    List<Object> differences = new ArrayList<>();
    for (Entry row : rows) {
      Map<String, Object> policy = new LinkedHashMap<>();
      policy.put("policy", row.name);
      policy.putAll(figures(row));
      policies.add(policy);
      if (row != rows.get(0)) {
        differences.add(difference(row, rows.get(0)));
      }
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("policies", policies);
    json.put("differences", differences);
    return json;
  }

  private Map<String, Object> difference(Entry row, Entry first) {
    Map<String, EpisodeResults.Difference> differences = row.outcome.minus(first.outcome);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("policy", row.name);
    json.put("minus", first.name);
    for (Column column : columns()) {
      EpisodeResults.Difference difference = differences.get(column.key);
      Map<String, Object> numbers = new LinkedHashMap<>();
      numbers.put("mean", difference.mean());
      numbers.put("standard_error", difference.standardError());
      json.put(column.key, numbers);
    }
    return json;
  }

  private Map<String, Object> figures(Entry entry) {
    Evaluation evaluation = entry.outcome.evaluation();
    Map<String, Object> json = evaluation.toJson();
    if (tracking) {
      json.put("rmse_position_m", evaluation.rmsePositionM());
      json.put("rmse_plane_m", evaluation.rmsePlaneM());
    }
    ControlQuality quality = evaluation.quality();
    json.put("rate_rms_rad_s", quality.rateRmsRadS());
    json.put("oscillation", quality.oscillation());
    json.put("action_change", quality.actionChange());
    json.put("saturated_share", quality.saturatedShare());
    json.put("heading_error_deg", Math.toDegrees(quality.headingErrorRad()));
    return json;
  }

  private List<Column> columns() {
    return tracking ? TRACKING : COLUMNS;
  }

  /** For people; a block for each platform, if there are any, and one over all vehicles. */
  String table() {
    List<List<String>> rows = new ArrayList<>();
    List<String> titles = new ArrayList<>();
    titles.add(platforms.isEmpty() ? "" : "platform");
    titles.add("policy");
    columns().forEach(column -> titles.add(column.title));
    rows.add(titles);
    for (int i = 0; i < platforms.size(); i++) {
      addRows(platforms.get(i).name(), of(i), rows);
    }
    addRows(platforms.isEmpty() ? "" : "all", entries, rows);
    return TextTable.of(rows, 2);
  }

  private void addRows(String platform, List<Entry> block, List<List<String>> rows) {
    for (Entry entry : block) {
      Map<String, Object> figures = figures(entry);
      List<String> row = new ArrayList<>(List.of(platform, entry.name));
      columns().forEach(c -> row.add(c.show((double) figures.get(c.key), false)));
      rows.add(row);
    }
    for (Entry entry : block.subList(1, block.size())) {
      Map<String, EpisodeResults.Difference> differences =
          entry.outcome.minus(block.get(0).outcome);
      List<String> row = new ArrayList<>(List.of(platform, entry.name + " - " + block.get(0).name));
      for (Column column : columns()) {
        EpisodeResults.Difference difference = differences.get(column.key);
        row.add(
            column.show(difference.mean(), true)
                + " ± "
                + column.show(difference.standardError(), false));
      }
      rows.add(row);
    }
  }
}
