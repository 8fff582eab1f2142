/** Policies in single precision. */
package dev.raptor.core.policy;
