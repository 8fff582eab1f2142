/** Quadrotors: parameters, known platforms, files, and the distribution to draw them from. */
package dev.raptor.sim.vehicle;
