package dev.raptor.sim.reference;

import dev.raptor.sim.vehicle.Vec3;
import java.util.Arrays;
import java.util.function.DoubleFunction;

/**
 * A trajectory: where the vehicle should be, as a function of time. Implementations are immutable.
 */
public interface Reference {
  /**
   * Writes the reference {@code timeS} seconds after the start of the episode.
   *
   * @param positionVelocity of length 6: position in m, then velocity in m/s, world frame
   */
  void at(double timeS, double[] positionVelocity);

  /** The origin, at rest. */
  static Reference hover() {
    return (timeS, positionVelocity) -> Arrays.fill(positionVelocity, 0);
  }

  /**
   * Any smooth curve, given by its position in m; its velocity is a difference over 2 ms, or over
   * less at the start, so that the curve is not asked for before 0 s.
   */
  static Reference of(DoubleFunction<Vec3> position) {
    return (timeS, positionVelocity) -> {
      double from = Math.max(0, timeS - 1e-3);
      double to = timeS + 1e-3;
      Vec3 now = position.apply(timeS);
      Vec3 before = position.apply(from);
      Vec3 after = position.apply(to);
      positionVelocity[0] = now.x();
      positionVelocity[1] = now.y();
      positionVelocity[2] = now.z();
      positionVelocity[3] = (after.x() - before.x()) / (to - from);
      positionVelocity[4] = (after.y() - before.y()) / (to - from);
      positionVelocity[5] = (after.z() - before.z()) / (to - from);
    };
  }
}
