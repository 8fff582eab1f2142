package dev.raptor.app.command;

import dev.raptor.rl.run.RunListener;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One line that says how far a run is and when it will end: rewritten in place on a terminal, and a
 * plain line every ten seconds elsewhere.
 */
final class ProgressLine implements RunListener {
  private static final long PLAIN_INTERVAL_NS = 10_000_000_000L;
  private static final long TERMINAL_INTERVAL_NS = 100_000_000L;
  private static final long SAMPLE_INTERVAL_NS = 1_000_000_000L;
  private static final long WINDOW_NS = 120_000_000_000L;
  private static final double MIN_ELAPSED_S = 5;

  /** What was done by when. */
  private record Sample(long timeNs, double share) {}

  private final PrintWriter out;
  private final boolean terminal = System.console() != null && System.console().isTerminal();

  /** Times and shares of late, the oldest first. */
  private final Deque<Sample> samples = new ArrayDeque<>();

  private long printedNs;
  private int width;

  ProgressLine(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void progress(double share, String message) {
    long now = System.nanoTime();
    remember(now, share);
    long interval = terminal ? TERMINAL_INTERVAL_NS : PLAIN_INTERVAL_NS;
    if (printedNs != 0 && now - printedNs < interval && share < 1) {
      return;
    }
    printedNs = now;
    String line = "%3.0f %%  %s  %s".formatted(100 * share, remaining(share, now), message);
    if (terminal) {
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      width = line.length();
    } else {
      out.println(line);
    }
    out.flush();
  }

  private void remember(long now, double share) {
    if (samples.isEmpty() || now - samples.getLast().timeNs >= SAMPLE_INTERVAL_NS) {
      samples.addLast(new Sample(now, share));
    }
    while (samples.size() > 2 && now - samples.getFirst().timeNs > WINDOW_NS) {
      samples.removeFirst();
    }
  }

  /**
   * At the pace of late: neither what an earlier process did says how fast this one is, nor its own
   * first seconds, in which it is compiled, nor a phase that is over.
   */
  private String remaining(double share, long now) {
    Sample from = samples.getFirst();
    double elapsed = (now - from.timeNs) * 1e-9;
    if (elapsed < MIN_ELAPSED_S || share <= from.share) {
      return "ETA --:--";
    }
    long left = Math.round(elapsed * (1 - share) / (share - from.share));
    return "ETA %d:%02d:%02d".formatted(left / 3600, left / 60 % 60, left % 60);
  }

  /** Leaves the line as it stands. */
  void end() {
    if (terminal) {
      out.println();
      out.flush();
    }
  }
}
