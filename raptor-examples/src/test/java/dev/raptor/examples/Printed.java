package dev.raptor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What an example prints. */
final class Printed {
  private Printed() {}

  /** The main method of an example. */
  interface Main {
    void run(String... arguments) throws IOException;
  }

  /** Runs it, and returns its lines. */
  static List<String> by(Main main, String... arguments) throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      main.run(arguments);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The number in the first group of a pattern that the whole line must match. */
  static double number(String line, String pattern) {
    assertThat(line).matches(pattern);
    return Double.parseDouble(line.replaceFirst(pattern, "$1"));
  }
}
