package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * A position and velocity that are lost now and then, as of a camera whose view is blocked; the
 * last that were measured stay in the observation until new ones arrive. Whether they do is a
 * Markov chain of two states, which starts with them there:
 *
 * <pre>
 * P(back | lost) = dt/T,   P(lost | there) = p/(1 − p) dt/T
 * </pre>
 *
 * so that they are lost for T on average and for the share p of a long flight. Call observe once a
 * step.
 *
 * @param share p, 0 to 0.5
 * @param meanS T, s, 0.01 to 10
 */
public record PositionDropouts(double share, double meanS) implements Effect {
  /** A tenth of the time, for 100 ms. */
  public static final PositionDropouts DEFAULT = new PositionDropouts(0.1, 0.1);

  /**
   * @throws IllegalArgumentException unless the share is in [0, 0.5] and the time in [0.01, 10] s
   */
  public PositionDropouts {
    Limits.inRange("share of positions lost", share, 0, 0.5);
    Limits.inRange("time a position is lost in s", meanS, 0.01, 10);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double back = Simulator.STEP_S / meanS;
    double lose = share / (1 - share) * back;
    return new Active() {
      private final float[] last = new float[6];
      private boolean lost;
      private boolean measured;

      @Override
      public void observe(float[] observation) {
        boolean changes = random.nextDouble() < (lost ? back : lose);
        lost = measured && lost != changes;
        for (int k = 0; k < 3; k++) {
          if (lost) {
            observation[Observation.POSITION + k] = last[k];
            observation[Observation.VELOCITY + k] = last[3 + k];
          } else {
            last[k] = observation[Observation.POSITION + k];
            last[3 + k] = observation[Observation.VELOCITY + k];
          }
        }
        measured = true;
      }
    };
  }
}
