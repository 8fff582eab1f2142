package dev.raptor.sim;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/**
 * One quadrotor in double precision, written to be read: the oracle that {@link Simulator} is held
 * against, and what replays recorded flights.
 *
 * <p>Rotor i at (x_i, y_i) with normalised speed n_i, set point u_i = (clamp(a_i, −1, 1) + 1)/2 and
 * yaw sign d_i:
 *
 * <pre>
 * f_i = c0 + c1 n_i + c2 n_i²
 * T   = Σ f_i                      τ = (Σ y_i f_i, −Σ x_i f_i, c_m Σ d_i f_i)
 * ṗ   = v
 * q̇   = ½ q ⊗ (0, ω)
 * v̇   = R(q) (0, 0, T)/m + (0, 0, −g) + F/m
 * ω̇   = J⁻¹ (τ − ω × Jω) + J⁻¹ M
 * ṅ_i = (u_i − n_i)/τ_i            τ_i = τ_rise if u_i ≥ n_i, else τ_fall
 * </pre>
 *
 * <p>One step is one classical Runge-Kutta step of fourth order with u held:
 *
 * <pre>
 * k1 = f(s),  k2 = f(s + dt/2 k1),  k3 = f(s + dt/2 k2),  k4 = f(s + dt k3)
 * s' = s + dt/6 (k1 + 2 k2 + 2 k3 + k4)
 * </pre>
 *
 * after which q is normalised, p, v and ω are clamped to ±{@value Simulator#BOUND} and n to [0, 1].
 */
public final class ReferenceSimulator {
  private final Quadrotor quadrotor;
  private final double[] state = new double[Simulator.STATE_ROWS];
  private final double[] disturbance = new double[Simulator.DISTURBANCE_ROWS];
  private final double[] setpoint = new double[Quadrotor.ROTORS];
  private final double[] k1 = new double[Simulator.STATE_ROWS];
  private final double[] k2 = new double[Simulator.STATE_ROWS];
  private final double[] k3 = new double[Simulator.STATE_ROWS];
  private final double[] k4 = new double[Simulator.STATE_ROWS];
  private final double[] stage = new double[Simulator.STATE_ROWS];

  /** {@code quadrotor} at rest at the origin, upright, rotors stopped. */
  public ReferenceSimulator(Quadrotor quadrotor) {
    this.quadrotor = quadrotor;
    state[Simulator.QW] = 1;
  }

  /** The state, in the rows of {@link Simulator}; live. */
  public double[] state() {
    return state;
  }

  /** The disturbance: force in N, world frame, then torque in N m, body frame; live. */
  public double[] disturbance() {
    return disturbance;
  }

  /**
   * Advances by {@link Simulator#STEP_S}.
   *
   * @param action raw motor commands, clamped to [-1, 1]
   * @throws IllegalArgumentException if a command is not finite; the state is then unchanged
   */
  public void step(double[] action) {
    step(action, Simulator.STEP_S);
  }

  /**
   * Advances by {@code dt}, for control loops that run faster than the policy.
   *
   * @param action raw motor commands, clamped to [-1, 1]
   * @param dt s, above 0; longer ones than {@link Simulator#STEP_S} may be unstable
   * @throws IllegalArgumentException if a command is not finite or {@code dt} not within; the state
   *     is then unchanged
   */
  public void step(double[] action, double dt) {
    if (!(dt > 0 && dt < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a step of %s s, allowed: a finite number above 0".formatted(dt));
    }
    if (action.length != Quadrotor.ROTORS) {
      throw new IllegalArgumentException(
          "action has %d numbers, allowed: %d".formatted(action.length, Quadrotor.ROTORS));
    }
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      if (!Double.isFinite(action[i])) {
        throw new IllegalArgumentException(
            "action %d is %s, allowed: a finite number".formatted(i, action[i]));
      }
    }
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      setpoint[i] = (Math.clamp(action[i], -1.0, 1.0) + 1) / 2;
    }
    derivative(state, k1);
    derivative(along(k1, dt / 2), k2);
    derivative(along(k2, dt / 2), k3);
    derivative(along(k3, dt), k4);
    for (int r = 0; r < state.length; r++) {
      state[r] += dt / 6 * (k1[r] + 2 * k2[r] + 2 * k3[r] + k4[r]);
    }
    restrain();
  }

  private double[] along(double[] k, double dt) {
    for (int r = 0; r < stage.length; r++) {
      stage[r] = state[r] + dt * k[r];
    }
    return stage;
  }

  private void derivative(double[] s, double[] ds) {
    double thrust = 0;
    double rollTorque = 0;
    double pitchTorque = 0;
    double yawTorque = 0;
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      double n = s[Simulator.N0 + i];
      double f = quadrotor.thrustCurve().thrustN(n);
      Vec3 position = quadrotor.rotorPositionsM().get(i);
      thrust += f;
      rollTorque += position.y() * f;
      pitchTorque -= position.x() * f;
      yawTorque += Quadrotor.yawSign(i) * quadrotor.torqueConstantM() * f;
      double lag =
          setpoint[i] >= n ? quadrotor.timeConstantRisingS() : quadrotor.timeConstantFallingS();
      ds[Simulator.N0 + i] = (setpoint[i] - n) / lag;
    }

    ds[Simulator.PX] = s[Simulator.VX];
    ds[Simulator.PY] = s[Simulator.VY];
    ds[Simulator.PZ] = s[Simulator.VZ];

    double w = s[Simulator.QW];
    double x = s[Simulator.QX];
    double y = s[Simulator.QY];
    double z = s[Simulator.QZ];
    double wx = s[Simulator.WX];
    double wy = s[Simulator.WY];
    double wz = s[Simulator.WZ];
    ds[Simulator.QW] = (-x * wx - y * wy - z * wz) / 2;
    ds[Simulator.QX] = (w * wx + y * wz - z * wy) / 2;
    ds[Simulator.QY] = (w * wy + z * wx - x * wz) / 2;
    ds[Simulator.QZ] = (w * wz + x * wy - y * wx) / 2;

    double m = quadrotor.massKg();
    ds[Simulator.VX] = (2 * (x * z + w * y) * thrust + disturbance[0]) / m;
    ds[Simulator.VY] = (2 * (y * z - w * x) * thrust + disturbance[1]) / m;
    ds[Simulator.VZ] =
        ((1 - 2 * (x * x + y * y)) * thrust + disturbance[2]) / m - Simulator.GRAVITY_MS2;

    Vec3 j = quadrotor.inertiaKgM2();
    Vec3 inverse = quadrotor.inverseInertia();
    ds[Simulator.WX] = inverse.x() * (rollTorque - wy * wz * (j.z() - j.y()) + disturbance[3]);
    ds[Simulator.WY] = inverse.y() * (pitchTorque - wz * wx * (j.x() - j.z()) + disturbance[4]);
    ds[Simulator.WZ] = inverse.z() * (yawTorque - wx * wy * (j.y() - j.x()) + disturbance[5]);
  }

  private void restrain() {
    double norm = 0;
    for (int r = Simulator.QW; r <= Simulator.QZ; r++) {
      norm += state[r] * state[r];
    }
    for (int r = Simulator.QW; r <= Simulator.QZ; r++) {
      state[r] /= Math.sqrt(norm);
    }
    for (int k = 0; k < 3; k++) {
      clamp(Simulator.PX + k, -Simulator.BOUND, Simulator.BOUND);
      clamp(Simulator.VX + k, -Simulator.BOUND, Simulator.BOUND);
      clamp(Simulator.WX + k, -Simulator.BOUND, Simulator.BOUND);
    }
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      clamp(Simulator.N0 + i, 0, 1);
    }
  }

  private void clamp(int row, double min, double max) {
    state[row] = Math.clamp(state[row], min, max);
  }
}
