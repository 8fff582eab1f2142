package dev.raptor.app.report;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.raptor.app.report.Chart.Line;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A run folder for people: {@code report.html}, a page that needs no network and no other file,
 * with what came of the run and a chart for each column of its learning curves.
 */
public final class RunReport {
  /** More points than this are not told apart. */
  private static final int MAX_POINTS = 600;

  /** A positive curve that spans more than this is drawn on a logarithmic axis. */
  private static final double WIDE = 50;

  private static final int WIDTH = 360;
  private static final int HEIGHT = 230;

  private static final String STYLE =
      """
      section{border-top:1px solid var(--grid);padding:16px 0}
      .drawings{display:grid;grid-template-columns:repeat(auto-fit,minmax(290px,1fr));gap:12px}
      svg{width:100%;height:auto}
      """;

  /** The phases of a run in their order: their tables, and what they are. */
  private static final Map<String, String> PHASES = new LinkedHashMap<>();

  static {
    PHASES.put("generic", "The teacher of all vehicles");
    PHASES.put("ppo", "Teachers, mean of their learning curves");
    PHASES.put("distillation", "The student imitates its teachers");
    PHASES.put("refinement", "The student learns from its own flights");
  }

  private final Path folder;
  private final StringBuilder out = new StringBuilder();

  private RunReport(Path folder) {
    this.folder = folder;
  }

  /** Writes the report of what there is in a run folder, finished or not; returns its path. */
  public static Path write(Path folder) throws IOException {
    Path page = folder.resolve("report.html");
    AtomicFile.write(page, new RunReport(folder).html().getBytes(StandardCharsets.UTF_8));
    return page;
  }

  private String html() throws IOException {
    String title = "Training run " + folder.toAbsolutePath().normalize().getFileName();
    metrics();
    for (Map.Entry<String, String> phase : PHASES.entrySet()) {
      curves(phase.getKey(), phase.getValue());
      if (phase.getKey().equals("ppo")) {
        teachers();
      }
    }
    configuration();
    return new Page(title).style(STYLE).body(out.toString()).html();
  }

  private void metrics() throws IOException {
    Path file = folder.resolve("metrics.json");
    if (!(Files.exists(file) && Json.parse(Files.readString(file)) instanceof Map<?, ?> metrics)) {
      out.append("<p>Not finished: figures of the student follow at the end.</p>\n");
      return;
    }
    out.append(
        "<div class=\"wide\"><table>\n<tr><th><th>return<th>terminated<th>steady state, m\n");
    metrics.forEach(
        (name, figures) -> {
          if (figures instanceof Map<?, ?> of) {
            out.append(
                "<tr><td>%s<td>%s<td>%s %%<td>%s%n"
                    .formatted(
                        Svg.escape(name.toString()),
                        number(of.get("return_mean"), 1, 1),
                        number(of.get("terminated_share"), 100, 2),
                        number(of.get("steady_state_error_m"), 1, 4)));
          }
        });
    out.append("</table></div>\n");
    out.append("<p>Of the student: vehicles that nothing was trained on or chosen by.</p>\n");
  }

  private static String number(Object value, double unit, int decimals) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%." + decimals + "f", unit * number)
        : "-";
  }

  private void configuration() throws IOException {
    Path file = folder.resolve("config.json");
    if (Files.exists(file)) {
      out.append("<section><details><summary>Configuration</summary><pre>");
      out.append(Svg.escape(Files.readString(file))).append("</pre></details></section>\n");
    }
  }

  private void curves(String phase, String title) throws IOException {
    Map<String, double[]> columns = columns(folder.resolve(phase + ".csv"));
    if (columns.isEmpty()) {
      return;
    }
    List<String> names = List.copyOf(columns.keySet());
    double[] steps = columns.get(names.get(0));
    begin(title);
    for (String name : names.subList(1, names.size())) {
      chart(name, names.get(0), steps, columns.get(name));
    }
    end();
  }

  /** How the teachers came out: each figure over the share of teachers that have less. */
  private void teachers() throws IOException {
    Map<String, double[]> columns = columns(folder.resolve("teachers.csv"));
    if (columns.isEmpty()) {
      return;
    }
    begin("Teachers when trained, in ascending order");
    for (String name : List.of("return_mean", "terminated_share", "steady_state_error_m")) {
      double[] sorted = columns.get(name).clone();
      Arrays.sort(sorted);
      double[] places = new double[sorted.length];
      Arrays.setAll(places, i -> i + 1);
      chart(name, "teachers", places, sorted);
    }
    end();
  }

  private void begin(String title) {
    out.append("<section><h2>").append(Svg.escape(title)).append("</h2>\n");
    out.append("<div class=\"drawings\">\n");
  }

  private void end() {
    out.append("</div></section>\n");
  }

  private void chart(String name, String unit, double[] x, double[] y) {
    double[] finite = Arrays.stream(y).filter(Double::isFinite).toArray();
    if (finite.length == 0) {
      return;
    }
    boolean many = x[x.length - 1] >= 1e6;
    double scale = many ? 1e-6 : 1;
    int points = Math.min(x.length, MAX_POINTS);
    double[] xs = new double[points];
    double[] ys = new double[points];
    for (int i = 0; i < points; i++) {
      int from = (int) ((long) i * x.length / points);
      xs[i] = scale * x[from];
      ys[i] = y[from];
    }
    Axis across = Axis.linear(0, Math.max(scale * x[x.length - 1], 1e-9));
    Line line = new Line(Svg.colour(0), xs, ys);
    Svg svg = new Svg(WIDTH, HEIGHT, name);
    String unitName = (many ? " M " : " ") + unit;
    new Chart(name, across, axis(finite), List.of(line), unitName).draw(svg, 0, 0, WIDTH, HEIGHT);
    out.append(svg.end());
  }

  private static Axis axis(double[] values) {
    double min = Arrays.stream(values).min().orElseThrow();
    double max = Arrays.stream(values).max().orElseThrow();
    if (min > 0 && max > WIDE * min) {
      return Axis.logarithmic(
          Math.pow(10, Math.floor(Math.log10(min))), Math.pow(10, Math.ceil(Math.log10(max))));
    }
    double step = Axis.step(Math.max((max - min) / 4, Math.max(1e-5, Math.abs(max) * 1e-3)));
    double low = step * Math.floor(min / step);
    return Axis.linear(low, Math.max(low + step, step * Math.ceil(max / step)));
  }

  /** The columns of a table; none if there is no table, or no row in it yet. */
  private static Map<String, double[]> columns(Path file) throws IOException {
    Map<String, double[]> columns = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return columns;
    }
    List<NamedCsvRecord> rows = new ArrayList<>();
    try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
      csv.forEach(rows::add);
    }
    if (!rows.isEmpty()) {
      for (String name : rows.get(0).getHeader()) {
        columns.put(
            name,
            rows.stream().mapToDouble(row -> Double.parseDouble(row.getField(name))).toArray());
      }
    }
    return columns;
  }
}
