/** Placeholder. */
package dev.raptor.rl;
