package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * White noise on each number that is measured, and biases that walk, on the position and on the
 * body rates:
 *
 * <pre>
 * y = x + b + σ ξ,   b ← b + σ_b √dt ξ,   b = 0 at the start
 * R becomes R (I + [σ_a ξ]_×), renormalised by rows
 * </pre>
 *
 * The model of Woodman, <i>An introduction to inertial navigation</i>, 2007; the default figures
 * are ours, of the order of a small vehicle with optical flow and a consumer gyroscope.
 *
 * @param positionM σ of position, m
 * @param attitudeRad σ_a, rad
 * @param velocityMS σ of velocity, m/s
 * @param rateRadS σ of body rates, rad/s
 * @param positionWalk σ_b of position, m/√s
 * @param rateWalk σ_b of body rates, rad/s/√s
 */
public record SensorNoise(
    double positionM,
    double attitudeRad,
    double velocityMS,
    double rateRadS,
    double positionWalk,
    double rateWalk)
    implements Effect {
  /** 5 mm, half a degree, 5 cm/s, 3°/s, and slow walks. */
  public static final SensorNoise DEFAULT = new SensorNoise(0.005, 0.01, 0.05, 0.05, 0.005, 0.002);

  /**
   * @throws IllegalArgumentException unless each is in [0, 1000], of the attitude in [0, 0.5]
   */
  public SensorNoise {
    Limits.notNegative("noise of position in m", positionM);
    Limits.inRange("noise of attitude in rad", attitudeRad, 0, 0.5);
    Limits.notNegative("noise of velocity in m/s", velocityMS);
    Limits.notNegative("noise of body rates in rad/s", rateRadS);
    Limits.notNegative("walk of position in m/√s", positionWalk);
    Limits.notNegative("walk of body rates in rad/s/√s", rateWalk);
  }

  /**
   * All of this noise, {@code factor} times as large.
   *
   * @throws IllegalArgumentException if the factor is negative or not finite
   */
  public SensorNoise times(double factor) {
    Limits.notNegative("factor", factor);
    return new SensorNoise(
        factor * positionM,
        factor * attitudeRad,
        factor * velocityMS,
        factor * rateRadS,
        factor * positionWalk,
        factor * rateWalk);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double root = Math.sqrt(Simulator.STEP_S);
    return new Active() {
      private final double[] positionBias = new double[3];
      private final double[] rateBias = new double[3];

      @Override
      public void observe(float[] observation) {
        for (int k = 0; k < 3; k++) {
          observation[Observation.POSITION + k] +=
              (float) (positionBias[k] + positionM * random.nextGaussian());
          observation[Observation.VELOCITY + k] += (float) (velocityMS * random.nextGaussian());
          observation[Observation.ANGULAR_VELOCITY + k] +=
              (float) (rateBias[k] + rateRadS * random.nextGaussian());
          positionBias[k] += positionWalk * root * random.nextGaussian();
          rateBias[k] += rateWalk * root * random.nextGaussian();
        }
        double x = attitudeRad * random.nextGaussian();
        double y = attitudeRad * random.nextGaussian();
        double z = attitudeRad * random.nextGaussian();
        if (attitudeRad > 0) {
          for (int row = 0; row < 3; row++) {
            turn(observation, Observation.ROTATION + 3 * row, x, y, z);
          }
        }
      }
    };
  }

  /** One row of R (I + [a]_×), at its old length of 1. */
  private static void turn(float[] observation, int at, double x, double y, double z) {
    double r0 = observation[at] + observation[at + 1] * z - observation[at + 2] * y;
    double r1 = observation[at + 1] - observation[at] * z + observation[at + 2] * x;
    double r2 = observation[at + 2] + observation[at] * y - observation[at + 1] * x;
    double length = Math.sqrt(r0 * r0 + r1 * r1 + r2 * r2);
    observation[at] = (float) (r0 / length);
    observation[at + 1] = (float) (r1 / length);
    observation[at + 2] = (float) (r2 / length);
  }
}
