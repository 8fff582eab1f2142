package dev.raptor.sim.reference;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.kernel.Dynamics;

/**
 * A level circle through the origin, anticlockwise, with a start at rest there:
 *
 * <pre>
 * θ = min(t, ρ)/ρ, or 1 if ρ = 0
 * φ = (θ min(t, ρ)/2 + max(0, t − ρ)) 2π/T
 * p = r (sin φ, 1 − cos φ, 0)
 * v = r (cos φ, sin φ, 0) 2πθ/T
 * </pre>
 *
 * @param radiusM r, m
 * @param intervalS T, the time of one round once at speed, s
 * @param rampS ρ, the time to get up to speed, s
 */
public record Circle(double radiusM, double intervalS, double rampS) implements Reference {
  /** Two steps: what turns faster cannot be told from what turns back. */
  static final double MIN_INTERVAL_S = 2 * Dynamics.STEP_S;

  /** Over eleven days. */
  static final double MAX_TIME_S = 1e6;

  private static final double MIN_RADIUS_M = 1e-6;

  /**
   * @throws IllegalArgumentException if a number is out of range, or the circle faster than {@link
   *     Simulator#BOUND}
   */
  public Circle {
    InvalidInputException.requireRange(
        "circle radius in m", radiusM, MIN_RADIUS_M, Dynamics.BOUND / 2);
    InvalidInputException.requireRange(
        "circle interval in s", intervalS, MIN_INTERVAL_S, MAX_TIME_S);
    InvalidInputException.requireRange("circle ramp in s", rampS, 0, MAX_TIME_S);
    InvalidInputException.requireRange(
        "circle speed in m/s", radiusM * 2 * Math.PI / intervalS, 0, Dynamics.BOUND);
  }

  @Override
  public void at(double timeS, double[] positionVelocity) {
    double ramped = Math.min(timeS, rampS);
    double theta = rampS == 0 ? 1 : ramped / rampS;
    double rate = 2 * Math.PI / intervalS;
    double phi = (theta * ramped / 2 + Math.max(0, timeS - rampS)) * rate;
    positionVelocity[0] = radiusM * Math.sin(phi);
    positionVelocity[1] = radiusM * (1 - Math.cos(phi));
    positionVelocity[2] = 0;
    positionVelocity[3] = radiusM * Math.cos(phi) * rate * theta;
    positionVelocity[4] = radiusM * Math.sin(phi) * rate * theta;
    positionVelocity[5] = 0;
  }
}
