package dev.raptor.sim;

/** The frame of the position and velocity that the student sees. */
public enum ObservationKind {
  /** The difference to the reference, as a deployed policy is fed. */
  RELATIVE,
  /** The world's numbers, so that a moving reference is out of sight, as in published training. */
  ABSOLUTE
}
