package dev.raptor.core;

/**
 * The layout of the 22 numbers that a policy sees (raptor paper, methods). World frame: z up. Body
 * frame: x forward, y left, z up. Position and velocity are relative to the reference.
 */
public final class Observation {
  /** The numbers in an observation. */
  public static final int SIZE = 22;

  /** Position minus reference position, world frame, m (3). */
  public static final int POSITION = 0;

  /** Rotation matrix, body to world, row by row (9). */
  public static final int ROTATION = 3;

  /** Velocity minus reference velocity, world frame, m/s (3). */
  public static final int VELOCITY = 12;

  /** Angular velocity, body frame, rad/s (3). */
  public static final int ANGULAR_VELOCITY = 15;

  /** The action of the step before (4). */
  public static final int PREVIOUS_ACTION = 18;

  private Observation() {}

  /**
   * Refuses an observation of which a number is not finite.
   *
   * @throws IllegalArgumentException that names the first such number
   */
  public static void requireFinite(float[] observation) {
    for (int i = 0; i < observation.length; i++) {
      if (!Float.isFinite(observation[i])) {
        throw new IllegalArgumentException(
            "observation[%d] is %s, allowed are finite numbers".formatted(i, observation[i]));
      }
    }
  }
}
