package dev.raptor.core;

/**
 * The memories of many vehicles' flights, stepped together; owned by one thread. Arrays are blocks:
 * number {@code i} of lane {@code l} stands at {@code i * lanes + l}. A lane gives bit for bit what
 * a {@link PolicySession} of its own would.
 */
public interface PolicyBatch {
  /** The vehicles. */
  int lanes();

  /** Clears one vehicle's memory. */
  void reset(int lane);

  /**
   * One step of 10 ms for every vehicle. Allocates nothing. Observations are not checked: one that
   * is not finite spoils its own lane, until it is reset, and no other.
   *
   * @param observations {@code [22][lanes]}
   * @param actions receives {@code [4][lanes]}
   */
  void step(float[] observations, float[] actions);

  /** The memories, live, {@code [stateSize][lanes]}. */
  float[] states();
}
