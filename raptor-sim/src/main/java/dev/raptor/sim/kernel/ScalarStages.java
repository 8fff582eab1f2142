package dev.raptor.sim.kernel;

import static dev.raptor.sim.kernel.Dynamics.*;

/** The stages of a step and its end. */
final class ScalarStages {
  private ScalarStages() {}

  /** From the state at {@code at} to the stages and to {@code END}, in scratch. */
  static void run(
      int lanes,
      int count,
      float[] c,
      int constants,
      float[] d,
      int first,
      float[] s,
      int at,
      float[] action,
      int a,
      float[] x) {
    rotors(lanes, count, c, constants, s, at, action, a, x);
    sums(lanes, count, c, constants, d, first, x);
    rates(lanes, count, c, constants, s, at, x);
    attitude(lanes, count, s, at, x);
    motion(lanes, count, c, constants, d, first, s, at, x);
  }

  /** From {@code END} to the state. */
  static void restrain(int lanes, int count, float[] s, int at, float[] x) {
    clampBound(lanes, count, PX, s, at, x);
    clampBound(lanes, count, VX, s, at, x);
    clampBound(lanes, count, WX, s, at, x);
    clampUnit(lanes, count, s, at, x);
    normalise(lanes, count, s, at, x);
  }

  /** Speeds of the rotors at the stages. */
  private static void rotors(
      int lanes,
      int count,
      float[] c,
      int constants,
      float[] s,
      int at,
      float[] action,
      int a,
      float[] x) {
    for (int i = 0; i < 4; i++) {
      for (int l = 0; l < count; l++) {
        float rise = c[constants + RISE_RATE * TILE + l];
        float fall = c[constants + FALL_RATE * TILE + l];
        float command = action[a + i * lanes + l];
        float u = Math.fma(clamp(command, -1, 1), 0.5f, 0.5f);
        float n1 = s[at + (N0 + i) * lanes + l];
        float k1 = (u - n1) * (u >= n1 ? rise : fall);
        float n2 = Math.fma(HALF_STEP, k1, n1);
        float k2 = (u - n2) * (u >= n2 ? rise : fall);
        float n3 = Math.fma(HALF_STEP, k2, n1);
        float k3 = (u - n3) * (u >= n3 ? rise : fall);
        float n4 = Math.fma(STEP, k3, n1);
        float k4 = (u - n4) * (u >= n4 ? rise : fall);
        x[ROTOR + i * TILE + l] = n1;
        x[ROTOR + (4 + i) * TILE + l] = n2;
        x[ROTOR + (8 + i) * TILE + l] = n3;
        x[ROTOR + (12 + i) * TILE + l] = n4;
        x[END + (N0 + i) * TILE + l] = Math.fma(SIXTH_STEP, Math.fma(2, k2 + k3, k1 + k4), n1);
      }
    }
  }

  /** Thrusts and the angular accelerations they make, at the stages. */
  private static void sums(
      int lanes, int count, float[] c, int constants, float[] d, int first, float[] x) {
    for (int j = 0; j < 4; j++) {
      int n = ROTOR + 4 * j * TILE;
      int torque = TORQUE + 3 * j * TILE;
      for (int l = 0; l < count; l++) {
        float c0 = c[constants + C0 * TILE + l];
        float c1 = c[constants + C1 * TILE + l];
        float c2 = c[constants + C2 * TILE + l];
        float n0 = x[n + l];
        float n1 = x[n + TILE + l];
        float n2 = x[n + 2 * TILE + l];
        float n3 = x[n + 3 * TILE + l];
        float f0 = Math.fma(n0, Math.fma(n0, c2, c1), c0);
        float f1 = Math.fma(n1, Math.fma(n1, c2, c1), c0);
        float f2 = Math.fma(n2, Math.fma(n2, c2, c1), c0);
        float f3 = Math.fma(n3, Math.fma(n3, c2, c1), c0);
        float even = f0 + f2;
        float odd = f1 + f3;
        x[THRUST + j * TILE + l] = (even + odd) * c[constants + LIFT * TILE + l];
        float momentX = c[constants + INVERSE_INERTIA * TILE + l] * d[first + 3 * lanes + l];
        x[torque + l] =
            Math.fma(
                c[constants + (ROLL_GAIN + 3) * TILE + l],
                f3,
                Math.fma(
                    c[constants + (ROLL_GAIN + 2) * TILE + l],
                    f2,
                    Math.fma(
                        c[constants + (ROLL_GAIN + 1) * TILE + l],
                        f1,
                        Math.fma(c[constants + ROLL_GAIN * TILE + l], f0, momentX))));
        float momentY = c[constants + (INVERSE_INERTIA + 1) * TILE + l] * d[first + 4 * lanes + l];
        x[torque + TILE + l] =
            Math.fma(
                c[constants + (PITCH_GAIN + 3) * TILE + l],
                f3,
                Math.fma(
                    c[constants + (PITCH_GAIN + 2) * TILE + l],
                    f2,
                    Math.fma(
                        c[constants + (PITCH_GAIN + 1) * TILE + l],
                        f1,
                        Math.fma(c[constants + PITCH_GAIN * TILE + l], f0, momentY))));
        float momentZ = c[constants + (INVERSE_INERTIA + 2) * TILE + l] * d[first + 5 * lanes + l];
        x[torque + 2 * TILE + l] =
            Math.fma(c[constants + YAW_GAIN * TILE + l], odd - even, momentZ);
      }
    }
  }

  /** Body rates at the stages. */
  private static void rates(
      int lanes, int count, float[] c, int constants, float[] s, int at, float[] x) {
    for (int l = 0; l < count; l++) {
      float gx = c[constants + GYRO * TILE + l];
      float gy = c[constants + (GYRO + 1) * TILE + l];
      float gz = c[constants + (GYRO + 2) * TILE + l];
      float wx1 = s[at + WX * lanes + l];
      float wy1 = s[at + WY * lanes + l];
      float wz1 = s[at + WZ * lanes + l];
      float dx1 = Math.fma(gx * wy1, wz1, x[TORQUE + l]);
      float dy1 = Math.fma(gy * wz1, wx1, x[TORQUE + TILE + l]);
      float dz1 = Math.fma(gz * wx1, wy1, x[TORQUE + 2 * TILE + l]);
      x[RATE + l] = wx1;
      x[RATE + TILE + l] = wy1;
      x[RATE + 2 * TILE + l] = wz1;
      float wx2 = Math.fma(HALF_STEP, dx1, wx1);
      float wy2 = Math.fma(HALF_STEP, dy1, wy1);
      float wz2 = Math.fma(HALF_STEP, dz1, wz1);
      float dx2 = Math.fma(gx * wy2, wz2, x[TORQUE + 3 * TILE + l]);
      float dy2 = Math.fma(gy * wz2, wx2, x[TORQUE + 4 * TILE + l]);
      float dz2 = Math.fma(gz * wx2, wy2, x[TORQUE + 5 * TILE + l]);
      x[RATE + 3 * TILE + l] = wx2;
      x[RATE + 4 * TILE + l] = wy2;
      x[RATE + 5 * TILE + l] = wz2;
      float wx3 = Math.fma(HALF_STEP, dx2, wx1);
      float wy3 = Math.fma(HALF_STEP, dy2, wy1);
      float wz3 = Math.fma(HALF_STEP, dz2, wz1);
      float dx3 = Math.fma(gx * wy3, wz3, x[TORQUE + 6 * TILE + l]);
      float dy3 = Math.fma(gy * wz3, wx3, x[TORQUE + 7 * TILE + l]);
      float dz3 = Math.fma(gz * wx3, wy3, x[TORQUE + 8 * TILE + l]);
      x[RATE + 6 * TILE + l] = wx3;
      x[RATE + 7 * TILE + l] = wy3;
      x[RATE + 8 * TILE + l] = wz3;
      float wx4 = Math.fma(STEP, dx3, wx1);
      float wy4 = Math.fma(STEP, dy3, wy1);
      float wz4 = Math.fma(STEP, dz3, wz1);
      float dx4 = Math.fma(gx * wy4, wz4, x[TORQUE + 9 * TILE + l]);
      float dy4 = Math.fma(gy * wz4, wx4, x[TORQUE + 10 * TILE + l]);
      float dz4 = Math.fma(gz * wx4, wy4, x[TORQUE + 11 * TILE + l]);
      x[RATE + 9 * TILE + l] = wx4;
      x[RATE + 10 * TILE + l] = wy4;
      x[RATE + 11 * TILE + l] = wz4;
      x[END + WX * TILE + l] = Math.fma(SIXTH_STEP, Math.fma(2, dx2 + dx3, dx1 + dx4), wx1);
      x[END + WY * TILE + l] = Math.fma(SIXTH_STEP, Math.fma(2, dy2 + dy3, dy1 + dy4), wy1);
      x[END + WZ * TILE + l] = Math.fma(SIXTH_STEP, Math.fma(2, dz2 + dz3, dz1 + dz4), wz1);
    }
  }

  /** Attitude at the stages. {@code dw} is minus the slope of w, which saves signs. */
  private static void attitude(int lanes, int count, float[] s, int at, float[] x) {
    for (int l = 0; l < count; l++) {
      float qw1 = s[at + QW * lanes + l];
      float qx1 = s[at + QX * lanes + l];
      float qy1 = s[at + QY * lanes + l];
      float qz1 = s[at + QZ * lanes + l];
      float wx1 = x[RATE + l];
      float wy1 = x[RATE + TILE + l];
      float wz1 = x[RATE + 2 * TILE + l];
      float dw1 = Math.fma(qz1, wz1, Math.fma(qy1, wy1, qx1 * wx1));
      float dx1 = Math.fma(qy1, wz1, qw1 * wx1) - qz1 * wy1;
      float dy1 = Math.fma(qz1, wx1, qw1 * wy1) - qx1 * wz1;
      float dz1 = Math.fma(qx1, wy1, qw1 * wz1) - qy1 * wx1;
      x[ATTITUDE + l] = qw1;
      x[ATTITUDE + TILE + l] = qx1;
      x[ATTITUDE + 2 * TILE + l] = qy1;
      x[ATTITUDE + 3 * TILE + l] = qz1;
      float qw2 = Math.fma(MINUS_QUARTER_STEP, dw1, qw1);
      float qx2 = Math.fma(QUARTER_STEP, dx1, qx1);
      float qy2 = Math.fma(QUARTER_STEP, dy1, qy1);
      float qz2 = Math.fma(QUARTER_STEP, dz1, qz1);
      float wx2 = x[RATE + 3 * TILE + l];
      float wy2 = x[RATE + 4 * TILE + l];
      float wz2 = x[RATE + 5 * TILE + l];
      float dw2 = Math.fma(qz2, wz2, Math.fma(qy2, wy2, qx2 * wx2));
      float dx2 = Math.fma(qy2, wz2, qw2 * wx2) - qz2 * wy2;
      float dy2 = Math.fma(qz2, wx2, qw2 * wy2) - qx2 * wz2;
      float dz2 = Math.fma(qx2, wy2, qw2 * wz2) - qy2 * wx2;
      x[ATTITUDE + 4 * TILE + l] = qw2;
      x[ATTITUDE + 5 * TILE + l] = qx2;
      x[ATTITUDE + 6 * TILE + l] = qy2;
      x[ATTITUDE + 7 * TILE + l] = qz2;
      float qw3 = Math.fma(MINUS_QUARTER_STEP, dw2, qw1);
      float qx3 = Math.fma(QUARTER_STEP, dx2, qx1);
      float qy3 = Math.fma(QUARTER_STEP, dy2, qy1);
      float qz3 = Math.fma(QUARTER_STEP, dz2, qz1);
      float wx3 = x[RATE + 6 * TILE + l];
      float wy3 = x[RATE + 7 * TILE + l];
      float wz3 = x[RATE + 8 * TILE + l];
      float dw3 = Math.fma(qz3, wz3, Math.fma(qy3, wy3, qx3 * wx3));
      float dx3 = Math.fma(qy3, wz3, qw3 * wx3) - qz3 * wy3;
      float dy3 = Math.fma(qz3, wx3, qw3 * wy3) - qx3 * wz3;
      float dz3 = Math.fma(qx3, wy3, qw3 * wz3) - qy3 * wx3;
      x[ATTITUDE + 8 * TILE + l] = qw3;
      x[ATTITUDE + 9 * TILE + l] = qx3;
      x[ATTITUDE + 10 * TILE + l] = qy3;
      x[ATTITUDE + 11 * TILE + l] = qz3;
      float qw4 = Math.fma(MINUS_HALF_STEP, dw3, qw1);
      float qx4 = Math.fma(HALF_STEP, dx3, qx1);
      float qy4 = Math.fma(HALF_STEP, dy3, qy1);
      float qz4 = Math.fma(HALF_STEP, dz3, qz1);
      float wx4 = x[RATE + 9 * TILE + l];
      float wy4 = x[RATE + 10 * TILE + l];
      float wz4 = x[RATE + 11 * TILE + l];
      float dw4 = Math.fma(qz4, wz4, Math.fma(qy4, wy4, qx4 * wx4));
      float dx4 = Math.fma(qy4, wz4, qw4 * wx4) - qz4 * wy4;
      float dy4 = Math.fma(qz4, wx4, qw4 * wy4) - qx4 * wz4;
      float dz4 = Math.fma(qx4, wy4, qw4 * wz4) - qy4 * wx4;
      x[ATTITUDE + 12 * TILE + l] = qw4;
      x[ATTITUDE + 13 * TILE + l] = qx4;
      x[ATTITUDE + 14 * TILE + l] = qy4;
      x[ATTITUDE + 15 * TILE + l] = qz4;
      x[END + QW * TILE + l] = Math.fma(MINUS_TWELFTH_STEP, Math.fma(2, dw2 + dw3, dw1 + dw4), qw1);
      x[END + QX * TILE + l] = Math.fma(TWELFTH_STEP, Math.fma(2, dx2 + dx3, dx1 + dx4), qx1);
      x[END + QY * TILE + l] = Math.fma(TWELFTH_STEP, Math.fma(2, dy2 + dy3, dy1 + dy4), qy1);
      x[END + QZ * TILE + l] = Math.fma(TWELFTH_STEP, Math.fma(2, dz2 + dz3, dz1 + dz4), qz1);
    }
  }

  /** Where velocity and position end. */
  private static void motion(
      int lanes,
      int count,
      float[] c,
      int constants,
      float[] d,
      int first,
      float[] s,
      int at,
      float[] x) {
    for (int l = 0; l < count; l++) {
      float inverseMass = c[constants + INVERSE_MASS * TILE + l];
      float ax = inverseMass * d[first + l];
      float ay = inverseMass * d[first + lanes + l];
      float az = Math.fma(inverseMass, d[first + 2 * lanes + l], MINUS_G);
      float qw1 = x[ATTITUDE + l];
      float qx1 = x[ATTITUDE + TILE + l];
      float qy1 = x[ATTITUDE + 2 * TILE + l];
      float qz1 = x[ATTITUDE + 3 * TILE + l];
      float t1 = x[THRUST + l];
      float rx1 = Math.fma(qw1, qy1, qx1 * qz1);
      float ry1 = qy1 * qz1 - qw1 * qx1;
      float rz1 = 0.5f - Math.fma(qy1, qy1, qx1 * qx1);
      float qw2 = x[ATTITUDE + 4 * TILE + l];
      float qx2 = x[ATTITUDE + 5 * TILE + l];
      float qy2 = x[ATTITUDE + 6 * TILE + l];
      float qz2 = x[ATTITUDE + 7 * TILE + l];
      float t2 = x[THRUST + TILE + l];
      float rx2 = Math.fma(qw2, qy2, qx2 * qz2);
      float ry2 = qy2 * qz2 - qw2 * qx2;
      float rz2 = 0.5f - Math.fma(qy2, qy2, qx2 * qx2);
      float qw3 = x[ATTITUDE + 8 * TILE + l];
      float qx3 = x[ATTITUDE + 9 * TILE + l];
      float qy3 = x[ATTITUDE + 10 * TILE + l];
      float qz3 = x[ATTITUDE + 11 * TILE + l];
      float t3 = x[THRUST + 2 * TILE + l];
      float rx3 = Math.fma(qw3, qy3, qx3 * qz3);
      float ry3 = qy3 * qz3 - qw3 * qx3;
      float rz3 = 0.5f - Math.fma(qy3, qy3, qx3 * qx3);
      float qw4 = x[ATTITUDE + 12 * TILE + l];
      float qx4 = x[ATTITUDE + 13 * TILE + l];
      float qy4 = x[ATTITUDE + 14 * TILE + l];
      float qz4 = x[ATTITUDE + 15 * TILE + l];
      float t4 = x[THRUST + 3 * TILE + l];
      float rx4 = Math.fma(qw4, qy4, qx4 * qz4);
      float ry4 = qy4 * qz4 - qw4 * qx4;
      float rz4 = 0.5f - Math.fma(qy4, qy4, qx4 * qx4);
      float dx1 = Math.fma(rx1, t1, ax);
      float dx23 = Math.fma(rx3, t3, Math.fma(rx2, t2, ax + ax));
      float dx4 = Math.fma(rx4, t4, ax);
      float vx = s[at + VX * lanes + l];
      x[END + PX * TILE + l] =
          Math.fma(STEP, Math.fma(SIXTH_STEP, dx1 + dx23, vx), s[at + PX * lanes + l]);
      x[END + VX * TILE + l] = Math.fma(SIXTH_STEP, Math.fma(2, dx23, dx1 + dx4), vx);
      float dy1 = Math.fma(ry1, t1, ay);
      float dy23 = Math.fma(ry3, t3, Math.fma(ry2, t2, ay + ay));
      float dy4 = Math.fma(ry4, t4, ay);
      float vy = s[at + VY * lanes + l];
      x[END + PY * TILE + l] =
          Math.fma(STEP, Math.fma(SIXTH_STEP, dy1 + dy23, vy), s[at + PY * lanes + l]);
      x[END + VY * TILE + l] = Math.fma(SIXTH_STEP, Math.fma(2, dy23, dy1 + dy4), vy);
      float dz1 = Math.fma(rz1, t1, az);
      float dz23 = Math.fma(rz3, t3, Math.fma(rz2, t2, az + az));
      float dz4 = Math.fma(rz4, t4, az);
      float vz = s[at + VZ * lanes + l];
      x[END + PZ * TILE + l] =
          Math.fma(STEP, Math.fma(SIXTH_STEP, dz1 + dz23, vz), s[at + PZ * lanes + l]);
      x[END + VZ * TILE + l] = Math.fma(SIXTH_STEP, Math.fma(2, dz23, dz1 + dz4), vz);
    }
  }

  /** Of the three rows from {@code row}. */
  private static void clampBound(int lanes, int count, int row, float[] s, int at, float[] x) {
    for (int r = row; r < row + 3; r++) {
      for (int l = 0; l < count; l++) {
        float end = x[END + r * TILE + l];
        s[at + r * lanes + l] = clamp(end, MINUS_LIMIT, LIMIT);
      }
    }
  }

  private static void clampUnit(int lanes, int count, float[] s, int at, float[] x) {
    for (int r = N0; r <= N3; r++) {
      for (int l = 0; l < count; l++) {
        float end = x[END + r * TILE + l];
        s[at + r * lanes + l] = clamp(end, 0, 1);
      }
    }
  }

  private static void normalise(int lanes, int count, float[] s, int at, float[] x) {
    for (int l = 0; l < count; l++) {
      float qw = x[END + QW * TILE + l];
      float qx = x[END + QX * TILE + l];
      float qy = x[END + QY * TILE + l];
      float qz = x[END + QZ * TILE + l];
      float norm =
          1 / (float) Math.sqrt(Math.fma(qz, qz, Math.fma(qy, qy, Math.fma(qx, qx, qw * qw))));
      s[at + QW * lanes + l] = qw * norm;
      s[at + QX * lanes + l] = qx * norm;
      s[at + QY * lanes + l] = qy * norm;
      s[at + QZ * lanes + l] = qz * norm;
    }
  }

  /** NaN stays NaN, so that a broken lane can be told. */
  static float clamp(float value, float min, float max) {
    return value < min ? min : value > max ? max : value;
  }
}
