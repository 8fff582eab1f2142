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

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "The policy file, or 'pretrained' for the one in the jar.")
  private Path file = PRETRAINED;

  Policy load() throws IOException {
    return load(file);
  }

  /** The policy of that name. */
  static Policy load(Path file) throws IOException {
    return file.equals(PRETRAINED) ? Policies.pretrained() : Policies.load(existing(file));
  }

  RecurrentPolicy loadFloat() throws IOException {
    return file.equals(PRETRAINED) ? RecurrentPolicy.pretrained() : PolicyFile.read(existing(file));
  }

  private static Path existing(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new InvalidInputException(
          "%s: no such file, allowed: a readable file, %s".formatted(file, PRETRAINED));
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
