/** The arithmetic of the simulator on the Vector API; nothing outside links to it. */
package dev.raptor.sim.kernel.vector;
