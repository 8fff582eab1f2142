package dev.raptor.sim;

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
 * ω̇x = Σ a_i f_i − gx ωy ωz + …    f̄_i += a_i ω̇̄x,  ω̄y −= gx ωz ω̇̄x,  ω̄z −= gx ωy ω̇̄x
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
  private static final float DT = Simulator.DT;
  private static final float HALF = Simulator.HALF;
  private static final float SIXTH = Simulator.SIXTH;
  private static final float LIMIT = Simulator.LIMIT;

  /**
   * Lanes that are worked on together, so that what passes between the parts stays in the cache.
   */
  private static final int TILE = 16;

  // What passes between the parts, rows of TILE lanes; stage j, counted from 0, of a group of k
  // rows is at k j.
  private static final int ROTOR = 0;
  private static final int ROTOR_GRADIENT = ROTOR + 16 * TILE;
  private static final int THRUST = ROTOR_GRADIENT + 4 * TILE;
  private static final int TORQUE = THRUST + 4 * TILE;
  private static final int RATE = TORQUE + 12 * TILE;
  private static final int RATE_GRADIENT = RATE + 12 * TILE;
  private static final int ATTITUDE = RATE_GRADIENT + 3 * TILE;
  private static final int ATTITUDE_GRADIENT = ATTITUDE + 16 * TILE;
  private static final int THRUST_ADJOINT = ATTITUDE_GRADIENT + 4 * TILE;
  private static final int ATTITUDE_ADJOINT = THRUST_ADJOINT + 4 * TILE;
  private static final int RATE_ADJOINT = ATTITUDE_ADJOINT + 16 * TILE;
  private static final int TORQUE_ADJOINT = RATE_ADJOINT + 12 * TILE;
  private static final int SCRATCH = TORQUE_ADJOINT + 12 * TILE;

  private final Simulator simulator;
  private final int lanes;
  private final float[] scratch = new float[SCRATCH];

  /** The gradient of the steps of {@code simulator}. */
  public SimulatorGradient(Simulator simulator) {
    this.simulator = simulator;
    lanes = simulator.lanes();
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
    for (int from = 0; from < lanes; from += TILE) {
      int count = Math.min(TILE, lanes - from);
      int s = stateOffset + from;
      int a = actionOffset + from;
      rotors(from, count, state, s, action, a, gradientAfter);
      sums(from, count);
      rates(from, count, state, s, gradientAfter);
      attitude(from, count, state, s, gradientAfter);
      velocityAdjoint(from, count, state, s, gradientAfter, gradientBefore);
      attitudeAdjoint(from, count, gradientBefore);
      ratesAdjoint(from, count, gradientBefore);
      rotorsAdjoint(from, count, action, a, gradientBefore, actionGradient);
    }
  }

  /** Rotor speeds at the stages. */
  private void rotors(
      int from, int count, float[] state, int s, float[] action, int a, float[] after) {
    float[] x = scratch;
    float[] c = simulator.constants();
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      int row = (Simulator.N0 + i) * lanes;
      for (int l = 0; l < count; l++) {
        int at = (from + l) * Simulator.CONSTANTS;
        float rise = c[at + Simulator.RISE_RATE];
        float fall = c[at + Simulator.FALL_RATE];
        float n = state[s + row + l];
        float u = (Simulator.clamp(action[a + i * lanes + l], -1, 1) + 1) * 0.5f;
        float k1 = (u - n) * (u >= n ? rise : fall);
        float n2 = n + HALF * k1;
        float k2 = (u - n2) * (u >= n2 ? rise : fall);
        float n3 = n + HALF * k2;
        float k3 = (u - n3) * (u >= n3 ? rise : fall);
        float n4 = n + DT * k3;
        float k4 = (u - n4) * (u >= n4 ? rise : fall);
        float end = n + SIXTH * (k1 + 2 * (k2 + k3) + k4);
        x[ROTOR + i * TILE + l] = n;
        x[ROTOR + (4 + i) * TILE + l] = n2;
        x[ROTOR + (8 + i) * TILE + l] = n3;
        x[ROTOR + (12 + i) * TILE + l] = n4;
        float g = after[row + from + l];
        x[ROTOR_GRADIENT + i * TILE + l] = end < 0 || end > 1 ? 0 : g;
      }
    }
  }

  /** Thrust per mass and the angular accelerations of the rotors at the stages. */
  private void sums(int from, int count) {
    float[] x = scratch;
    float[] c = simulator.constants();
    for (int j = 0; j < 4; j++) {
      int n = ROTOR + 4 * j * TILE;
      int thrust = THRUST + j * TILE;
      int torque = TORQUE + 3 * j * TILE;
      for (int l = 0; l < count; l++) {
        int at = (from + l) * Simulator.CONSTANTS;
        float c0 = c[at + Simulator.C0];
        float c1 = c[at + Simulator.C1];
        float c2 = c[at + Simulator.C2];
        float n0 = x[n + l];
        float n1 = x[n + TILE + l];
        float n2 = x[n + 2 * TILE + l];
        float n3 = x[n + 3 * TILE + l];
        float f0 = c0 + n0 * (c1 + n0 * c2);
        float f1 = c0 + n1 * (c1 + n1 * c2);
        float f2 = c0 + n2 * (c1 + n2 * c2);
        float f3 = c0 + n3 * (c1 + n3 * c2);
        int roll = at + Simulator.ROLL_GAIN;
        int pitch = at + Simulator.PITCH_GAIN;
        x[thrust + l] = ((f0 + f2) + (f1 + f3)) * c[at + Simulator.INVERSE_MASS];
        x[torque + l] = c[roll] * f0 + c[roll + 1] * f1 + c[roll + 2] * f2 + c[roll + 3] * f3;
        x[torque + TILE + l] =
            c[pitch] * f0 + c[pitch + 1] * f1 + c[pitch + 2] * f2 + c[pitch + 3] * f3;
        x[torque + 2 * TILE + l] = c[at + Simulator.YAW_GAIN] * ((f1 + f3) - (f0 + f2));
      }
    }
  }

  /** Body rates at the stages. */
  private void rates(int from, int count, float[] state, int s, float[] after) {
    float[] x = scratch;
    float[] c = simulator.constants();
    float[] d = simulator.disturbance();
    for (int l = 0; l < count; l++) {
      int at = (from + l) * Simulator.CONSTANTS;
      float gx = c[at + Simulator.GYRO];
      float gy = c[at + Simulator.GYRO + 1];
      float gz = c[at + Simulator.GYRO + 2];
      float mx = c[at + Simulator.INVERSE_INERTIA] * d[3 * lanes + from + l];
      float my = c[at + Simulator.INVERSE_INERTIA + 1] * d[4 * lanes + from + l];
      float mz = c[at + Simulator.INVERSE_INERTIA + 2] * d[5 * lanes + from + l];
      float wx1 = state[s + Simulator.WX * lanes + l];
      float wy1 = state[s + Simulator.WY * lanes + l];
      float wz1 = state[s + Simulator.WZ * lanes + l];
      float dwx1 = x[TORQUE + l] - gx * wy1 * wz1 + mx;
      float dwy1 = x[TORQUE + TILE + l] - gy * wz1 * wx1 + my;
      float dwz1 = x[TORQUE + 2 * TILE + l] - gz * wx1 * wy1 + mz;
      float wx2 = wx1 + HALF * dwx1;
      float wy2 = wy1 + HALF * dwy1;
      float wz2 = wz1 + HALF * dwz1;
      float dwx2 = x[TORQUE + 3 * TILE + l] - gx * wy2 * wz2 + mx;
      float dwy2 = x[TORQUE + 4 * TILE + l] - gy * wz2 * wx2 + my;
      float dwz2 = x[TORQUE + 5 * TILE + l] - gz * wx2 * wy2 + mz;
      float wx3 = wx1 + HALF * dwx2;
      float wy3 = wy1 + HALF * dwy2;
      float wz3 = wz1 + HALF * dwz2;
      float dwx3 = x[TORQUE + 6 * TILE + l] - gx * wy3 * wz3 + mx;
      float dwy3 = x[TORQUE + 7 * TILE + l] - gy * wz3 * wx3 + my;
      float dwz3 = x[TORQUE + 8 * TILE + l] - gz * wx3 * wy3 + mz;
      float wx4 = wx1 + DT * dwx3;
      float wy4 = wy1 + DT * dwy3;
      float wz4 = wz1 + DT * dwz3;
      float dwx4 = x[TORQUE + 9 * TILE + l] - gx * wy4 * wz4 + mx;
      float dwy4 = x[TORQUE + 10 * TILE + l] - gy * wz4 * wx4 + my;
      float dwz4 = x[TORQUE + 11 * TILE + l] - gz * wx4 * wy4 + mz;
      float endX = wx1 + SIXTH * (dwx1 + 2 * (dwx2 + dwx3) + dwx4);
      float endY = wy1 + SIXTH * (dwy1 + 2 * (dwy2 + dwy3) + dwy4);
      float endZ = wz1 + SIXTH * (dwz1 + 2 * (dwz2 + dwz3) + dwz4);
      x[RATE + l] = wx1;
      x[RATE + TILE + l] = wy1;
      x[RATE + 2 * TILE + l] = wz1;
      x[RATE + 3 * TILE + l] = wx2;
      x[RATE + 4 * TILE + l] = wy2;
      x[RATE + 5 * TILE + l] = wz2;
      x[RATE + 6 * TILE + l] = wx3;
      x[RATE + 7 * TILE + l] = wy3;
      x[RATE + 8 * TILE + l] = wz3;
      x[RATE + 9 * TILE + l] = wx4;
      x[RATE + 10 * TILE + l] = wy4;
      x[RATE + 11 * TILE + l] = wz4;
      x[RATE_GRADIENT + l] = gated(endX, after[Simulator.WX * lanes + from + l]);
      x[RATE_GRADIENT + TILE + l] = gated(endY, after[Simulator.WY * lanes + from + l]);
      x[RATE_GRADIENT + 2 * TILE + l] = gated(endZ, after[Simulator.WZ * lanes + from + l]);
    }
  }

  /** Attitude at the stages, and the gradient before normalisation. */
  private void attitude(int from, int count, float[] state, int s, float[] after) {
    float[] x = scratch;
    for (int l = 0; l < count; l++) {
      float qw1 = state[s + Simulator.QW * lanes + l];
      float qx1 = state[s + Simulator.QX * lanes + l];
      float qy1 = state[s + Simulator.QY * lanes + l];
      float qz1 = state[s + Simulator.QZ * lanes + l];
      float wx1 = x[RATE + l];
      float wy1 = x[RATE + TILE + l];
      float wz1 = x[RATE + 2 * TILE + l];
      float dqw1 = -qx1 * wx1 - qy1 * wy1 - qz1 * wz1;
      float dqx1 = qw1 * wx1 + qy1 * wz1 - qz1 * wy1;
      float dqy1 = qw1 * wy1 + qz1 * wx1 - qx1 * wz1;
      float dqz1 = qw1 * wz1 + qx1 * wy1 - qy1 * wx1;
      float qw2 = qw1 + HALF / 2 * dqw1;
      float qx2 = qx1 + HALF / 2 * dqx1;
      float qy2 = qy1 + HALF / 2 * dqy1;
      float qz2 = qz1 + HALF / 2 * dqz1;
      float wx2 = x[RATE + 3 * TILE + l];
      float wy2 = x[RATE + 4 * TILE + l];
      float wz2 = x[RATE + 5 * TILE + l];
      float dqw2 = -qx2 * wx2 - qy2 * wy2 - qz2 * wz2;
      float dqx2 = qw2 * wx2 + qy2 * wz2 - qz2 * wy2;
      float dqy2 = qw2 * wy2 + qz2 * wx2 - qx2 * wz2;
      float dqz2 = qw2 * wz2 + qx2 * wy2 - qy2 * wx2;
      float qw3 = qw1 + HALF / 2 * dqw2;
      float qx3 = qx1 + HALF / 2 * dqx2;
      float qy3 = qy1 + HALF / 2 * dqy2;
      float qz3 = qz1 + HALF / 2 * dqz2;
      float wx3 = x[RATE + 6 * TILE + l];
      float wy3 = x[RATE + 7 * TILE + l];
      float wz3 = x[RATE + 8 * TILE + l];
      float dqw3 = -qx3 * wx3 - qy3 * wy3 - qz3 * wz3;
      float dqx3 = qw3 * wx3 + qy3 * wz3 - qz3 * wy3;
      float dqy3 = qw3 * wy3 + qz3 * wx3 - qx3 * wz3;
      float dqz3 = qw3 * wz3 + qx3 * wy3 - qy3 * wx3;
      float qw4 = qw1 + DT / 2 * dqw3;
      float qx4 = qx1 + DT / 2 * dqx3;
      float qy4 = qy1 + DT / 2 * dqy3;
      float qz4 = qz1 + DT / 2 * dqz3;
      float wx4 = x[RATE + 9 * TILE + l];
      float wy4 = x[RATE + 10 * TILE + l];
      float wz4 = x[RATE + 11 * TILE + l];
      float dqw4 = -qx4 * wx4 - qy4 * wy4 - qz4 * wz4;
      float dqx4 = qw4 * wx4 + qy4 * wz4 - qz4 * wy4;
      float dqy4 = qw4 * wy4 + qz4 * wx4 - qx4 * wz4;
      float dqz4 = qw4 * wz4 + qx4 * wy4 - qy4 * wx4;
      float qw = qw1 + SIXTH / 2 * (dqw1 + 2 * (dqw2 + dqw3) + dqw4);
      float qx = qx1 + SIXTH / 2 * (dqx1 + 2 * (dqx2 + dqx3) + dqx4);
      float qy = qy1 + SIXTH / 2 * (dqy1 + 2 * (dqy2 + dqy3) + dqy4);
      float qz = qz1 + SIXTH / 2 * (dqz1 + 2 * (dqz2 + dqz3) + dqz4);
      float norm = 1 / (float) Math.sqrt(qw * qw + qx * qx + qy * qy + qz * qz);
      qw *= norm;
      qx *= norm;
      qy *= norm;
      qz *= norm;
      float gw = after[Simulator.QW * lanes + from + l];
      float gx = after[Simulator.QX * lanes + from + l];
      float gy = after[Simulator.QY * lanes + from + l];
      float gz = after[Simulator.QZ * lanes + from + l];
      float along = qw * gw + qx * gx + qy * gy + qz * gz;
      x[ATTITUDE + l] = qw1;
      x[ATTITUDE + TILE + l] = qx1;
      x[ATTITUDE + 2 * TILE + l] = qy1;
      x[ATTITUDE + 3 * TILE + l] = qz1;
      x[ATTITUDE + 4 * TILE + l] = qw2;
      x[ATTITUDE + 5 * TILE + l] = qx2;
      x[ATTITUDE + 6 * TILE + l] = qy2;
      x[ATTITUDE + 7 * TILE + l] = qz2;
      x[ATTITUDE + 8 * TILE + l] = qw3;
      x[ATTITUDE + 9 * TILE + l] = qx3;
      x[ATTITUDE + 10 * TILE + l] = qy3;
      x[ATTITUDE + 11 * TILE + l] = qz3;
      x[ATTITUDE + 12 * TILE + l] = qw4;
      x[ATTITUDE + 13 * TILE + l] = qx4;
      x[ATTITUDE + 14 * TILE + l] = qy4;
      x[ATTITUDE + 15 * TILE + l] = qz4;
      x[ATTITUDE_GRADIENT + l] = norm * (gw - along * qw);
      x[ATTITUDE_GRADIENT + TILE + l] = norm * (gx - along * qx);
      x[ATTITUDE_GRADIENT + 2 * TILE + l] = norm * (gy - along * qy);
      x[ATTITUDE_GRADIENT + 3 * TILE + l] = norm * (gz - along * qz);
    }
  }

  /** The adjoint of velocity and position. */
  private void velocityAdjoint(
      int from, int count, float[] state, int s, float[] after, float[] before) {
    float[] x = scratch;
    float[] c = simulator.constants();
    float[] d = simulator.disturbance();
    for (int l = 0; l < count; l++) {
      float inverseMass = c[(from + l) * Simulator.CONSTANTS + Simulator.INVERSE_MASS];
      float ax = inverseMass * d[from + l];
      float ay = inverseMass * d[lanes + from + l];
      float az = inverseMass * d[2 * lanes + from + l] - Simulator.G;
      float t1 = x[THRUST + l];
      float qw1 = x[ATTITUDE + l];
      float qx1 = x[ATTITUDE + TILE + l];
      float qy1 = x[ATTITUDE + 2 * TILE + l];
      float qz1 = x[ATTITUDE + 3 * TILE + l];
      float rx1 = 2 * (qx1 * qz1 + qw1 * qy1);
      float ry1 = 2 * (qy1 * qz1 - qw1 * qx1);
      float rz1 = 1 - 2 * (qx1 * qx1 + qy1 * qy1);
      float t2 = x[THRUST + TILE + l];
      float qw2 = x[ATTITUDE + 4 * TILE + l];
      float qx2 = x[ATTITUDE + 5 * TILE + l];
      float qy2 = x[ATTITUDE + 6 * TILE + l];
      float qz2 = x[ATTITUDE + 7 * TILE + l];
      float rx2 = 2 * (qx2 * qz2 + qw2 * qy2);
      float ry2 = 2 * (qy2 * qz2 - qw2 * qx2);
      float rz2 = 1 - 2 * (qx2 * qx2 + qy2 * qy2);
      float t3 = x[THRUST + 2 * TILE + l];
      float qw3 = x[ATTITUDE + 8 * TILE + l];
      float qx3 = x[ATTITUDE + 9 * TILE + l];
      float qy3 = x[ATTITUDE + 10 * TILE + l];
      float qz3 = x[ATTITUDE + 11 * TILE + l];
      float rx3 = 2 * (qx3 * qz3 + qw3 * qy3);
      float ry3 = 2 * (qy3 * qz3 - qw3 * qx3);
      float rz3 = 1 - 2 * (qx3 * qx3 + qy3 * qy3);
      float t4 = x[THRUST + 3 * TILE + l];
      float qw4 = x[ATTITUDE + 12 * TILE + l];
      float qx4 = x[ATTITUDE + 13 * TILE + l];
      float qy4 = x[ATTITUDE + 14 * TILE + l];
      float qz4 = x[ATTITUDE + 15 * TILE + l];
      float rx4 = 2 * (qx4 * qz4 + qw4 * qy4);
      float ry4 = 2 * (qy4 * qz4 - qw4 * qx4);
      float rz4 = 1 - 2 * (qx4 * qx4 + qy4 * qy4);
      float dx1 = rx1 * t1 + ax;
      float dx23 = rx2 * t2 + rx3 * t3 + 2 * ax;
      float dx4 = rx4 * t4 + ax;
      float vx = state[s + Simulator.VX * lanes + l];
      float px = state[s + Simulator.PX * lanes + l] + DT * (vx + SIXTH * (dx1 + dx23));
      float endX = vx + SIXTH * (dx1 + 2 * dx23 + dx4);
      float gpx = gated(px, after[Simulator.PX * lanes + from + l]);
      float gvx = gated(endX, after[Simulator.VX * lanes + from + l]);
      before[Simulator.PX * lanes + from + l] = gpx;
      before[Simulator.VX * lanes + from + l] = gvx + DT * gpx;
      float ax1 = SIXTH * (gvx + DT * gpx);
      float ax2 = SIXTH * (2 * gvx + DT * gpx);
      float ax4 = SIXTH * gvx;
      float dy1 = ry1 * t1 + ay;
      float dy23 = ry2 * t2 + ry3 * t3 + 2 * ay;
      float dy4 = ry4 * t4 + ay;
      float vy = state[s + Simulator.VY * lanes + l];
      float py = state[s + Simulator.PY * lanes + l] + DT * (vy + SIXTH * (dy1 + dy23));
      float endY = vy + SIXTH * (dy1 + 2 * dy23 + dy4);
      float gpy = gated(py, after[Simulator.PY * lanes + from + l]);
      float gvy = gated(endY, after[Simulator.VY * lanes + from + l]);
      before[Simulator.PY * lanes + from + l] = gpy;
      before[Simulator.VY * lanes + from + l] = gvy + DT * gpy;
      float ay1 = SIXTH * (gvy + DT * gpy);
      float ay2 = SIXTH * (2 * gvy + DT * gpy);
      float ay4 = SIXTH * gvy;
      float dz1 = rz1 * t1 + az;
      float dz23 = rz2 * t2 + rz3 * t3 + 2 * az;
      float dz4 = rz4 * t4 + az;
      float vz = state[s + Simulator.VZ * lanes + l];
      float pz = state[s + Simulator.PZ * lanes + l] + DT * (vz + SIXTH * (dz1 + dz23));
      float endZ = vz + SIXTH * (dz1 + 2 * dz23 + dz4);
      float gpz = gated(pz, after[Simulator.PZ * lanes + from + l]);
      float gvz = gated(endZ, after[Simulator.VZ * lanes + from + l]);
      before[Simulator.PZ * lanes + from + l] = gpz;
      before[Simulator.VZ * lanes + from + l] = gvz + DT * gpz;
      float az1 = SIXTH * (gvz + DT * gpz);
      float az2 = SIXTH * (2 * gvz + DT * gpz);
      float az4 = SIXTH * gvz;
      x[THRUST_ADJOINT + l] = rx1 * ax1 + ry1 * ay1 + rz1 * az1;
      x[THRUST_ADJOINT + TILE + l] = rx2 * ax2 + ry2 * ay2 + rz2 * az2;
      x[THRUST_ADJOINT + 2 * TILE + l] = rx3 * ax2 + ry3 * ay2 + rz3 * az2;
      x[THRUST_ADJOINT + 3 * TILE + l] = rx4 * ax4 + ry4 * ay4 + rz4 * az4;
      t1 *= 2;
      x[ATTITUDE_ADJOINT + l] = t1 * (qy1 * ax1 - qx1 * ay1);
      x[ATTITUDE_ADJOINT + TILE + l] = t1 * (qz1 * ax1 - qw1 * ay1 - 2 * qx1 * az1);
      x[ATTITUDE_ADJOINT + 2 * TILE + l] = t1 * (qw1 * ax1 + qz1 * ay1 - 2 * qy1 * az1);
      x[ATTITUDE_ADJOINT + 3 * TILE + l] = t1 * (qx1 * ax1 + qy1 * ay1);
      t2 *= 2;
      x[ATTITUDE_ADJOINT + 4 * TILE + l] = t2 * (qy2 * ax2 - qx2 * ay2);
      x[ATTITUDE_ADJOINT + 5 * TILE + l] = t2 * (qz2 * ax2 - qw2 * ay2 - 2 * qx2 * az2);
      x[ATTITUDE_ADJOINT + 6 * TILE + l] = t2 * (qw2 * ax2 + qz2 * ay2 - 2 * qy2 * az2);
      x[ATTITUDE_ADJOINT + 7 * TILE + l] = t2 * (qx2 * ax2 + qy2 * ay2);
      t3 *= 2;
      x[ATTITUDE_ADJOINT + 8 * TILE + l] = t3 * (qy3 * ax2 - qx3 * ay2);
      x[ATTITUDE_ADJOINT + 9 * TILE + l] = t3 * (qz3 * ax2 - qw3 * ay2 - 2 * qx3 * az2);
      x[ATTITUDE_ADJOINT + 10 * TILE + l] = t3 * (qw3 * ax2 + qz3 * ay2 - 2 * qy3 * az2);
      x[ATTITUDE_ADJOINT + 11 * TILE + l] = t3 * (qx3 * ax2 + qy3 * ay2);
      t4 *= 2;
      x[ATTITUDE_ADJOINT + 12 * TILE + l] = t4 * (qy4 * ax4 - qx4 * ay4);
      x[ATTITUDE_ADJOINT + 13 * TILE + l] = t4 * (qz4 * ax4 - qw4 * ay4 - 2 * qx4 * az4);
      x[ATTITUDE_ADJOINT + 14 * TILE + l] = t4 * (qw4 * ax4 + qz4 * ay4 - 2 * qy4 * az4);
      x[ATTITUDE_ADJOINT + 15 * TILE + l] = t4 * (qx4 * ax4 + qy4 * ay4);
    }
  }

  /** The adjoint of the attitude, from the last stage to the first. */
  private void attitudeAdjoint(int from, int count, float[] before) {
    float[] x = scratch;
    for (int l = 0; l < count; l++) {
      float gw = x[ATTITUDE_GRADIENT + l];
      float gx = x[ATTITUDE_GRADIENT + TILE + l];
      float gy = x[ATTITUDE_GRADIENT + 2 * TILE + l];
      float gz = x[ATTITUDE_GRADIENT + 3 * TILE + l];
      float kw4 = SIXTH / 2 * gw;
      float kx4 = SIXTH / 2 * gx;
      float ky4 = SIXTH / 2 * gy;
      float kz4 = SIXTH / 2 * gz;
      float wx4 = x[RATE + 9 * TILE + l];
      float wy4 = x[RATE + 10 * TILE + l];
      float wz4 = x[RATE + 11 * TILE + l];
      float qw4 = x[ATTITUDE + 12 * TILE + l];
      float qx4 = x[ATTITUDE + 13 * TILE + l];
      float qy4 = x[ATTITUDE + 14 * TILE + l];
      float qz4 = x[ATTITUDE + 15 * TILE + l];
      float sw4 = x[ATTITUDE_ADJOINT + 12 * TILE + l] + (kx4 * wx4 + ky4 * wy4 + kz4 * wz4);
      float sx4 = x[ATTITUDE_ADJOINT + 13 * TILE + l] + (kz4 * wy4 - kw4 * wx4 - ky4 * wz4);
      float sy4 = x[ATTITUDE_ADJOINT + 14 * TILE + l] + (kx4 * wz4 - kw4 * wy4 - kz4 * wx4);
      float sz4 = x[ATTITUDE_ADJOINT + 15 * TILE + l] + (ky4 * wx4 - kw4 * wz4 - kx4 * wy4);
      x[RATE_ADJOINT + 9 * TILE + l] = qw4 * kx4 - qx4 * kw4 - qy4 * kz4 + qz4 * ky4;
      x[RATE_ADJOINT + 10 * TILE + l] = qw4 * ky4 - qy4 * kw4 - qz4 * kx4 + qx4 * kz4;
      x[RATE_ADJOINT + 11 * TILE + l] = qw4 * kz4 - qz4 * kw4 - qx4 * ky4 + qy4 * kx4;
      float kw3 = SIXTH * gw + DT / 2 * sw4;
      float kx3 = SIXTH * gx + DT / 2 * sx4;
      float ky3 = SIXTH * gy + DT / 2 * sy4;
      float kz3 = SIXTH * gz + DT / 2 * sz4;
      float wx3 = x[RATE + 6 * TILE + l];
      float wy3 = x[RATE + 7 * TILE + l];
      float wz3 = x[RATE + 8 * TILE + l];
      float qw3 = x[ATTITUDE + 8 * TILE + l];
      float qx3 = x[ATTITUDE + 9 * TILE + l];
      float qy3 = x[ATTITUDE + 10 * TILE + l];
      float qz3 = x[ATTITUDE + 11 * TILE + l];
      float sw3 = x[ATTITUDE_ADJOINT + 8 * TILE + l] + (kx3 * wx3 + ky3 * wy3 + kz3 * wz3);
      float sx3 = x[ATTITUDE_ADJOINT + 9 * TILE + l] + (kz3 * wy3 - kw3 * wx3 - ky3 * wz3);
      float sy3 = x[ATTITUDE_ADJOINT + 10 * TILE + l] + (kx3 * wz3 - kw3 * wy3 - kz3 * wx3);
      float sz3 = x[ATTITUDE_ADJOINT + 11 * TILE + l] + (ky3 * wx3 - kw3 * wz3 - kx3 * wy3);
      x[RATE_ADJOINT + 6 * TILE + l] = qw3 * kx3 - qx3 * kw3 - qy3 * kz3 + qz3 * ky3;
      x[RATE_ADJOINT + 7 * TILE + l] = qw3 * ky3 - qy3 * kw3 - qz3 * kx3 + qx3 * kz3;
      x[RATE_ADJOINT + 8 * TILE + l] = qw3 * kz3 - qz3 * kw3 - qx3 * ky3 + qy3 * kx3;
      float kw2 = SIXTH * gw + HALF / 2 * sw3;
      float kx2 = SIXTH * gx + HALF / 2 * sx3;
      float ky2 = SIXTH * gy + HALF / 2 * sy3;
      float kz2 = SIXTH * gz + HALF / 2 * sz3;
      float wx2 = x[RATE + 3 * TILE + l];
      float wy2 = x[RATE + 4 * TILE + l];
      float wz2 = x[RATE + 5 * TILE + l];
      float qw2 = x[ATTITUDE + 4 * TILE + l];
      float qx2 = x[ATTITUDE + 5 * TILE + l];
      float qy2 = x[ATTITUDE + 6 * TILE + l];
      float qz2 = x[ATTITUDE + 7 * TILE + l];
      float sw2 = x[ATTITUDE_ADJOINT + 4 * TILE + l] + (kx2 * wx2 + ky2 * wy2 + kz2 * wz2);
      float sx2 = x[ATTITUDE_ADJOINT + 5 * TILE + l] + (kz2 * wy2 - kw2 * wx2 - ky2 * wz2);
      float sy2 = x[ATTITUDE_ADJOINT + 6 * TILE + l] + (kx2 * wz2 - kw2 * wy2 - kz2 * wx2);
      float sz2 = x[ATTITUDE_ADJOINT + 7 * TILE + l] + (ky2 * wx2 - kw2 * wz2 - kx2 * wy2);
      x[RATE_ADJOINT + 3 * TILE + l] = qw2 * kx2 - qx2 * kw2 - qy2 * kz2 + qz2 * ky2;
      x[RATE_ADJOINT + 4 * TILE + l] = qw2 * ky2 - qy2 * kw2 - qz2 * kx2 + qx2 * kz2;
      x[RATE_ADJOINT + 5 * TILE + l] = qw2 * kz2 - qz2 * kw2 - qx2 * ky2 + qy2 * kx2;
      float kw1 = SIXTH / 2 * gw + HALF / 2 * sw2;
      float kx1 = SIXTH / 2 * gx + HALF / 2 * sx2;
      float ky1 = SIXTH / 2 * gy + HALF / 2 * sy2;
      float kz1 = SIXTH / 2 * gz + HALF / 2 * sz2;
      float wx1 = x[RATE + l];
      float wy1 = x[RATE + TILE + l];
      float wz1 = x[RATE + 2 * TILE + l];
      float qw1 = x[ATTITUDE + l];
      float qx1 = x[ATTITUDE + TILE + l];
      float qy1 = x[ATTITUDE + 2 * TILE + l];
      float qz1 = x[ATTITUDE + 3 * TILE + l];
      float sw1 = x[ATTITUDE_ADJOINT + l] + (kx1 * wx1 + ky1 * wy1 + kz1 * wz1);
      float sx1 = x[ATTITUDE_ADJOINT + TILE + l] + (kz1 * wy1 - kw1 * wx1 - ky1 * wz1);
      float sy1 = x[ATTITUDE_ADJOINT + 2 * TILE + l] + (kx1 * wz1 - kw1 * wy1 - kz1 * wx1);
      float sz1 = x[ATTITUDE_ADJOINT + 3 * TILE + l] + (ky1 * wx1 - kw1 * wz1 - kx1 * wy1);
      x[RATE_ADJOINT + l] = qw1 * kx1 - qx1 * kw1 - qy1 * kz1 + qz1 * ky1;
      x[RATE_ADJOINT + TILE + l] = qw1 * ky1 - qy1 * kw1 - qz1 * kx1 + qx1 * kz1;
      x[RATE_ADJOINT + 2 * TILE + l] = qw1 * kz1 - qz1 * kw1 - qx1 * ky1 + qy1 * kx1;
      before[Simulator.QW * lanes + from + l] = gw + ((sw1 + sw2) + (sw3 + sw4));
      before[Simulator.QX * lanes + from + l] = gx + ((sx1 + sx2) + (sx3 + sx4));
      before[Simulator.QY * lanes + from + l] = gy + ((sy1 + sy2) + (sy3 + sy4));
      before[Simulator.QZ * lanes + from + l] = gz + ((sz1 + sz2) + (sz3 + sz4));
    }
  }

  /** The adjoint of the body rates. */
  private void ratesAdjoint(int from, int count, float[] before) {
    float[] x = scratch;
    float[] c = simulator.constants();
    for (int l = 0; l < count; l++) {
      int at = (from + l) * Simulator.CONSTANTS;
      float gx = c[at + Simulator.GYRO];
      float gy = c[at + Simulator.GYRO + 1];
      float gz = c[at + Simulator.GYRO + 2];
      float ex = x[RATE_GRADIENT + l];
      float ey = x[RATE_GRADIENT + TILE + l];
      float ez = x[RATE_GRADIENT + 2 * TILE + l];
      float kx4 = SIXTH * ex;
      float ky4 = SIXTH * ey;
      float kz4 = SIXTH * ez;
      float wx4 = x[RATE + 9 * TILE + l];
      float wy4 = x[RATE + 10 * TILE + l];
      float wz4 = x[RATE + 11 * TILE + l];
      float x4 = gx * kx4;
      float y4 = gy * ky4;
      float z4 = gz * kz4;
      float sx4 = x[RATE_ADJOINT + 9 * TILE + l] - (y4 * wz4 + z4 * wy4);
      float sy4 = x[RATE_ADJOINT + 10 * TILE + l] - (x4 * wz4 + z4 * wx4);
      float sz4 = x[RATE_ADJOINT + 11 * TILE + l] - (x4 * wy4 + y4 * wx4);
      x[TORQUE_ADJOINT + 9 * TILE + l] = kx4;
      x[TORQUE_ADJOINT + 10 * TILE + l] = ky4;
      x[TORQUE_ADJOINT + 11 * TILE + l] = kz4;
      float kx3 = 2 * SIXTH * ex + DT * sx4;
      float ky3 = 2 * SIXTH * ey + DT * sy4;
      float kz3 = 2 * SIXTH * ez + DT * sz4;
      float wx3 = x[RATE + 6 * TILE + l];
      float wy3 = x[RATE + 7 * TILE + l];
      float wz3 = x[RATE + 8 * TILE + l];
      float x3 = gx * kx3;
      float y3 = gy * ky3;
      float z3 = gz * kz3;
      float sx3 = x[RATE_ADJOINT + 6 * TILE + l] - (y3 * wz3 + z3 * wy3);
      float sy3 = x[RATE_ADJOINT + 7 * TILE + l] - (x3 * wz3 + z3 * wx3);
      float sz3 = x[RATE_ADJOINT + 8 * TILE + l] - (x3 * wy3 + y3 * wx3);
      x[TORQUE_ADJOINT + 6 * TILE + l] = kx3;
      x[TORQUE_ADJOINT + 7 * TILE + l] = ky3;
      x[TORQUE_ADJOINT + 8 * TILE + l] = kz3;
      float kx2 = 2 * SIXTH * ex + HALF * sx3;
      float ky2 = 2 * SIXTH * ey + HALF * sy3;
      float kz2 = 2 * SIXTH * ez + HALF * sz3;
      float wx2 = x[RATE + 3 * TILE + l];
      float wy2 = x[RATE + 4 * TILE + l];
      float wz2 = x[RATE + 5 * TILE + l];
      float x2 = gx * kx2;
      float y2 = gy * ky2;
      float z2 = gz * kz2;
      float sx2 = x[RATE_ADJOINT + 3 * TILE + l] - (y2 * wz2 + z2 * wy2);
      float sy2 = x[RATE_ADJOINT + 4 * TILE + l] - (x2 * wz2 + z2 * wx2);
      float sz2 = x[RATE_ADJOINT + 5 * TILE + l] - (x2 * wy2 + y2 * wx2);
      x[TORQUE_ADJOINT + 3 * TILE + l] = kx2;
      x[TORQUE_ADJOINT + 4 * TILE + l] = ky2;
      x[TORQUE_ADJOINT + 5 * TILE + l] = kz2;
      float kx1 = SIXTH * ex + HALF * sx2;
      float ky1 = SIXTH * ey + HALF * sy2;
      float kz1 = SIXTH * ez + HALF * sz2;
      float wx1 = x[RATE + l];
      float wy1 = x[RATE + TILE + l];
      float wz1 = x[RATE + 2 * TILE + l];
      float x1 = gx * kx1;
      float y1 = gy * ky1;
      float z1 = gz * kz1;
      float sx1 = x[RATE_ADJOINT + l] - (y1 * wz1 + z1 * wy1);
      float sy1 = x[RATE_ADJOINT + TILE + l] - (x1 * wz1 + z1 * wx1);
      float sz1 = x[RATE_ADJOINT + 2 * TILE + l] - (x1 * wy1 + y1 * wx1);
      x[TORQUE_ADJOINT + l] = kx1;
      x[TORQUE_ADJOINT + TILE + l] = ky1;
      x[TORQUE_ADJOINT + 2 * TILE + l] = kz1;
      before[Simulator.WX * lanes + from + l] = ex + ((sx1 + sx2) + (sx3 + sx4));
      before[Simulator.WY * lanes + from + l] = ey + ((sy1 + sy2) + (sy3 + sy4));
      before[Simulator.WZ * lanes + from + l] = ez + ((sz1 + sz2) + (sz3 + sz4));
    }
  }

  /** The adjoint of thrusts, rotor lag and set points. */
  private void rotorsAdjoint(
      int from, int count, float[] action, int a, float[] before, float[] actionGradient) {
    float[] x = scratch;
    float[] c = simulator.constants();
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      int sign = Quadrotor.yawSign(i);
      for (int l = 0; l < count; l++) {
        int at = (from + l) * Simulator.CONSTANTS;
        float rise = c[at + Simulator.RISE_RATE];
        float fall = c[at + Simulator.FALL_RATE];
        float c1 = c[at + Simulator.C1];
        float c2 = 2 * c[at + Simulator.C2];
        float inverseMass = c[at + Simulator.INVERSE_MASS];
        float roll = c[at + Simulator.ROLL_GAIN + i];
        float pitch = c[at + Simulator.PITCH_GAIN + i];
        float yaw = sign * c[at + Simulator.YAW_GAIN];
        float command = action[a + i * lanes + l];
        float u = (Simulator.clamp(command, -1, 1) + 1) * 0.5f;
        float g = x[ROTOR_GRADIENT + i * TILE + l];
        float n4 = x[ROTOR + (12 + i) * TILE + l];
        float f4 =
            inverseMass * x[THRUST_ADJOINT + 3 * TILE + l]
                + roll * x[TORQUE_ADJOINT + 9 * TILE + l]
                + pitch * x[TORQUE_ADJOINT + 10 * TILE + l]
                + yaw * x[TORQUE_ADJOINT + 11 * TILE + l];
        float u4 = (u >= n4 ? rise : fall) * (SIXTH * g);
        float s4 = f4 * (c1 + c2 * n4) - u4;
        float n3 = x[ROTOR + (8 + i) * TILE + l];
        float f3 =
            inverseMass * x[THRUST_ADJOINT + 2 * TILE + l]
                + roll * x[TORQUE_ADJOINT + 6 * TILE + l]
                + pitch * x[TORQUE_ADJOINT + 7 * TILE + l]
                + yaw * x[TORQUE_ADJOINT + 8 * TILE + l];
        float u3 = (u >= n3 ? rise : fall) * (2 * SIXTH * g + DT * s4);
        float s3 = f3 * (c1 + c2 * n3) - u3;
        float n2 = x[ROTOR + (4 + i) * TILE + l];
        float f2 =
            inverseMass * x[THRUST_ADJOINT + TILE + l]
                + roll * x[TORQUE_ADJOINT + 3 * TILE + l]
                + pitch * x[TORQUE_ADJOINT + 4 * TILE + l]
                + yaw * x[TORQUE_ADJOINT + 5 * TILE + l];
        float u2 = (u >= n2 ? rise : fall) * (2 * SIXTH * g + HALF * s3);
        float s2 = f2 * (c1 + c2 * n2) - u2;
        float n1 = x[ROTOR + i * TILE + l];
        float f1 =
            inverseMass * x[THRUST_ADJOINT + l]
                + roll * x[TORQUE_ADJOINT + l]
                + pitch * x[TORQUE_ADJOINT + TILE + l]
                + yaw * x[TORQUE_ADJOINT + 2 * TILE + l];
        float u1 = (u >= n1 ? rise : fall) * (SIXTH * g + HALF * s2);
        float s1 = f1 * (c1 + c2 * n1) - u1;
        before[(Simulator.N0 + i) * lanes + from + l] = g + ((s1 + s2) + (s3 + s4));
        float gu = (u1 + u2) + (u3 + u4);
        actionGradient[i * lanes + from + l] += command < -1 || command > 1 ? 0 : 0.5f * gu;
      }
    }
  }

  /** The gradient of a clamp to ±{@link Simulator#BOUND}. */
  private static float gated(float value, float gradient) {
    return value < -LIMIT || value > LIMIT ? 0 : gradient;
  }
}
