package dev.raptor.sim.controller;

import dev.raptor.sim.Simulator;

/**
 * The gains of {@link CascadedPid} and {@link GeometricController} for one vehicle, per unit of
 * mass and inertia. With T the time constant of the motors behind {@code MotorMixer} and one step
 * more for the hold and the sampling, position along an axis answers as
 *
 * <pre>
 * T s⁵ + s⁴ + k_ω s³ + k_ω k_a s² + k_ω k_a k_v s + k_ω k_a k_v k_p
 * </pre>
 *
 * whose poles are placed by the ratios of its coefficients, 1.5, 3, 1.8 and 2.4 from the inside
 * out:
 *
 * <pre>
 * k_ω = 1/(1.5 T)      body rate, 1/s, but at most √(4 α), with α what the rotors can add, rad/s²
 * k_a = k_ω/3          attitude, 1/s
 * k_v = k_a/1.8        velocity, 1/s
 * k_p = k_v/2.4        position, 1/s
 * </pre>
 *
 * The bound keeps an attitude error of half a radian from asking for more than there is. Height has
 * no attitude to wait for and is spared it. Heading is controlled half as fast, by weaker torques:
 * at most √(7 α). Manabe, <i>Coefficient diagram method</i>, 1998, has the method; the ratios were
 * found on vehicles drawn with the seeds 1000 to 1019, flown in still air, with noise, delays, wind
 * and off balance.
 *
 * @param positionPerS k_p along world x and y
 * @param velocityPerS k_v along world x and y
 * @param heightPerS k_p along world z
 * @param climbPerS k_v along world z
 * @param tiltPerS k_a about body x and y
 * @param tiltRatePerS k_ω about body x and y
 * @param headingPerS k_a about body z
 * @param headingRatePerS k_ω about body z
 */
record ControlGains(
    double positionPerS,
    double velocityPerS,
    double heightPerS,
    double climbPerS,
    double tiltPerS,
    double tiltRatePerS,
    double headingPerS,
    double headingRatePerS) {
  private static final double[] RATIOS = {1.5, 3, 1.8, 2.4};
  private static final double TILT_AUTHORITY = 4;
  private static final double HEADING_AUTHORITY = 7;
  private static final double HEADING_SHARE = 0.5;

  /** The gains that the vehicle of {@code mixer} can follow. */
  static ControlGains of(MotorMixer mixer) {
    double fastest = 1 / (RATIOS[0] * (mixer.responseS() + Simulator.STEP_S));
    double tilt = Math.min(mixer.maxAngularAcceleration(0), mixer.maxAngularAcceleration(1));
    double tiltRate = Math.min(fastest, Math.sqrt(TILT_AUTHORITY * tilt));
    double headingRate =
        Math.min(
            HEADING_SHARE * fastest,
            Math.sqrt(HEADING_AUTHORITY * mixer.maxAngularAcceleration(2)));
    double velocity = tiltRate / RATIOS[1] / RATIOS[2];
    double climb = fastest / RATIOS[1] / RATIOS[2];
    return new ControlGains(
        velocity / RATIOS[3],
        velocity,
        climb / RATIOS[3],
        climb,
        tiltRate / RATIOS[1],
        tiltRate,
        headingRate / RATIOS[1],
        headingRate);
  }

  /** k_p along world axis {@code k}. */
  double position(int k) {
    return k == 2 ? heightPerS : positionPerS;
  }

  /** k_v along world axis {@code k}. */
  double velocity(int k) {
    return k == 2 ? climbPerS : velocityPerS;
  }

  /** k_a about body axis {@code k}. */
  double attitude(int k) {
    return k == 2 ? headingPerS : tiltPerS;
  }

  /** k_ω about body axis {@code k}. */
  double rate(int k) {
    return k == 2 ? headingRatePerS : tiltRatePerS;
  }
}
