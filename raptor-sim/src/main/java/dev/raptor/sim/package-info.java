/** Placeholder. */
package dev.raptor.sim;
