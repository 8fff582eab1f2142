package dev.raptor.core;

import java.util.Map;

/**
 * A trained controller: immutable, and safe to share between threads. What it remembers of a flight
 * lives in a {@link PolicySession}, one for each vehicle, or in a {@link PolicyBatch} for many.
 */
public interface Policy {
  /** The numbers in an observation: 22, see {@link Observation}. */
  int observationSize();

  /** The numbers in an action: 4 motor commands, nominally in [-1, 1], order FR, BR, BL, FL. */
  int actionSize();

  /** The numbers that the policy remembers from step to step. */
  int stateSize();

  /** How the policy was made: configuration, seed, teachers, evaluation; empty if not known. */
  Map<String, Object> provenance();

  /** A new session, its memory cleared. */
  PolicySession newSession();

  /** A new batch of {@code lanes} vehicles, their memories cleared. */
  PolicyBatch newBatch(int lanes);

  /**
   * Steps a session of its own until the compiler has done its work, and says what that brought. A
   * first step takes a tenth of a second, one after some fifty thousand a fraction of a
   * microsecond: call this before take-off, on the thread that will fly. It takes between a tenth
   * of a second and a few, and no session's memory changes.
   */
  default WarmUp warmUp() {
    return WarmUp.of(this);
  }
}
