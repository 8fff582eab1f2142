package dev.raptor.sim.kernel;

import static dev.raptor.sim.kernel.Dynamics.*;
import static dev.raptor.sim.kernel.Episodes.*;

/**
 * The reference before and the reward after a step of an episode; {@link Episodes} has the
 * equations.
 */
public final class ScalarEpisodes {
  private ScalarEpisodes() {}

  /** Before the step. */
  static void rewards(
      int lanes, int count, int first, Episodes e, float[] s, float[] action, float[] reward) {
    float[] constant = e.rewardConstant();
    float[] target = e.reference();
    float[] last = e.lastAction();
    for (int l = first; l < first + count; l++) {
      float x = s[PX * lanes + l] - target[l];
      float y = s[PY * lanes + l] - target[lanes + l];
      float z = s[PZ * lanes + l] - target[2 * lanes + l];
      float distance = (float) Math.sqrt(Math.fma(z, z, Math.fma(y, y, x * x)));
      float a0 = action[l] - last[l];
      float a1 = action[lanes + l] - last[lanes + l];
      float a2 = action[2 * lanes + l] - last[2 * lanes + l];
      float a3 = action[3 * lanes + l] - last[3 * lanes + l];
      float change =
          Math.min(
              MAX_CHANGE,
              (float) Math.sqrt(Math.fma(a3, a3, Math.fma(a2, a2, Math.fma(a1, a1, a0 * a0)))));
      float yaw = acosOfOneMinus(Math.abs(s[QZ * lanes + l]));
      reward[l] = Math.fma(yaw, MINUS_TWICE_YAW_WEIGHT, constant[l] - distance) - change;
    }
  }

  /** acos(1 − x). */
  public static float acosOfOneMinus(float x) {
    float y = 1 - x;
    float p = Math.fma(y, P7, P6);
    p = Math.fma(p, y, P5);
    p = Math.fma(p, y, P4);
    p = Math.fma(p, y, P3);
    p = Math.fma(p, y, P2);
    p = Math.fma(p, y, P1);
    p = Math.fma(p, y, P0);
    return (float) Math.sqrt(x) * p;
  }

  /** After the step; written so that NaN is outside of everything. */
  static void terminations(
      int lanes, int count, int first, Episodes e, float[] s, float[] reward, boolean[] over) {
    float[] limits = e.limits();
    for (int l = first; l < first + count; l++) {
      float p = limits[l];
      float v = limits[lanes + l];
      float w = limits[2 * lanes + l];
      float rest =
          s[QW * lanes + l]
              + s[QX * lanes + l]
              + s[QY * lanes + l]
              + s[QZ * lanes + l]
              + s[N0 * lanes + l]
              + s[N1 * lanes + l]
              + s[N2 * lanes + l]
              + s[N3 * lanes + l];
      over[l] =
          !(Math.abs(s[PX * lanes + l]) <= p
              & Math.abs(s[PY * lanes + l]) <= p
              & Math.abs(s[PZ * lanes + l]) <= p
              & Math.abs(s[VX * lanes + l]) <= v
              & Math.abs(s[VY * lanes + l]) <= v
              & Math.abs(s[VZ * lanes + l]) <= v
              & Math.abs(s[WX * lanes + l]) <= w
              & Math.abs(s[WY * lanes + l]) <= w
              & Math.abs(s[WZ * lanes + l]) <= w
              & Math.abs(rest) <= Float.MAX_VALUE);
      reward[l] = over[l] ? TERMINATION_REWARD : reward[l];
    }
  }

  /** The Langevin process goes on by a step. */
  static void references(int lanes, int count, int first, Episodes e) {
    float[] langevin = e.langevin();
    float[] target = e.reference();
    float[] noise = e.noise();
    int[] keys = e.keys();
    int[] steps = e.steps();
    for (int k = 0; k < 3; k++) {
      for (int l = first; l < first + count; l++) {
        float kick = normal(keys[l] + steps[l] * (3 * GOLDEN) + k * GOLDEN, keys[lanes + l]);
        float x = langevin[k * lanes + l];
        float v = langevin[(3 + k) * lanes + l];
        v = Math.fma(kick, noise[l], Math.fma(v, FRICTION, Math.fma(x, STIFFNESS, v)));
        langevin[k * lanes + l] = Math.fma(v, STEP, x);
        langevin[(3 + k) * lanes + l] = v;
        float smooth = target[(3 + k) * lanes + l];
        smooth = Math.fma(v - smooth, SMOOTHING, smooth);
        target[k * lanes + l] = Math.fma(smooth, STEP, target[k * lanes + l]);
        target[(3 + k) * lanes + l] = smooth;
      }
    }
  }

  /** ξ, of a key that has counted on and of the other key. */
  public static float normal(int key, int other) {
    int h = key ^ (key >>> 16);
    h *= MIX_1;
    h ^= other ^ (h >>> 13);
    h *= MIX_2;
    h ^= h >>> 16;
    int pairs = (h & BYTES) + ((h >>> 8) & BYTES);
    int sum = (pairs + (pairs >>> 16)) & 0xFFFF;
    float s = Float.intBitsToFloat(sum | ONES) - ONES_AND_MEAN;
    float square = s * s;
    return s * Math.fma(square, Math.fma(square, B5, B3), B1);
  }

  /** R(q) row by row, to the nine rows of {@code out} from {@code to}. */
  public static void rotations(int lanes, int from, float[] s, float[] out, int to) {
    for (int l = from; l < lanes; l++) {
      float w = s[QW * lanes + l];
      float x = s[QX * lanes + l];
      float y = s[QY * lanes + l];
      float z = s[QZ * lanes + l];
      out[to + l] = 1 - 2 * (y * y + z * z);
      out[to + lanes + l] = 2 * (x * y - w * z);
      out[to + 2 * lanes + l] = 2 * (x * z + w * y);
      out[to + 3 * lanes + l] = 2 * (x * y + w * z);
      out[to + 4 * lanes + l] = 1 - 2 * (x * x + z * z);
      out[to + 5 * lanes + l] = 2 * (y * z - w * x);
      out[to + 6 * lanes + l] = 2 * (x * z - w * y);
      out[to + 7 * lanes + l] = 2 * (y * z + w * x);
      out[to + 8 * lanes + l] = 1 - 2 * (x * x + y * y);
    }
  }
}
