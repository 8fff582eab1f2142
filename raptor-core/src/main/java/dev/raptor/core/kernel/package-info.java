/**
 * The arithmetic of networks, in plain Java; {@link dev.raptor.core.kernel.KernelProvider} picks
 * vectors in its place where the machine has them.
 */
package dev.raptor.core.kernel;
