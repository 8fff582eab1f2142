package dev.raptor.app.report;

import dev.raptor.app.flight.Flight;
import dev.raptor.app.flight.Flight.Sample;
import dev.raptor.app.flight.NamedController;
import dev.raptor.app.report.Chart.Line;
import dev.raptor.app.report.Page.Library;
import dev.raptor.app.report.TrajectoryPlot.Track;
import dev.raptor.sim.Simulator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The flights of one run, for people: as a table, as a page that needs nothing beside it, and as
 * one picture.
 *
 * @param title what was flown
 * @param flights at least one
 */
public record FlightReport(String title, List<Flight> flights) {
  /** More points than this are not told apart. */
  private static final int MAX_POINTS = 400;

  /** The table, aligned, for a terminal: of the flights, or of the pilots where there are more. */
  public String table() {
    return pilots().size() == 1 ? flightTable() : pilotTable();
  }

  private String flightTable() {
    int width = flights.stream().mapToInt(flight -> flight.platform().length()).max().orElse(0);
    String row = "%-" + Math.max(width, 8) + "s %6s %11s %8s %14s %8s %13s %9s%n";
    StringBuilder out = new StringBuilder();
    out.append(
        row.formatted(
            "platform",
            "steps",
            "terminated",
            "RMSE m",
            "steady-state m",
            "max m",
            "swings rad/s",
            "heading"));
    for (Flight flight : flights) {
      out.append(
          row.formatted(
              flight.platform(),
              flight.steps(),
              flight.terminated() ? "yes" : "no",
              metres(flight.metrics().rmseM()),
              steadyState(flight),
              metres(flight.metrics().maxErrorM()),
              orDash("%.3f", flight.quality().rateRmsRadS()),
              orDash("%.1f°", Math.toDegrees(flight.quality().headingErrorRad()))));
    }
    return out.toString();
  }

  private static String orDash(String pattern, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, pattern, value);
  }

  private String pilotTable() {
    int width = flights.stream().mapToInt(flight -> flight.platform().length()).max().orElse(0);
    String first = "%-" + Math.max(width, 8) + "s";
    StringBuilder out = new StringBuilder();
    out.append(policyAgainstTextbook() ? "the policy against the textbook" : "the pilots compared");
    out.append(": position error in m, RMSE and steady state\n");
    out.append(first.formatted(""));
    pilots().forEach(pilot -> out.append("   %15s".formatted(pilot.name())));
    out.append('\n').append(first.formatted("platform"));
    pilots().forEach(pilot -> out.append("   %7s %7s".formatted("RMSE", "steady")));
    out.append('\n');
    for (int i = 0; i < flights.size(); i++) {
      Flight flight = flights.get(i);
      if (i % pilots().size() == 0) {
        out.append(first.formatted(flight.platform()));
      }
      String over = "over at %.2f s".formatted(flight.steps() * Simulator.STEP_S);
      out.append(
          flight.terminated()
              ? "   %15s".formatted(over)
              : "   %7s %7s".formatted(metres(flight.metrics().rmseM()), steadyState(flight)));
      out.append(i % pilots().size() == pilots().size() - 1 ? "\n" : "");
    }
    for (NamedController pilot : pilots()) {
      out.append(
          "%s %s%n"
              .formatted(
                  pilot.name(),
                  pilot.knowsTheVehicle()
                      ? "knows the vehicle: mass, inertia, rotors, thrust curve and lags"
                      : "is told nothing of the vehicle"));
    }
    return out.toString();
  }

  private boolean policyAgainstTextbook() {
    return pilots().stream().anyMatch(NamedController::knowsTheVehicle)
        && !pilots().stream().allMatch(NamedController::knowsTheVehicle);
  }

  private List<NamedController> pilots() {
    return flights.stream().map(Flight::pilot).distinct().toList();
  }

  private String name(Flight flight) {
    return pilots().size() == 1
        ? flight.platform()
        : flight.platform() + ", " + flight.pilot().name();
  }

  /** A page of HTML that needs no network and no other file. */
  public String html() {
    return new Page(title, Library.THREE, Library.UPLOT)
        .style(Page.resource("report.css"))
        .body(Page.resource("report.html").replace("<!--table-->", htmlTable()))
        .data("flights", FlightPage.data(pilots(), flights))
        .script(Page.resource("report.js"))
        .html();
  }

  private String htmlTable() {
    StringBuilder out = new StringBuilder();
    out.append("<div class=\"wide\"><table>\n<tr><th>platform<th>steps<th>RMSE m");
    out.append("<th>steady state m<th>max m\n");
    for (Flight flight : flights) {
      out.append(
          "<tr><td>%s<td>%s<td>%s<td>%s<td>%s%n"
              .formatted(
                  Svg.escape(name(flight)),
                  flight.terminated()
                      ? "<span class=\"over\">over at " + flight.steps() + "</span>"
                      : flight.steps(),
                  metres(flight.metrics().rmseM()),
                  steadyState(flight),
                  metres(flight.metrics().maxErrorM())));
    }
    out.append("</table></div>\n<p>Position errors; the steady state is the second half of the");
    return out.append(" flight.</p>\n").toString();
  }

  /** All flights in one picture, a file of SVG. */
  public String picture() {
    int rows = (flights.size() + 4) / 5;
    int height = 366 + 20 * rows;
    Svg svg = new Svg(960, height, title).standalone();
    svg.text(16, 24, "start", "title", title);
    new TrajectoryPlot(IntStream.range(0, flights.size()).mapToObj(this::track).toList())
        .draw(svg, 8, 36, 430, 320);
    List<Line> errors =
        IntStream.range(0, flights.size())
            .mapToObj(i -> line(flights.get(i), Svg.colour(i), Sample::errorM))
            .toList();
    new Chart("position error, m", time(), Axis.logarithmic(0.01, 1), errors)
        .draw(svg, 446, 36, 506, 320);
    for (int i = 0; i < flights.size(); i++) {
      svg.key(16 + 190 * (i % 5), 376 + 20 * (i / 5), Svg.colour(i), name(flights.get(i)));
    }
    return svg.end();
  }

  private Axis time() {
    int steps = flights.stream().mapToInt(Flight::steps).max().orElse(1);
    return Axis.linear(0, steps * Simulator.STEP_S);
  }

  private Track track(int i) {
    List<Sample> points = thinned(flights.get(i));
    return new Track(
        Svg.colour(i),
        points.stream().map(Sample::positionM).toList(),
        points.stream().map(Sample::targetM).toList());
  }

  private static Line line(Flight flight, String colour, ToDoubleFunction<Sample> value) {
    List<Sample> points = thinned(flight);
    double seconds = flight.steps() * Simulator.STEP_S;
    double[] times = new double[points.size()];
    double[] values = new double[points.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = seconds * i / Math.max(1, times.length - 1);
      values[i] = value.applyAsDouble(points.get(i));
    }
    return new Line(colour, times, values);
  }

  /** Evenly chosen samples, the first and the last among them. */
  private static List<Sample> thinned(Flight flight) {
    List<Sample> samples = flight.samples();
    int n = Math.min(samples.size(), MAX_POINTS);
    return IntStream.range(0, n)
        .mapToObj(i -> samples.get((int) Math.round((double) i * (samples.size() - 1) / (n - 1))))
        .toList();
  }

  private static String steadyState(Flight flight) {
    return metres(flight.metrics().steadyStateErrorM());
  }

  private static String metres(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }
}
