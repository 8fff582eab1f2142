package dev.raptor.sim;

/** What the student is told of its position and velocity. */
public enum ObservationKind {
  /** The difference to the reference, as a deployed policy is fed. */
  RELATIVE,
  /** The world's numbers, so that a moving reference is out of sight, as in published training. */
  ABSOLUTE
}
