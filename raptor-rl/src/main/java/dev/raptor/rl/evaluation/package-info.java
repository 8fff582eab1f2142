/**
 * How well controllers fly: the flight suite with its tests, vehicles and figures, evaluations on
 * many vehicles and episodes, and what a memory knows.
 */
package dev.raptor.rl.evaluation;
