/** How well controllers fly: the flight suite, its tests, vehicles and figures. */
package dev.raptor.rl.evaluation;
