package dev.raptor.sim.vehicle;

/** A vector of three numbers; unit and frame are said where it is used. */
public record Vec3(double x, double y, double z) {
  /** The null vector. */
  public static final Vec3 ZERO = new Vec3(0, 0, 0);
}
