package dev.raptor.sim.controller;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import dev.raptor.sim.vehicle.Quadrotor;

/**
 * A controller of one vehicle. All controllers see the same 22 numbers of {@link Observation} and
 * hold the reference with the nose along world x, so that what differs is the controller. What it
 * knows beforehand is its own affair: a policy knows nothing, {@link CascadedPid} and {@link
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

  /**
   * {@code controller}, asked every so many steps only, from the first on; in between its commands
   * hold. 2 runs it at 50 Hz.
   *
   * @param steps of 10 ms, 1 to 100
   * @throws InvalidInputException if they are not within
   */
  static Controller every(int steps, Controller controller) {
    if (steps < 1 || steps > 100) {
      throw new InvalidInputException(
          "steps between commands are %d, allowed: 1 to 100".formatted(steps));
    }
    float[] held = new float[Quadrotor.ROTORS];
    return new Controller() {
      private int step;

      @Override
      public void reset() {
        controller.reset();
        step = 0;
      }

      @Override
      public void act(float[] observation, float[] action) {
        if (step == 0) {
          controller.act(observation, held);
        }
        System.arraycopy(held, 0, action, 0, held.length);
        step = (step + 1) % steps;
      }
    };
  }
}
