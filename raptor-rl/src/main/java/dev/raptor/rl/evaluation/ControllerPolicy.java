package dev.raptor.rl.evaluation;

import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import dev.raptor.sim.controller.Controller;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A controller that flies where a policy would. Its memory can neither be copied nor read. */
final class ControllerPolicy implements Policy {
  private static final int ACTIONS = 4;

  private final Supplier<Controller> controllers;

  ControllerPolicy(Supplier<Controller> controllers) {
    this.controllers = controllers;
  }

  @Override
  public int observationSize() {
    return Observation.SIZE;
  }

  @Override
  public int actionSize() {
    return ACTIONS;
  }

  @Override
  public int stateSize() {
    return 0;
  }

  @Override
  public Map<String, Object> provenance() {
    return Map.of();
  }

  @Override
  public PolicySession newSession() {
    Controller controller = controllers.get();
    controller.reset();
    return new PolicySession() {
      @Override
      public void reset() {
        controller.reset();
      }

      @Override
      public void copyFrom(PolicySession other) {
        throw new UnsupportedOperationException("the memory of a controller cannot be copied");
      }

      @Override
      public void step(float[] observation, float[] action) {
        controller.act(observation, action);
      }
    };
  }

  @Override
  public PolicyBatch newBatch(int lanes) {
    return new Batch(Stream.generate(controllers).limit(lanes).toList());
  }

  /** Controllers of many vehicles, one for each lane. */
  static final class Batch implements PolicyBatch {
    private final List<Controller> controllers;
    private final float[] observation = new float[Observation.SIZE];
    private final float[] action = new float[ACTIONS];

    Batch(List<Controller> controllers) {
      this.controllers = controllers;
      controllers.forEach(Controller::reset);
    }

    @Override
    public int lanes() {
      return controllers.size();
    }

    @Override
    public void reset(int lane) {
      controllers.get(lane).reset();
    }

    @Override
    public void step(float[] observations, float[] actions) {
      int lanes = lanes();
      for (int lane = 0; lane < lanes; lane++) {
        for (int i = 0; i < observation.length; i++) {
          observation[i] = observations[i * lanes + lane];
        }
        controllers.get(lane).act(observation, action);
        for (int i = 0; i < ACTIONS; i++) {
          actions[i * lanes + lane] = action[i];
        }
      }
    }

    @Override
    public void readMemory(int lane, float[] memory) {
      throw new UnsupportedOperationException("the memory of a controller cannot be read");
    }
  }
}
