package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import dev.raptor.core.WarmUp;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * How long a step of the policy takes, every single one: warms up as before take-off, then makes 10
 * million steps, each with the action of the one before in its observation, and prints the
 * percentiles and the worst. The clock adds some 30 ns to each. What lies in the microseconds is
 * the machine's: interrupts and whatever else it runs.
 *
 * <p>An argument is another number of steps. A policy for a real vehicle is best timed on that
 * vehicle's computer, with its other load.
 */
public final class LatencyHistogram {
  private static final double[] PERCENTILES = {50, 99, 99.9, 99.99};

  private LatencyHistogram() {}

  /** Times the steps. */
  public static void main(String... arguments) {
    Policy policy = Policies.pretrained();
    int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000_000;
    WarmUp warmUp = policy.warmUp();
    System.out.printf(
        Locale.ROOT,
        "warm-up: %d steps, the first took %.1f ms, the median is now %d ns%n",
        warmUp.steps(),
        warmUp.firstNanos() / 1e6,
        warmUp.medianNanos());

    PolicySession session = policy.newSession();
    float[] observation = new float[22];
    float[] action = new float[4];
    Histogram histogram = new Histogram(3);
    histogram.setAutoResize(true);
    for (int step = 0; step < steps; step++) {
      System.arraycopy(action, 0, observation, 18, 4);
      long start = System.nanoTime();
      session.step(observation, action);
      histogram.recordValue(System.nanoTime() - start);
    }
    for (double percentile : PERCENTILES) {
      System.out.printf(
          Locale.ROOT, "p%-6s %8d ns%n", percentile, histogram.getValueAtPercentile(percentile));
    }
    System.out.printf(
        Locale.ROOT,
        "worst   %8d ns of %d steps%n",
        histogram.getMaxValue(),
        histogram.getTotalCount());
  }
}
