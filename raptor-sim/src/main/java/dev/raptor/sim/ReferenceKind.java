package dev.raptor.sim;

/** A kind of reference that episodes of training draw. */
public enum ReferenceKind {
  /** The origin. */
  HOVER,
  /** A smoothed random walk around the origin. */
  LANGEVIN,
  /** Either of the two, with equal chances for every episode. */
  MIX
}
