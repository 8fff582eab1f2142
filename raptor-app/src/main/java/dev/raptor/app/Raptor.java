package dev.raptor.app;

import dev.raptor.app.command.DescribeCommand;
import dev.raptor.app.command.EvaluateCommand;
import dev.raptor.app.command.EvidenceCommand;
import dev.raptor.app.command.ExportCommand;
import dev.raptor.app.command.FleetCommand;
import dev.raptor.app.command.FlyCommand;
import dev.raptor.app.command.ImportCommand;
import dev.raptor.app.command.InferCommand;
import dev.raptor.app.command.QuantizeCommand;
import dev.raptor.app.command.ReplayCommand;
import dev.raptor.app.command.SearchCommand;
import dev.raptor.app.command.TrainCommand;
import dev.raptor.core.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code raptor} command. Exit codes: 0 done, 1 a run that failed, 2 bad usage or bad input,
 * which is one line on the error stream: what, where, what is allowed.
 */
@Command(
    name = "raptor",
    versionProvider = Raptor.Version.class,
    description = "A foundation policy for quadrotor control: one small network flies them all.",
    synopsisSubcommandLabel = "COMMAND",
    footer = "The launcher also knows bench, which runs the benchmarks; see raptor bench --help.",
    subcommands = {
      FlyCommand.class,
      FleetCommand.class,
      DescribeCommand.class,
      EvaluateCommand.class,
      EvidenceCommand.class,
      InferCommand.class,
      ReplayCommand.class,
      TrainCommand.class,
      QuantizeCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      SearchCommand.class
    })
public final class Raptor implements Runnable {
  /** Held, because the logging of the JDK holds its loggers but weakly. */
  private static final Logger LOGGER = Logger.getLogger("dev.raptor");

  @CommandLine.Spec private CommandSpec spec;

  /** Runs the command and ends the process. */
  public static void main(String[] arguments) {
    // jHDF logs, and would complain that nobody listens.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    // A note of the library, such as which kernels it chose, is one line.
    System.setProperty("java.util.logging.SimpleFormatter.format", "raptor: %5$s%n");
    // Which kernels run concerns those who embed; the launcher has chosen for the command.
    LOGGER.setLevel(Level.WARNING);
    // Figures look the same everywhere.
    Locale.setDefault(Locale.ROOT);
    int exitCode = commandLine().execute(arguments);
    // What is printed may get lost, on a full disk or in a closed pipe, and print does not say so.
    if (System.out.checkError() && exitCode == CommandLine.ExitCode.OK) {
      System.err.println("raptor: the output could not be written");
      exitCode = CommandLine.ExitCode.SOFTWARE;
    }
    System.exit(exitCode);
  }

  /** What {@code --version} says. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      // In the manifest of the jar, and not there where classes are run from a folder.
      String version = Raptor.class.getPackage().getImplementationVersion();
      return new String[] {
        "raptor %s, Java %s"
            .formatted(version == null ? "(not from a jar)" : version, Runtime.version())
      };
    }
  }

  /** The command with its subcommands, errors and exit codes. */
  static CommandLine commandLine() {
    CommandLine raptor = new CommandLine(new Raptor());
    raptor
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Say which version this is and exit.")
                .build());
    addHelp(raptor);
    raptor.setParameterExceptionHandler(Raptor::badUsage);
    raptor.setExecutionExceptionHandler(Raptor::failed);
    raptor.setCaseInsensitiveEnumValuesAllowed(true);
    raptor.setUsageHelpAutoWidth(true);
    return raptor;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is needed, allowed: " + commands(spec.commandLine()));
  }

  private static String unknownCommand(String given, CommandLine command) {
    return "unknown command '%s', allowed: %s".formatted(given, commands(command));
  }

  private static String commands(CommandLine command) {
    String launched = command.getParent() == null ? ", bench" : "";
    return String.join(", ", command.getSubcommands().keySet()) + launched;
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and exit.")
                .build());
    command.getSubcommands().values().forEach(Raptor::addHelp);
  }

  private static int badUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    if (e instanceof UnmatchedArgumentException unmatched
        && !command.getSubcommands().isEmpty()
        && !unmatched.isUnknownOption()) {
      return badInput(command, unknownCommand(unmatched.getUnmatched().get(0), command));
    }
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption()) {
      List<String> like = unmatched.getSuggestions();
      String hint = like.isEmpty() ? "" : ", did you mean " + String.join(" or ", like) + "?";
      String unknown = unmatched.getUnmatched().get(0);
      return badInput(
          command, "unknown option '%s'%s (see %s --help)".formatted(unknown, hint, name));
    }
    return badInput(command, "%s (see %s --help)".formatted(e.getMessage(), name));
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof InvalidInputException) {
      return badInput(command, e.getMessage());
    }
    if (e instanceof NoSuchFileException missing) {
      return badInput(
          command, missing.getFile() + ": no such file, allowed: the path of a readable file");
    }
    if (e instanceof AccessDeniedException denied) {
      return badInput(
          command, denied.getFile() + ": access denied, allowed: a path that may be used");
    }
    PrintWriter err = command.getErr();
    if (e instanceof IOException) {
      print(command, e.getMessage());
    } else if (e instanceof UncheckedIOException) {
      print(command, e.getCause().getMessage());
    } else {
      // A mistake of this program, which only the trace tells.
      e.printStackTrace(err);
      print(command, e + " (a mistake of the program; CONTRIBUTING.md says how to report it)");
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static int badInput(CommandLine command, String message) {
    print(command, message);
    return CommandLine.ExitCode.USAGE;
  }

  private static void print(CommandLine command, String message) {
    String line = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + line);
    command.getErr().flush();
  }
}
