package dev.raptor.sim;

/** What an episode of training asks the vehicle to follow. */
public enum ReferenceKind {
  /** The origin. */
  HOVER,
  /** A smoothed random walk around the origin. */
  LANGEVIN,
  /** Either of the two, with equal chances for every episode. */
  MIX
}
