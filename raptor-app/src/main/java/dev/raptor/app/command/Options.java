package dev.raptor.app.command;

import dev.raptor.app.report.Axis;
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

  static void within(CommandSpec spec, String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is %s, allowed: %s to %s"
              .formatted(option, number(value), number(least), number(most)));
    }
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Axis.label(value) : String.valueOf(value);
  }
}
