package dev.raptor.sim.kernel.vector;

import static dev.raptor.sim.kernel.Dynamics.*;
import static dev.raptor.sim.kernel.Episodes.*;
import static dev.raptor.sim.kernel.vector.Width.INTS;
import static dev.raptor.sim.kernel.vector.Width.SPECIES;
import static dev.raptor.sim.kernel.vector.Width.V;

import dev.raptor.sim.kernel.Episodes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The reference before and the reward after a step of an episode, the twin of {@code
 * ScalarEpisodes}.
 */
final class VectorEpisodes {
  private VectorEpisodes() {}

  /** Before the step. */
  static void rewards(
      int lanes, int count, int first, Episodes e, float[] s, float[] action, float[] reward) {
    float[] constant = e.rewardConstant();
    float[] target = e.reference();
    float[] last = e.lastAction();
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector yawWeight = FloatVector.broadcast(SPECIES, MINUS_TWICE_YAW_WEIGHT);
    for (int l = first; l < first + count; l += V) {
      FloatVector x =
          FloatVector.fromArray(SPECIES, s, PX * lanes + l)
              .sub(FloatVector.fromArray(SPECIES, target, l));
      FloatVector y =
          FloatVector.fromArray(SPECIES, s, PY * lanes + l)
              .sub(FloatVector.fromArray(SPECIES, target, lanes + l));
      FloatVector z =
          FloatVector.fromArray(SPECIES, s, PZ * lanes + l)
              .sub(FloatVector.fromArray(SPECIES, target, 2 * lanes + l));
      FloatVector distance = z.fma(z, y.fma(y, x.mul(x))).lanewise(VectorOperators.SQRT);
      FloatVector a0 =
          FloatVector.fromArray(SPECIES, action, l).sub(FloatVector.fromArray(SPECIES, last, l));
      FloatVector a1 =
          FloatVector.fromArray(SPECIES, action, lanes + l)
              .sub(FloatVector.fromArray(SPECIES, last, lanes + l));
      FloatVector a2 =
          FloatVector.fromArray(SPECIES, action, 2 * lanes + l)
              .sub(FloatVector.fromArray(SPECIES, last, 2 * lanes + l));
      FloatVector a3 =
          FloatVector.fromArray(SPECIES, action, 3 * lanes + l)
              .sub(FloatVector.fromArray(SPECIES, last, 3 * lanes + l));
      FloatVector change =
          a3.fma(a3, a2.fma(a2, a1.fma(a1, a0.mul(a0))))
              .lanewise(VectorOperators.SQRT)
              .min(MAX_CHANGE);
      FloatVector turn = FloatVector.fromArray(SPECIES, s, QZ * lanes + l).abs();
      FloatVector c = one.sub(turn);
      FloatVector p = c.fma(FloatVector.broadcast(SPECIES, P7), FloatVector.broadcast(SPECIES, P6));
      p = p.fma(c, FloatVector.broadcast(SPECIES, P5));
      p = p.fma(c, FloatVector.broadcast(SPECIES, P4));
      p = p.fma(c, FloatVector.broadcast(SPECIES, P3));
      p = p.fma(c, FloatVector.broadcast(SPECIES, P2));
      p = p.fma(c, FloatVector.broadcast(SPECIES, P1));
      p = p.fma(c, FloatVector.broadcast(SPECIES, P0));
      turn.lanewise(VectorOperators.SQRT)
          .mul(p)
          .fma(yawWeight, FloatVector.fromArray(SPECIES, constant, l).sub(distance))
          .sub(change)
          .intoArray(reward, l);
    }
  }

  /** After the step. */
  static void terminations(
      int lanes, int count, int first, Episodes e, float[] s, float[] reward, boolean[] over) {
    float[] limits = e.limits();
    for (int l = first; l < first + count; l += V) {
      FloatVector p = FloatVector.fromArray(SPECIES, limits, l);
      FloatVector v = FloatVector.fromArray(SPECIES, limits, lanes + l);
      FloatVector w = FloatVector.fromArray(SPECIES, limits, 2 * lanes + l);
      FloatVector rest =
          FloatVector.fromArray(SPECIES, s, QW * lanes + l)
              .add(FloatVector.fromArray(SPECIES, s, QX * lanes + l))
              .add(FloatVector.fromArray(SPECIES, s, QY * lanes + l))
              .add(FloatVector.fromArray(SPECIES, s, QZ * lanes + l))
              .add(FloatVector.fromArray(SPECIES, s, N0 * lanes + l))
              .add(FloatVector.fromArray(SPECIES, s, N1 * lanes + l))
              .add(FloatVector.fromArray(SPECIES, s, N2 * lanes + l))
              .add(FloatVector.fromArray(SPECIES, s, N3 * lanes + l));
      VectorMask<Float> within =
          FloatVector.fromArray(SPECIES, s, PX * lanes + l)
              .abs()
              .compare(VectorOperators.LE, p)
              .and(
                  FloatVector.fromArray(SPECIES, s, PY * lanes + l)
                      .abs()
                      .compare(VectorOperators.LE, p))
              .and(
                  FloatVector.fromArray(SPECIES, s, PZ * lanes + l)
                      .abs()
                      .compare(VectorOperators.LE, p))
              .and(
                  FloatVector.fromArray(SPECIES, s, VX * lanes + l)
                      .abs()
                      .compare(VectorOperators.LE, v))
              .and(
                  FloatVector.fromArray(SPECIES, s, VY * lanes + l)
                      .abs()
                      .compare(VectorOperators.LE, v))
              .and(
                  FloatVector.fromArray(SPECIES, s, VZ * lanes + l)
                      .abs()
                      .compare(VectorOperators.LE, v))
              .and(
                  FloatVector.fromArray(SPECIES, s, WX * lanes + l)
                      .abs()
                      .compare(VectorOperators.LE, w))
              .and(
                  FloatVector.fromArray(SPECIES, s, WY * lanes + l)
                      .abs()
                      .compare(VectorOperators.LE, w))
              .and(
                  FloatVector.fromArray(SPECIES, s, WZ * lanes + l)
                      .abs()
                      .compare(VectorOperators.LE, w))
              .and(rest.abs().compare(VectorOperators.LE, Float.MAX_VALUE));
      FloatVector.broadcast(SPECIES, TERMINATION_REWARD)
          .blend(FloatVector.fromArray(SPECIES, reward, l), within)
          .intoArray(reward, l);
      long flies = within.toLong();
      for (int i = 0; i < V; i++) {
        over[l + i] = (flies >>> i & 1) == 0;
      }
    }
  }

  /** The Langevin process goes on by a step. */
  static void references(int lanes, int count, int first, Episodes e) {
    float[] langevin = e.langevin();
    float[] target = e.reference();
    float[] noise = e.noise();
    int[] keys = e.keys();
    int[] steps = e.steps();
    FloatVector step = FloatVector.broadcast(SPECIES, STEP);
    FloatVector friction = FloatVector.broadcast(SPECIES, FRICTION);
    FloatVector stiffness = FloatVector.broadcast(SPECIES, STIFFNESS);
    FloatVector smoothing = FloatVector.broadcast(SPECIES, SMOOTHING);
    FloatVector b1 = FloatVector.broadcast(SPECIES, B1);
    FloatVector b3 = FloatVector.broadcast(SPECIES, B3);
    FloatVector b5 = FloatVector.broadcast(SPECIES, B5);
    for (int k = 0; k < 3; k++) {
      for (int l = first; l < first + count; l += V) {
        IntVector h =
            IntVector.fromArray(INTS, steps, l)
                .mul(3 * GOLDEN)
                .add(IntVector.fromArray(INTS, keys, l))
                .add(k * GOLDEN);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16)).mul(MIX_1);
        h =
            h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13))
                .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, keys, lanes + l))
                .mul(MIX_2);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
        IntVector pairs = h.and(BYTES).add(h.lanewise(VectorOperators.LSHR, 8).and(BYTES));
        FloatVector s =
            pairs
                .add(pairs.lanewise(VectorOperators.LSHR, 16))
                .and(0xFFFF)
                .or(ONES)
                .reinterpretAsFloats()
                .sub(ONES_AND_MEAN);
        FloatVector square = s.mul(s);
        FloatVector kick = s.mul(square.fma(square.fma(b5, b3), b1));
        FloatVector x = FloatVector.fromArray(SPECIES, langevin, k * lanes + l);
        FloatVector v = FloatVector.fromArray(SPECIES, langevin, (3 + k) * lanes + l);
        v =
            kick.fma(
                FloatVector.fromArray(SPECIES, noise, l), v.fma(friction, x.fma(stiffness, v)));
        v.fma(step, x).intoArray(langevin, k * lanes + l);
        v.intoArray(langevin, (3 + k) * lanes + l);
        FloatVector before = FloatVector.fromArray(SPECIES, target, (3 + k) * lanes + l);
        FloatVector smooth = v.sub(before).fma(smoothing, before);
        smooth
            .fma(step, FloatVector.fromArray(SPECIES, target, k * lanes + l))
            .intoArray(target, k * lanes + l);
        smooth.intoArray(target, (3 + k) * lanes + l);
      }
    }
  }

  /** R(q) row by row, to the nine rows of {@code out} from {@code to}; returns how many lanes. */
  static int rotations(int lanes, float[] s, float[] out, int to) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    int end = lanes - lanes % V;
    for (int l = 0; l < end; l += V) {
      FloatVector w = FloatVector.fromArray(SPECIES, s, QW * lanes + l);
      FloatVector x = FloatVector.fromArray(SPECIES, s, QX * lanes + l);
      FloatVector y = FloatVector.fromArray(SPECIES, s, QY * lanes + l);
      FloatVector z = FloatVector.fromArray(SPECIES, s, QZ * lanes + l);
      FloatVector xx = x.mul(x);
      FloatVector yy = y.mul(y);
      FloatVector zz = z.mul(z);
      FloatVector xy = x.mul(y);
      FloatVector xz = x.mul(z);
      FloatVector yz = y.mul(z);
      FloatVector wx = w.mul(x);
      FloatVector wy = w.mul(y);
      FloatVector wz = w.mul(z);
      one.sub(yy.add(zz).mul(2)).intoArray(out, to + l);
      xy.sub(wz).mul(2).intoArray(out, to + lanes + l);
      xz.add(wy).mul(2).intoArray(out, to + 2 * lanes + l);
      xy.add(wz).mul(2).intoArray(out, to + 3 * lanes + l);
      one.sub(xx.add(zz).mul(2)).intoArray(out, to + 4 * lanes + l);
      yz.sub(wx).mul(2).intoArray(out, to + 5 * lanes + l);
      xz.sub(wy).mul(2).intoArray(out, to + 6 * lanes + l);
      yz.add(wx).mul(2).intoArray(out, to + 7 * lanes + l);
      one.sub(xx.add(yy).mul(2)).intoArray(out, to + 8 * lanes + l);
    }
    return end;
  }
}
