package dev.raptor.app.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** One axis of a {@link Chart}: linear, or logarithmic where {@code min} is above 0. */
public record Axis(double min, double max, boolean logarithmic) {
  private static final int TICKS = 5;

  /** From {@code min} to {@code max}. */
  static Axis linear(double min, double max) {
    return new Axis(min, max, false);
  }

  /** From {@code min}, above 0, to {@code max}, each a power of ten. */
  static Axis logarithmic(double min, double max) {
    return new Axis(min, max, true);
  }

  /** Where a value lies, 0 to 1; what lies outside is moved to the end. */
  double at(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, min) / min) / Math.log(max / min)
            : (value - min) / (max - min);
    return Math.clamp(share, 0.0, 1.0);
  }

  /** Values to mark. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      for (double tick = min; tick < max * 1.001; tick *= 10) {
        ticks.add(tick);
        if (3 * tick < max) {
          ticks.add(3 * tick);
        }
      }
    } else {
      double step = step((max - min) / TICKS);
      for (double i = Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
        ticks.add(i * step);
      }
    }
    return ticks;
  }

  /** A value as a label: without the noise of binary fractions. */
  public static String label(double value) {
    BigDecimal rounded = new BigDecimal(value).setScale(6, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** The smallest of 1, 2, 5, 10, 20, ... times a power of ten that is at least {@code size}. */
  static double step(double size) {
    double power = Math.pow(10, Math.floor(Math.log10(size)));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= size * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
