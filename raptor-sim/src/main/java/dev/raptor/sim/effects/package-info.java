/**
 * What the plain simulator leaves out: air, weather, tired batteries, noisy sensors, and what
 * happens to a vehicle in flight. Each {@link dev.raptor.sim.effects.Effect} is a small record with
 * its equation; {@link dev.raptor.sim.effects.Surroundings} puts any number of them around an
 * environment. They act around the step and are held during it, so that without them nothing
 * changes, to the last bit.
 */
package dev.raptor.sim.effects;
