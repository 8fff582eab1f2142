package dev.raptor.core;

/**
 * One format of policy files. {@link Policies#load} asks the formats that {@link
 * java.util.ServiceLoader} finds; a module may provide another.
 */
public interface PolicyFormat {
  /** Its name, for people. */
  String name();

  /** Whether a file begins as one of this format does; it may still be damaged. */
  boolean recognises(byte[] bytes);

  /**
   * Reads a file and replays its examples.
   *
   * @param bytes all of the file
   * @param name begins the message of an error
   * @throws IllegalArgumentException if the file is damaged, has a wrong shape, or its examples do
   *     not replay
   */
  Policy read(byte[] bytes, String name);
}
