package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --policy}, for the commands that fly one. */
final class PolicyOption {
  /** Instead of a file, the policy in the jar. */
  static final Path PRETRAINED = Path.of("pretrained");

  /** Instead of a file, the other policy in the jar. */
  private static final Path IMITATED = Path.of("imitated");

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description =
          "The policy file, or one of those in the jar: 'pretrained', or 'imitated', which only"
              + " imitates teachers, as the paper's does.")
  private Path file = PRETRAINED;

  Policy load() throws IOException {
    return load(file);
  }

  /** The policy of that name. */
  static Policy load(Path file) throws IOException {
    if (file.equals(PRETRAINED)) {
      return Policies.pretrained();
    }
    return file.equals(IMITATED) ? Policies.imitated() : Policies.load(existing(file));
  }

  RecurrentPolicy loadFloat() throws IOException {
    if (file.equals(PRETRAINED) || file.equals(IMITATED)) {
      return (RecurrentPolicy) load(file);
    }
    return PolicyFile.read(existing(file));
  }

  private static Path existing(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new InvalidInputException(
          "%s: no such file, allowed: a readable file, %s, %s"
              .formatted(file, PRETRAINED, IMITATED));
    }
    return FileArgument.input(file);
  }

  /** What to call the policy: its file's name without the extension. */
  String name() {
    return name(file);
  }

  /** What to call the policy in a file. */
  static String name(Path file) {
    return file.getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
  }
}
