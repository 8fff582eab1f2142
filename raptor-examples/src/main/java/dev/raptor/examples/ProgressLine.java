package dev.raptor.examples;

import dev.raptor.rl.RunListener;
import java.io.PrintWriter;

/**
 * One line that says how far a run is and when it will end: rewritten in place on a terminal, and a
 * plain line every ten seconds elsewhere.
 */
final class ProgressLine implements RunListener {
  private static final long PLAIN_INTERVAL_NS = 10_000_000_000L;
  private static final long TERMINAL_INTERVAL_NS = 100_000_000L;

  private final PrintWriter out;
  private final boolean terminal = System.console() != null && System.console().isTerminal();
  private long startNs;
  private double startShare = -1;
  private long printedNs;
  private int width;

  ProgressLine(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void progress(double share, String message) {
    long now = System.nanoTime();
    if (startShare < 0) {
      // What an earlier process had done says nothing about the pace of this one.
      startShare = share;
      startNs = now;
    }
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

  private String remaining(double share, long now) {
    if (share - startShare < 1e-3) {
      return "ETA --:--";
    }
    double elapsed = (now - startNs) * 1e-9;
    long left = Math.round(elapsed * (1 - share) / (share - startShare));
    return "ETA %d:%02d".formatted(left / 60, left % 60);
  }

  /** Leaves the line as it stands. */
  void end() {
    if (terminal) {
      out.println();
      out.flush();
    }
  }
}
