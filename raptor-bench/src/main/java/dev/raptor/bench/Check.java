package dev.raptor.bench;

/** A benchmark of wrong results measures nothing. */
final class Check {
  private Check() {}

  static void close(String what, double actual, double expected) {
    close(what, actual, expected, 0);
  }

  /**
   * A sum in float of {@code terms} products of numbers between -1 and 1: one after the other, they
   * walk as far as √terms, and their roundings add up to some 1.5e-8 times terms.
   */
  static void close(String what, double actual, double expected, int terms) {
    if (!(Math.abs(actual - expected) < 1e-4 * (1 + Math.abs(expected)) + 1e-7 * terms)) {
      throw new IllegalStateException("%s: %s, expected %s".formatted(what, actual, expected));
    }
  }
}
