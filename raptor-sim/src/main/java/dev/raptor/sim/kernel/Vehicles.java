package dev.raptor.sim.kernel;

/**
 * The states and constants that {@link Dynamics} steps.
 *
 * @param lanes how many vehicles there are
 * @param constants of the vehicles, tile by tile: [tiles][{@link Dynamics#CONSTANTS}][{@link
 *     Dynamics#TILE}]
 * @param disturbance force in N, world frame, then torque in N m, body frame: [6][lanes]
 * @param scratch {@link Dynamics#SCRATCH} numbers, for one thread at a time
 */
public record Vehicles(int lanes, float[] constants, float[] disturbance, float[] scratch) {
  /** {@code lanes} vehicles without any mass. */
  public static Vehicles of(int lanes) {
    int tiles = (lanes + Dynamics.TILE - 1) / Dynamics.TILE;
    return new Vehicles(
        lanes,
        new float[tiles * Dynamics.CONSTANTS * Dynamics.TILE],
        new float[6 * lanes],
        new float[Dynamics.SCRATCH]);
  }

  /** The same vehicles, live, for another thread. */
  public Vehicles withOwnScratch() {
    return new Vehicles(lanes, constants, disturbance, new float[Dynamics.SCRATCH]);
  }

  /** Where the first constant of {@code lane} is. */
  public static int at(int lane) {
    return lane / Dynamics.TILE * Dynamics.CONSTANTS * Dynamics.TILE + lane % Dynamics.TILE;
  }

  /** Sets a constant of the vehicle of {@code lane}. */
  public void set(int lane, int constant, double value) {
    constants[at(lane) + constant * Dynamics.TILE] = (float) value;
  }
}
