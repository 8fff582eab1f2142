package dev.raptor.core.flight;

import java.util.Arrays;

/**
 * The last {@value #SIZE} intervals of something that should happen regularly, and whether it does.
 * Verdicts are given once there are {@value #SIZE}.
 *
 * <pre>
 * jitter: some interval / nominal is not in [0.8, 1.2]
 * bias:   mean interval / nominal is not in [0.8, 1.2]
 * </pre>
 */
public final class IntervalStatistics {
  /** The intervals that are looked at. */
  public static final int SIZE = 100;

  private static final double LOWEST = 0.8;
  private static final double HIGHEST = 1.2;

  /** Longer ones are counted as this, so that sums do not overflow. */
  private static final long LONGEST_NANOS = 1L << 53;

  private final double nominalNanos;
  private final long[] intervals = new long[SIZE];
  private int count;
  private int next;
  private int outliers;
  private long sum;

  IntervalStatistics(long nominalNanos) {
    this.nominalNanos = nominalNanos;
  }

  void add(long intervalNanos) {
    long interval = Math.min(intervalNanos, LONGEST_NANOS);
    if (count == SIZE) {
      sum -= intervals[next];
      outliers -= isOff(intervals[next]) ? 1 : 0;
    } else {
      count++;
    }
    intervals[next] = interval;
    sum += interval;
    outliers += isOff(interval) ? 1 : 0;
    next = (next + 1) % SIZE;
  }

  void clear() {
    Arrays.fill(intervals, 0);
    count = 0;
    next = 0;
    outliers = 0;
    sum = 0;
  }

  /** How many intervals there are, {@value #SIZE} at most. */
  public int count() {
    return count;
  }

  /** The mean interval over the nominal one; not a number without intervals. */
  public double meanRatio() {
    return sum / (count * nominalNanos);
  }

  /** The shortest interval over the nominal one; not a number without intervals. */
  public double shortestRatio() {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      shortest = Math.min(shortest, intervals[i]);
    }
    return count == 0 ? Double.NaN : shortest / nominalNanos;
  }

  /** The longest interval over the nominal one; not a number without intervals. */
  public double longestRatio() {
    long longest = 0;
    for (int i = 0; i < count; i++) {
      longest = Math.max(longest, intervals[i]);
    }
    return count == 0 ? Double.NaN : longest / nominalNanos;
  }

  /** Whether one of {@value #SIZE} intervals is off. */
  public boolean hasJitter() {
    return count == SIZE && outliers > 0;
  }

  /** Whether {@value #SIZE} intervals are off on average. */
  public boolean hasBias() {
    return count == SIZE && isOff(sum / (double) SIZE);
  }

  private boolean isOff(double interval) {
    double ratio = interval / nominalNanos;
    return !(ratio >= LOWEST && ratio <= HIGHEST);
  }
}
