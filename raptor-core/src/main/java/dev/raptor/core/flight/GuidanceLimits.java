package dev.raptor.core.flight;

import dev.raptor.core.InvalidInputException;

/**
 * How a {@link ControlLoop} leads a vehicle to a target that is far away, or that jumps: on a
 * straight line, no faster than this.
 *
 * @param speedMS the largest speed relative to the target, m/s, above 0; the loop goes no faster
 *     than the velocity clip of the policy's {@link ErrorClip}, whatever stands here
 * @param accelerationMS2 the largest acceleration, m/s², above 0
 * @param headingRateRadS how fast the heading is turned, rad/s, above 0
 */
public record GuidanceLimits(double speedMS, double accelerationMS2, double headingRateRadS) {
  /** 2 m/s, 1 m/s² and 45 degrees a second. */
  public static final GuidanceLimits DEFAULT = new GuidanceLimits(2, 1, Math.toRadians(45));

  /**
   * No limits, for a planner whose targets are flown as they are. A far target is then approached
   * as fast as the error clip lets the policy fly, and only the heading error is kept small.
   */
  public static final GuidanceLimits NONE =
      new GuidanceLimits(
          Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  /**
   * @throws InvalidInputException unless all are above 0
   */
  public GuidanceLimits {
    require("speed", speedMS);
    require("acceleration", accelerationMS2);
    require("heading rate", headingRateRadS);
  }

  /** These limits with another speed, m/s. */
  public GuidanceLimits withSpeedMS(double other) {
    return new GuidanceLimits(other, accelerationMS2, headingRateRadS);
  }

  private static void require(String what, double limit) {
    if (!(limit > 0)) {
      throw new InvalidInputException(
          "the limit '%s' is %s, allowed: a number above 0".formatted(what, limit));
    }
  }
}
