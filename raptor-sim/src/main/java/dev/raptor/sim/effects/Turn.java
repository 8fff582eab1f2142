package dev.raptor.sim.effects;

/** Turns of rotation matrices. */
final class Turn {
  private Turn() {}

  /**
   * R becomes R exp([a]_×), in place, by Rodrigues' formula; each row r, with θ = ‖a‖ and n = a/θ,
   *
   * <pre>
   * r ← r cos θ + (r × n) sin θ + n (n·r)(1 − cos θ)     brought to the length 1
   * </pre>
   *
   * @param rotation R, nine numbers from {@code at}
   */
  static void byBody(double[] rotation, int at, double ax, double ay, double az) {
    double angle = Math.sqrt(ax * ax + ay * ay + az * az);
    if (angle == 0) {
      return;
    }
    double x = ax / angle;
    double y = ay / angle;
    double z = az / angle;
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    for (int row = at; row < at + 9; row += 3) {
      double r0 = rotation[row];
      double r1 = rotation[row + 1];
      double r2 = rotation[row + 2];
      double along = (x * r0 + y * r1 + z * r2) * (1 - cos);
      double n0 = r0 * cos + (r1 * z - r2 * y) * sin + x * along;
      double n1 = r1 * cos + (r2 * x - r0 * z) * sin + y * along;
      double n2 = r2 * cos + (r0 * y - r1 * x) * sin + z * along;
      double length = Math.sqrt(n0 * n0 + n1 * n1 + n2 * n2);
      rotation[row] = n0 / length;
      rotation[row + 1] = n1 / length;
      rotation[row + 2] = n2 / length;
    }
  }
}
