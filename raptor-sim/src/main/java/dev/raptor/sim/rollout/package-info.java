/** Flights from start to end: what flies them, and how well it did. */
package dev.raptor.sim.rollout;
