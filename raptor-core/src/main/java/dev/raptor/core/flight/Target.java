package dev.raptor.core.flight;

import java.util.Arrays;

/**
 * A setpoint: where a vehicle should be, how fast, and where it should look; owned by one thread. A
 * target that cannot be one is not taken: the one before stays, and grows old.
 *
 * @param <F> the axes that it is given in
 */
public final class Target<F extends Frame> {
  private final int sign;

  // All in Flu.
  final double[] position = new double[3];
  final double[] velocity = new double[3];
  double cosYaw = 1;
  double sinYaw;
  final Timestamp stamp = new Timestamp();

  private Target(int sign) {
    this.sign = sign;
  }

  /** A target with z up, not set. */
  public static Target<Frame.Flu> flu() {
    return new Target<>(1);
  }

  /** A target in north, east, down, not set. */
  public static Target<Frame.Frd> frd() {
    return new Target<>(-1);
  }

  /**
   * Be there, at rest.
   *
   * @param nanos when this was asked for
   * @param yaw rad, from world x towards world y
   * @return whether it was taken: yaw is finite, no number beyond ±{@link
   *     VehicleState#MAX_DISTANCE}
   */
  public boolean hover(long nanos, double xM, double yM, double zM, double yaw) {
    return track(nanos, xM, yM, zM, 0, 0, 0, yaw);
  }

  /**
   * Pass through a point with a velocity.
   *
   * @param nanos when this was asked for
   * @param vx m/s
   * @param yaw rad, from world x towards world y
   * @return whether it was taken: yaw is finite, no number beyond ±{@link
   *     VehicleState#MAX_DISTANCE}
   */
  public boolean track(
      long nanos, double xM, double yM, double zM, double vx, double vy, double vz, double yaw) {
    if (!(VehicleState.isWithin(VehicleState.MAX_DISTANCE, xM, yM, zM)
        && VehicleState.isWithin(VehicleState.MAX_DISTANCE, vx, vy, vz)
        && Double.isFinite(yaw))) {
      return false;
    }
    stamp.set(nanos);
    position[0] = xM;
    position[1] = sign * yM;
    position[2] = sign * zM;
    velocity[0] = vx;
    velocity[1] = sign * vy;
    velocity[2] = sign * vz;
    cosYaw = Math.cos(yaw);
    sinYaw = sign * Math.sin(yaw);
    return true;
  }

  /** Where {@code state} is, at rest, looking where it looks. */
  void holdPoseOf(VehicleState<?> state) {
    System.arraycopy(state.position, 0, position, 0, 3);
    Arrays.fill(velocity, 0);
    double cos = state.rotation[0];
    double sin = state.rotation[3];
    double norm = Math.hypot(cos, sin);
    cosYaw = norm > 0 ? cos / norm : 1;
    sinYaw = norm > 0 ? sin / norm : 0;
  }
}
