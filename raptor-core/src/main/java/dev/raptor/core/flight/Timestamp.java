package dev.raptor.core.flight;

/** When something was last measured or asked for, on the caller's clock. */
final class Timestamp {
  private boolean set;
  private long nanos;

  void set(long nanos) {
    set = true;
    this.nanos = nanos;
  }

  void set(Timestamp other) {
    set = other.set;
    nanos = other.nanos;
  }

  /**
   * Whether the stamp is at most {@code timeoutNanos} away from {@code now}. One from farther in
   * the future is no fresher than one from the past: the clocks disagree.
   */
  boolean isFresh(long now, long timeoutNanos) {
    long age = now - nanos;
    return set && age <= timeoutNanos && age >= -timeoutNanos;
  }
}
