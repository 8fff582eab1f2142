package dev.raptor.core.flight;

import dev.raptor.core.InvalidInputException;

/**
 * The throttles that a flying motor may be given, in the unit of whoever drives it. A command of a
 * policy, -1 to 1, lies within:
 *
 * <pre>throttle = idle + (clamp(command, −1, 1) + 1)/2 · (full − idle)</pre>
 *
 * <p>A command of -1 is idle to the last bit and 1 is full, so that the lowest command does not
 * stop a motor, which below idle it would. Where motors may stop in flight, idle is the throttle at
 * which they stand.
 *
 * @param idle the lowest throttle at which a motor turns
 * @param full the highest throttle, above idle
 */
public record ThrottleRange(double idle, double full) {
  private static final int DSHOT_LOWEST = 48;
  private static final int DSHOT_HIGHEST = 2047;

  /**
   * @throws InvalidInputException unless both are finite and full is above idle
   */
  public ThrottleRange {
    if (!(Double.isFinite(idle) && Double.isFinite(full - idle) && full > idle)) {
      throw new InvalidInputException(
          "throttles from %s idle to %s full, allowed: finite numbers, full above idle"
              .formatted(idle, full));
    }
  }

  /**
   * Throttles of 0 to 1, as PX4 takes them.
   *
   * @throws InvalidInputException unless {@code idle} is in [0, 1)
   */
  public static ThrottleRange unit(double idle) {
    if (!(idle >= 0 && idle < 1)) {
      throw new InvalidInputException("idle is %s, allowed: from 0 to below 1".formatted(idle));
    }
    return new ThrottleRange(idle, 1);
  }

  /**
   * DShot throttles, whose values below 48 are no throttles but commands.
   *
   * @throws InvalidInputException unless {@code idle} is from 48 to 2046
   */
  public static ThrottleRange dshot(int idle) {
    if (idle < DSHOT_LOWEST || idle >= DSHOT_HIGHEST) {
      throw new InvalidInputException(
          "idle is %d, allowed: %d to %d".formatted(idle, DSHOT_LOWEST, DSHOT_HIGHEST - 1));
    }
    return new ThrottleRange(idle, DSHOT_HIGHEST);
  }

  /**
   * The throttle of a command, clamped to [-1, 1].
   *
   * @throws InvalidInputException if the command is not a number
   */
  public double throttle(double command) {
    if (Double.isNaN(command)) {
      throw new InvalidInputException("command is NaN, allowed: numbers");
    }
    double share = (Math.clamp(command, -1.0, 1.0) + 1) / 2;
    // Of two ways to interpolate the one that is exact at both ends, and never leaves them.
    return Math.clamp(idle * (1 - share) + full * share, idle, full);
  }

  /**
   * The command of a throttle, in [-1, 1].
   *
   * @throws InvalidInputException if the throttle is not in the range
   */
  public double command(double throttle) {
    if (!(throttle >= idle && throttle <= full)) {
      throw new InvalidInputException(
          "throttle is %s, allowed: %s to %s".formatted(throttle, idle, full));
    }
    return Math.clamp(2 * ((throttle - idle) / (full - idle)) - 1, -1.0, 1.0);
  }
}
