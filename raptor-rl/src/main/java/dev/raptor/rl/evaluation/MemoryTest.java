package dev.raptor.rl.evaluation;

import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a policy's memory does by itself, without a vehicle.
 *
 * @param remainder the share of a disturbance that is left after 1 s. A session that has hovered
 *     for 5 s, being told so, sees one observation that is off by up to 0.1 in each number, another
 *     does not; the share is the distance of their memories 100 steps later over the largest since;
 *     root mean square over 64 disturbances
 * @param divergence the largest difference of an action of two sessions after 500 steps of random
 *     observations within the range of training, each with its own previous action in it, of which
 *     the first observations differ by 1e-6; the largest of 64 pairs
 */
public record MemoryTest(double remainder, double divergence) {
  private static final int PAIRS = 64;
  private static final int HOVER_STEPS = 500;
  private static final int REMAINDER_STEPS = 100;
  private static final double DISTURBANCE = 0.1;
  private static final int DIVERGENCE_STEPS = 500;
  private static final double NUDGE = 1e-6;

  /** The test for each policy. */
  static Map<String, MemoryTest> run(Map<String, ? extends Policy> policies, long seed) {
    Map<String, MemoryTest> results = new LinkedHashMap<>();
    policies.forEach(
        (name, policy) ->
            results.put(name, new MemoryTest(remainder(policy, seed), divergence(policy, seed))));
    return results;
  }

  private static double remainder(Policy policy, long seed) {
    SplittableRandom random = RandomStreams.of(seed, "remainder".hashCode());
    int lanes = PAIRS + 1;
    PolicyBatch batch = policy.newBatch(lanes);
    float[] observation = new float[Observation.SIZE * lanes];
    float[] action = new float[policy.actionSize() * lanes];
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < 9; i += 4) {
        observation[(Observation.ROTATION + i) * lanes + lane] = 1;
      }
    }
    for (int t = 0; t < HOVER_STEPS; t++) {
      batch.step(observation, action);
      System.arraycopy(action, 0, observation, Observation.PREVIOUS_ACTION * lanes, action.length);
    }
    float[] calm = observation.clone();
    for (int lane = 1; lane < lanes; lane++) {
      for (int i = 0; i < Observation.SIZE; i++) {
        observation[i * lanes + lane] += (float) (DISTURBANCE * (2 * random.nextDouble() - 1));
      }
    }
    double[] largest = new double[PAIRS];
    double squares = 0;
    float[] undisturbed = new float[policy.stateSize()];
    float[] disturbed = new float[policy.stateSize()];
    for (int t = 0; t <= REMAINDER_STEPS; t++) {
      batch.step(t == 0 ? observation : calm, action);
      batch.readMemory(0, undisturbed);
      for (int pair = 0; pair < PAIRS; pair++) {
        batch.readMemory(pair + 1, disturbed);
        double distance = distance(undisturbed, disturbed);
        largest[pair] = Math.max(largest[pair], distance);
        if (t == REMAINDER_STEPS && largest[pair] > 0) {
          squares += distance * distance / (largest[pair] * largest[pair]);
        }
      }
    }
    return Math.sqrt(squares / PAIRS);
  }

  private static double distance(float[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = a[i] - b[i];
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  }

  private static double divergence(Policy policy, long seed) {
    SplittableRandom random = RandomStreams.of(seed, "divergence".hashCode());
    int lanes = 2 * PAIRS;
    PolicyBatch batch = policy.newBatch(lanes);
    float[] observation = new float[Observation.SIZE * lanes];
    float[] action = new float[policy.actionSize() * lanes];
    for (int t = 0; t < DIVERGENCE_STEPS; t++) {
      for (int pair = 0; pair < PAIRS; pair++) {
        writeRandom(random, observation, pair, lanes);
      }
      if (t == 0) {
        for (int lane = PAIRS; lane < lanes; lane++) {
          for (int i = 0; i < Observation.PREVIOUS_ACTION; i++) {
            observation[i * lanes + lane] += (float) NUDGE;
          }
        }
      }
      batch.step(observation, action);
      System.arraycopy(action, 0, observation, Observation.PREVIOUS_ACTION * lanes, action.length);
    }
    double largest = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
      for (int i = 0; i < policy.actionSize(); i++) {
        double difference = action[i * lanes + pair] - action[i * lanes + PAIRS + pair];
        largest = Math.max(largest, Math.abs(difference));
      }
    }
    return largest;
  }

  /** An observation as at the start of an episode of training, without a previous action. */
  private static void writeRandom(SplittableRandom random, float[] to, int pair, int lanes) {
    Task task = Task.platform(null);
    double azimuth = 2 * Math.PI * random.nextDouble();
    double z = 2 * random.nextDouble() - 1;
    double level = Math.sqrt(1 - z * z);
    double half = Math.PI * random.nextDouble() / 2;
    double qw = Math.cos(half);
    double qx = Math.sin(half) * level * Math.cos(azimuth);
    double qy = Math.sin(half) * level * Math.sin(azimuth);
    double qz = Math.sin(half) * z;
    double[] rotation = {
      1 - 2 * (qy * qy + qz * qz),
      2 * (qx * qy - qw * qz),
      2 * (qx * qz + qw * qy),
      2 * (qx * qy + qw * qz),
      1 - 2 * (qx * qx + qz * qz),
      2 * (qy * qz - qw * qx),
      2 * (qx * qz - qw * qy),
      2 * (qy * qz + qw * qx),
      1 - 2 * (qx * qx + qy * qy)
    };
    for (int i = 0; i < Observation.PREVIOUS_ACTION; i++) {
      double number;
      if (i < Observation.ROTATION) {
        number = task.limits().positionM() * (2 * random.nextDouble() - 1);
      } else if (i < Observation.VELOCITY) {
        number = rotation[i - Observation.ROTATION];
      } else if (i < Observation.ANGULAR_VELOCITY) {
        number = task.limits().speedMS() * (2 * random.nextDouble() - 1);
      } else {
        number = task.limits().rateRadS() * (2 * random.nextDouble() - 1);
      }
      to[i * lanes + pair] = (float) number;
      to[i * lanes + PAIRS + pair] = (float) number;
    }
  }
}
