/** Placeholder. */
package dev.raptor.examples;
