package dev.raptor.core;

import java.util.Arrays;

/**
 * The times that {@link Policy#warmUp} measured. Times are in nanoseconds; the clock that measures
 * single steps adds some 30 to each.
 *
 * @param steps the steps that were made
 * @param firstNanos the very first step, with the loading of classes
 * @param medianNanos the median of the last 10,000 steps
 * @param worstNanos the longest of the last 10,000 steps
 */
public record WarmUp(long steps, long firstNanos, long medianNanos, long worstNanos) {
  private static final int TIMED = 10_000;
  private static final int BATCH = 1_000;
  private static final int LEAST_BATCHES = 100;
  private static final int MOST_BATCHES = 2_000;

  /** Batches that must bring nothing better, in which the compiler would have come to its end. */
  private static final int PATIENCE = 50;

  static WarmUp of(Policy policy) {
    PolicySession session = policy.newSession();
    float[] observation = new float[policy.observationSize()];
    float[] action = new float[policy.actionSize()];
    long start = System.nanoTime();
    session.step(observation, action);
    final long first = System.nanoTime() - start;

    int batches = 0;
    long best = Long.MAX_VALUE;
    for (int idle = 0; batches < LEAST_BATCHES || idle < PATIENCE; batches++) {
      if (batches == MOST_BATCHES) {
        break;
      }
      start = System.nanoTime();
      for (int i = 0; i < BATCH; i++) {
        fly(session, observation, action);
      }
      long time = System.nanoTime() - start;
      idle = time < best - best / 10 ? 0 : idle + 1;
      best = Math.min(best, time);
    }

    long[] times = new long[TIMED];
    for (int i = 0; i < TIMED; i++) {
      start = System.nanoTime();
      fly(session, observation, action);
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    return new WarmUp(
        1 + (long) batches * BATCH + TIMED, first, times[TIMED / 2], times[TIMED - 1]);
  }

  /** One step, whose action becomes part of the next observation, as in flight. */
  private static void fly(PolicySession session, float[] observation, float[] action) {
    session.step(observation, action);
    int last = Math.max(0, observation.length - action.length);
    for (int i = 0; last + i < observation.length; i++) {
      observation[last + i] = Math.clamp(action[i], -1f, 1f);
    }
  }
}
