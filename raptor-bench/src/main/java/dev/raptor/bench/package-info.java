/** Placeholder. */
package dev.raptor.bench;
