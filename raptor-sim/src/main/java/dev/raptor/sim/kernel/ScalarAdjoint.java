package dev.raptor.sim.kernel;

import static dev.raptor.sim.kernel.Dynamics.*;

/** The way back through {@link ScalarStages}, from the end to the rotors. */
final class ScalarAdjoint {
  private ScalarAdjoint() {}

  /** From the gradient {@code after} to that {@code before}, once the stages have run. */
  static void run(
      int lanes,
      int count,
      float[] c,
      int constants,
      float[] action,
      int a,
      float[] after,
      float[] before,
      int first,
      float[] actionGradient,
      float[] x) {
    clampBound(lanes, count, PX, after, first, x);
    clampBound(lanes, count, VX, after, first, x);
    clampBound(lanes, count, WX, after, first, x);
    clampUnit(lanes, count, after, first, x);
    normalise(lanes, count, after, first, x);
    motion(lanes, count, before, first, x);
    attitude(lanes, count, before, first, x);
    rates(lanes, count, c, constants, before, first, x);
    rotors(lanes, count, c, constants, action, a, before, first, actionGradient, x);
  }

  /** Of the three rows from {@code row}. */
  private static void clampBound(
      int lanes, int count, int row, float[] after, int first, float[] x) {
    for (int r = row; r < row + 3; r++) {
      for (int l = 0; l < count; l++) {
        float end = x[END + r * TILE + l];
        float g = after[first + r * lanes + l];
        x[GRADIENT + r * TILE + l] = Math.abs(end) > LIMIT ? 0 : g;
      }
    }
  }

  private static void clampUnit(int lanes, int count, float[] after, int first, float[] x) {
    for (int r = N0; r <= N3; r++) {
      for (int l = 0; l < count; l++) {
        float end = x[END + r * TILE + l];
        float g = after[first + r * lanes + l];
        x[GRADIENT + r * TILE + l] = end < 0 || end > 1 ? 0 : g;
      }
    }
  }

  private static void normalise(int lanes, int count, float[] after, int first, float[] x) {
    for (int l = 0; l < count; l++) {
      float ew = x[END + QW * TILE + l];
      float ex = x[END + QX * TILE + l];
      float ey = x[END + QY * TILE + l];
      float ez = x[END + QZ * TILE + l];
      float norm =
          1 / (float) Math.sqrt(Math.fma(ez, ez, Math.fma(ey, ey, Math.fma(ex, ex, ew * ew))));
      float qw = ew * norm;
      float qx = ex * norm;
      float qy = ey * norm;
      float qz = ez * norm;
      float gw = after[first + QW * lanes + l];
      float gx = after[first + QX * lanes + l];
      float gy = after[first + QY * lanes + l];
      float gz = after[first + QZ * lanes + l];
      float along = Math.fma(qz, gz, Math.fma(qy, gy, Math.fma(qx, gx, qw * gw)));
      x[GRADIENT + QW * TILE + l] = norm * (gw - along * qw);
      x[GRADIENT + QX * TILE + l] = norm * (gx - along * qx);
      x[GRADIENT + QY * TILE + l] = norm * (gy - along * qy);
      x[GRADIENT + QZ * TILE + l] = norm * (gz - along * qz);
    }
  }

  /** From where velocity and position end to thrusts and attitudes. */
  private static void motion(int lanes, int count, float[] before, int first, float[] x) {
    for (int l = 0; l < count; l++) {
      float px = STEP * x[GRADIENT + PX * TILE + l];
      float vx = x[GRADIENT + VX * TILE + l];
      before[first + PX * lanes + l] = x[GRADIENT + PX * TILE + l];
      before[first + VX * lanes + l] = vx + px;
      float ax1 = SIXTH_STEP * (vx + px);
      float ax2 = SIXTH_STEP * Math.fma(2, vx, px);
      float ax4 = SIXTH_STEP * vx;
      float py = STEP * x[GRADIENT + PY * TILE + l];
      float vy = x[GRADIENT + VY * TILE + l];
      before[first + PY * lanes + l] = x[GRADIENT + PY * TILE + l];
      before[first + VY * lanes + l] = vy + py;
      float ay1 = SIXTH_STEP * (vy + py);
      float ay2 = SIXTH_STEP * Math.fma(2, vy, py);
      float ay4 = SIXTH_STEP * vy;
      float pz = STEP * x[GRADIENT + PZ * TILE + l];
      float vz = x[GRADIENT + VZ * TILE + l];
      before[first + PZ * lanes + l] = x[GRADIENT + PZ * TILE + l];
      before[first + VZ * lanes + l] = vz + pz;
      float az1 = SIXTH_STEP * (vz + pz);
      float az2 = SIXTH_STEP * Math.fma(2, vz, pz);
      float az4 = SIXTH_STEP * vz;
      float qw1 = x[ATTITUDE + l];
      float qx1 = x[ATTITUDE + TILE + l];
      float qy1 = x[ATTITUDE + 2 * TILE + l];
      float qz1 = x[ATTITUDE + 3 * TILE + l];
      float t1 = x[THRUST + l];
      float rx1 = Math.fma(qw1, qy1, qx1 * qz1);
      float ry1 = qy1 * qz1 - qw1 * qx1;
      float rz1 = 0.5f - Math.fma(qy1, qy1, qx1 * qx1);
      x[THRUST_ADJOINT + l] = Math.fma(rz1, az1, Math.fma(ry1, ay1, rx1 * ax1));
      float bx1 = t1 * ax1;
      float by1 = t1 * ay1;
      float bz1 = t1 * az1;
      float bz1Twice = bz1 + bz1;
      x[ATTITUDE_ADJOINT + l] = qy1 * bx1 - qx1 * by1;
      x[ATTITUDE_ADJOINT + TILE + l] = qz1 * bx1 - Math.fma(qx1, bz1Twice, qw1 * by1);
      x[ATTITUDE_ADJOINT + 2 * TILE + l] = Math.fma(qz1, by1, qw1 * bx1) - qy1 * bz1Twice;
      x[ATTITUDE_ADJOINT + 3 * TILE + l] = Math.fma(qy1, by1, qx1 * bx1);
      float qw2 = x[ATTITUDE + 4 * TILE + l];
      float qx2 = x[ATTITUDE + 5 * TILE + l];
      float qy2 = x[ATTITUDE + 6 * TILE + l];
      float qz2 = x[ATTITUDE + 7 * TILE + l];
      float t2 = x[THRUST + TILE + l];
      float rx2 = Math.fma(qw2, qy2, qx2 * qz2);
      float ry2 = qy2 * qz2 - qw2 * qx2;
      float rz2 = 0.5f - Math.fma(qy2, qy2, qx2 * qx2);
      x[THRUST_ADJOINT + TILE + l] = Math.fma(rz2, az2, Math.fma(ry2, ay2, rx2 * ax2));
      float bx2 = t2 * ax2;
      float by2 = t2 * ay2;
      float bz2 = t2 * az2;
      float bz2Twice = bz2 + bz2;
      x[ATTITUDE_ADJOINT + 4 * TILE + l] = qy2 * bx2 - qx2 * by2;
      x[ATTITUDE_ADJOINT + 5 * TILE + l] = qz2 * bx2 - Math.fma(qx2, bz2Twice, qw2 * by2);
      x[ATTITUDE_ADJOINT + 6 * TILE + l] = Math.fma(qz2, by2, qw2 * bx2) - qy2 * bz2Twice;
      x[ATTITUDE_ADJOINT + 7 * TILE + l] = Math.fma(qy2, by2, qx2 * bx2);
      float qw3 = x[ATTITUDE + 8 * TILE + l];
      float qx3 = x[ATTITUDE + 9 * TILE + l];
      float qy3 = x[ATTITUDE + 10 * TILE + l];
      float qz3 = x[ATTITUDE + 11 * TILE + l];
      float t3 = x[THRUST + 2 * TILE + l];
      float rx3 = Math.fma(qw3, qy3, qx3 * qz3);
      float ry3 = qy3 * qz3 - qw3 * qx3;
      float rz3 = 0.5f - Math.fma(qy3, qy3, qx3 * qx3);
      x[THRUST_ADJOINT + 2 * TILE + l] = Math.fma(rz3, az2, Math.fma(ry3, ay2, rx3 * ax2));
      float bx3 = t3 * ax2;
      float by3 = t3 * ay2;
      float bz3 = t3 * az2;
      float bz3Twice = bz3 + bz3;
      x[ATTITUDE_ADJOINT + 8 * TILE + l] = qy3 * bx3 - qx3 * by3;
      x[ATTITUDE_ADJOINT + 9 * TILE + l] = qz3 * bx3 - Math.fma(qx3, bz3Twice, qw3 * by3);
      x[ATTITUDE_ADJOINT + 10 * TILE + l] = Math.fma(qz3, by3, qw3 * bx3) - qy3 * bz3Twice;
      x[ATTITUDE_ADJOINT + 11 * TILE + l] = Math.fma(qy3, by3, qx3 * bx3);
      float qw4 = x[ATTITUDE + 12 * TILE + l];
      float qx4 = x[ATTITUDE + 13 * TILE + l];
      float qy4 = x[ATTITUDE + 14 * TILE + l];
      float qz4 = x[ATTITUDE + 15 * TILE + l];
      float t4 = x[THRUST + 3 * TILE + l];
      float rx4 = Math.fma(qw4, qy4, qx4 * qz4);
      float ry4 = qy4 * qz4 - qw4 * qx4;
      float rz4 = 0.5f - Math.fma(qy4, qy4, qx4 * qx4);
      x[THRUST_ADJOINT + 3 * TILE + l] = Math.fma(rz4, az4, Math.fma(ry4, ay4, rx4 * ax4));
      float bx4 = t4 * ax4;
      float by4 = t4 * ay4;
      float bz4 = t4 * az4;
      float bz4Twice = bz4 + bz4;
      x[ATTITUDE_ADJOINT + 12 * TILE + l] = qy4 * bx4 - qx4 * by4;
      x[ATTITUDE_ADJOINT + 13 * TILE + l] = qz4 * bx4 - Math.fma(qx4, bz4Twice, qw4 * by4);
      x[ATTITUDE_ADJOINT + 14 * TILE + l] = Math.fma(qz4, by4, qw4 * bx4) - qy4 * bz4Twice;
      x[ATTITUDE_ADJOINT + 15 * TILE + l] = Math.fma(qy4, by4, qx4 * bx4);
    }
  }

  /** From the last attitude to the first, and to the body rates. */
  private static void attitude(int lanes, int count, float[] before, int first, float[] x) {
    for (int l = 0; l < count; l++) {
      float gw = x[GRADIENT + QW * TILE + l];
      float gx = x[GRADIENT + QX * TILE + l];
      float gy = x[GRADIENT + QY * TILE + l];
      float gz = x[GRADIENT + QZ * TILE + l];
      float kw4 = TWELFTH_STEP * gw;
      float kx4 = TWELFTH_STEP * gx;
      float ky4 = TWELFTH_STEP * gy;
      float kz4 = TWELFTH_STEP * gz;
      float wx4 = x[RATE + 9 * TILE + l];
      float wy4 = x[RATE + 10 * TILE + l];
      float wz4 = x[RATE + 11 * TILE + l];
      float sw4 =
          Math.fma(
              kz4,
              wz4,
              Math.fma(ky4, wy4, Math.fma(kx4, wx4, x[ATTITUDE_ADJOINT + 12 * TILE + l])));
      float sx4 =
          Math.fma(kz4, wy4, x[ATTITUDE_ADJOINT + 13 * TILE + l]) - Math.fma(ky4, wz4, kw4 * wx4);
      float sy4 =
          Math.fma(kx4, wz4, x[ATTITUDE_ADJOINT + 14 * TILE + l]) - Math.fma(kz4, wx4, kw4 * wy4);
      float sz4 =
          Math.fma(ky4, wx4, x[ATTITUDE_ADJOINT + 15 * TILE + l]) - Math.fma(kx4, wy4, kw4 * wz4);
      float qw4 = x[ATTITUDE + 12 * TILE + l];
      float qx4 = x[ATTITUDE + 13 * TILE + l];
      float qy4 = x[ATTITUDE + 14 * TILE + l];
      float qz4 = x[ATTITUDE + 15 * TILE + l];
      x[RATE_ADJOINT + 9 * TILE + l] =
          Math.fma(qz4, ky4, qw4 * kx4) - Math.fma(qy4, kz4, qx4 * kw4);
      x[RATE_ADJOINT + 10 * TILE + l] =
          Math.fma(qx4, kz4, qw4 * ky4) - Math.fma(qz4, kx4, qy4 * kw4);
      x[RATE_ADJOINT + 11 * TILE + l] =
          Math.fma(qy4, kx4, qw4 * kz4) - Math.fma(qx4, ky4, qz4 * kw4);
      float kw3 = Math.fma(HALF_STEP, sw4, SIXTH_STEP * gw);
      float kx3 = Math.fma(HALF_STEP, sx4, SIXTH_STEP * gx);
      float ky3 = Math.fma(HALF_STEP, sy4, SIXTH_STEP * gy);
      float kz3 = Math.fma(HALF_STEP, sz4, SIXTH_STEP * gz);
      float wx3 = x[RATE + 6 * TILE + l];
      float wy3 = x[RATE + 7 * TILE + l];
      float wz3 = x[RATE + 8 * TILE + l];
      float sw3 =
          Math.fma(
              kz3, wz3, Math.fma(ky3, wy3, Math.fma(kx3, wx3, x[ATTITUDE_ADJOINT + 8 * TILE + l])));
      float sx3 =
          Math.fma(kz3, wy3, x[ATTITUDE_ADJOINT + 9 * TILE + l]) - Math.fma(ky3, wz3, kw3 * wx3);
      float sy3 =
          Math.fma(kx3, wz3, x[ATTITUDE_ADJOINT + 10 * TILE + l]) - Math.fma(kz3, wx3, kw3 * wy3);
      float sz3 =
          Math.fma(ky3, wx3, x[ATTITUDE_ADJOINT + 11 * TILE + l]) - Math.fma(kx3, wy3, kw3 * wz3);
      float qw3 = x[ATTITUDE + 8 * TILE + l];
      float qx3 = x[ATTITUDE + 9 * TILE + l];
      float qy3 = x[ATTITUDE + 10 * TILE + l];
      float qz3 = x[ATTITUDE + 11 * TILE + l];
      x[RATE_ADJOINT + 6 * TILE + l] =
          Math.fma(qz3, ky3, qw3 * kx3) - Math.fma(qy3, kz3, qx3 * kw3);
      x[RATE_ADJOINT + 7 * TILE + l] =
          Math.fma(qx3, kz3, qw3 * ky3) - Math.fma(qz3, kx3, qy3 * kw3);
      x[RATE_ADJOINT + 8 * TILE + l] =
          Math.fma(qy3, kx3, qw3 * kz3) - Math.fma(qx3, ky3, qz3 * kw3);
      float kw2 = Math.fma(QUARTER_STEP, sw3, SIXTH_STEP * gw);
      float kx2 = Math.fma(QUARTER_STEP, sx3, SIXTH_STEP * gx);
      float ky2 = Math.fma(QUARTER_STEP, sy3, SIXTH_STEP * gy);
      float kz2 = Math.fma(QUARTER_STEP, sz3, SIXTH_STEP * gz);
      float wx2 = x[RATE + 3 * TILE + l];
      float wy2 = x[RATE + 4 * TILE + l];
      float wz2 = x[RATE + 5 * TILE + l];
      float sw2 =
          Math.fma(
              kz2, wz2, Math.fma(ky2, wy2, Math.fma(kx2, wx2, x[ATTITUDE_ADJOINT + 4 * TILE + l])));
      float sx2 =
          Math.fma(kz2, wy2, x[ATTITUDE_ADJOINT + 5 * TILE + l]) - Math.fma(ky2, wz2, kw2 * wx2);
      float sy2 =
          Math.fma(kx2, wz2, x[ATTITUDE_ADJOINT + 6 * TILE + l]) - Math.fma(kz2, wx2, kw2 * wy2);
      float sz2 =
          Math.fma(ky2, wx2, x[ATTITUDE_ADJOINT + 7 * TILE + l]) - Math.fma(kx2, wy2, kw2 * wz2);
      float qw2 = x[ATTITUDE + 4 * TILE + l];
      float qx2 = x[ATTITUDE + 5 * TILE + l];
      float qy2 = x[ATTITUDE + 6 * TILE + l];
      float qz2 = x[ATTITUDE + 7 * TILE + l];
      x[RATE_ADJOINT + 3 * TILE + l] =
          Math.fma(qz2, ky2, qw2 * kx2) - Math.fma(qy2, kz2, qx2 * kw2);
      x[RATE_ADJOINT + 4 * TILE + l] =
          Math.fma(qx2, kz2, qw2 * ky2) - Math.fma(qz2, kx2, qy2 * kw2);
      x[RATE_ADJOINT + 5 * TILE + l] =
          Math.fma(qy2, kx2, qw2 * kz2) - Math.fma(qx2, ky2, qz2 * kw2);
      float kw1 = Math.fma(QUARTER_STEP, sw2, TWELFTH_STEP * gw);
      float kx1 = Math.fma(QUARTER_STEP, sx2, TWELFTH_STEP * gx);
      float ky1 = Math.fma(QUARTER_STEP, sy2, TWELFTH_STEP * gy);
      float kz1 = Math.fma(QUARTER_STEP, sz2, TWELFTH_STEP * gz);
      float wx1 = x[RATE + l];
      float wy1 = x[RATE + TILE + l];
      float wz1 = x[RATE + 2 * TILE + l];
      float sw1 =
          Math.fma(kz1, wz1, Math.fma(ky1, wy1, Math.fma(kx1, wx1, x[ATTITUDE_ADJOINT + l])));
      float sx1 =
          Math.fma(kz1, wy1, x[ATTITUDE_ADJOINT + TILE + l]) - Math.fma(ky1, wz1, kw1 * wx1);
      float sy1 =
          Math.fma(kx1, wz1, x[ATTITUDE_ADJOINT + 2 * TILE + l]) - Math.fma(kz1, wx1, kw1 * wy1);
      float sz1 =
          Math.fma(ky1, wx1, x[ATTITUDE_ADJOINT + 3 * TILE + l]) - Math.fma(kx1, wy1, kw1 * wz1);
      float qw1 = x[ATTITUDE + l];
      float qx1 = x[ATTITUDE + TILE + l];
      float qy1 = x[ATTITUDE + 2 * TILE + l];
      float qz1 = x[ATTITUDE + 3 * TILE + l];
      x[RATE_ADJOINT + l] = Math.fma(qz1, ky1, qw1 * kx1) - Math.fma(qy1, kz1, qx1 * kw1);
      x[RATE_ADJOINT + TILE + l] = Math.fma(qx1, kz1, qw1 * ky1) - Math.fma(qz1, kx1, qy1 * kw1);
      x[RATE_ADJOINT + 2 * TILE + l] =
          Math.fma(qy1, kx1, qw1 * kz1) - Math.fma(qx1, ky1, qz1 * kw1);
      before[first + QW * lanes + l] = gw + (sw1 + sw2 + (sw3 + sw4));
      before[first + QX * lanes + l] = gx + (sx1 + sx2 + (sx3 + sx4));
      before[first + QY * lanes + l] = gy + (sy1 + sy2 + (sy3 + sy4));
      before[first + QZ * lanes + l] = gz + (sz1 + sz2 + (sz3 + sz4));
    }
  }

  /** From the last body rates to the first, and to the torques. */
  private static void rates(
      int lanes, int count, float[] c, int constants, float[] before, int first, float[] x) {
    for (int l = 0; l < count; l++) {
      float gx = c[constants + GYRO * TILE + l];
      float gy = c[constants + (GYRO + 1) * TILE + l];
      float gz = c[constants + (GYRO + 2) * TILE + l];
      float ex = x[GRADIENT + WX * TILE + l];
      float ey = x[GRADIENT + WY * TILE + l];
      float ez = x[GRADIENT + WZ * TILE + l];
      float kx4 = SIXTH_STEP * ex;
      float ky4 = SIXTH_STEP * ey;
      float kz4 = SIXTH_STEP * ez;
      x[TORQUE_ADJOINT + 9 * TILE + l] = kx4;
      x[TORQUE_ADJOINT + 10 * TILE + l] = ky4;
      x[TORQUE_ADJOINT + 11 * TILE + l] = kz4;
      float wx4 = x[RATE + 9 * TILE + l];
      float wy4 = x[RATE + 10 * TILE + l];
      float wz4 = x[RATE + 11 * TILE + l];
      float bx4 = gx * kx4;
      float by4 = gy * ky4;
      float bz4 = gz * kz4;
      float sx4 = Math.fma(bz4, wy4, Math.fma(by4, wz4, x[RATE_ADJOINT + 9 * TILE + l]));
      float sy4 = Math.fma(bz4, wx4, Math.fma(bx4, wz4, x[RATE_ADJOINT + 10 * TILE + l]));
      float sz4 = Math.fma(by4, wx4, Math.fma(bx4, wy4, x[RATE_ADJOINT + 11 * TILE + l]));
      float kx3 = Math.fma(STEP, sx4, THIRD_STEP * ex);
      float ky3 = Math.fma(STEP, sy4, THIRD_STEP * ey);
      float kz3 = Math.fma(STEP, sz4, THIRD_STEP * ez);
      x[TORQUE_ADJOINT + 6 * TILE + l] = kx3;
      x[TORQUE_ADJOINT + 7 * TILE + l] = ky3;
      x[TORQUE_ADJOINT + 8 * TILE + l] = kz3;
      float wx3 = x[RATE + 6 * TILE + l];
      float wy3 = x[RATE + 7 * TILE + l];
      float wz3 = x[RATE + 8 * TILE + l];
      float bx3 = gx * kx3;
      float by3 = gy * ky3;
      float bz3 = gz * kz3;
      float sx3 = Math.fma(bz3, wy3, Math.fma(by3, wz3, x[RATE_ADJOINT + 6 * TILE + l]));
      float sy3 = Math.fma(bz3, wx3, Math.fma(bx3, wz3, x[RATE_ADJOINT + 7 * TILE + l]));
      float sz3 = Math.fma(by3, wx3, Math.fma(bx3, wy3, x[RATE_ADJOINT + 8 * TILE + l]));
      float kx2 = Math.fma(HALF_STEP, sx3, THIRD_STEP * ex);
      float ky2 = Math.fma(HALF_STEP, sy3, THIRD_STEP * ey);
      float kz2 = Math.fma(HALF_STEP, sz3, THIRD_STEP * ez);
      x[TORQUE_ADJOINT + 3 * TILE + l] = kx2;
      x[TORQUE_ADJOINT + 4 * TILE + l] = ky2;
      x[TORQUE_ADJOINT + 5 * TILE + l] = kz2;
      float wx2 = x[RATE + 3 * TILE + l];
      float wy2 = x[RATE + 4 * TILE + l];
      float wz2 = x[RATE + 5 * TILE + l];
      float bx2 = gx * kx2;
      float by2 = gy * ky2;
      float bz2 = gz * kz2;
      float sx2 = Math.fma(bz2, wy2, Math.fma(by2, wz2, x[RATE_ADJOINT + 3 * TILE + l]));
      float sy2 = Math.fma(bz2, wx2, Math.fma(bx2, wz2, x[RATE_ADJOINT + 4 * TILE + l]));
      float sz2 = Math.fma(by2, wx2, Math.fma(bx2, wy2, x[RATE_ADJOINT + 5 * TILE + l]));
      float kx1 = Math.fma(HALF_STEP, sx2, SIXTH_STEP * ex);
      float ky1 = Math.fma(HALF_STEP, sy2, SIXTH_STEP * ey);
      float kz1 = Math.fma(HALF_STEP, sz2, SIXTH_STEP * ez);
      x[TORQUE_ADJOINT + l] = kx1;
      x[TORQUE_ADJOINT + TILE + l] = ky1;
      x[TORQUE_ADJOINT + 2 * TILE + l] = kz1;
      float wx1 = x[RATE + l];
      float wy1 = x[RATE + TILE + l];
      float wz1 = x[RATE + 2 * TILE + l];
      float bx1 = gx * kx1;
      float by1 = gy * ky1;
      float bz1 = gz * kz1;
      float sx1 = Math.fma(bz1, wy1, Math.fma(by1, wz1, x[RATE_ADJOINT + l]));
      float sy1 = Math.fma(bz1, wx1, Math.fma(bx1, wz1, x[RATE_ADJOINT + TILE + l]));
      float sz1 = Math.fma(by1, wx1, Math.fma(bx1, wy1, x[RATE_ADJOINT + 2 * TILE + l]));
      before[first + WX * lanes + l] = ex + (sx1 + sx2 + (sx3 + sx4));
      before[first + WY * lanes + l] = ey + (sy1 + sy2 + (sy3 + sy4));
      before[first + WZ * lanes + l] = ez + (sz1 + sz2 + (sz3 + sz4));
    }
  }

  /** From thrusts and torques to the rotors and their commands. */
  private static void rotors(
      int lanes,
      int count,
      float[] c,
      int constants,
      float[] action,
      int a,
      float[] before,
      int first,
      float[] actionGradient,
      float[] x) {
    for (int i = 0; i < 4; i++) {
      float yawSign = (i & 1) == 0 ? -1 : 1;
      for (int l = 0; l < count; l++) {
        float rise = c[constants + RISE_RATE * TILE + l];
        float fall = c[constants + FALL_RATE * TILE + l];
        float c1 = c[constants + C1 * TILE + l];
        float c2 = 2 * c[constants + C2 * TILE + l];
        float lift = c[constants + LIFT * TILE + l];
        float roll = c[constants + (ROLL_GAIN + i) * TILE + l];
        float pitch = c[constants + (PITCH_GAIN + i) * TILE + l];
        float yaw = c[constants + YAW_GAIN * TILE + l] * yawSign;
        float command = action[a + i * lanes + l];
        float u = Math.fma(ScalarStages.clamp(command, -1, 1), 0.5f, 0.5f);
        float g = x[GRADIENT + (N0 + i) * TILE + l];
        float n4 = x[ROTOR + (12 + i) * TILE + l];
        float f4 =
            Math.fma(
                yaw,
                x[TORQUE_ADJOINT + 11 * TILE + l],
                Math.fma(
                    pitch,
                    x[TORQUE_ADJOINT + 10 * TILE + l],
                    Math.fma(
                        roll,
                        x[TORQUE_ADJOINT + 9 * TILE + l],
                        lift * x[THRUST_ADJOINT + 3 * TILE + l])));
        float u4 = (u >= n4 ? rise : fall) * (SIXTH_STEP * g);
        float s4 = f4 * Math.fma(c2, n4, c1) - u4;
        float n3 = x[ROTOR + (8 + i) * TILE + l];
        float f3 =
            Math.fma(
                yaw,
                x[TORQUE_ADJOINT + 8 * TILE + l],
                Math.fma(
                    pitch,
                    x[TORQUE_ADJOINT + 7 * TILE + l],
                    Math.fma(
                        roll,
                        x[TORQUE_ADJOINT + 6 * TILE + l],
                        lift * x[THRUST_ADJOINT + 2 * TILE + l])));
        float u3 = (u >= n3 ? rise : fall) * Math.fma(STEP, s4, THIRD_STEP * g);
        float s3 = f3 * Math.fma(c2, n3, c1) - u3;
        float n2 = x[ROTOR + (4 + i) * TILE + l];
        float f2 =
            Math.fma(
                yaw,
                x[TORQUE_ADJOINT + 5 * TILE + l],
                Math.fma(
                    pitch,
                    x[TORQUE_ADJOINT + 4 * TILE + l],
                    Math.fma(
                        roll,
                        x[TORQUE_ADJOINT + 3 * TILE + l],
                        lift * x[THRUST_ADJOINT + TILE + l])));
        float u2 = (u >= n2 ? rise : fall) * Math.fma(HALF_STEP, s3, THIRD_STEP * g);
        float s2 = f2 * Math.fma(c2, n2, c1) - u2;
        float n1 = x[ROTOR + i * TILE + l];
        float f1 =
            Math.fma(
                yaw,
                x[TORQUE_ADJOINT + 2 * TILE + l],
                Math.fma(
                    pitch,
                    x[TORQUE_ADJOINT + TILE + l],
                    Math.fma(roll, x[TORQUE_ADJOINT + l], lift * x[THRUST_ADJOINT + l])));
        float u1 = (u >= n1 ? rise : fall) * Math.fma(HALF_STEP, s2, SIXTH_STEP * g);
        float s1 = f1 * Math.fma(c2, n1, c1) - u1;
        before[first + (N0 + i) * lanes + l] = g + (s1 + s2 + (s3 + s4));
        float gu = u1 + u2 + (u3 + u4);
        actionGradient[first + i * lanes + l] =
            actionGradient[first + i * lanes + l] + (Math.abs(command) > 1 ? 0 : 0.5f * gu);
      }
    }
  }
}
