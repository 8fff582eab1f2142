package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * Measurements that arrive late; until the first arrives, it is what was measured at the start. The
 * previous action is not measured, so it is not late.
 *
 * <pre>
 * y_k = x_(k − d),   x_k = x_0 for k &lt; 0
 * </pre>
 *
 * Call observe once a step. A camera with its filter takes 10 to 50 ms, of 10 ms a step.
 *
 * @param steps d, of 10 ms, up to 100
 */
public record ObservationDelay(int steps) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in [0, 100]
   */
  public ObservationDelay {
    Limits.inRange("delay of observations in steps", steps, 0, 100);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    return new Active() {
      private float[][] late;
      private int next;

      @Override
      public void observe(float[] observation) {
        if (late == null) {
          late = new float[steps + 1][];
          for (int i = 0; i <= steps; i++) {
            late[i] = observation.clone();
          }
        }
        System.arraycopy(observation, 0, late[next], 0, Observation.PREVIOUS_ACTION);
        next = (next + 1) % (steps + 1);
        System.arraycopy(late[next], 0, observation, 0, Observation.PREVIOUS_ACTION);
      }
    };
  }
}
