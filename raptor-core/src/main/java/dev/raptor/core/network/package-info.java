/** Networks, their gradients through time, and what trains them. */
package dev.raptor.core.network;
