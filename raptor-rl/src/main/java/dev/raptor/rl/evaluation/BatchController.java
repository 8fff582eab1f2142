package dev.raptor.rl.evaluation;

import dev.raptor.core.PolicyBatch;
import dev.raptor.core.network.Mlp;
import dev.raptor.rl.teacher.Teacher;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.effects.Surroundings;

/** Flies every lane of an environment. */
interface BatchController {
  /** Begins a new flight in {@code lane}. */
  void reset(int lane);

  /** Writes the action of every lane, {@code [4][lanes]}. */
  void act(Surroundings surroundings, float[] action);

  /**
   * Puts someone on the lanes of an environment, which fly episode {@code first} and those after.
   */
  interface Boarding {
    /** The pilot of so many lanes. */
    BatchController board(int first, int lanes);
  }

  /** A policy flies; what it sees is relative to the reference or absolute. */
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

  /** A teacher flies, without exploration noise. */
  static BatchController of(Teacher teacher, int lanes) {
    Mlp.Workspace workspace = Teacher.ACTOR.workspace(lanes);
    float[] observation = new float[Teacher.ACTOR.inputs() * lanes];
    return new BatchController() {
      @Override
      public void reset(int lane) {}

      @Override
      public void act(Surroundings surroundings, float[] action) {
        Teacher.observe(surroundings.environment(), observation);
        workspace.forward(teacher.parameters(), 0, observation, 0);
        System.arraycopy(workspace.output(), 0, action, 0, action.length);
      }
    };
  }
}
