package dev.raptor.sim.reference;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.vehicle.Vec3;

/**
 * A jump: at rest at the origin, from {@code timeS} on at rest at {@code toM}.
 *
 * @param toM where the jump ends, m
 * @param timeS when it happens, s
 */
public record StepReference(Vec3 toM, double timeS) implements Reference {
  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public StepReference {
    Vec3.requireBounded("end of the step in m", toM);
    InvalidInputException.requireRange("time of the step in s", timeS, 0, Circle.MAX_TIME_S);
  }

  @Override
  public void at(double timeS, double[] positionVelocity) {
    boolean after = timeS >= this.timeS;
    positionVelocity[0] = after ? toM.x() : 0;
    positionVelocity[1] = after ? toM.y() : 0;
    positionVelocity[2] = after ? toM.z() : 0;
    positionVelocity[3] = 0;
    positionVelocity[4] = 0;
    positionVelocity[5] = 0;
  }
}
