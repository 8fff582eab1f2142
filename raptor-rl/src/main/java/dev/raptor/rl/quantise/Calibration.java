package dev.raptor.rl.quantise;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.fixed.quantise.CalibrationData;
import dev.raptor.core.fixed.quantise.Quantiser;
import dev.raptor.core.fixed.quantise.Scales;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Flights by which a policy's integers are scaled. */
public final class Calibration {
  private Calibration() {}

  /** Quadrotors that are enough to scale a policy by. */
  public static final int QUADROTORS = 256;

  /**
   * A policy in integers, scaled by a flight with each of {@code quadrotors} vehicles; its
   * provenance holds that of the policy.
   */
  public static FixedPolicy quantise(
      RecurrentPolicy policy, FixedFormat format, int quadrotors, long seed) {
    Quantiser quantiser = new Quantiser(policy, format, fly(policy, quadrotors, seed));
    Scales scales = quantiser.calibrate();
    return quantiser.quantise(
        policy.parameters(), scales, provenance(policy, scales, quadrotors, seed));
  }

  /** How a policy's integers were made; it ends with how the policy was. */
  static Map<String, Object> provenance(
      RecurrentPolicy policy, Scales scales, int quadrotors, long seed) {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("made_by", "raptor quantize");
    provenance.put("calibration_quadrotors", quadrotors);
    provenance.put("calibration_seed", seed);
    provenance.put("gate_range", scales.gateRange());
    provenance.put("feature_scale", scales.feature());
    provenance.put("float", policy.provenance());
    ErrorClip.of(policy)
        .ifPresent(clip -> provenance.put(ErrorClip.KEY, policy.provenance().get(ErrorClip.KEY)));
    return provenance;
  }

  /**
   * Flies one episode of the training task, hovering or after a reference, with each of {@code
   * quadrotors} vehicles drawn from the distribution, and records what the policy saw until the end
   * or termination. One seed gives one recording; it draws other vehicles and starts than an
   * evaluation with that seed.
   */
  public static CalibrationData fly(Policy policy, int quadrotors, long seed) {
    List<SampledQuadrotor> vehicles =
        QuadrotorDistribution.sample(RandomStreams.of(seed, 1).nextLong(), quadrotors);
    Environment environment = new Environment(quadrotors);
    PolicyBatch batch = policy.newBatch(quadrotors);
    int steps = 0;
    for (int lane = 0; lane < quadrotors; lane++) {
      Task task = Task.training(vehicles.get(lane));
      steps = task.episodeSteps();
      environment.assign(lane, vehicles.get(lane).quadrotor(), task);
      environment.reset(lane, RandomStreams.of(seed, 2, lane), ReferenceKind.MIX);
      batch.reset(lane);
    }
    int size = Environment.STUDENT_ROWS * quadrotors;
    float[] observations = new float[steps * size];
    float[] observation = new float[size];
    float[] action = new float[Environment.ACTION_ROWS * quadrotors];
    float[] reward = new float[quadrotors];
    boolean[] terminated = new boolean[quadrotors];
    int[] lengths = new int[quadrotors];
    boolean[] over = new boolean[quadrotors];
    for (int t = 0; t < steps; t++) {
      environment.observe(ObservationKind.RELATIVE, observation);
      System.arraycopy(observation, 0, observations, t * size, size);
      batch.step(observation, action);
      for (int lane = 0; lane < quadrotors; lane++) {
        lengths[lane] += over[lane] ? 0 : 1;
        for (int i = 0; over[lane] && i < Environment.ACTION_ROWS; i++) {
          action[i * quadrotors + lane] = 0;
        }
      }
      environment.step(action, reward, terminated);
      for (int lane = 0; lane < quadrotors; lane++) {
        over[lane] |= terminated[lane];
      }
    }
    return new CalibrationData(quadrotors, steps, Environment.STUDENT_ROWS, lengths, observations);
  }
}
