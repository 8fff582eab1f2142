/** Flights of known vehicles along a reference, recorded step by step. */
package dev.raptor.app.flight;
