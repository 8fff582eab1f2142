package dev.raptor.sim;

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
  /**
   * @throws IllegalArgumentException if the radius or the interval is not above 0, or the ramp
   *     negative
   */
  public Circle {
    if (!(radiusM > 0 && radiusM < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "circle radius is %s m, allowed: a finite number above 0".formatted(radiusM));
    }
    if (!(intervalS > 0 && intervalS < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "circle interval is %s s, allowed: a finite number above 0".formatted(intervalS));
    }
    if (!(rampS >= 0 && rampS < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "circle ramp is %s s, allowed: a finite number from 0".formatted(rampS));
    }
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
