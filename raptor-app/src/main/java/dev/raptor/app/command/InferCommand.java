package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import dev.raptor.core.io.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A filter: a line of 22 numbers in, a line of 4 numbers out; an empty line resets the state. */
@Command(
    name = "infer",
    description = {
      "A filter: a line of 22 numbers in, a line of 4 motor commands out, flushed so that two"
          + " programs can talk. An empty line resets the policy's memory and has no answer.",
      "Numbers are separated by blanks or commas, in the order: position error (3), rotation"
          + " matrix row by row (9), velocity error (3), body rates (3), previous action (4)."
    })
public final class InferCommand implements Callable<Integer> {
  private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*|\\s+");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  @Spec private CommandSpec spec;
  @Mixin private PolicyOption policyOption;

  @Override
  public Integer call() throws IOException {
    Policy policy = policyOption.load();
    PolicySession session = policy.newSession();
    float[] observation = new float[policy.observationSize()];
    float[] action = new float[policy.actionSize()];
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintWriter out = spec.commandLine().getOut();
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      line = number == 1 ? TextFile.withoutMark(line) : line;
      if (line.isBlank()) {
        session.reset();
      } else {
        try {
          parse(line.strip(), observation);
        } catch (InvalidInputException e) {
          throw new InvalidInputException("line " + number + ": " + e.getMessage(), e);
        }
        session.step(observation, action);
        print(action, out);
      }
      // Flushes, so that a program that waits for this line gets it. The stream below hides its
      // errors from the writer.
      if (out.checkError() || System.out.checkError()) {
        throw new IOException("the output was closed at line " + number);
      }
    }
    return 0;
  }

  private static void parse(String line, float[] observation) {
    String[] words = SEPARATOR.split(line, -1);
    if (words.length != observation.length) {
      throw new InvalidInputException(
          "%d numbers, allowed: %d, or an empty line to reset"
              .formatted(words.length, observation.length));
    }
    for (int i = 0; i < words.length; i++) {
      observation[i] = NUMBER.matcher(words[i]).matches() ? Float.parseFloat(words[i]) : Float.NaN;
      if (!Float.isFinite(observation[i])) {
        throw new InvalidInputException(
            "number %d is '%s', allowed: a finite decimal number".formatted(i + 1, words[i]));
      }
    }
  }

  private static void print(float[] action, PrintWriter out) {
    for (int i = 0; i < action.length; i++) {
      out.print(i == 0 ? "" : " ");
      out.print(action[i]);
    }
    out.println();
  }
}
