package dev.raptor.sim.vehicle;

/**
 * One draw from {@link QuadrotorDistribution}.
 *
 * @param index its place in the draw, from 0
 * @param quadrotor the vehicle
 * @param disturbanceForceStdN standard deviation per axis of the constant force that disturbs its
 *     episodes, N
 */
public record SampledQuadrotor(int index, Quadrotor quadrotor, double disturbanceForceStdN) {}
