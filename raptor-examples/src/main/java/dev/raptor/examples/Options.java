package dev.raptor.examples;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks that picocli does not make. */
final class Options {
  private Options() {}

  static void atLeastOne(CommandSpec spec, String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), "%s is %d, allowed: 1 or more".formatted(option, value));
    }
  }
}
