/**
 * The raptor command: one class for each of its commands, and the drawings of the flight report;
 * and examples of a page each, with a main of their own.
 */
package dev.raptor.examples;
