package dev.raptor.sim.rollout;

import dev.raptor.core.Observation;
import dev.raptor.core.PolicyBatch;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.effects.Surroundings;
import java.util.List;

/** A controller of every lane of an environment. */
public interface BatchController {
  /** Begins a new flight in {@code lane}. */
  void reset(int lane);

  /**
   * Writes the actions of all lanes.
   *
   * @param action {@code [4][lanes]}
   */
  void act(Surroundings surroundings, float[] action);

  /** Makes controllers for a stretch of many flights. */
  @FunctionalInterface
  interface Factory {
    /** A controller of flight {@code first} and those after it, one in each lane. */
    BatchController create(int first, int lanes);
  }

  /** A policy in all lanes. */
  static BatchController of(PolicyBatch batch, int observationSize, ObservationKind kind) {
    float[] observation = new float[observationSize * batch.lanes()];
    return new BatchController() {
      @Override
      public void reset(int lane) {
        batch.reset(lane);
      }

      @Override
      public void act(Surroundings surroundings, float[] action) {
        surroundings.observe(kind, observation);
        batch.step(observation, action);
      }
    };
  }

  /** A controller of its own in each lane, which sees the relative observation. */
  static BatchController of(List<? extends Controller> controllers) {
    int lanes = controllers.size();
    float[] observations = new float[Observation.SIZE * lanes];
    float[] observation = new float[Observation.SIZE];
    float[] commands = new float[Environment.ACTION_ROWS];
    return new BatchController() {
      @Override
      public void reset(int lane) {
        controllers.get(lane).reset();
      }

      @Override
      public void act(Surroundings surroundings, float[] action) {
        surroundings.observe(ObservationKind.RELATIVE, observations);
        for (int lane = 0; lane < lanes; lane++) {
          for (int i = 0; i < observation.length; i++) {
            observation[i] = observations[i * lanes + lane];
          }
          controllers.get(lane).act(observation, commands);
          for (int i = 0; i < commands.length; i++) {
            action[i * lanes + lane] = commands[i];
          }
        }
      }
    };
  }
}
