/** The arithmetic of the simulator, in plain Java. */
package dev.raptor.sim.kernel;
