/**
 * The raptor command: one class for each of its commands, and the drawings of the flight report.
 */
package dev.raptor.examples;
