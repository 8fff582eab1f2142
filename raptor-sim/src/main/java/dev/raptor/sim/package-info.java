/**
 * Quadrotors and their simulation: parameters, the distribution they are drawn from, rigid-body and
 * rotor dynamics, tasks, reference trajectories, and controllers to hold a policy against.
 *
 * <p>Numbers flow one way: {@link dev.raptor.sim.vehicle.Quadrotor} and {@link dev.raptor.sim.Task}
 * into {@link dev.raptor.sim.Environment}, observations out of it, actions into it.
 *
 * <p>Units are SI. The world frame has z up; the body frame has x forward, y left, z up.
 * Quaternions are (w, x, y, z) and turn body into world. Rotors are in the order front right, back
 * right, back left, front left. The time step is {@value dev.raptor.sim.Simulator#STEP_S} s.
 */
package dev.raptor.sim;
