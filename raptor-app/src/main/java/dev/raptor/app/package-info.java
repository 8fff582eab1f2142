/** The {@code raptor} command. */
package dev.raptor.app;
