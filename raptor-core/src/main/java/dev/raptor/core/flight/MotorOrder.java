package dev.raptor.core.flight;

/**
 * The order in which a flight stack counts the motors of a quadrotor in X, seen from above, nose
 * up:
 *
 * <pre>
 *      RAPTOR        PX4       BETAFLIGHT
 *      3   0        3   1        4   2
 *        X            X            X
 *      2   1        2   4        3   1
 * </pre>
 *
 * <p>The front right and back left propellers turn counter-clockwise, the others clockwise. That is
 * so on a PX4 and on a Crazyflie, and on a Betaflight whose motors are not reversed ("props in"); a
 * vehicle that turns the other way ("props out") has the opposite yaw, and no order mends that.
 */
public enum MotorOrder {
  /** Front right, back right, back left, front left: the policy, and the Crazyflie's M1 to M4. */
  RAPTOR(0, 1, 2, 3),

  /** Front right, back left, front left, back right. */
  PX4(0, 2, 3, 1),

  /** Back right, front right, back left, front left. */
  BETAFLIGHT(1, 0, 2, 3);

  private final int[] raptorIndex;

  MotorOrder(int... raptorIndex) {
    this.raptorIndex = raptorIndex;
  }

  /**
   * Where a policy's action holds the command of a motor.
   *
   * @param motor the motor in this order, 0 to 3: one less than what is written on the vehicle,
   *     where counting starts with 1
   */
  public int raptorIndex(int motor) {
    return raptorIndex[motor];
  }
}
