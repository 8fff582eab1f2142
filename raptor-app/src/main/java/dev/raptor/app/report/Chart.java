package dev.raptor.app.report;

import java.util.List;

/**
 * Lines over time, drawn with axes and a grid.
 *
 * @param unit of time, said behind its last tick
 */
record Chart(String title, Axis time, Axis value, List<Line> lines, String unit) {
  private static final int LEFT = 52;
  private static final int BOTTOM = 22;
  private static final int TOP = 24;
  private static final int RIGHT = 10;

  /** Over seconds. */
  Chart(String title, Axis time, Axis value, List<Line> lines) {
    this(title, time, value, lines, " s");
  }

  /** One line and its colour. */
  record Line(String colour, double[] times, double[] values) {}

  /** Draws into the rectangle. */
  void draw(Svg svg, double x, double y, double width, double height) {
    double left = x + LEFT;
    double right = x + width - RIGHT;
    double top = y + TOP;
    double bottom = y + height - BOTTOM;
    svg.text(left, y + 14, "start", "title", title);
    for (double tick : value.ticks()) {
      double at = bottom - value.at(tick) * (bottom - top);
      svg.path(new double[] {left, right}, new double[] {at, at}, "grid", "");
      svg.text(left - 5, at + 4, "end", "", Axis.label(tick));
    }
    List<Double> ticks = time.ticks();
    for (double tick : ticks) {
      double at = left + time.at(tick) * (right - left);
      svg.path(new double[] {at, at}, new double[] {top, bottom}, "grid", "");
      boolean last = tick == ticks.get(ticks.size() - 1);
      String label = Axis.label(tick) + (last ? unit : "");
      svg.text(at, bottom + 16, last && tick > 0.8 * time.max() ? "end" : "middle", "", label);
    }
    for (Line line : lines) {
      double[] xs = new double[line.times.length];
      double[] ys = new double[line.times.length];
      for (int i = 0; i < xs.length; i++) {
        xs[i] = left + time.at(line.times[i]) * (right - left);
        ys[i] = bottom - value.at(line.values[i]) * (bottom - top);
      }
      svg.path(xs, ys, "line", line.colour);
    }
  }
}
