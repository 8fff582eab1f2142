/**
 * The policy as a user meets it: load one, open a session for each vehicle, step it. {@link
 * dev.raptor.core.Observation} has the layout of what goes in.
 */
package dev.raptor.core;
