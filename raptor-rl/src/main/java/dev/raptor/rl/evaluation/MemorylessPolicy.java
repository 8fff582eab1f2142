package dev.raptor.rl.evaluation;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import java.util.Map;

/**
 * A policy without its memory, which is cleared before every step: what it would be if it could not
 * find out what it flies.
 *
 * @param policy whose memory it is
 */
public record MemorylessPolicy(Policy policy) implements Policy {
  @Override
  public int observationSize() {
    return policy.observationSize();
  }

  @Override
  public int actionSize() {
    return policy.actionSize();
  }

  @Override
  public int stateSize() {
    return policy.stateSize();
  }

  @Override
  public Map<String, Object> provenance() {
    return policy.provenance();
  }

  @Override
  public PolicySession newSession() {
    return new Session(policy.newSession());
  }

  @Override
  public PolicyBatch newBatch(int lanes) {
    return new Batch(policy.newBatch(lanes));
  }

  private record Session(PolicySession session) implements PolicySession {
    @Override
    public void reset() {
      session.reset();
    }

    @Override
    public void step(float[] observation, float[] action) {
      session.reset();
      session.step(observation, action);
    }

    @Override
    public void copyFrom(PolicySession other) {
      if (!(other instanceof Session)) {
        throw new InvalidInputException("the other session is not of this policy");
      }
      session.copyFrom(((Session) other).session);
    }
  }

  private record Batch(PolicyBatch batch) implements PolicyBatch {
    @Override
    public int lanes() {
      return batch.lanes();
    }

    @Override
    public void reset(int lane) {
      batch.reset(lane);
    }

    @Override
    public void step(float[] observations, float[] actions) {
      for (int lane = 0; lane < batch.lanes(); lane++) {
        batch.reset(lane);
      }
      batch.step(observations, actions);
    }

    @Override
    public void readMemory(int lane, float[] memory) {
      batch.readMemory(lane, memory);
    }
  }
}
