package dev.raptor.sim.kernel.vector;

import static dev.raptor.sim.kernel.Dynamics.*;
import static dev.raptor.sim.kernel.vector.Width.SPECIES;
import static dev.raptor.sim.kernel.vector.Width.V;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The stages of a step and its end, on the Vector API; generated from {@code ScalarStages} by
 * VectorTwins.
 */
final class VectorStages {
  private VectorStages() {}

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
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector halfStep = FloatVector.broadcast(SPECIES, HALF_STEP);
    FloatVector step = FloatVector.broadcast(SPECIES, STEP);
    FloatVector two = FloatVector.broadcast(SPECIES, 2);
    FloatVector sixthStep = FloatVector.broadcast(SPECIES, SIXTH_STEP);
    for (int i = 0; i < 4; i++) {
      for (int l = 0; l < count; l += V) {
        FloatVector rise = FloatVector.fromArray(SPECIES, c, constants + RISE_RATE * TILE + l);
        FloatVector fall = FloatVector.fromArray(SPECIES, c, constants + FALL_RATE * TILE + l);
        FloatVector command = FloatVector.fromArray(SPECIES, action, a + i * lanes + l);
        FloatVector u =
            command
                .blend(1, command.compare(VectorOperators.GT, 1))
                .blend(-1, command.compare(VectorOperators.LT, -1))
                .fma(half, half);
        FloatVector n1 = FloatVector.fromArray(SPECIES, s, at + (N0 + i) * lanes + l);
        FloatVector k1 = u.sub(n1).mul(fall.blend(rise, u.compare(VectorOperators.GE, n1)));
        FloatVector n2 = k1.fma(halfStep, n1);
        FloatVector k2 = u.sub(n2).mul(fall.blend(rise, u.compare(VectorOperators.GE, n2)));
        FloatVector n3 = k2.fma(halfStep, n1);
        FloatVector k3 = u.sub(n3).mul(fall.blend(rise, u.compare(VectorOperators.GE, n3)));
        FloatVector n4 = k3.fma(step, n1);
        FloatVector k4 = u.sub(n4).mul(fall.blend(rise, u.compare(VectorOperators.GE, n4)));
        n1.intoArray(x, ROTOR + i * TILE + l);
        n2.intoArray(x, ROTOR + (4 + i) * TILE + l);
        n3.intoArray(x, ROTOR + (8 + i) * TILE + l);
        n4.intoArray(x, ROTOR + (12 + i) * TILE + l);
        k2.add(k3).fma(two, k1.add(k4)).fma(sixthStep, n1).intoArray(x, END + (N0 + i) * TILE + l);
      }
    }
  }

  /** Thrusts and the angular accelerations they make, at the stages. */
  private static void sums(
      int lanes, int count, float[] c, int constants, float[] d, int first, float[] x) {
    for (int j = 0; j < 4; j++) {
      int n = ROTOR + 4 * j * TILE;
      int torque = TORQUE + 3 * j * TILE;
      for (int l = 0; l < count; l += V) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, c, constants + C0 * TILE + l);
        FloatVector c1 = FloatVector.fromArray(SPECIES, c, constants + C1 * TILE + l);
        FloatVector c2 = FloatVector.fromArray(SPECIES, c, constants + C2 * TILE + l);
        FloatVector n0 = FloatVector.fromArray(SPECIES, x, n + l);
        FloatVector n1 = FloatVector.fromArray(SPECIES, x, n + TILE + l);
        FloatVector n2 = FloatVector.fromArray(SPECIES, x, n + 2 * TILE + l);
        FloatVector n3 = FloatVector.fromArray(SPECIES, x, n + 3 * TILE + l);
        FloatVector f0 = n0.fma(n0.fma(c2, c1), c0);
        FloatVector f1 = n1.fma(n1.fma(c2, c1), c0);
        FloatVector f2 = n2.fma(n2.fma(c2, c1), c0);
        FloatVector f3 = n3.fma(n3.fma(c2, c1), c0);
        FloatVector even = f0.add(f2);
        FloatVector odd = f1.add(f3);
        even.add(odd)
            .mul(FloatVector.fromArray(SPECIES, c, constants + LIFT * TILE + l))
            .intoArray(x, THRUST + j * TILE + l);
        FloatVector momentX =
            FloatVector.fromArray(SPECIES, c, constants + INVERSE_INERTIA * TILE + l)
                .mul(FloatVector.fromArray(SPECIES, d, first + 3 * lanes + l));
        FloatVector.fromArray(SPECIES, c, constants + (ROLL_GAIN + 3) * TILE + l)
            .fma(
                f3,
                FloatVector.fromArray(SPECIES, c, constants + (ROLL_GAIN + 2) * TILE + l)
                    .fma(
                        f2,
                        FloatVector.fromArray(SPECIES, c, constants + (ROLL_GAIN + 1) * TILE + l)
                            .fma(
                                f1,
                                FloatVector.fromArray(SPECIES, c, constants + ROLL_GAIN * TILE + l)
                                    .fma(f0, momentX))))
            .intoArray(x, torque + l);
        FloatVector momentY =
            FloatVector.fromArray(SPECIES, c, constants + (INVERSE_INERTIA + 1) * TILE + l)
                .mul(FloatVector.fromArray(SPECIES, d, first + 4 * lanes + l));
        FloatVector.fromArray(SPECIES, c, constants + (PITCH_GAIN + 3) * TILE + l)
            .fma(
                f3,
                FloatVector.fromArray(SPECIES, c, constants + (PITCH_GAIN + 2) * TILE + l)
                    .fma(
                        f2,
                        FloatVector.fromArray(SPECIES, c, constants + (PITCH_GAIN + 1) * TILE + l)
                            .fma(
                                f1,
                                FloatVector.fromArray(SPECIES, c, constants + PITCH_GAIN * TILE + l)
                                    .fma(f0, momentY))))
            .intoArray(x, torque + TILE + l);
        FloatVector momentZ =
            FloatVector.fromArray(SPECIES, c, constants + (INVERSE_INERTIA + 2) * TILE + l)
                .mul(FloatVector.fromArray(SPECIES, d, first + 5 * lanes + l));
        FloatVector.fromArray(SPECIES, c, constants + YAW_GAIN * TILE + l)
            .fma(odd.sub(even), momentZ)
            .intoArray(x, torque + 2 * TILE + l);
      }
    }
  }

  /** Body rates at the stages. */
  private static void rates(
      int lanes, int count, float[] c, int constants, float[] s, int at, float[] x) {
    FloatVector halfStep = FloatVector.broadcast(SPECIES, HALF_STEP);
    FloatVector step = FloatVector.broadcast(SPECIES, STEP);
    FloatVector two = FloatVector.broadcast(SPECIES, 2);
    FloatVector sixthStep = FloatVector.broadcast(SPECIES, SIXTH_STEP);
    for (int l = 0; l < count; l += V) {
      FloatVector gx = FloatVector.fromArray(SPECIES, c, constants + GYRO * TILE + l);
      FloatVector gy = FloatVector.fromArray(SPECIES, c, constants + (GYRO + 1) * TILE + l);
      FloatVector gz = FloatVector.fromArray(SPECIES, c, constants + (GYRO + 2) * TILE + l);
      FloatVector wx1 = FloatVector.fromArray(SPECIES, s, at + WX * lanes + l);
      FloatVector wy1 = FloatVector.fromArray(SPECIES, s, at + WY * lanes + l);
      FloatVector wz1 = FloatVector.fromArray(SPECIES, s, at + WZ * lanes + l);
      FloatVector dx1 = gx.mul(wy1).fma(wz1, FloatVector.fromArray(SPECIES, x, TORQUE + l));
      FloatVector dy1 = gy.mul(wz1).fma(wx1, FloatVector.fromArray(SPECIES, x, TORQUE + TILE + l));
      FloatVector dz1 =
          gz.mul(wx1).fma(wy1, FloatVector.fromArray(SPECIES, x, TORQUE + 2 * TILE + l));
      wx1.intoArray(x, RATE + l);
      wy1.intoArray(x, RATE + TILE + l);
      wz1.intoArray(x, RATE + 2 * TILE + l);
      FloatVector wx2 = dx1.fma(halfStep, wx1);
      FloatVector wy2 = dy1.fma(halfStep, wy1);
      FloatVector wz2 = dz1.fma(halfStep, wz1);
      FloatVector dx2 =
          gx.mul(wy2).fma(wz2, FloatVector.fromArray(SPECIES, x, TORQUE + 3 * TILE + l));
      FloatVector dy2 =
          gy.mul(wz2).fma(wx2, FloatVector.fromArray(SPECIES, x, TORQUE + 4 * TILE + l));
      FloatVector dz2 =
          gz.mul(wx2).fma(wy2, FloatVector.fromArray(SPECIES, x, TORQUE + 5 * TILE + l));
      wx2.intoArray(x, RATE + 3 * TILE + l);
      wy2.intoArray(x, RATE + 4 * TILE + l);
      wz2.intoArray(x, RATE + 5 * TILE + l);
      FloatVector wx3 = dx2.fma(halfStep, wx1);
      FloatVector wy3 = dy2.fma(halfStep, wy1);
      FloatVector wz3 = dz2.fma(halfStep, wz1);
      FloatVector dx3 =
          gx.mul(wy3).fma(wz3, FloatVector.fromArray(SPECIES, x, TORQUE + 6 * TILE + l));
      FloatVector dy3 =
          gy.mul(wz3).fma(wx3, FloatVector.fromArray(SPECIES, x, TORQUE + 7 * TILE + l));
      FloatVector dz3 =
          gz.mul(wx3).fma(wy3, FloatVector.fromArray(SPECIES, x, TORQUE + 8 * TILE + l));
      wx3.intoArray(x, RATE + 6 * TILE + l);
      wy3.intoArray(x, RATE + 7 * TILE + l);
      wz3.intoArray(x, RATE + 8 * TILE + l);
      FloatVector wx4 = dx3.fma(step, wx1);
      FloatVector wy4 = dy3.fma(step, wy1);
      FloatVector wz4 = dz3.fma(step, wz1);
      FloatVector dx4 =
          gx.mul(wy4).fma(wz4, FloatVector.fromArray(SPECIES, x, TORQUE + 9 * TILE + l));
      FloatVector dy4 =
          gy.mul(wz4).fma(wx4, FloatVector.fromArray(SPECIES, x, TORQUE + 10 * TILE + l));
      FloatVector dz4 =
          gz.mul(wx4).fma(wy4, FloatVector.fromArray(SPECIES, x, TORQUE + 11 * TILE + l));
      wx4.intoArray(x, RATE + 9 * TILE + l);
      wy4.intoArray(x, RATE + 10 * TILE + l);
      wz4.intoArray(x, RATE + 11 * TILE + l);
      dx2.add(dx3).fma(two, dx1.add(dx4)).fma(sixthStep, wx1).intoArray(x, END + WX * TILE + l);
      dy2.add(dy3).fma(two, dy1.add(dy4)).fma(sixthStep, wy1).intoArray(x, END + WY * TILE + l);
      dz2.add(dz3).fma(two, dz1.add(dz4)).fma(sixthStep, wz1).intoArray(x, END + WZ * TILE + l);
    }
  }

  /** Attitude at the stages. {@code dw} is minus the slope of w, which saves signs. */
  private static void attitude(int lanes, int count, float[] s, int at, float[] x) {
    FloatVector minusQuarterStep = FloatVector.broadcast(SPECIES, MINUS_QUARTER_STEP);
    FloatVector quarterStep = FloatVector.broadcast(SPECIES, QUARTER_STEP);
    FloatVector minusHalfStep = FloatVector.broadcast(SPECIES, MINUS_HALF_STEP);
    FloatVector halfStep = FloatVector.broadcast(SPECIES, HALF_STEP);
    FloatVector two = FloatVector.broadcast(SPECIES, 2);
    FloatVector minusTwelfthStep = FloatVector.broadcast(SPECIES, MINUS_TWELFTH_STEP);
    FloatVector twelfthStep = FloatVector.broadcast(SPECIES, TWELFTH_STEP);
    for (int l = 0; l < count; l += V) {
      FloatVector qw1 = FloatVector.fromArray(SPECIES, s, at + QW * lanes + l);
      FloatVector qx1 = FloatVector.fromArray(SPECIES, s, at + QX * lanes + l);
      FloatVector qy1 = FloatVector.fromArray(SPECIES, s, at + QY * lanes + l);
      FloatVector qz1 = FloatVector.fromArray(SPECIES, s, at + QZ * lanes + l);
      FloatVector wx1 = FloatVector.fromArray(SPECIES, x, RATE + l);
      FloatVector wy1 = FloatVector.fromArray(SPECIES, x, RATE + TILE + l);
      FloatVector wz1 = FloatVector.fromArray(SPECIES, x, RATE + 2 * TILE + l);
      FloatVector dw1 = qz1.fma(wz1, qy1.fma(wy1, qx1.mul(wx1)));
      FloatVector dx1 = qy1.fma(wz1, qw1.mul(wx1)).sub(qz1.mul(wy1));
      FloatVector dy1 = qz1.fma(wx1, qw1.mul(wy1)).sub(qx1.mul(wz1));
      FloatVector dz1 = qx1.fma(wy1, qw1.mul(wz1)).sub(qy1.mul(wx1));
      qw1.intoArray(x, ATTITUDE + l);
      qx1.intoArray(x, ATTITUDE + TILE + l);
      qy1.intoArray(x, ATTITUDE + 2 * TILE + l);
      qz1.intoArray(x, ATTITUDE + 3 * TILE + l);
      FloatVector qw2 = dw1.fma(minusQuarterStep, qw1);
      FloatVector qx2 = dx1.fma(quarterStep, qx1);
      FloatVector qy2 = dy1.fma(quarterStep, qy1);
      FloatVector qz2 = dz1.fma(quarterStep, qz1);
      FloatVector wx2 = FloatVector.fromArray(SPECIES, x, RATE + 3 * TILE + l);
      FloatVector wy2 = FloatVector.fromArray(SPECIES, x, RATE + 4 * TILE + l);
      FloatVector wz2 = FloatVector.fromArray(SPECIES, x, RATE + 5 * TILE + l);
      FloatVector dw2 = qz2.fma(wz2, qy2.fma(wy2, qx2.mul(wx2)));
      FloatVector dx2 = qy2.fma(wz2, qw2.mul(wx2)).sub(qz2.mul(wy2));
      FloatVector dy2 = qz2.fma(wx2, qw2.mul(wy2)).sub(qx2.mul(wz2));
      FloatVector dz2 = qx2.fma(wy2, qw2.mul(wz2)).sub(qy2.mul(wx2));
      qw2.intoArray(x, ATTITUDE + 4 * TILE + l);
      qx2.intoArray(x, ATTITUDE + 5 * TILE + l);
      qy2.intoArray(x, ATTITUDE + 6 * TILE + l);
      qz2.intoArray(x, ATTITUDE + 7 * TILE + l);
      FloatVector qw3 = dw2.fma(minusQuarterStep, qw1);
      FloatVector qx3 = dx2.fma(quarterStep, qx1);
      FloatVector qy3 = dy2.fma(quarterStep, qy1);
      FloatVector qz3 = dz2.fma(quarterStep, qz1);
      FloatVector wx3 = FloatVector.fromArray(SPECIES, x, RATE + 6 * TILE + l);
      FloatVector wy3 = FloatVector.fromArray(SPECIES, x, RATE + 7 * TILE + l);
      FloatVector wz3 = FloatVector.fromArray(SPECIES, x, RATE + 8 * TILE + l);
      FloatVector dw3 = qz3.fma(wz3, qy3.fma(wy3, qx3.mul(wx3)));
      FloatVector dx3 = qy3.fma(wz3, qw3.mul(wx3)).sub(qz3.mul(wy3));
      FloatVector dy3 = qz3.fma(wx3, qw3.mul(wy3)).sub(qx3.mul(wz3));
      FloatVector dz3 = qx3.fma(wy3, qw3.mul(wz3)).sub(qy3.mul(wx3));
      qw3.intoArray(x, ATTITUDE + 8 * TILE + l);
      qx3.intoArray(x, ATTITUDE + 9 * TILE + l);
      qy3.intoArray(x, ATTITUDE + 10 * TILE + l);
      qz3.intoArray(x, ATTITUDE + 11 * TILE + l);
      FloatVector qw4 = dw3.fma(minusHalfStep, qw1);
      FloatVector qx4 = dx3.fma(halfStep, qx1);
      FloatVector qy4 = dy3.fma(halfStep, qy1);
      FloatVector qz4 = dz3.fma(halfStep, qz1);
      FloatVector wx4 = FloatVector.fromArray(SPECIES, x, RATE + 9 * TILE + l);
      FloatVector wy4 = FloatVector.fromArray(SPECIES, x, RATE + 10 * TILE + l);
      FloatVector wz4 = FloatVector.fromArray(SPECIES, x, RATE + 11 * TILE + l);
      FloatVector dw4 = qz4.fma(wz4, qy4.fma(wy4, qx4.mul(wx4)));
      FloatVector dx4 = qy4.fma(wz4, qw4.mul(wx4)).sub(qz4.mul(wy4));
      FloatVector dy4 = qz4.fma(wx4, qw4.mul(wy4)).sub(qx4.mul(wz4));
      FloatVector dz4 = qx4.fma(wy4, qw4.mul(wz4)).sub(qy4.mul(wx4));
      qw4.intoArray(x, ATTITUDE + 12 * TILE + l);
      qx4.intoArray(x, ATTITUDE + 13 * TILE + l);
      qy4.intoArray(x, ATTITUDE + 14 * TILE + l);
      qz4.intoArray(x, ATTITUDE + 15 * TILE + l);
      dw2.add(dw3)
          .fma(two, dw1.add(dw4))
          .fma(minusTwelfthStep, qw1)
          .intoArray(x, END + QW * TILE + l);
      dx2.add(dx3).fma(two, dx1.add(dx4)).fma(twelfthStep, qx1).intoArray(x, END + QX * TILE + l);
      dy2.add(dy3).fma(two, dy1.add(dy4)).fma(twelfthStep, qy1).intoArray(x, END + QY * TILE + l);
      dz2.add(dz3).fma(two, dz1.add(dz4)).fma(twelfthStep, qz1).intoArray(x, END + QZ * TILE + l);
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
    FloatVector minusG = FloatVector.broadcast(SPECIES, MINUS_G);
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector sixthStep = FloatVector.broadcast(SPECIES, SIXTH_STEP);
    FloatVector step = FloatVector.broadcast(SPECIES, STEP);
    FloatVector two = FloatVector.broadcast(SPECIES, 2);
    for (int l = 0; l < count; l += V) {
      FloatVector inverseMass =
          FloatVector.fromArray(SPECIES, c, constants + INVERSE_MASS * TILE + l);
      FloatVector ax = inverseMass.mul(FloatVector.fromArray(SPECIES, d, first + l));
      FloatVector ay = inverseMass.mul(FloatVector.fromArray(SPECIES, d, first + lanes + l));
      FloatVector az =
          inverseMass.fma(FloatVector.fromArray(SPECIES, d, first + 2 * lanes + l), minusG);
      FloatVector qw1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + l);
      FloatVector qx1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + TILE + l);
      FloatVector qy1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 2 * TILE + l);
      FloatVector qz1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 3 * TILE + l);
      FloatVector t1 = FloatVector.fromArray(SPECIES, x, THRUST + l);
      FloatVector rx1 = qw1.fma(qy1, qx1.mul(qz1));
      FloatVector ry1 = qy1.mul(qz1).sub(qw1.mul(qx1));
      FloatVector rz1 = half.sub(qy1.fma(qy1, qx1.mul(qx1)));
      FloatVector qw2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 4 * TILE + l);
      FloatVector qx2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 5 * TILE + l);
      FloatVector qy2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 6 * TILE + l);
      FloatVector qz2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 7 * TILE + l);
      FloatVector t2 = FloatVector.fromArray(SPECIES, x, THRUST + TILE + l);
      FloatVector rx2 = qw2.fma(qy2, qx2.mul(qz2));
      FloatVector ry2 = qy2.mul(qz2).sub(qw2.mul(qx2));
      FloatVector rz2 = half.sub(qy2.fma(qy2, qx2.mul(qx2)));
      FloatVector qw3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 8 * TILE + l);
      FloatVector qx3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 9 * TILE + l);
      FloatVector qy3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 10 * TILE + l);
      FloatVector qz3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 11 * TILE + l);
      FloatVector t3 = FloatVector.fromArray(SPECIES, x, THRUST + 2 * TILE + l);
      FloatVector rx3 = qw3.fma(qy3, qx3.mul(qz3));
      FloatVector ry3 = qy3.mul(qz3).sub(qw3.mul(qx3));
      FloatVector rz3 = half.sub(qy3.fma(qy3, qx3.mul(qx3)));
      FloatVector qw4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 12 * TILE + l);
      FloatVector qx4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 13 * TILE + l);
      FloatVector qy4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 14 * TILE + l);
      FloatVector qz4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 15 * TILE + l);
      FloatVector t4 = FloatVector.fromArray(SPECIES, x, THRUST + 3 * TILE + l);
      FloatVector rx4 = qw4.fma(qy4, qx4.mul(qz4));
      FloatVector ry4 = qy4.mul(qz4).sub(qw4.mul(qx4));
      FloatVector rz4 = half.sub(qy4.fma(qy4, qx4.mul(qx4)));
      FloatVector dx1 = rx1.fma(t1, ax);
      FloatVector dx23 = rx3.fma(t3, rx2.fma(t2, ax.add(ax)));
      FloatVector dx4 = rx4.fma(t4, ax);
      FloatVector vx = FloatVector.fromArray(SPECIES, s, at + VX * lanes + l);
      dx1.add(dx23)
          .fma(sixthStep, vx)
          .fma(step, FloatVector.fromArray(SPECIES, s, at + PX * lanes + l))
          .intoArray(x, END + PX * TILE + l);
      dx23.fma(two, dx1.add(dx4)).fma(sixthStep, vx).intoArray(x, END + VX * TILE + l);
      FloatVector dy1 = ry1.fma(t1, ay);
      FloatVector dy23 = ry3.fma(t3, ry2.fma(t2, ay.add(ay)));
      FloatVector dy4 = ry4.fma(t4, ay);
      FloatVector vy = FloatVector.fromArray(SPECIES, s, at + VY * lanes + l);
      dy1.add(dy23)
          .fma(sixthStep, vy)
          .fma(step, FloatVector.fromArray(SPECIES, s, at + PY * lanes + l))
          .intoArray(x, END + PY * TILE + l);
      dy23.fma(two, dy1.add(dy4)).fma(sixthStep, vy).intoArray(x, END + VY * TILE + l);
      FloatVector dz1 = rz1.fma(t1, az);
      FloatVector dz23 = rz3.fma(t3, rz2.fma(t2, az.add(az)));
      FloatVector dz4 = rz4.fma(t4, az);
      FloatVector vz = FloatVector.fromArray(SPECIES, s, at + VZ * lanes + l);
      dz1.add(dz23)
          .fma(sixthStep, vz)
          .fma(step, FloatVector.fromArray(SPECIES, s, at + PZ * lanes + l))
          .intoArray(x, END + PZ * TILE + l);
      dz23.fma(two, dz1.add(dz4)).fma(sixthStep, vz).intoArray(x, END + VZ * TILE + l);
    }
  }

  /** Of the three rows from {@code row}. */
  private static void clampBound(int lanes, int count, int row, float[] s, int at, float[] x) {
    for (int r = row; r < row + 3; r++) {
      for (int l = 0; l < count; l += V) {
        FloatVector end = FloatVector.fromArray(SPECIES, x, END + r * TILE + l);
        end.blend(LIMIT, end.compare(VectorOperators.GT, LIMIT))
            .blend(MINUS_LIMIT, end.compare(VectorOperators.LT, MINUS_LIMIT))
            .intoArray(s, at + r * lanes + l);
      }
    }
  }

  private static void clampUnit(int lanes, int count, float[] s, int at, float[] x) {
    for (int r = N0; r <= N3; r++) {
      for (int l = 0; l < count; l += V) {
        FloatVector end = FloatVector.fromArray(SPECIES, x, END + r * TILE + l);
        end.blend(1, end.compare(VectorOperators.GT, 1))
            .blend(0, end.compare(VectorOperators.LT, 0))
            .intoArray(s, at + r * lanes + l);
      }
    }
  }

  private static void normalise(int lanes, int count, float[] s, int at, float[] x) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    for (int l = 0; l < count; l += V) {
      FloatVector qw = FloatVector.fromArray(SPECIES, x, END + QW * TILE + l);
      FloatVector qx = FloatVector.fromArray(SPECIES, x, END + QX * TILE + l);
      FloatVector qy = FloatVector.fromArray(SPECIES, x, END + QY * TILE + l);
      FloatVector qz = FloatVector.fromArray(SPECIES, x, END + QZ * TILE + l);
      FloatVector norm =
          one.div(qz.fma(qz, qy.fma(qy, qx.fma(qx, qw.mul(qw)))).lanewise(VectorOperators.SQRT));
      qw.mul(norm).intoArray(s, at + QW * lanes + l);
      qx.mul(norm).intoArray(s, at + QX * lanes + l);
      qy.mul(norm).intoArray(s, at + QY * lanes + l);
      qz.mul(norm).intoArray(s, at + QZ * lanes + l);
    }
  }
}
