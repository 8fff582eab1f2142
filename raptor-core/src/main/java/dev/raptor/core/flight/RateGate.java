package dev.raptor.core.flight;

/**
 * Decides which calls of an irregular clock are the beats of a regular one. A call up to {@code
 * slack} early is taken, as the next may be farther off, unless the last beat is less than half an
 * interval ago. Beats keep their raster, so that jitter does not slow them down; after one that is
 * farther off than the slack they start anew.
 */
final class RateGate {
  private final long interval;
  private final long slack;
  private long last;
  private long due;

  RateGate(long interval, long slack) {
    this.interval = interval;
    this.slack = slack;
  }

  boolean isDue(long time) {
    return time >= due - slack && time - last >= interval / 2;
  }

  /** Notes a beat, due or not. */
  void beat(long time) {
    last = time;
    due = (Math.abs(time - due) <= slack ? due : time) + interval;
  }

  /** Notes a beat that the next ones shall count from. */
  void start(long time) {
    last = time;
    due = time + interval;
  }
}
