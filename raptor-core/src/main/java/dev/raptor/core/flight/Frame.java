package dev.raptor.core.flight;

/**
 * A convention for axes, as a type: a {@link VehicleState} and a {@link Target} carry one, and
 * those of different conventions do not fit together. Both worlds are right-handed, and turned into
 * each other by half a turn about x, as are the bodies, so that y and z change their signs:
 *
 * <pre>
 *                 world                            body
 *   Flu   z up; x and y level                 x forward, y left,  z up
 *   Frd   z down: north, east, down (NED)     x forward, y right, z down
 * </pre>
 *
 * <p>A policy thinks in {@link Flu}. Where x points in the level plane is of no concern to it, so
 * east-north-up of ROS or the room of a motion-capture system are {@link Flu} too, as long as state
 * and target are given in the same.
 */
public sealed interface Frame {
  /** World with z up, body forward, left, up: ROS, Crazyflie, motion capture. */
  final class Flu implements Frame {
    private Flu() {}
  }

  /** World north, east, down, body forward, right, down: PX4, ArduPilot. */
  final class Frd implements Frame {
    private Frd() {}
  }
}
