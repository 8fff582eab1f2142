/** Controllers of the textbook, which know the vehicle, to hold a policy against. */
package dev.raptor.sim.controller;
