package dev.raptor.app.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Trajectories in space, seen from a height in parallel projection. Below each lies its shadow on a
 * grid; a ring marks its start, a dot its end and a cross where it should have ended.
 */
final class TrajectoryPlot {
  private static final double AZIMUTH = Math.toRadians(-62);
  private static final double ELEVATION = Math.toRadians(24);
  private static final int CELLS = 5;
  private static final int MARGIN = 14;

  private final List<Track> tracks;

  /** The side of a cell of the grid, m. */
  private final double cellM;

  /** The corners of the box that is shown, whole cells, m. */
  private final double[] low = new double[3];

  private final double[] high = new double[3];

  /** From the plane of the picture, m, to the drawing. */
  private double scale = 1;

  private double shiftX;
  private double shiftY;

  /** Points of a trajectory and of what it should have followed, world frame, m. */
  record Track(String colour, List<float[]> positions, List<float[]> targets) {}

  /** The tracks in a box that is just large enough. */
  TrajectoryPlot(List<Track> tracks) {
    this.tracks = tracks;
    double widest = 0;
    for (int k = 0; k < 3; k++) {
      int axis = k;
      double[] values =
          tracks.stream()
              .flatMap(track -> Stream.concat(track.positions.stream(), track.targets.stream()))
              .mapToDouble(p -> p[axis])
              .filter(Double::isFinite)
              .toArray();
      low[k] = Arrays.stream(values).min().orElse(0);
      high[k] = Arrays.stream(values).max().orElse(0);
      widest = Math.max(widest, high[k] - low[k]);
    }
    cellM = Axis.step(Math.max(0.1, widest) / CELLS);
    for (int k = 0; k < 3; k++) {
      low[k] = cellM * Math.floor(low[k] / cellM - (k == 2 ? 0.5 : 0));
      high[k] = cellM * Math.ceil(high[k] / cellM);
    }
  }

  /** Draws into the rectangle. */
  void draw(Svg svg, double x, double y, double width, double height) {
    fit(x + MARGIN, y, width - 2 * MARGIN, height - MARGIN);
    floor(svg);
    for (Track track : tracks) {
      draw(svg, track.positions.stream().map(p -> at(p[0], p[1], low[2])).toList(), "shadow", "");
      draw(svg, track.targets.stream().map(TrajectoryPlot::at).toList(), "target", "");
      cross(svg, track.targets.get(track.targets.size() - 1));
    }
    for (Track track : tracks) {
      List<double[]> positions = track.positions.stream().map(TrajectoryPlot::at).toList();
      draw(svg, positions, "line", track.colour);
      double[] start = project(positions.get(0));
      double[] end = project(positions.get(positions.size() - 1));
      svg.dot(start[0], start[1], 3, false, track.colour);
      svg.dot(end[0], end[1], 3, true, track.colour);
    }
  }

  /** Chooses scale and shift so that the box fills the rectangle. */
  private void fit(double x, double y, double width, double height) {
    scale = 1;
    shiftX = 0;
    shiftY = 0;
    double[] min = {Double.MAX_VALUE, Double.MAX_VALUE};
    double[] max = {-Double.MAX_VALUE, -Double.MAX_VALUE};
    for (int corner = 0; corner < 8; corner++) {
      double[] p =
          project(
              at(
                  (corner & 1) == 0 ? low[0] : high[0],
                  (corner & 2) == 0 ? low[1] : high[1],
                  (corner & 4) == 0 ? low[2] : high[2]));
      for (int k = 0; k < 2; k++) {
        min[k] = Math.min(min[k], p[k]);
        max[k] = Math.max(max[k], p[k]);
      }
    }
    double fitted = Math.min(width / (max[0] - min[0]), height / (max[1] - min[1]));
    shiftX = x + width / 2 - fitted * (min[0] + max[0]) / 2;
    shiftY = y + height / 2 - fitted * (min[1] + max[1]) / 2;
    scale = fitted;
  }

  private double[] project(double[] p) {
    double right = -Math.sin(AZIMUTH) * p[0] + Math.cos(AZIMUTH) * p[1];
    double away = Math.cos(AZIMUTH) * p[0] + Math.sin(AZIMUTH) * p[1];
    double up = Math.cos(ELEVATION) * p[2] - Math.sin(ELEVATION) * away;
    return new double[] {shiftX + scale * right, shiftY - scale * up};
  }

  private void floor(Svg svg) {
    double z = low[2];
    for (long i = Math.round(low[0] / cellM); i * cellM < high[0] + cellM / 2; i++) {
      draw(svg, List.of(at(i * cellM, low[1], z), at(i * cellM, high[1], z)), "grid", "");
    }
    for (long i = Math.round(low[1] / cellM); i * cellM < high[1] + cellM / 2; i++) {
      draw(svg, List.of(at(low[0], i * cellM, z), at(high[0], i * cellM, z)), "grid", "");
    }
    double[] x = project(at((low[0] + high[0]) / 2, low[1], z));
    double[] y = project(at(high[0], (low[1] + high[1]) / 2, z));
    svg.text(x[0] - 6, x[1] + 13, "end", "", "x, cells of " + Axis.label(cellM) + " m");
    svg.text(y[0] + 6, y[1] + 12, "start", "", "y");
  }

  private void cross(Svg svg, float[] target) {
    double[] at = project(at(target));
    for (int sign = -1; sign <= 1; sign += 2) {
      svg.path(
          new double[] {at[0] - 5, at[0] + 5},
          new double[] {at[1] - 5 * sign, at[1] + 5 * sign},
          "line",
          "var(--ink)");
    }
  }

  private void draw(Svg svg, List<double[]> points, String style, String colour) {
    double[] xs = new double[points.size()];
    double[] ys = new double[points.size()];
    for (int i = 0; i < xs.length; i++) {
      double[] at = project(points.get(i));
      xs[i] = at[0];
      ys[i] = at[1];
    }
    svg.path(xs, ys, style, colour);
  }

  private static double[] at(float... p) {
    return new double[] {p[0], p[1], p[2]};
  }

  private static double[] at(double x, double y, double z) {
    return new double[] {x, y, z};
  }
}
