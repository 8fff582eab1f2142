package dev.raptor.core;

/**
 * Input that is not as it has to be: a file, a number of a configuration, an option. The message
 * says what was given, where, and what is allowed, in one line for whoever gave it. A mistake of
 * the caller's program, such as an array that is too short, is a plain {@link
 * IllegalArgumentException}.
 */
public final class InvalidInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /**
   * @param message what was given, where, and what is allowed
   */
  public InvalidInputException(String message) {
    super(message);
  }

  /**
   * @param message what was given, where, and what is allowed
   * @param cause how it was found out
   */
  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Checks that {@code min <= value <= max}, which no NaN is.
   *
   * @param what begins the message: the number's name, with its unit if that is not in the name
   * @throws InvalidInputException if it is not so
   */
  public static void requireRange(String what, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new InvalidInputException(
          "%s is %s, allowed: %s to %s".formatted(what, value, min, max));
    }
  }

  /**
   * Checks that {@code min <= value <= max}.
   *
   * @param what begins the message: the number's name
   * @throws InvalidInputException if it is not so
   */
  public static void requireRange(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new InvalidInputException(
          "%s is %d, allowed: %d to %d".formatted(what, value, min, max));
    }
  }
}
