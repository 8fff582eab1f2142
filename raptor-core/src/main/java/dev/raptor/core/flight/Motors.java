package dev.raptor.core.flight;

/**
 * The order and range in which a vehicle takes its motor commands: between a policy's action and
 * what is sent to the motors stands one of these, so that neither order nor range can be forgotten.
 * Nothing is allocated.
 *
 * @param order how the motors are counted
 * @param range what each is given
 */
public record Motors(MotorOrder order, ThrottleRange range) {
  /** The motors of a quadrotor. */
  public static final int COUNT = 4;

  /**
   * Turns a policy's action into throttles.
   *
   * @param action 4 commands in {@link MotorOrder#RAPTOR}, clamped to [-1, 1]
   * @param throttles receives 4 numbers in {@link #order} and {@link #range}
   * @throws IllegalArgumentException if a length is wrong or a command is not a number; nothing is
   *     then written
   */
  public void toThrottles(float[] action, double[] throttles) {
    requireCount("action", action.length);
    requireCount("throttles", throttles.length);
    for (float command : action) {
      if (Float.isNaN(command)) {
        throw new IllegalArgumentException("a command is NaN, allowed: numbers");
      }
    }
    for (int motor = 0; motor < COUNT; motor++) {
      throttles[motor] = range.throttle(action[order.raptorIndex(motor)]);
    }
  }

  /**
   * Turns throttles into the action that asks for them.
   *
   * @param throttles 4 numbers in {@link #order} and {@link #range}
   * @param action receives 4 commands in {@link MotorOrder#RAPTOR}
   * @throws IllegalArgumentException if a length is wrong or a throttle is not in the range
   */
  public void toAction(double[] throttles, float[] action) {
    requireCount("throttles", throttles.length);
    requireCount("action", action.length);
    for (int motor = 0; motor < COUNT; motor++) {
      action[order.raptorIndex(motor)] = (float) range.command(throttles[motor]);
    }
  }

  static void requireCount(String what, int length) {
    if (length != COUNT) {
      throw new IllegalArgumentException(
          "%s of %d motors, allowed are %d".formatted(what, length, COUNT));
    }
  }
}
