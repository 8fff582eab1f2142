package dev.raptor.bench;

/** A benchmark of wrong results measures nothing. */
final class Check {
  private Check() {}

  static void close(String what, double actual, double expected) {
    if (!(Math.abs(actual - expected) < 1e-4 * (1 + Math.abs(expected)))) {
      throw new IllegalStateException("%s: %s, expected %s".formatted(what, actual, expected));
    }
  }
}
