package dev.raptor.rl.evaluation;

import dev.raptor.sim.ControlQuality;

/**
 * One flight of a test.
 *
 * @param survived whether the vehicle never was further from the reference than it started plus
 *     {@link FlightSuite#LOST_M}, nor turned faster than {@link FlightSuite#LOST_RAD_S}
 * @param rmseM root of the mean square of the distance from the reference over the second half, m;
 *     that limit of a flight that was lost
 * @param quality of the last {@link FlightSuite#QUALITY_S} seconds; null of a flight that was lost
 */
record FlightScore(boolean survived, double rmseM, ControlQuality quality) {}
