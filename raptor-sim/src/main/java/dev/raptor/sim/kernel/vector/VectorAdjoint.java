package dev.raptor.sim.kernel.vector;

import static dev.raptor.sim.kernel.Dynamics.*;
import static dev.raptor.sim.kernel.vector.Width.SPECIES;
import static dev.raptor.sim.kernel.vector.Width.V;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The way back through {@link VectorStages}, from the end to the rotors, on the Vector API;
 * generated from {@code ScalarAdjoint} by VectorTwins.
 */
final class VectorAdjoint {
  private VectorAdjoint() {}

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
      for (int l = 0; l < count; l += V) {
        FloatVector end = FloatVector.fromArray(SPECIES, x, END + r * TILE + l);
        FloatVector g = FloatVector.fromArray(SPECIES, after, first + r * lanes + l);
        g.blend(0, end.abs().compare(VectorOperators.GT, LIMIT))
            .intoArray(x, GRADIENT + r * TILE + l);
      }
    }
  }

  private static void clampUnit(int lanes, int count, float[] after, int first, float[] x) {
    for (int r = N0; r <= N3; r++) {
      for (int l = 0; l < count; l += V) {
        FloatVector end = FloatVector.fromArray(SPECIES, x, END + r * TILE + l);
        FloatVector g = FloatVector.fromArray(SPECIES, after, first + r * lanes + l);
        g.blend(0, end.compare(VectorOperators.LT, 0))
            .blend(0, end.compare(VectorOperators.GT, 1))
            .intoArray(x, GRADIENT + r * TILE + l);
      }
    }
  }

  private static void normalise(int lanes, int count, float[] after, int first, float[] x) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    for (int l = 0; l < count; l += V) {
      FloatVector ew = FloatVector.fromArray(SPECIES, x, END + QW * TILE + l);
      FloatVector ex = FloatVector.fromArray(SPECIES, x, END + QX * TILE + l);
      FloatVector ey = FloatVector.fromArray(SPECIES, x, END + QY * TILE + l);
      FloatVector ez = FloatVector.fromArray(SPECIES, x, END + QZ * TILE + l);
      FloatVector norm =
          one.div(ez.fma(ez, ey.fma(ey, ex.fma(ex, ew.mul(ew)))).lanewise(VectorOperators.SQRT));
      FloatVector qw = ew.mul(norm);
      FloatVector qx = ex.mul(norm);
      FloatVector qy = ey.mul(norm);
      FloatVector qz = ez.mul(norm);
      FloatVector gw = FloatVector.fromArray(SPECIES, after, first + QW * lanes + l);
      FloatVector gx = FloatVector.fromArray(SPECIES, after, first + QX * lanes + l);
      FloatVector gy = FloatVector.fromArray(SPECIES, after, first + QY * lanes + l);
      FloatVector gz = FloatVector.fromArray(SPECIES, after, first + QZ * lanes + l);
      FloatVector along = qz.fma(gz, qy.fma(gy, qx.fma(gx, qw.mul(gw))));
      norm.mul(gw.sub(along.mul(qw))).intoArray(x, GRADIENT + QW * TILE + l);
      norm.mul(gx.sub(along.mul(qx))).intoArray(x, GRADIENT + QX * TILE + l);
      norm.mul(gy.sub(along.mul(qy))).intoArray(x, GRADIENT + QY * TILE + l);
      norm.mul(gz.sub(along.mul(qz))).intoArray(x, GRADIENT + QZ * TILE + l);
    }
  }

  /** From where velocity and position end to thrusts and attitudes. */
  private static void motion(int lanes, int count, float[] before, int first, float[] x) {
    FloatVector two = FloatVector.broadcast(SPECIES, 2);
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    for (int l = 0; l < count; l += V) {
      FloatVector px = FloatVector.fromArray(SPECIES, x, GRADIENT + PX * TILE + l).mul(STEP);
      FloatVector vx = FloatVector.fromArray(SPECIES, x, GRADIENT + VX * TILE + l);
      FloatVector.fromArray(SPECIES, x, GRADIENT + PX * TILE + l)
          .intoArray(before, first + PX * lanes + l);
      vx.add(px).intoArray(before, first + VX * lanes + l);
      FloatVector ax1 = vx.add(px).mul(SIXTH_STEP);
      FloatVector ax2 = vx.fma(two, px).mul(SIXTH_STEP);
      FloatVector ax4 = vx.mul(SIXTH_STEP);
      FloatVector py = FloatVector.fromArray(SPECIES, x, GRADIENT + PY * TILE + l).mul(STEP);
      FloatVector vy = FloatVector.fromArray(SPECIES, x, GRADIENT + VY * TILE + l);
      FloatVector.fromArray(SPECIES, x, GRADIENT + PY * TILE + l)
          .intoArray(before, first + PY * lanes + l);
      vy.add(py).intoArray(before, first + VY * lanes + l);
      FloatVector ay1 = vy.add(py).mul(SIXTH_STEP);
      FloatVector ay2 = vy.fma(two, py).mul(SIXTH_STEP);
      FloatVector ay4 = vy.mul(SIXTH_STEP);
      FloatVector pz = FloatVector.fromArray(SPECIES, x, GRADIENT + PZ * TILE + l).mul(STEP);
      FloatVector vz = FloatVector.fromArray(SPECIES, x, GRADIENT + VZ * TILE + l);
      FloatVector.fromArray(SPECIES, x, GRADIENT + PZ * TILE + l)
          .intoArray(before, first + PZ * lanes + l);
      vz.add(pz).intoArray(before, first + VZ * lanes + l);
      FloatVector az1 = vz.add(pz).mul(SIXTH_STEP);
      FloatVector az2 = vz.fma(two, pz).mul(SIXTH_STEP);
      FloatVector az4 = vz.mul(SIXTH_STEP);
      FloatVector qw1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + l);
      FloatVector qx1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + TILE + l);
      FloatVector qy1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 2 * TILE + l);
      FloatVector qz1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 3 * TILE + l);
      FloatVector t1 = FloatVector.fromArray(SPECIES, x, THRUST + l);
      FloatVector rx1 = qw1.fma(qy1, qx1.mul(qz1));
      FloatVector ry1 = qy1.mul(qz1).sub(qw1.mul(qx1));
      FloatVector rz1 = half.sub(qy1.fma(qy1, qx1.mul(qx1)));
      rz1.fma(az1, ry1.fma(ay1, rx1.mul(ax1))).intoArray(x, THRUST_ADJOINT + l);
      FloatVector bx1 = t1.mul(ax1);
      FloatVector by1 = t1.mul(ay1);
      FloatVector bz1 = t1.mul(az1);
      FloatVector bz1Twice = bz1.add(bz1);
      qy1.mul(bx1).sub(qx1.mul(by1)).intoArray(x, ATTITUDE_ADJOINT + l);
      qz1.mul(bx1).sub(qx1.fma(bz1Twice, qw1.mul(by1))).intoArray(x, ATTITUDE_ADJOINT + TILE + l);
      qz1.fma(by1, qw1.mul(bx1))
          .sub(qy1.mul(bz1Twice))
          .intoArray(x, ATTITUDE_ADJOINT + 2 * TILE + l);
      qy1.fma(by1, qx1.mul(bx1)).intoArray(x, ATTITUDE_ADJOINT + 3 * TILE + l);
      FloatVector qw2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 4 * TILE + l);
      FloatVector qx2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 5 * TILE + l);
      FloatVector qy2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 6 * TILE + l);
      FloatVector qz2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 7 * TILE + l);
      FloatVector t2 = FloatVector.fromArray(SPECIES, x, THRUST + TILE + l);
      FloatVector rx2 = qw2.fma(qy2, qx2.mul(qz2));
      FloatVector ry2 = qy2.mul(qz2).sub(qw2.mul(qx2));
      FloatVector rz2 = half.sub(qy2.fma(qy2, qx2.mul(qx2)));
      rz2.fma(az2, ry2.fma(ay2, rx2.mul(ax2))).intoArray(x, THRUST_ADJOINT + TILE + l);
      FloatVector bx2 = t2.mul(ax2);
      FloatVector by2 = t2.mul(ay2);
      FloatVector bz2 = t2.mul(az2);
      FloatVector bz2Twice = bz2.add(bz2);
      qy2.mul(bx2).sub(qx2.mul(by2)).intoArray(x, ATTITUDE_ADJOINT + 4 * TILE + l);
      qz2.mul(bx2)
          .sub(qx2.fma(bz2Twice, qw2.mul(by2)))
          .intoArray(x, ATTITUDE_ADJOINT + 5 * TILE + l);
      qz2.fma(by2, qw2.mul(bx2))
          .sub(qy2.mul(bz2Twice))
          .intoArray(x, ATTITUDE_ADJOINT + 6 * TILE + l);
      qy2.fma(by2, qx2.mul(bx2)).intoArray(x, ATTITUDE_ADJOINT + 7 * TILE + l);
      FloatVector qw3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 8 * TILE + l);
      FloatVector qx3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 9 * TILE + l);
      FloatVector qy3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 10 * TILE + l);
      FloatVector qz3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 11 * TILE + l);
      FloatVector t3 = FloatVector.fromArray(SPECIES, x, THRUST + 2 * TILE + l);
      FloatVector rx3 = qw3.fma(qy3, qx3.mul(qz3));
      FloatVector ry3 = qy3.mul(qz3).sub(qw3.mul(qx3));
      FloatVector rz3 = half.sub(qy3.fma(qy3, qx3.mul(qx3)));
      rz3.fma(az2, ry3.fma(ay2, rx3.mul(ax2))).intoArray(x, THRUST_ADJOINT + 2 * TILE + l);
      FloatVector bx3 = t3.mul(ax2);
      FloatVector by3 = t3.mul(ay2);
      FloatVector bz3 = t3.mul(az2);
      FloatVector bz3Twice = bz3.add(bz3);
      qy3.mul(bx3).sub(qx3.mul(by3)).intoArray(x, ATTITUDE_ADJOINT + 8 * TILE + l);
      qz3.mul(bx3)
          .sub(qx3.fma(bz3Twice, qw3.mul(by3)))
          .intoArray(x, ATTITUDE_ADJOINT + 9 * TILE + l);
      qz3.fma(by3, qw3.mul(bx3))
          .sub(qy3.mul(bz3Twice))
          .intoArray(x, ATTITUDE_ADJOINT + 10 * TILE + l);
      qy3.fma(by3, qx3.mul(bx3)).intoArray(x, ATTITUDE_ADJOINT + 11 * TILE + l);
      FloatVector qw4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 12 * TILE + l);
      FloatVector qx4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 13 * TILE + l);
      FloatVector qy4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 14 * TILE + l);
      FloatVector qz4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 15 * TILE + l);
      FloatVector t4 = FloatVector.fromArray(SPECIES, x, THRUST + 3 * TILE + l);
      FloatVector rx4 = qw4.fma(qy4, qx4.mul(qz4));
      FloatVector ry4 = qy4.mul(qz4).sub(qw4.mul(qx4));
      FloatVector rz4 = half.sub(qy4.fma(qy4, qx4.mul(qx4)));
      rz4.fma(az4, ry4.fma(ay4, rx4.mul(ax4))).intoArray(x, THRUST_ADJOINT + 3 * TILE + l);
      FloatVector bx4 = t4.mul(ax4);
      FloatVector by4 = t4.mul(ay4);
      FloatVector bz4 = t4.mul(az4);
      FloatVector bz4Twice = bz4.add(bz4);
      qy4.mul(bx4).sub(qx4.mul(by4)).intoArray(x, ATTITUDE_ADJOINT + 12 * TILE + l);
      qz4.mul(bx4)
          .sub(qx4.fma(bz4Twice, qw4.mul(by4)))
          .intoArray(x, ATTITUDE_ADJOINT + 13 * TILE + l);
      qz4.fma(by4, qw4.mul(bx4))
          .sub(qy4.mul(bz4Twice))
          .intoArray(x, ATTITUDE_ADJOINT + 14 * TILE + l);
      qy4.fma(by4, qx4.mul(bx4)).intoArray(x, ATTITUDE_ADJOINT + 15 * TILE + l);
    }
  }

  /** From the last attitude to the first, and to the body rates. */
  private static void attitude(int lanes, int count, float[] before, int first, float[] x) {
    FloatVector halfStep = FloatVector.broadcast(SPECIES, HALF_STEP);
    FloatVector quarterStep = FloatVector.broadcast(SPECIES, QUARTER_STEP);
    for (int l = 0; l < count; l += V) {
      FloatVector gw = FloatVector.fromArray(SPECIES, x, GRADIENT + QW * TILE + l);
      FloatVector gx = FloatVector.fromArray(SPECIES, x, GRADIENT + QX * TILE + l);
      FloatVector gy = FloatVector.fromArray(SPECIES, x, GRADIENT + QY * TILE + l);
      FloatVector gz = FloatVector.fromArray(SPECIES, x, GRADIENT + QZ * TILE + l);
      FloatVector kw4 = gw.mul(TWELFTH_STEP);
      FloatVector kx4 = gx.mul(TWELFTH_STEP);
      FloatVector ky4 = gy.mul(TWELFTH_STEP);
      FloatVector kz4 = gz.mul(TWELFTH_STEP);
      FloatVector wx4 = FloatVector.fromArray(SPECIES, x, RATE + 9 * TILE + l);
      FloatVector wy4 = FloatVector.fromArray(SPECIES, x, RATE + 10 * TILE + l);
      FloatVector wz4 = FloatVector.fromArray(SPECIES, x, RATE + 11 * TILE + l);
      FloatVector sw4 =
          kz4.fma(
              wz4,
              ky4.fma(
                  wy4,
                  kx4.fma(
                      wx4, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 12 * TILE + l))));
      FloatVector sx4 =
          kz4.fma(wy4, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 13 * TILE + l))
              .sub(ky4.fma(wz4, kw4.mul(wx4)));
      FloatVector sy4 =
          kx4.fma(wz4, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 14 * TILE + l))
              .sub(kz4.fma(wx4, kw4.mul(wy4)));
      FloatVector sz4 =
          ky4.fma(wx4, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 15 * TILE + l))
              .sub(kx4.fma(wy4, kw4.mul(wz4)));
      FloatVector qw4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 12 * TILE + l);
      FloatVector qx4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 13 * TILE + l);
      FloatVector qy4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 14 * TILE + l);
      FloatVector qz4 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 15 * TILE + l);
      qz4.fma(ky4, qw4.mul(kx4))
          .sub(qy4.fma(kz4, qx4.mul(kw4)))
          .intoArray(x, RATE_ADJOINT + 9 * TILE + l);
      qx4.fma(kz4, qw4.mul(ky4))
          .sub(qz4.fma(kx4, qy4.mul(kw4)))
          .intoArray(x, RATE_ADJOINT + 10 * TILE + l);
      qy4.fma(kx4, qw4.mul(kz4))
          .sub(qx4.fma(ky4, qz4.mul(kw4)))
          .intoArray(x, RATE_ADJOINT + 11 * TILE + l);
      FloatVector kw3 = sw4.fma(halfStep, gw.mul(SIXTH_STEP));
      FloatVector kx3 = sx4.fma(halfStep, gx.mul(SIXTH_STEP));
      FloatVector ky3 = sy4.fma(halfStep, gy.mul(SIXTH_STEP));
      FloatVector kz3 = sz4.fma(halfStep, gz.mul(SIXTH_STEP));
      FloatVector wx3 = FloatVector.fromArray(SPECIES, x, RATE + 6 * TILE + l);
      FloatVector wy3 = FloatVector.fromArray(SPECIES, x, RATE + 7 * TILE + l);
      FloatVector wz3 = FloatVector.fromArray(SPECIES, x, RATE + 8 * TILE + l);
      FloatVector sw3 =
          kz3.fma(
              wz3,
              ky3.fma(
                  wy3,
                  kx3.fma(
                      wx3, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 8 * TILE + l))));
      FloatVector sx3 =
          kz3.fma(wy3, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 9 * TILE + l))
              .sub(ky3.fma(wz3, kw3.mul(wx3)));
      FloatVector sy3 =
          kx3.fma(wz3, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 10 * TILE + l))
              .sub(kz3.fma(wx3, kw3.mul(wy3)));
      FloatVector sz3 =
          ky3.fma(wx3, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 11 * TILE + l))
              .sub(kx3.fma(wy3, kw3.mul(wz3)));
      FloatVector qw3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 8 * TILE + l);
      FloatVector qx3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 9 * TILE + l);
      FloatVector qy3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 10 * TILE + l);
      FloatVector qz3 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 11 * TILE + l);
      qz3.fma(ky3, qw3.mul(kx3))
          .sub(qy3.fma(kz3, qx3.mul(kw3)))
          .intoArray(x, RATE_ADJOINT + 6 * TILE + l);
      qx3.fma(kz3, qw3.mul(ky3))
          .sub(qz3.fma(kx3, qy3.mul(kw3)))
          .intoArray(x, RATE_ADJOINT + 7 * TILE + l);
      qy3.fma(kx3, qw3.mul(kz3))
          .sub(qx3.fma(ky3, qz3.mul(kw3)))
          .intoArray(x, RATE_ADJOINT + 8 * TILE + l);
      FloatVector kw2 = sw3.fma(quarterStep, gw.mul(SIXTH_STEP));
      FloatVector kx2 = sx3.fma(quarterStep, gx.mul(SIXTH_STEP));
      FloatVector ky2 = sy3.fma(quarterStep, gy.mul(SIXTH_STEP));
      FloatVector kz2 = sz3.fma(quarterStep, gz.mul(SIXTH_STEP));
      FloatVector wx2 = FloatVector.fromArray(SPECIES, x, RATE + 3 * TILE + l);
      FloatVector wy2 = FloatVector.fromArray(SPECIES, x, RATE + 4 * TILE + l);
      FloatVector wz2 = FloatVector.fromArray(SPECIES, x, RATE + 5 * TILE + l);
      FloatVector sw2 =
          kz2.fma(
              wz2,
              ky2.fma(
                  wy2,
                  kx2.fma(
                      wx2, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 4 * TILE + l))));
      FloatVector sx2 =
          kz2.fma(wy2, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 5 * TILE + l))
              .sub(ky2.fma(wz2, kw2.mul(wx2)));
      FloatVector sy2 =
          kx2.fma(wz2, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 6 * TILE + l))
              .sub(kz2.fma(wx2, kw2.mul(wy2)));
      FloatVector sz2 =
          ky2.fma(wx2, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 7 * TILE + l))
              .sub(kx2.fma(wy2, kw2.mul(wz2)));
      FloatVector qw2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 4 * TILE + l);
      FloatVector qx2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 5 * TILE + l);
      FloatVector qy2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 6 * TILE + l);
      FloatVector qz2 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 7 * TILE + l);
      qz2.fma(ky2, qw2.mul(kx2))
          .sub(qy2.fma(kz2, qx2.mul(kw2)))
          .intoArray(x, RATE_ADJOINT + 3 * TILE + l);
      qx2.fma(kz2, qw2.mul(ky2))
          .sub(qz2.fma(kx2, qy2.mul(kw2)))
          .intoArray(x, RATE_ADJOINT + 4 * TILE + l);
      qy2.fma(kx2, qw2.mul(kz2))
          .sub(qx2.fma(ky2, qz2.mul(kw2)))
          .intoArray(x, RATE_ADJOINT + 5 * TILE + l);
      FloatVector kw1 = sw2.fma(quarterStep, gw.mul(TWELFTH_STEP));
      FloatVector kx1 = sx2.fma(quarterStep, gx.mul(TWELFTH_STEP));
      FloatVector ky1 = sy2.fma(quarterStep, gy.mul(TWELFTH_STEP));
      FloatVector kz1 = sz2.fma(quarterStep, gz.mul(TWELFTH_STEP));
      FloatVector wx1 = FloatVector.fromArray(SPECIES, x, RATE + l);
      FloatVector wy1 = FloatVector.fromArray(SPECIES, x, RATE + TILE + l);
      FloatVector wz1 = FloatVector.fromArray(SPECIES, x, RATE + 2 * TILE + l);
      FloatVector sw1 =
          kz1.fma(
              wz1,
              ky1.fma(wy1, kx1.fma(wx1, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + l))));
      FloatVector sx1 =
          kz1.fma(wy1, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + TILE + l))
              .sub(ky1.fma(wz1, kw1.mul(wx1)));
      FloatVector sy1 =
          kx1.fma(wz1, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 2 * TILE + l))
              .sub(kz1.fma(wx1, kw1.mul(wy1)));
      FloatVector sz1 =
          ky1.fma(wx1, FloatVector.fromArray(SPECIES, x, ATTITUDE_ADJOINT + 3 * TILE + l))
              .sub(kx1.fma(wy1, kw1.mul(wz1)));
      FloatVector qw1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + l);
      FloatVector qx1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + TILE + l);
      FloatVector qy1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 2 * TILE + l);
      FloatVector qz1 = FloatVector.fromArray(SPECIES, x, ATTITUDE + 3 * TILE + l);
      qz1.fma(ky1, qw1.mul(kx1)).sub(qy1.fma(kz1, qx1.mul(kw1))).intoArray(x, RATE_ADJOINT + l);
      qx1.fma(kz1, qw1.mul(ky1))
          .sub(qz1.fma(kx1, qy1.mul(kw1)))
          .intoArray(x, RATE_ADJOINT + TILE + l);
      qy1.fma(kx1, qw1.mul(kz1))
          .sub(qx1.fma(ky1, qz1.mul(kw1)))
          .intoArray(x, RATE_ADJOINT + 2 * TILE + l);
      gw.add(sw1.add(sw2).add(sw3.add(sw4))).intoArray(before, first + QW * lanes + l);
      gx.add(sx1.add(sx2).add(sx3.add(sx4))).intoArray(before, first + QX * lanes + l);
      gy.add(sy1.add(sy2).add(sy3.add(sy4))).intoArray(before, first + QY * lanes + l);
      gz.add(sz1.add(sz2).add(sz3.add(sz4))).intoArray(before, first + QZ * lanes + l);
    }
  }

  /** From the last body rates to the first, and to the torques. */
  private static void rates(
      int lanes, int count, float[] c, int constants, float[] before, int first, float[] x) {
    FloatVector step = FloatVector.broadcast(SPECIES, STEP);
    FloatVector halfStep = FloatVector.broadcast(SPECIES, HALF_STEP);
    for (int l = 0; l < count; l += V) {
      FloatVector gx = FloatVector.fromArray(SPECIES, c, constants + GYRO * TILE + l);
      FloatVector gy = FloatVector.fromArray(SPECIES, c, constants + (GYRO + 1) * TILE + l);
      FloatVector gz = FloatVector.fromArray(SPECIES, c, constants + (GYRO + 2) * TILE + l);
      FloatVector ex = FloatVector.fromArray(SPECIES, x, GRADIENT + WX * TILE + l);
      FloatVector ey = FloatVector.fromArray(SPECIES, x, GRADIENT + WY * TILE + l);
      FloatVector ez = FloatVector.fromArray(SPECIES, x, GRADIENT + WZ * TILE + l);
      FloatVector kx4 = ex.mul(SIXTH_STEP);
      FloatVector ky4 = ey.mul(SIXTH_STEP);
      FloatVector kz4 = ez.mul(SIXTH_STEP);
      kx4.intoArray(x, TORQUE_ADJOINT + 9 * TILE + l);
      ky4.intoArray(x, TORQUE_ADJOINT + 10 * TILE + l);
      kz4.intoArray(x, TORQUE_ADJOINT + 11 * TILE + l);
      FloatVector wx4 = FloatVector.fromArray(SPECIES, x, RATE + 9 * TILE + l);
      FloatVector wy4 = FloatVector.fromArray(SPECIES, x, RATE + 10 * TILE + l);
      FloatVector wz4 = FloatVector.fromArray(SPECIES, x, RATE + 11 * TILE + l);
      FloatVector bx4 = gx.mul(kx4);
      FloatVector by4 = gy.mul(ky4);
      FloatVector bz4 = gz.mul(kz4);
      FloatVector sx4 =
          bz4.fma(
              wy4, by4.fma(wz4, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 9 * TILE + l)));
      FloatVector sy4 =
          bz4.fma(
              wx4, bx4.fma(wz4, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 10 * TILE + l)));
      FloatVector sz4 =
          by4.fma(
              wx4, bx4.fma(wy4, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 11 * TILE + l)));
      FloatVector kx3 = sx4.fma(step, ex.mul(THIRD_STEP));
      FloatVector ky3 = sy4.fma(step, ey.mul(THIRD_STEP));
      FloatVector kz3 = sz4.fma(step, ez.mul(THIRD_STEP));
      kx3.intoArray(x, TORQUE_ADJOINT + 6 * TILE + l);
      ky3.intoArray(x, TORQUE_ADJOINT + 7 * TILE + l);
      kz3.intoArray(x, TORQUE_ADJOINT + 8 * TILE + l);
      FloatVector wx3 = FloatVector.fromArray(SPECIES, x, RATE + 6 * TILE + l);
      FloatVector wy3 = FloatVector.fromArray(SPECIES, x, RATE + 7 * TILE + l);
      FloatVector wz3 = FloatVector.fromArray(SPECIES, x, RATE + 8 * TILE + l);
      FloatVector bx3 = gx.mul(kx3);
      FloatVector by3 = gy.mul(ky3);
      FloatVector bz3 = gz.mul(kz3);
      FloatVector sx3 =
          bz3.fma(
              wy3, by3.fma(wz3, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 6 * TILE + l)));
      FloatVector sy3 =
          bz3.fma(
              wx3, bx3.fma(wz3, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 7 * TILE + l)));
      FloatVector sz3 =
          by3.fma(
              wx3, bx3.fma(wy3, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 8 * TILE + l)));
      FloatVector kx2 = sx3.fma(halfStep, ex.mul(THIRD_STEP));
      FloatVector ky2 = sy3.fma(halfStep, ey.mul(THIRD_STEP));
      FloatVector kz2 = sz3.fma(halfStep, ez.mul(THIRD_STEP));
      kx2.intoArray(x, TORQUE_ADJOINT + 3 * TILE + l);
      ky2.intoArray(x, TORQUE_ADJOINT + 4 * TILE + l);
      kz2.intoArray(x, TORQUE_ADJOINT + 5 * TILE + l);
      FloatVector wx2 = FloatVector.fromArray(SPECIES, x, RATE + 3 * TILE + l);
      FloatVector wy2 = FloatVector.fromArray(SPECIES, x, RATE + 4 * TILE + l);
      FloatVector wz2 = FloatVector.fromArray(SPECIES, x, RATE + 5 * TILE + l);
      FloatVector bx2 = gx.mul(kx2);
      FloatVector by2 = gy.mul(ky2);
      FloatVector bz2 = gz.mul(kz2);
      FloatVector sx2 =
          bz2.fma(
              wy2, by2.fma(wz2, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 3 * TILE + l)));
      FloatVector sy2 =
          bz2.fma(
              wx2, bx2.fma(wz2, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 4 * TILE + l)));
      FloatVector sz2 =
          by2.fma(
              wx2, bx2.fma(wy2, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 5 * TILE + l)));
      FloatVector kx1 = sx2.fma(halfStep, ex.mul(SIXTH_STEP));
      FloatVector ky1 = sy2.fma(halfStep, ey.mul(SIXTH_STEP));
      FloatVector kz1 = sz2.fma(halfStep, ez.mul(SIXTH_STEP));
      kx1.intoArray(x, TORQUE_ADJOINT + l);
      ky1.intoArray(x, TORQUE_ADJOINT + TILE + l);
      kz1.intoArray(x, TORQUE_ADJOINT + 2 * TILE + l);
      FloatVector wx1 = FloatVector.fromArray(SPECIES, x, RATE + l);
      FloatVector wy1 = FloatVector.fromArray(SPECIES, x, RATE + TILE + l);
      FloatVector wz1 = FloatVector.fromArray(SPECIES, x, RATE + 2 * TILE + l);
      FloatVector bx1 = gx.mul(kx1);
      FloatVector by1 = gy.mul(ky1);
      FloatVector bz1 = gz.mul(kz1);
      FloatVector sx1 =
          bz1.fma(wy1, by1.fma(wz1, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + l)));
      FloatVector sy1 =
          bz1.fma(wx1, bx1.fma(wz1, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + TILE + l)));
      FloatVector sz1 =
          by1.fma(
              wx1, bx1.fma(wy1, FloatVector.fromArray(SPECIES, x, RATE_ADJOINT + 2 * TILE + l)));
      ex.add(sx1.add(sx2).add(sx3.add(sx4))).intoArray(before, first + WX * lanes + l);
      ey.add(sy1.add(sy2).add(sy3.add(sy4))).intoArray(before, first + WY * lanes + l);
      ez.add(sz1.add(sz2).add(sz3.add(sz4))).intoArray(before, first + WZ * lanes + l);
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
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector step = FloatVector.broadcast(SPECIES, STEP);
    FloatVector halfStep = FloatVector.broadcast(SPECIES, HALF_STEP);
    for (int i = 0; i < 4; i++) {
      float yawSign = (i & 1) == 0 ? -1 : 1;
      for (int l = 0; l < count; l += V) {
        FloatVector rise = FloatVector.fromArray(SPECIES, c, constants + RISE_RATE * TILE + l);
        FloatVector fall = FloatVector.fromArray(SPECIES, c, constants + FALL_RATE * TILE + l);
        FloatVector c1 = FloatVector.fromArray(SPECIES, c, constants + C1 * TILE + l);
        FloatVector c2 = FloatVector.fromArray(SPECIES, c, constants + C2 * TILE + l).mul(2);
        FloatVector lift = FloatVector.fromArray(SPECIES, c, constants + LIFT * TILE + l);
        FloatVector roll =
            FloatVector.fromArray(SPECIES, c, constants + (ROLL_GAIN + i) * TILE + l);
        FloatVector pitch =
            FloatVector.fromArray(SPECIES, c, constants + (PITCH_GAIN + i) * TILE + l);
        FloatVector yaw =
            FloatVector.fromArray(SPECIES, c, constants + YAW_GAIN * TILE + l).mul(yawSign);
        FloatVector command = FloatVector.fromArray(SPECIES, action, a + i * lanes + l);
        FloatVector u =
            command
                .blend(1, command.compare(VectorOperators.GT, 1))
                .blend(-1, command.compare(VectorOperators.LT, -1))
                .fma(half, half);
        FloatVector g = FloatVector.fromArray(SPECIES, x, GRADIENT + (N0 + i) * TILE + l);
        FloatVector n4 = FloatVector.fromArray(SPECIES, x, ROTOR + (12 + i) * TILE + l);
        FloatVector f4 =
            yaw.fma(
                FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 11 * TILE + l),
                pitch.fma(
                    FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 10 * TILE + l),
                    roll.fma(
                        FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 9 * TILE + l),
                        lift.mul(
                            FloatVector.fromArray(SPECIES, x, THRUST_ADJOINT + 3 * TILE + l)))));
        FloatVector u4 = fall.blend(rise, u.compare(VectorOperators.GE, n4)).mul(g.mul(SIXTH_STEP));
        FloatVector s4 = f4.mul(c2.fma(n4, c1)).sub(u4);
        FloatVector n3 = FloatVector.fromArray(SPECIES, x, ROTOR + (8 + i) * TILE + l);
        FloatVector f3 =
            yaw.fma(
                FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 8 * TILE + l),
                pitch.fma(
                    FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 7 * TILE + l),
                    roll.fma(
                        FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 6 * TILE + l),
                        lift.mul(
                            FloatVector.fromArray(SPECIES, x, THRUST_ADJOINT + 2 * TILE + l)))));
        FloatVector u3 =
            fall.blend(rise, u.compare(VectorOperators.GE, n3))
                .mul(s4.fma(step, g.mul(THIRD_STEP)));
        FloatVector s3 = f3.mul(c2.fma(n3, c1)).sub(u3);
        FloatVector n2 = FloatVector.fromArray(SPECIES, x, ROTOR + (4 + i) * TILE + l);
        FloatVector f2 =
            yaw.fma(
                FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 5 * TILE + l),
                pitch.fma(
                    FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 4 * TILE + l),
                    roll.fma(
                        FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 3 * TILE + l),
                        lift.mul(FloatVector.fromArray(SPECIES, x, THRUST_ADJOINT + TILE + l)))));
        FloatVector u2 =
            fall.blend(rise, u.compare(VectorOperators.GE, n2))
                .mul(s3.fma(halfStep, g.mul(THIRD_STEP)));
        FloatVector s2 = f2.mul(c2.fma(n2, c1)).sub(u2);
        FloatVector n1 = FloatVector.fromArray(SPECIES, x, ROTOR + i * TILE + l);
        FloatVector f1 =
            yaw.fma(
                FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + 2 * TILE + l),
                pitch.fma(
                    FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + TILE + l),
                    roll.fma(
                        FloatVector.fromArray(SPECIES, x, TORQUE_ADJOINT + l),
                        lift.mul(FloatVector.fromArray(SPECIES, x, THRUST_ADJOINT + l)))));
        FloatVector u1 =
            fall.blend(rise, u.compare(VectorOperators.GE, n1))
                .mul(s2.fma(halfStep, g.mul(SIXTH_STEP)));
        FloatVector s1 = f1.mul(c2.fma(n1, c1)).sub(u1);
        g.add(s1.add(s2).add(s3.add(s4))).intoArray(before, first + (N0 + i) * lanes + l);
        FloatVector gu = u1.add(u2).add(u3.add(u4));
        FloatVector.fromArray(SPECIES, actionGradient, first + i * lanes + l)
            .add(gu.mul(0.5f).blend(0, command.abs().compare(VectorOperators.GT, 1)))
            .intoArray(actionGradient, first + i * lanes + l);
      }
    }
  }
}
