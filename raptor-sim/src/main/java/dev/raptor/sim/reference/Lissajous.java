package dev.raptor.sim.reference;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.vehicle.Vec3;

/**
 * A Lissajous figure around the origin, with a start at rest:
 *
 * <pre>
 * θ = min(t, ρ)/ρ, or 1 if ρ = 0
 * φ = (θ min(t, ρ)/2 + max(0, t − ρ)) 2π/T
 * p = (A sin aφ, B sin bφ, C sin cφ)
 * v = (A a cos aφ, B b cos bφ, C c cos cφ) 2πθ/T
 * </pre>
 *
 * @param amplitudeM A, B and C, m
 * @param frequencyX a, periods along x in one interval
 * @param frequencyY b
 * @param frequencyZ c
 * @param intervalS T, the time of one round once at speed, s
 * @param rampS ρ, the time to get up to speed, s
 */
public record Lissajous(
    Vec3 amplitudeM, int frequencyX, int frequencyY, int frequencyZ, double intervalS, double rampS)
    implements Reference {
  /**
   * @throws InvalidInputException if an amplitude, a frequency, the interval or the ramp is out of
   *     range, or the figure faster than {@link Simulator#BOUND}
   */
  public Lissajous {
    Vec3.requireBounded("Lissajous amplitude in m", amplitudeM);
    if (Math.min(frequencyX, Math.min(frequencyY, frequencyZ)) < 0) {
      throw new InvalidInputException(
          "Lissajous frequencies are %d, %d, %d, allowed: 0 or more"
              .formatted(frequencyX, frequencyY, frequencyZ));
    }
    InvalidInputException.requireRange(
        "Lissajous interval in s", intervalS, Circle.MIN_INTERVAL_S, Circle.MAX_TIME_S);
    InvalidInputException.requireRange("Lissajous ramp in s", rampS, 0, Circle.MAX_TIME_S);
    double rate = 2 * Math.PI / intervalS;
    Vec3.requireBounded(
        "Lissajous speed in m/s",
        new Vec3(
            amplitudeM.x() * frequencyX * rate,
            amplitudeM.y() * frequencyY * rate,
            amplitudeM.z() * frequencyZ * rate));
  }

  /** The paper's figure-eight, 2 m by 1 m with a ramp of 1 s, one round in {@code intervalS}. */
  public static Lissajous figureEight(double intervalS) {
    return new Lissajous(new Vec3(1, 0.5, 0), 1, 2, 1, intervalS, 1);
  }

  @Override
  public void at(double timeS, double[] positionVelocity) {
    double ramped = Math.min(timeS, rampS);
    double theta = rampS == 0 ? 1 : ramped / rampS;
    double rate = 2 * Math.PI / intervalS;
    double phi = (theta * ramped / 2 + Math.max(0, timeS - rampS)) * rate;
    axis(0, amplitudeM.x(), frequencyX, phi, rate * theta, positionVelocity);
    axis(1, amplitudeM.y(), frequencyY, phi, rate * theta, positionVelocity);
    axis(2, amplitudeM.z(), frequencyZ, phi, rate * theta, positionVelocity);
  }

  private static void axis(
      int k, double amplitude, int frequency, double phi, double phiRate, double[] out) {
    out[k] = amplitude * Math.sin(frequency * phi);
    out[3 + k] = amplitude * frequency * Math.cos(frequency * phi) * phiRate;
  }
}
