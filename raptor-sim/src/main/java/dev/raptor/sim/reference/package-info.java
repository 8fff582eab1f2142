/** Where a vehicle should be, as a function of time. */
package dev.raptor.sim.reference;
