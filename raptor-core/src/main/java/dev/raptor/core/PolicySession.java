package dev.raptor.core;

/** The memory of one vehicle's flight; owned by one thread. */
public interface PolicySession {
  /** Clears the memory. Call it before take-off. */
  void reset();

  /**
   * Takes over the memory of another session, so that a step can be tried and forgotten. Allocates
   * nothing.
   *
   * @throws IllegalArgumentException if the other session is not of the same policy object
   */
  void copyFrom(PolicySession other);

  /**
   * One step of 10 ms: reads the observation, advances the memory and writes the action. Allocates
   * nothing.
   *
   * <p>The errors in the observation are taken as they are. A policy has been trained near its
   * target and with its nose near world x: a heading error counts as a tilt does, and a vehicle
   * that is turned by more than 60 degrees, or far away, may be lost. {@code
   * dev.raptor.core.flight.ControlLoop} sees to that.
   *
   * @param observation 22 numbers, see {@link Observation}
   * @param action receives 4 motor commands, nominally in [-1, 1], order FR, BR, BL, FL; not
   *     clamped, and the raw values belong in the next observation
   * @throws IllegalArgumentException if a length is wrong or an observation is not finite; the
   *     memory is as it was
   */
  void step(float[] observation, float[] action);
}
