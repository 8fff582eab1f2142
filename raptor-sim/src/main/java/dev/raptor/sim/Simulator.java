package dev.raptor.sim;

/**
 * Many quadrotors at once in single precision. Row r of lane l of an array of the shape [rows]
 * [lanes] is at {@code r * lanes + l}. Lanes do not influence each other, and stepping allocates
 * nothing. A number of lanes that is a multiple of 1024 is slower by a fifth or so, because the
 * rows then compete for the same places in the cache.
 *
 * <p>The equations are those of {@link ReferenceSimulator}. What depends on the rotors alone, body
 * rates alone and attitude alone is integrated in that order, with the constants of a vehicle
 * multiplied out beforehand:
 *
 * <pre>
 * ω̇x = Σ (y_i/Jxx) f_i − (Jzz−Jyy)/Jxx ωy ωz + Mx/Jxx       and likewise y, z
 * p' = p + dt v + dt²/6 (v̇1 + v̇2 + v̇3)                      what Runge-Kutta makes of ṗ = v
 * </pre>
 */
public final class Simulator {
  /** Gravity, m/s². */
  public static final double GRAVITY_MS2 = 9.81;

  /** The time step, s. */
  public static final double STEP_S = 0.01;

  /** Positions in m, velocities in m/s and body rates in rad/s are clamped to ± this. */
  public static final double BOUND = 1e5;

  /** First row of the position: m, world frame. */
  public static final int PX = 0;

  /** Position y, m. */
  public static final int PY = 1;

  /** Position z, m. */
  public static final int PZ = 2;

  /** First row of the attitude: a unit quaternion, body to world. */
  public static final int QW = 3;

  /** Attitude x. */
  public static final int QX = 4;

  /** Attitude y. */
  public static final int QY = 5;

  /** Attitude z. */
  public static final int QZ = 6;

  /** First row of the velocity: m/s, world frame. */
  public static final int VX = 7;

  /** Velocity y, m/s. */
  public static final int VY = 8;

  /** Velocity z, m/s. */
  public static final int VZ = 9;

  /** First row of the body rates: rad/s, body frame. */
  public static final int WX = 10;

  /** Body rate y, rad/s. */
  public static final int WY = 11;

  /** Body rate z, rad/s. */
  public static final int WZ = 12;

  /** First row of the rotor speeds, normalised to [0, 1]: front right. */
  public static final int N0 = 13;

  /** Rotor speed, back right. */
  public static final int N1 = 14;

  /** Rotor speed, back left. */
  public static final int N2 = 15;

  /** Rotor speed, front left. */
  public static final int N3 = 16;

  /** Rows of the state. */
  public static final int STATE_ROWS = 17;

  /** Rows of the disturbance: force in N, world frame, then torque in N m, body frame. */
  public static final int DISTURBANCE_ROWS = 6;

  static final float DT = (float) STEP_S;
  static final float HALF = DT / 2;
  static final float SIXTH = DT / 6;
  static final float G = (float) GRAVITY_MS2;
  static final float LIMIT = (float) BOUND;

  // The constants of one lane lie together, so that a step reads two cache lines of them.
  static final int INVERSE_MASS = 0;
  static final int C0 = 1;
  static final int C1 = 2;
  static final int C2 = 3;
  static final int RISE_RATE = 4;
  static final int FALL_RATE = 5;
  static final int ROLL_GAIN = 6;
  static final int PITCH_GAIN = 10;
  static final int YAW_GAIN = 14;
  static final int GYRO = 15;
  static final int INVERSE_INERTIA = 18;
  static final int CONSTANTS = 21;

  private final int lanes;
  private final float[] state;
  private final float[] disturbance;
  private final float[] constants;
  private final boolean[] assigned;
  private int unassigned;

  /** Thrust in N of rotor i at stage j of the lane at hand, at 4 j + i. */
  private final float[] stageThrust = new float[4 * Quadrotor.ROTORS];

  /**
   * @throws IllegalArgumentException if {@code lanes} is not above 0
   */
  public Simulator(int lanes) {
    if (lanes < 1) {
      throw new IllegalArgumentException("lanes is %d, allowed: 1 or more".formatted(lanes));
    }
    this.lanes = lanes;
    state = new float[STATE_ROWS * lanes];
    disturbance = new float[DISTURBANCE_ROWS * lanes];
    constants = new float[CONSTANTS * lanes];
    assigned = new boolean[lanes];
    unassigned = lanes;
  }

  /** How many vehicles there are. */
  public int lanes() {
    return lanes;
  }

  /**
   * The state, [{@link #STATE_ROWS}][lanes]; live: what is written here is where the next step
   * starts.
   */
  public float[] state() {
    return state;
  }

  /** The disturbance, [{@link #DISTURBANCE_ROWS}][lanes]; live. */
  public float[] disturbance() {
    return disturbance;
  }

  /** The constants of the vehicles, [lanes][{@link #CONSTANTS}]; live. */
  float[] constants() {
    return constants;
  }

  /**
   * Makes {@code quadrotor} the vehicle of {@code lane}, at rest at the origin, upright, rotors
   * stopped, undisturbed.
   *
   * @throws IllegalArgumentException if there is no such lane
   */
  public void assign(int lane, Quadrotor quadrotor) {
    requireLane(lane);
    int at = lane * CONSTANTS;
    Vec3 j = quadrotor.inertiaKgM2();
    Vec3 inverse = quadrotor.inverseInertia();
    ThrustCurve curve = quadrotor.thrustCurve();
    constants[at + INVERSE_MASS] = (float) (1 / quadrotor.massKg());
    constants[at + C0] = (float) curve.c0();
    constants[at + C1] = (float) curve.c1();
    constants[at + C2] = (float) curve.c2();
    constants[at + RISE_RATE] = (float) (1 / quadrotor.timeConstantRisingS());
    constants[at + FALL_RATE] = (float) (1 / quadrotor.timeConstantFallingS());
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      Vec3 position = quadrotor.rotorPositionsM().get(i);
      constants[at + ROLL_GAIN + i] = (float) (inverse.x() * position.y());
      constants[at + PITCH_GAIN + i] = (float) (-inverse.y() * position.x());
    }
    constants[at + YAW_GAIN] = (float) (inverse.z() * quadrotor.torqueConstantM());
    constants[at + GYRO] = (float) (inverse.x() * (j.z() - j.y()));
    constants[at + GYRO + 1] = (float) (inverse.y() * (j.x() - j.z()));
    constants[at + GYRO + 2] = (float) (inverse.z() * (j.y() - j.x()));
    constants[at + INVERSE_INERTIA] = (float) inverse.x();
    constants[at + INVERSE_INERTIA + 1] = (float) inverse.y();
    constants[at + INVERSE_INERTIA + 2] = (float) inverse.z();
    for (int r = 0; r < STATE_ROWS; r++) {
      state[r * lanes + lane] = r == QW ? 1 : 0;
    }
    for (int r = 0; r < DISTURBANCE_ROWS; r++) {
      disturbance[r * lanes + lane] = 0;
    }
    unassigned -= assigned[lane] ? 0 : 1;
    assigned[lane] = true;
  }

  /**
   * Advances every lane by {@link #STEP_S}.
   *
   * @param action raw motor commands, [4][lanes], clamped to [-1, 1]
   * @throws IllegalArgumentException if a command is not finite or the length is wrong; all states
   *     are then unchanged
   * @throws IllegalStateException if a lane has no quadrotor
   */
  public void step(float[] action) {
    requireAssigned();
    requireActions(action);
    float[] s = state;
    float[] d = disturbance;
    float[] f = stageThrust;
    float[] c = constants;
    int lanes = this.lanes;
    // One long body rather than a method for each lane, so that bounds are checked once a loop.
    for (int lane = 0; lane < lanes; lane++) {
      int at = lane * CONSTANTS;

      // Rotors: their speeds at the four stages, and the thrusts these make.
      float c0 = c[at + C0];
      float c1 = c[at + C1];
      float c2 = c[at + C2];
      float rise = c[at + RISE_RATE];
      float fall = c[at + FALL_RATE];
      for (int i = 0; i < Quadrotor.ROTORS; i++) {
        float n = s[(N0 + i) * lanes + lane];
        float u = (clamp(action[i * lanes + lane], -1, 1) + 1) * 0.5f;
        float k1 = (u - n) * (u >= n ? rise : fall);
        float n2 = n + HALF * k1;
        float k2 = (u - n2) * (u >= n2 ? rise : fall);
        float n3 = n + HALF * k2;
        float k3 = (u - n3) * (u >= n3 ? rise : fall);
        float n4 = n + DT * k3;
        float k4 = (u - n4) * (u >= n4 ? rise : fall);
        s[(N0 + i) * lanes + lane] = clamp(n + SIXTH * (k1 + 2 * (k2 + k3) + k4), 0, 1);
        f[i] = c0 + n * (c1 + n * c2);
        f[4 + i] = c0 + n2 * (c1 + n2 * c2);
        f[8 + i] = c0 + n3 * (c1 + n3 * c2);
        f[12 + i] = c0 + n4 * (c1 + n4 * c2);
      }

      // Their sums at the four stages: force along body z, and angular acceleration.
      float rollGain0 = c[at + ROLL_GAIN];
      float rollGain1 = c[at + ROLL_GAIN + 1];
      float rollGain2 = c[at + ROLL_GAIN + 2];
      float rollGain3 = c[at + ROLL_GAIN + 3];
      float pitchGain0 = c[at + PITCH_GAIN];
      float pitchGain1 = c[at + PITCH_GAIN + 1];
      float pitchGain2 = c[at + PITCH_GAIN + 2];
      float pitchGain3 = c[at + PITCH_GAIN + 3];
      float yawGain = c[at + YAW_GAIN];
      float thrust1 = (f[0] + f[2]) + (f[1] + f[3]);
      float roll1 = rollGain0 * f[0] + rollGain1 * f[1] + rollGain2 * f[2] + rollGain3 * f[3];
      float pitch1 = pitchGain0 * f[0] + pitchGain1 * f[1] + pitchGain2 * f[2] + pitchGain3 * f[3];
      float yaw1 = yawGain * ((f[1] + f[3]) - (f[0] + f[2]));
      float thrust2 = (f[4] + f[6]) + (f[5] + f[7]);
      float roll2 = rollGain0 * f[4] + rollGain1 * f[5] + rollGain2 * f[6] + rollGain3 * f[7];
      float pitch2 = pitchGain0 * f[4] + pitchGain1 * f[5] + pitchGain2 * f[6] + pitchGain3 * f[7];
      float yaw2 = yawGain * ((f[5] + f[7]) - (f[4] + f[6]));
      float thrust3 = (f[8] + f[10]) + (f[9] + f[11]);
      float roll3 = rollGain0 * f[8] + rollGain1 * f[9] + rollGain2 * f[10] + rollGain3 * f[11];
      float pitch3 =
          pitchGain0 * f[8] + pitchGain1 * f[9] + pitchGain2 * f[10] + pitchGain3 * f[11];
      float yaw3 = yawGain * ((f[9] + f[11]) - (f[8] + f[10]));
      float thrust4 = (f[12] + f[14]) + (f[13] + f[15]);
      float roll4 = rollGain0 * f[12] + rollGain1 * f[13] + rollGain2 * f[14] + rollGain3 * f[15];
      float pitch4 =
          pitchGain0 * f[12] + pitchGain1 * f[13] + pitchGain2 * f[14] + pitchGain3 * f[15];
      float yaw4 = yawGain * ((f[13] + f[15]) - (f[12] + f[14]));

      // Body rates.
      float gx = c[at + GYRO];
      float gy = c[at + GYRO + 1];
      float gz = c[at + GYRO + 2];
      float mx = c[at + INVERSE_INERTIA] * d[3 * lanes + lane];
      float my = c[at + INVERSE_INERTIA + 1] * d[4 * lanes + lane];
      float mz = c[at + INVERSE_INERTIA + 2] * d[5 * lanes + lane];
      float wx1 = s[WX * lanes + lane];
      float wy1 = s[WY * lanes + lane];
      float wz1 = s[WZ * lanes + lane];
      float dwx1 = roll1 - gx * wy1 * wz1 + mx;
      float dwy1 = pitch1 - gy * wz1 * wx1 + my;
      float dwz1 = yaw1 - gz * wx1 * wy1 + mz;
      float wx2 = wx1 + HALF * dwx1;
      float wy2 = wy1 + HALF * dwy1;
      float wz2 = wz1 + HALF * dwz1;
      float dwx2 = roll2 - gx * wy2 * wz2 + mx;
      float dwy2 = pitch2 - gy * wz2 * wx2 + my;
      float dwz2 = yaw2 - gz * wx2 * wy2 + mz;
      float wx3 = wx1 + HALF * dwx2;
      float wy3 = wy1 + HALF * dwy2;
      float wz3 = wz1 + HALF * dwz2;
      float dwx3 = roll3 - gx * wy3 * wz3 + mx;
      float dwy3 = pitch3 - gy * wz3 * wx3 + my;
      float dwz3 = yaw3 - gz * wx3 * wy3 + mz;
      float wx4 = wx1 + DT * dwx3;
      float wy4 = wy1 + DT * dwy3;
      float wz4 = wz1 + DT * dwz3;
      float dwx4 = roll4 - gx * wy4 * wz4 + mx;
      float dwy4 = pitch4 - gy * wz4 * wx4 + my;
      float dwz4 = yaw4 - gz * wx4 * wy4 + mz;
      s[WX * lanes + lane] = clamp(wx1 + SIXTH * (dwx1 + 2 * (dwx2 + dwx3) + dwx4), -LIMIT, LIMIT);
      s[WY * lanes + lane] = clamp(wy1 + SIXTH * (dwy1 + 2 * (dwy2 + dwy3) + dwy4), -LIMIT, LIMIT);
      s[WZ * lanes + lane] = clamp(wz1 + SIXTH * (dwz1 + 2 * (dwz2 + dwz3) + dwz4), -LIMIT, LIMIT);

      // Attitude. The factor ½ of q̇ is in the steps.
      float qw1 = s[QW * lanes + lane];
      float qx1 = s[QX * lanes + lane];
      float qy1 = s[QY * lanes + lane];
      float qz1 = s[QZ * lanes + lane];
      float dqw1 = -qx1 * wx1 - qy1 * wy1 - qz1 * wz1;
      float dqx1 = qw1 * wx1 + qy1 * wz1 - qz1 * wy1;
      float dqy1 = qw1 * wy1 + qz1 * wx1 - qx1 * wz1;
      float dqz1 = qw1 * wz1 + qx1 * wy1 - qy1 * wx1;
      float qw2 = qw1 + HALF / 2 * dqw1;
      float qx2 = qx1 + HALF / 2 * dqx1;
      float qy2 = qy1 + HALF / 2 * dqy1;
      float qz2 = qz1 + HALF / 2 * dqz1;
      float dqw2 = -qx2 * wx2 - qy2 * wy2 - qz2 * wz2;
      float dqx2 = qw2 * wx2 + qy2 * wz2 - qz2 * wy2;
      float dqy2 = qw2 * wy2 + qz2 * wx2 - qx2 * wz2;
      float dqz2 = qw2 * wz2 + qx2 * wy2 - qy2 * wx2;
      float qw3 = qw1 + HALF / 2 * dqw2;
      float qx3 = qx1 + HALF / 2 * dqx2;
      float qy3 = qy1 + HALF / 2 * dqy2;
      float qz3 = qz1 + HALF / 2 * dqz2;
      float dqw3 = -qx3 * wx3 - qy3 * wy3 - qz3 * wz3;
      float dqx3 = qw3 * wx3 + qy3 * wz3 - qz3 * wy3;
      float dqy3 = qw3 * wy3 + qz3 * wx3 - qx3 * wz3;
      float dqz3 = qw3 * wz3 + qx3 * wy3 - qy3 * wx3;
      float qw4 = qw1 + DT / 2 * dqw3;
      float qx4 = qx1 + DT / 2 * dqx3;
      float qy4 = qy1 + DT / 2 * dqy3;
      float qz4 = qz1 + DT / 2 * dqz3;
      float dqw4 = -qx4 * wx4 - qy4 * wy4 - qz4 * wz4;
      float dqx4 = qw4 * wx4 + qy4 * wz4 - qz4 * wy4;
      float dqy4 = qw4 * wy4 + qz4 * wx4 - qx4 * wz4;
      float dqz4 = qw4 * wz4 + qx4 * wy4 - qy4 * wx4;
      float qw = qw1 + SIXTH / 2 * (dqw1 + 2 * (dqw2 + dqw3) + dqw4);
      float qx = qx1 + SIXTH / 2 * (dqx1 + 2 * (dqx2 + dqx3) + dqx4);
      float qy = qy1 + SIXTH / 2 * (dqy1 + 2 * (dqy2 + dqy3) + dqy4);
      float qz = qz1 + SIXTH / 2 * (dqz1 + 2 * (dqz2 + dqz3) + dqz4);
      float norm = 1 / (float) Math.sqrt(qw * qw + qx * qx + qy * qy + qz * qz);
      s[QW * lanes + lane] = qw * norm;
      s[QX * lanes + lane] = qx * norm;
      s[QY * lanes + lane] = qy * norm;
      s[QZ * lanes + lane] = qz * norm;

      // Velocity and position.
      float inverseMass = c[at + INVERSE_MASS];
      float ax = inverseMass * d[lane];
      float ay = inverseMass * d[lanes + lane];
      float az = inverseMass * d[2 * lanes + lane] - G;
      thrust1 *= inverseMass;
      thrust2 *= inverseMass;
      thrust3 *= inverseMass;
      thrust4 *= inverseMass;
      float dvx1 = 2 * (qx1 * qz1 + qw1 * qy1) * thrust1 + ax;
      float dvy1 = 2 * (qy1 * qz1 - qw1 * qx1) * thrust1 + ay;
      float dvz1 = (1 - 2 * (qx1 * qx1 + qy1 * qy1)) * thrust1 + az;
      float dvx23 =
          2 * ((qx2 * qz2 + qw2 * qy2) * thrust2 + (qx3 * qz3 + qw3 * qy3) * thrust3 + ax);
      float dvy23 =
          2 * ((qy2 * qz2 - qw2 * qx2) * thrust2 + (qy3 * qz3 - qw3 * qx3) * thrust3 + ay);
      float dvz23 =
          (1 - 2 * (qx2 * qx2 + qy2 * qy2)) * thrust2
              + (1 - 2 * (qx3 * qx3 + qy3 * qy3)) * thrust3
              + 2 * az;
      float dvx4 = 2 * (qx4 * qz4 + qw4 * qy4) * thrust4 + ax;
      float dvy4 = 2 * (qy4 * qz4 - qw4 * qx4) * thrust4 + ay;
      float dvz4 = (1 - 2 * (qx4 * qx4 + qy4 * qy4)) * thrust4 + az;
      float vx = s[VX * lanes + lane];
      float vy = s[VY * lanes + lane];
      float vz = s[VZ * lanes + lane];
      s[PX * lanes + lane] =
          clamp(s[PX * lanes + lane] + DT * (vx + SIXTH * (dvx1 + dvx23)), -LIMIT, LIMIT);
      s[PY * lanes + lane] =
          clamp(s[PY * lanes + lane] + DT * (vy + SIXTH * (dvy1 + dvy23)), -LIMIT, LIMIT);
      s[PZ * lanes + lane] =
          clamp(s[PZ * lanes + lane] + DT * (vz + SIXTH * (dvz1 + dvz23)), -LIMIT, LIMIT);
      s[VX * lanes + lane] = clamp(vx + SIXTH * (dvx1 + 2 * dvx23 + dvx4), -LIMIT, LIMIT);
      s[VY * lanes + lane] = clamp(vy + SIXTH * (dvy1 + 2 * dvy23 + dvy4), -LIMIT, LIMIT);
      s[VZ * lanes + lane] = clamp(vz + SIXTH * (dvz1 + 2 * dvz23 + dvz4), -LIMIT, LIMIT);
    }
  }

  /** NaN stays NaN, so that a broken lane can be told. */
  static float clamp(float value, float min, float max) {
    return value < min ? min : value > max ? max : value;
  }

  void requireAssigned() {
    if (unassigned > 0) {
      int lane = 0;
      while (assigned[lane]) {
        lane++;
      }
      throw new IllegalStateException(
          "lane %d of %d has no quadrotor; assign one first".formatted(lane, lanes));
    }
  }

  private void requireActions(float[] action) {
    if (action.length != Quadrotor.ROTORS * lanes) {
      throw new IllegalArgumentException(
          "action has %d numbers, allowed: %d for each of %d lanes"
              .formatted(action.length, Quadrotor.ROTORS, lanes));
    }
    for (int i = 0; i < action.length; i++) {
      if (!(Math.abs(action[i]) <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "action %d of lane %d is %s, allowed: a finite number"
                .formatted(i / lanes, i % lanes, action[i]));
      }
    }
  }

  void requireLane(int lane) {
    if (lane < 0 || lane >= lanes) {
      throw new IllegalArgumentException("lane is %d, allowed: 0 to %d".formatted(lane, lanes - 1));
    }
  }

  void requireBlock(String what, int rows, float[] array, int offset) {
    if (offset < 0 || offset > array.length - rows * lanes) {
      throw new IllegalArgumentException(
          "%s has %d numbers, allowed: %d for each of %d lanes from offset %d"
              .formatted(what, array.length, rows, lanes, offset));
    }
  }
}
