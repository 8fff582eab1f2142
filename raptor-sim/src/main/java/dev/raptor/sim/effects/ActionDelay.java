package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * Commands reach the motors late; until the first does, the motors hold the speed they started
 * with.
 *
 * <pre>
 * a'_k = a_(k − d),   a_k = 2 n_0 − 1 for k &lt; 0
 * </pre>
 *
 * A link by radio takes 10 to 30 ms, of 10 ms a step.
 *
 * @param steps d, of 10 ms, up to 100
 */
public record ActionDelay(int steps) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in [0, 100]
   */
  public ActionDelay {
    Limits.inRange("delay of actions in steps", steps, 0, 100);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    return new Active() {
      private float[][] late;
      private int next;

      @Override
      public void command(FlightSnapshot moment, float[] action) {
        if (late == null) {
          late = new float[steps + 1][action.length];
          for (float[] commands : late) {
            for (int i = 0; i < commands.length; i++) {
              commands[i] = (float) (2 * moment.state(Simulator.N0 + i) - 1);
            }
          }
        }
        System.arraycopy(action, 0, late[next], 0, action.length);
        next = (next + 1) % (steps + 1);
        System.arraycopy(late[next], 0, action, 0, action.length);
      }
    };
  }
}
