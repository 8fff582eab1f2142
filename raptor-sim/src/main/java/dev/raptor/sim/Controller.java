package dev.raptor.sim;

import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;

/**
 * Anything that flies one vehicle. All controllers see the same 22 numbers of {@link Observation}
 * and hold the reference with the nose along world x, so that what differs is the controller. What
 * it knows beforehand is its own affair: a policy knows nothing, {@link CascadedPid} and {@link
 * GeometricController} know the vehicle's parameters.
 */
public interface Controller {
  /** Forgets the flight. Call it before take-off. */
  void reset();

  /**
   * One step of 10 ms.
   *
   * @param observation 22 numbers, relative to the reference
   * @param action receives 4 motor commands, nominally in [-1, 1], order FR, BR, BL, FL
   */
  void act(float[] observation, float[] action);

  /** A new session of {@code policy}, which is told nothing of the vehicle. */
  static Controller of(Policy policy) {
    PolicySession session = policy.newSession();
    return new Controller() {
      @Override
      public void reset() {
        session.reset();
      }

      @Override
      public void act(float[] observation, float[] action) {
        session.step(observation, action);
      }
    };
  }
}
