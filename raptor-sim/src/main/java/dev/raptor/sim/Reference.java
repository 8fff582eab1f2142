package dev.raptor.sim;

import java.util.Arrays;

/** Where the vehicle should be, as a function of time. Implementations are immutable. */
public interface Reference {
  /**
   * Writes the reference {@code timeS} seconds after the start of the episode.
   *
   * @param positionVelocity of length 6: position in m, then velocity in m/s, world frame
   */
  void at(double timeS, double[] positionVelocity);

  /** The origin, at rest. */
  static Reference hover() {
    return (timeS, positionVelocity) -> Arrays.fill(positionVelocity, 0);
  }
}
