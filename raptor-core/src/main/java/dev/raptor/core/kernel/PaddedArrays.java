package dev.raptor.core.kernel;

/**
 * Arrays that a thread writes again and again, or that all threads read, with room behind their
 * numbers. What lies behind them in memory, be it of another session, then shares no cache line
 * with them: where one thread writes to a line, another that uses it waits, which may take longer
 * than a step.
 */
public final class PaddedArrays {
  /** Two lines of 64 bytes, as some cores fetch them in pairs. */
  private static final int ROOM = 32;

  private PaddedArrays() {}

  /** At least {@code n} zeros. */
  public static float[] floats(int n) {
    return new float[n + ROOM];
  }

  /** At least {@code n} zeros. */
  public static int[] ints(int n) {
    return new int[n + ROOM];
  }

  /** At least {@code n} zeros. */
  public static short[] shorts(int n) {
    return new short[n + 2 * ROOM];
  }
}
