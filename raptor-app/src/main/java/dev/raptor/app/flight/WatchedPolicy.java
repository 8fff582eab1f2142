package dev.raptor.app.flight;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.sim.controller.Controller;

/** A policy in flight whose memory can be looked at. */
final class WatchedPolicy implements Controller {
  // A batch of one, because that shows its memory; what it does is what a session does.
  private final PolicyBatch batch;
  private final int stateSize;

  WatchedPolicy(Policy policy) {
    stateSize = policy.stateSize();
    batch = policy.newBatch(1);
  }

  @Override
  public void reset() {
    batch.reset(0);
  }

  @Override
  public void act(float[] observation, float[] action) {
    batch.step(observation, action);
  }

  /** A copy of what is remembered after the last step. */
  float[] memory() {
    float[] memory = new float[stateSize];
    batch.readMemory(0, memory);
    return memory;
  }
}
