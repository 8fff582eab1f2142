/** Linear algebra that more than one module needs. */
package dev.raptor.core.math;
