package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * The errors of a small inertial unit and its estimator beside white noise: a gyroscope with a bias
 * and a scale of its own for the flight, and an attitude that is off by a slow error, in tilt less
 * than in heading, which no accelerometer sees.
 *
 * <pre>
 * y   = (1 + s) ω + b + σ ξ             s ~ N(0, σ_s), b ~ N(0, σ_b) per axis, once a flight
 * R_y = exp([e]_×) R                    e in the world
 * de  = −e/τ dt + σ_e √(2/τ) dW         x and y with the tilt's σ_e and τ, z with the heading's
 * </pre>
 *
 * The errors of the attitude are stationary from the start. The default is of the order of a
 * consumer gyroscope on a shaking frame (0.05 rad/s of noise, half a degree per second of bias, a
 * hundredth of scale) with an estimator that is off by 1° of tilt over 5 s and 3° of heading over
 * 30 s; the figures are ours.
 *
 * @param rateRadS σ, rad/s
 * @param rateBiasRadS σ_b, rad/s
 * @param rateScale σ_s
 * @param tiltRad σ_e of tilt, rad
 * @param tiltS τ of tilt, s
 * @param headingRad σ_e of heading, rad
 * @param headingS τ of heading, s
 */
public record ImuNoise(
    double rateRadS,
    double rateBiasRadS,
    double rateScale,
    double tiltRad,
    double tiltS,
    double headingRad,
    double headingS)
    implements Effect {
  /** A consumer gyroscope on a frame that shakes. */
  public static final ImuNoise DEFAULT = new ImuNoise(0.05, 0.01, 0.01, 0.0175, 5, 0.05, 30);

  /**
   * @throws IllegalArgumentException unless rates are in [0, 1000], the scale in [0, 0.5], angles
   *     in [0, 0.5] rad and times in [0.01, 1e6] s
   */
  public ImuNoise {
    Limits.notNegative("noise of body rates in rad/s", rateRadS);
    Limits.notNegative("bias of body rates in rad/s", rateBiasRadS);
    Limits.inRange("error of the gyro's scale", rateScale, 0, 0.5);
    Limits.inRange("error of tilt in rad", tiltRad, 0, 0.5);
    Limits.inRange("correlation time of tilt in s", tiltS, 0.01, 1e6);
    Limits.inRange("error of heading in rad", headingRad, 0, 0.5);
    Limits.inRange("correlation time of heading in s", headingS, 0.01, 1e6);
  }

  /**
   * All of these errors, {@code factor} times as large; the times stay.
   *
   * @throws IllegalArgumentException if the factor is negative or not finite, or an error then out
   *     of range
   */
  public ImuNoise times(double factor) {
    Limits.notNegative("factor", factor);
    return new ImuNoise(
        factor * rateRadS,
        factor * rateBiasRadS,
        factor * rateScale,
        factor * tiltRad,
        tiltS,
        factor * headingRad,
        headingS);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double[] std = {tiltRad, tiltRad, headingRad};
    double[] keep = {
      Math.exp(-Simulator.STEP_S / tiltS),
      Math.exp(-Simulator.STEP_S / tiltS),
      Math.exp(-Simulator.STEP_S / headingS)
    };
    double[] bias = new double[3];
    double[] scale = new double[3];
    double[] error = new double[3];
    for (int k = 0; k < 3; k++) {
      bias[k] = rateBiasRadS * random.nextGaussian();
      scale[k] = 1 + rateScale * random.nextGaussian();
      error[k] = std[k] * random.nextGaussian();
    }
    return new Active() {
      private final double[] rotation = new double[9];

      @Override
      public void observe(float[] observation) {
        for (int k = 0; k < 3; k++) {
          int at = Observation.ANGULAR_VELOCITY + k;
          observation[at] =
              (float) (scale[k] * observation[at] + bias[k] + rateRadS * random.nextGaussian());
        }
        turn(observation);
        for (int k = 0; k < 3; k++) {
          error[k] =
              keep[k] * error[k]
                  + std[k] * Math.sqrt(1 - keep[k] * keep[k]) * random.nextGaussian();
        }
      }

      private void turn(float[] observation) {
        if (tiltRad == 0 && headingRad == 0) {
          return;
        }
        // exp([e]_×) R = (Rᵀ exp([−e]_×))ᵀ
        for (int i = 0; i < 9; i++) {
          rotation[3 * (i % 3) + i / 3] = observation[Observation.ROTATION + i];
        }
        Turn.byBody(rotation, 0, -error[0], -error[1], -error[2]);
        for (int i = 0; i < 9; i++) {
          observation[Observation.ROTATION + i] = (float) rotation[3 * (i % 3) + i / 3];
        }
      }
    };
  }
}
