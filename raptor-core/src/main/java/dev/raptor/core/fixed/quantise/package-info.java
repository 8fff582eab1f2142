/** Turns a policy in single precision into one in integers, from recorded flights. */
package dev.raptor.core.fixed.quantise;
