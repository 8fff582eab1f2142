package dev.raptor.rl;

/** t */
public final class T {
  private T() {}
}
