package dev.raptor.rl.evaluation;

import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import java.util.Arrays;
import java.util.Map;

/** Leaves all motors at their lowest speed, and remembers nothing. */
final class IdlePolicy implements Policy {
  @Override
  public int observationSize() {
    return Observation.SIZE;
  }

  @Override
  public int actionSize() {
    return 4;
  }

  @Override
  public int stateSize() {
    return 1;
  }

  @Override
  public Map<String, Object> provenance() {
    return Map.of();
  }

  @Override
  public PolicySession newSession() {
    return new PolicySession() {
      @Override
      public void reset() {}

      @Override
      public void copyFrom(PolicySession other) {}

      @Override
      public void step(float[] observation, float[] action) {
        Arrays.fill(action, -1);
      }
    };
  }

  @Override
  public PolicyBatch newBatch(int lanes) {
    return new PolicyBatch() {
      @Override
      public int lanes() {
        return lanes;
      }

      @Override
      public void reset(int lane) {}

      @Override
      public void step(float[] observations, float[] actions) {
        Arrays.fill(actions, -1);
      }

      @Override
      public void readMemory(int lane, float[] memory) {
        Arrays.fill(memory, 0);
      }
    };
  }
}
