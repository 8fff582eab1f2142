package dev.raptor.sim;

/**
 * A jump: at rest at the origin, from {@code timeS} on at rest at {@code toM}.
 *
 * @param toM where the jump ends, m
 * @param timeS when it happens, s
 */
public record Step(Vec3 toM, double timeS) implements Reference {
  /**
   * @throws IllegalArgumentException if a number is not finite or the time negative
   */
  public Step {
    if (!(Double.isFinite(toM.x()) && Double.isFinite(toM.y()) && Double.isFinite(toM.z()))) {
      throw new IllegalArgumentException("step to %s, allowed: finite numbers".formatted(toM));
    }
    if (!(timeS >= 0 && timeS < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "step at %s s, allowed: a finite number from 0".formatted(timeS));
    }
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
