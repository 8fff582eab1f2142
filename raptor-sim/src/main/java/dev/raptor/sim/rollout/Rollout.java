package dev.raptor.sim.rollout;

import dev.raptor.sim.Environment;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.effects.Surroundings;
import java.util.Arrays;
import java.util.List;

/** Flies vehicles from their starts to their ends: observe, act, step, count. */
public final class Rollout {
  private Rollout() {}

  /**
   * Flies all lanes of an environment until they are done. A lane that was cut short gets commands
   * of 0 and is no longer counted.
   *
   * @param surroundings with a vehicle, a task, a reference and effects started in every lane
   * @param controller flies them; each lane is reset first
   * @param steps of a flight that is not cut short, at least 1
   * @param pokeStep the steps before a poke, or {@link EpisodeMetrics#NO_POKE}
   * @param headingRad where the noses should point, from world x towards world y, rad
   * @param afterStep called after each step, to look at the environment
   * @return the figures of each lane
   */
  public static List<EpisodeMetrics> fly(
      Surroundings surroundings,
      BatchController controller,
      int steps,
      int pokeStep,
      double headingRad,
      Runnable afterStep) {
    Environment environment = surroundings.environment();
    int lanes = environment.lanes();
    EpisodeMetrics.Tally[] tallies = new EpisodeMetrics.Tally[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      controller.reset(lane);
      tallies[lane] = new EpisodeMetrics.Tally(steps, pokeStep);
    }
    float[] action = new float[Environment.ACTION_ROWS * lanes];
    float[] reward = new float[lanes];
    boolean[] terminated = new boolean[lanes];
    int flying = lanes;
    for (int t = 0; t < steps && flying > 0; t++) {
      controller.act(surroundings, action);
      for (int lane = 0; lane < lanes; lane++) {
        for (int i = 0; tallies[lane].isTerminated() && i < Environment.ACTION_ROWS; i++) {
          action[i * lanes + lane] = 0;
        }
      }
      surroundings.step(action, reward, terminated);
      for (int lane = 0; lane < lanes; lane++) {
        EpisodeMetrics.Tally tally = tallies[lane];
        if (!tally.isTerminated()) {
          tally.add(
              reward[lane],
              terminated[lane],
              error(environment, lane, 0),
              error(environment, lane, 1),
              error(environment, lane, 2));
          tally.addQuality(environment.simulator().state(), action, lane, lanes, headingRad);
          flying -= terminated[lane] ? 1 : 0;
        }
      }
      afterStep.run();
    }
    return Arrays.stream(tallies).map(EpisodeMetrics.Tally::metrics).toList();
  }

  private static double error(Environment environment, int lane, int axis) {
    int lanes = environment.lanes();
    return environment.simulator().state()[(Simulator.PX + axis) * lanes + lane]
        - environment.reference()[axis * lanes + lane];
  }
}
