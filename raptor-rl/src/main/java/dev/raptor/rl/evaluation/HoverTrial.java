package dev.raptor.rl.evaluation;

import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;

/**
 * How one vehicle hovers: {@value #FLIGHTS} flights of {@value #SECONDS} s in still air from the
 * starts of {@link Task#platform}, lost at its wider limits.
 *
 * @param lost how many flights were lost
 * @param swinging how many of the others had body rates above {@link
 *     ControlQuality#OSCILLATION_RAD_S} rms in their last {@value #QUALITY_SECONDS} s
 * @param errorM mean distance from the reference in these seconds, m; NaN where all were lost
 */
public record HoverTrial(int lost, int swinging, double errorM) {
  /** How many flights there are. */
  public static final int FLIGHTS = 20;

  private static final int SECONDS = 20;
  private static final int QUALITY_SECONDS = 5;

  /** A policy flies a vehicle, on the calling thread. */
  public static HoverTrial of(Policy policy, Quadrotor quadrotor, long seed) {
    int steps = (int) Math.round(SECONDS / Simulator.STEP_S);
    int from = steps - (int) Math.round(QUALITY_SECONDS / Simulator.STEP_S);
    Environment environment = new Environment(FLIGHTS);
    PolicyBatch batch = policy.newBatch(FLIGHTS);
    ControlQuality.Tally[] tallies = new ControlQuality.Tally[FLIGHTS];
    for (int lane = 0; lane < FLIGHTS; lane++) {
      environment.assign(lane, quadrotor, Task.platform(quadrotor).widened());
      environment.reset(lane, RandomStreams.of(seed, lane), ReferenceKind.HOVER);
      batch.reset(lane);
      tallies[lane] = new ControlQuality.Tally(from, 0, 0);
    }
    float[] observation = new float[Observation.SIZE * FLIGHTS];
    float[] action = new float[Environment.ACTION_ROWS * FLIGHTS];
    float[] reward = new float[FLIGHTS];
    boolean[] terminated = new boolean[FLIGHTS];
    boolean[] lost = new boolean[FLIGHTS];
    double[] errors = new double[FLIGHTS];
    float[] state = environment.simulator().state();
    for (int step = 0; step < steps; step++) {
      environment.observe(ObservationKind.RELATIVE, observation);
      batch.step(observation, action);
      for (int i = 0; i < action.length; i++) {
        action[i] = lost[i % FLIGHTS] ? 0 : action[i];
      }
      environment.step(action, reward, terminated);
      for (int lane = 0; lane < FLIGHTS; lane++) {
        lost[lane] |= terminated[lane];
        if (!lost[lane]) {
          tallies[lane].add(state, action, lane, FLIGHTS, 0);
          errors[lane] += step >= from ? distance(state, lane) / (steps - from) : 0;
        }
      }
    }
    int losses = 0;
    int swings = 0;
    double error = 0;
    for (int lane = 0; lane < FLIGHTS; lane++) {
      losses += lost[lane] ? 1 : 0;
      swings += !lost[lane] && tallies[lane].quality().oscillates() ? 1 : 0;
      error += lost[lane] ? 0 : errors[lane];
    }
    return new HoverTrial(losses, swings, error / (FLIGHTS - losses));
  }

  private static double distance(float[] state, int lane) {
    double x = state[Simulator.PX * FLIGHTS + lane];
    double y = state[Simulator.PY * FLIGHTS + lane];
    double z = state[Simulator.PZ * FLIGHTS + lane];
    return Math.sqrt(x * x + y * y + z * z);
  }
}
