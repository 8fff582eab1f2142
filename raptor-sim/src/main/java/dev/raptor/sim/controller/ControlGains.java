package dev.raptor.sim.controller;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;

/**
 * The gains of {@link CascadedPid} and {@link GeometricController} for one vehicle. They are per
 * unit of mass and inertia, so that the motors' response alone sets them. With T the time constant
 * of the motors behind {@code MotorMixer} and one step more for the hold and the sampling:
 *
 * <pre>
 * T   = τ + dt
 * k_ω = 1/(2T)      body rate, 1/s: the loop  T s² + s + k_ω  is damped by 1/√2
 * k_a = k_ω/2       attitude, 1/s
 * k_v = k_a/2       velocity, 1/s
 * k_p = k_v/2       position, 1/s
 * </pre>
 *
 * each loop half as fast as the one inside it.
 *
 * @param positionPerS k_p
 * @param velocityPerS k_v
 * @param attitudePerS k_a
 * @param ratePerS k_ω
 */
public record ControlGains(
    double positionPerS, double velocityPerS, double attitudePerS, double ratePerS) {
  /** The gains that {@code quadrotor} can follow. */
  public static ControlGains of(Quadrotor quadrotor) {
    double lag = MotorMixer.responseS(quadrotor) + Simulator.STEP_S;
    double rate = 1 / (2 * lag);
    return new ControlGains(rate / 8, rate / 4, rate / 2, rate);
  }
}
