package dev.raptor.core;

/**
 * The memories of many vehicles' flights, stepped together; owned by one thread. Arrays are blocks:
 * number {@code i} of lane {@code l} stands at {@code i * lanes + l}. A lane gives bit for bit what
 * a {@link PolicySession} of its own would.
 */
public interface PolicyBatch {
  /** The vehicles. */
  int lanes();

  /**
   * Clears one vehicle's memory.
   *
   * @throws IllegalArgumentException if there is no such lane
   */
  void reset(int lane);

  /**
   * One step of 10 ms for every vehicle. Allocates nothing. Observations are not checked: one that
   * is not finite spoils its own lane, until it is reset, and no other; a policy in fixed point
   * takes what is not a number for 0.
   *
   * @param observations {@code [22][lanes]}
   * @param actions receives {@code [4][lanes]}
   */
  void step(float[] observations, float[] actions);

  /**
   * Copies what one vehicle remembers.
   *
   * @param memory receives {@code stateSize} numbers
   * @throws IllegalArgumentException if there is no such lane, or the length is another
   */
  void readMemory(int lane, float[] memory);

  /** The most lanes; arrays of up to 127 numbers for each can be counted. */
  int MAX_LANES = 1 << 24;

  /** Refuses a batch of no lanes, and of more than {@link #MAX_LANES}. */
  static void requireLanes(int lanes) {
    if (lanes < 1 || lanes > MAX_LANES) {
      throw new IllegalArgumentException(
          "a batch of %d lanes, allowed are 1 to %d".formatted(lanes, MAX_LANES));
    }
  }

  /** Refuses a memory of another size. */
  static void requireMemory(float[] memory, int stateSize) {
    if (memory.length != stateSize) {
      throw new IllegalArgumentException(
          "a memory of %d numbers, allowed are %d".formatted(memory.length, stateSize));
    }
  }

  /** Refuses a lane that a batch does not have. */
  static void requireLane(int lane, int lanes) {
    if (lane < 0 || lane >= lanes) {
      throw new IllegalArgumentException(
          "lane is %d, allowed are 0 to %d".formatted(lane, lanes - 1));
    }
  }
}
