/**
 * The kernels on the Vector API. Vector types never leave this package, so that everything else
 * links where the incubator module is absent.
 */
package dev.raptor.core.kernel.vector;
