package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * An estimated heading that is off by a constant angle, as of a compass beside a power line, while
 * position and velocity are right:
 *
 * <pre>
 * R_y = R_z(ψ) R
 * </pre>
 *
 * Whoever points the estimated nose along world x flies with the true one at −ψ, and answers errors
 * of the position in a direction that is off by ψ: as much phase is taken from the outer loop.
 *
 * @param angleRad ψ, rad, from world x towards world y, in ±π
 */
public record HeadingError(double angleRad) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in ±π rad
   */
  public HeadingError {
    Limits.inRange("error of the heading in rad", angleRad, -Math.PI, Math.PI);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double cos = Math.cos(angleRad);
    double sin = Math.sin(angleRad);
    return new Active() {
      @Override
      public void observe(float[] observation) {
        for (int at = Observation.ROTATION; at < Observation.ROTATION + 3; at++) {
          double x = observation[at];
          double y = observation[at + 3];
          observation[at] = (float) (cos * x - sin * y);
          observation[at + 3] = (float) (sin * x + cos * y);
        }
      }
    };
  }
}
