package dev.raptor.sim.controller;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.ArrayList;
import java.util.List;

/**
 * What a vehicle needs to hover level, rotor by rotor. With A the allocation of {@code MotorMixer},
 *
 * <pre>
 * f = A⁻¹ (m g, 0, 0, 0)          n_i where the thrust curve gives f_i
 * τ = (mean y_i, −mean x_i, c_m mean d_i) m g
 * </pre>
 *
 * @param thrustsN f, N, in the order of the rotors; below 0 where a rotor would have to push down
 * @param throttles n, in [0, 1] where the rotor can; NaN where the curve never gets there
 * @param torqueNm τ that rotors of equal thrust would leave, N m, body frame; 0 of a vehicle that
 *     balances
 */
public record Trim(List<Double> thrustsN, List<Double> throttles, Vec3 torqueNm) {
  /**
   * The trim of a vehicle.
   *
   * @throws IllegalArgumentException if the rotors cannot turn it about each axis
   */
  public static Trim of(Quadrotor quadrotor) {
    double weightN = quadrotor.massKg() * Simulator.GRAVITY_MS2;
    double[] shares = new MotorMixer(quadrotor).hoverShares();
    List<Double> thrustsN = new ArrayList<>();
    List<Double> throttles = new ArrayList<>();
    double roll = 0;
    double pitch = 0;
    double yaw = 0;
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      double thrustN = shares[i] * weightN;
      double equalN = weightN / Quadrotor.ROTORS;
      Vec3 rotor = quadrotor.rotorPositionsM().get(i);
      thrustsN.add(thrustN);
      throttles.add(quadrotor.thrustCurve().throttleFor(thrustN));
      roll += rotor.y() * equalN;
      pitch -= rotor.x() * equalN;
      yaw += Quadrotor.yawSign(i) * quadrotor.torqueConstantM() * equalN;
    }
    return new Trim(List.copyOf(thrustsN), List.copyOf(throttles), new Vec3(roll, pitch, yaw));
  }
}
