package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * Commands that are sent every few steps only and hold in between:
 *
 * <pre>
 * a'_k = a_(k − k mod d)
 * </pre>
 *
 * The controller itself goes on at each step; one that runs slower too is {@code Controller.every}.
 *
 * @param steps d, of 10 ms, 1 to 100; 2 is a link of 50 Hz
 */
public record ActionHold(int steps) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in [1, 100]
   */
  public ActionHold {
    Limits.inRange("steps between commands", steps, 1, 100);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    return new Active() {
      private float[] held;
      private int step;

      @Override
      public void command(FlightSnapshot moment, float[] action) {
        if (step == 0) {
          held = action.clone();
        }
        System.arraycopy(held, 0, action, 0, action.length);
        step = (step + 1) % steps;
      }
    };
  }
}
