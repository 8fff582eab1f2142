package dev.raptor.examples;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.Quadrotor;
import dev.raptor.sim.Simulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * What happened in one flight.
 *
 * @param platform the vehicle
 * @param route what it was asked to follow
 * @param terminated whether it left the task's limits, which ended the flight
 * @param samples the start, then one for each step
 */
record Flight(String platform, Route route, boolean terminated, List<Sample> samples) {
  /**
   * A moment of a flight.
   *
   * @param positionM where the vehicle was, world frame
   * @param targetM where it should have been
   * @param commands the motor commands that led here, clamped to [-1, 1]
   */
  record Sample(float[] positionM, float[] targetM, float[] commands) {
    /** The distance between where the vehicle was and where it should have been, m. */
    double errorM() {
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        double difference = positionM[k] - (double) targetM[k];
        sum += difference * difference;
      }
      return Math.sqrt(sum);
    }
  }

  /** Flies from a random start, for {@code steps} steps or until the task's limits are left. */
  static Flight fly(
      Quadrotor quadrotor, Policy policy, Route route, int steps, SplittableRandom random) {
    Environment environment = new Environment(1);
    environment.assign(0, quadrotor, route.task(quadrotor));
    route.start(environment, random);
    PolicySession session = policy.newSession();
    float[] observation = new float[policy.observationSize()];
    float[] action = new float[policy.actionSize()];
    float[] reward = new float[1];
    boolean[] terminated = new boolean[1];
    List<Sample> samples = new ArrayList<>(steps + 1);
    samples.add(sample(environment));
    while (samples.size() <= steps && !terminated[0]) {
      environment.observe(ObservationKind.RELATIVE, observation);
      session.step(observation, action);
      environment.step(action, reward, terminated);
      samples.add(sample(environment));
    }
    return new Flight(quadrotor.name(), route, terminated[0], samples);
  }

  private static Sample sample(Environment environment) {
    float[] commands = environment.previousAction().clone();
    for (int i = 0; i < commands.length; i++) {
      commands[i] = Math.clamp(commands[i], -1f, 1f);
    }
    return new Sample(
        Arrays.copyOfRange(environment.simulator().state(), Simulator.PX, Simulator.PX + 3),
        Arrays.copyOf(environment.reference(), 3),
        commands);
  }

  /** How many steps were flown. */
  int steps() {
    return samples.size() - 1;
  }

  /** Root mean square of the position error after each step, m. */
  double rmseM() {
    return Math.sqrt(errors(1).stream().mapToDouble(e -> e * e).average().orElseThrow());
  }

  /** Largest position error after a step, m. */
  double maxErrorM() {
    return errors(1).stream().mapToDouble(e -> e).max().orElseThrow();
  }

  /** Mean position error in the second half, m; none if the flight was terminated. */
  OptionalDouble steadyStateErrorM() {
    return terminated
        ? OptionalDouble.empty()
        : errors(1 + steps() / 2).stream().mapToDouble(e -> e).average();
  }

  private List<Double> errors(int from) {
    return samples.subList(from, samples.size()).stream().map(Sample::errorM).toList();
  }

  /** The flight's line of the report for machines. */
  Map<String, Object> toJson(String controller) {
    Map<String, Object> json = new LinkedHashMap<>();
    OptionalDouble steady = steadyStateErrorM();
    json.put("platform", platform);
    json.put("controller", controller);
    json.put("reference", route.toString());
    json.put("steps", steps());
    json.put("terminated", terminated);
    json.put("rmse_position_m", rmseM());
    json.put("steady_state_error_m", steady.isPresent() ? steady.getAsDouble() : null);
    json.put("max_position_error_m", maxErrorM());
    return json;
  }
}
