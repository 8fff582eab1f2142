package dev.raptor.sim;

import dev.raptor.sim.kernel.Vehicles;
import dev.raptor.sim.vehicle.Quadrotor;

/**
 * The gradient of {@link Simulator#step}: the adjoint of the discrete step itself, normalisation
 * and clamps included, for backpropagation through time.
 *
 * <p>Let s' be the state after a step, s the one before, and ḡ = ∂L/∂g for a scalar L. With the
 * stages s_j, j = 1 … 4, of the step, their slopes k_j = f(s_j, u), h = dt,
 *
 * <pre>
 * s_1 = s,  s_2 = s + h/2 k_1,  s_3 = s + h/2 k_2,  s_4 = s + h k_3
 * S   = s + h/6 (k_1 + 2 k_2 + 2 k_3 + k_4),        s' = restrain(S)
 * </pre>
 *
 * the adjoint runs the same stages from the last to the first:
 *
 * <pre>
 * S̄   = s̄', but 0 where clamped; Q̄ = (q̄' − q' (q'·q̄')) / |Q| for the quaternion
 * k̄_4 = h/6 S̄                s̄_4 = f_s(s_4)ᵀ k̄_4
 * k̄_3 = h/3 S̄ + h s̄_4        s̄_3 = f_s(s_3)ᵀ k̄_3
 * k̄_2 = h/3 S̄ + h/2 s̄_3      s̄_2 = f_s(s_2)ᵀ k̄_2
 * k̄_1 = h/6 S̄ + h/2 s̄_2      s̄_1 = f_s(s_1)ᵀ k̄_1
 * s̄   = S̄ + s̄_1 + s̄_2 + s̄_3 + s̄_4
 * ū   = Σ_j f_u(s_j)ᵀ k̄_j,    ā = ū/2, but 0 where a is beyond ±1
 * </pre>
 *
 * <p>Because p, v, q, ω and n drive each other in one direction only, f_sᵀ is applied part by part.
 * With the rotation's third column r(q) and the thrust per mass t:
 *
 * <pre>
 * v̇ = r(q) t + …         t̄ = r·v̇̄,     q̄ += (∂r/∂q)ᵀ v̇̄ t
 * q̇ = ½ q ⊗ (0, ω)       q̄ += ½ q̇̄ ⊗ (0, −ω),    ω̄ += ½ vec(q* ⊗ q̇̄)
 * ω̇x = Σ a_i f_i + gx ωy ωz + …    f̄_i += a_i ω̇̄x,  ω̄y += gx ωz ω̇̄x,  ω̄z += gx ωy ω̇̄x
 * f_i = c0 + c1 n_i + c2 n_i²       n̄_i += (c1 + 2 c2 n_i) f̄_i
 * ṅ_i = (u_i − n_i) ρ               n̄_i −= ρ ṅ̄_i,   ū_i += ρ ṅ̄_i
 * </pre>
 *
 * where the rate ρ, that of rising or of falling, is decided in each stage as the step does, and
 * taken as locally constant. The factor ½ of q̇ is in the steps.
 *
 * <p>Shares the vehicles and the disturbance of a {@link Simulator}, as they are when it is called.
 * Allocates nothing. One instance serves one thread at a time.
 */
public final class SimulatorGradient {
  private final Simulator simulator;
  private final Vehicles vehicles;

  /** The gradient of the steps of {@code simulator}. */
  public SimulatorGradient(Simulator simulator) {
    this.simulator = simulator;
    vehicles = simulator.vehicles().withOwnScratch();
  }

  /**
   * Goes back over one step. Offsets are those of a block of the given shape within its array, so
   * that a history of many steps can be kept in one.
   *
   * @param state before the step, [17][lanes] from {@code stateOffset}
   * @param action of the step, raw, [4][lanes] from {@code actionOffset}
   * @param gradientAfter of the loss by the state after the step, [17][lanes]
   * @param gradientBefore of the loss by the state before the step, [17][lanes], written; may be
   *     {@code gradientAfter}
   * @param actionGradient to [4][lanes] of which the gradient of the loss by the raw action is
   *     added
   * @throws IllegalArgumentException if a block is not within its array
   * @throws IllegalStateException if a lane has no quadrotor
   */
  public void backward(
      float[] state,
      int stateOffset,
      float[] action,
      int actionOffset,
      float[] gradientAfter,
      float[] gradientBefore,
      float[] actionGradient) {
    simulator.requireAssigned();
    simulator.requireBlock("state", Simulator.STATE_ROWS, state, stateOffset);
    simulator.requireBlock("action", Quadrotor.ROTORS, action, actionOffset);
    simulator.requireBlock("gradient after", Simulator.STATE_ROWS, gradientAfter, 0);
    simulator.requireBlock("gradient before", Simulator.STATE_ROWS, gradientBefore, 0);
    simulator.requireBlock("action gradient", Quadrotor.ROTORS, actionGradient, 0);
    Simulator.DYNAMICS.stepAdjoint(
        vehicles,
        state,
        stateOffset,
        action,
        actionOffset,
        gradientAfter,
        gradientBefore,
        actionGradient);
  }
}
