package dev.raptor.core.flight;

/**
 * How large an error a policy is shown, per axis of the target-yaw frame. A policy has been trained
 * near its target; a farther one is approached as if it were this near.
 *
 * @param positionM m, above 0 and at most 1000; the larger, the faster the vehicle goes there
 * @param velocityMS m/s, above 0 and at most 1000
 */
public record ErrorClip(double positionM, double velocityMS) {
  /** 0.5 m and 1 m/s, which the released policy flies with on PX4. */
  public static final ErrorClip DEFAULT = new ErrorClip(0.5, 1);

  private static final double MOST = 1000;

  /**
   * @throws IllegalArgumentException unless both are within
   */
  public ErrorClip {
    if (!(positionM > 0 && positionM <= MOST && velocityMS > 0 && velocityMS <= MOST)) {
      throw new IllegalArgumentException(
          "error clips are %s m and %s m/s, allowed: above 0, up to %s"
              .formatted(positionM, velocityMS, MOST));
    }
  }
}
