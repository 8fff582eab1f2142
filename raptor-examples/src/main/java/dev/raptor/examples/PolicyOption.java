package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.RecurrentPolicy;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --policy}, for the commands that fly one. */
final class PolicyOption {
  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "The policy file; the pretrained policy if not given.")
  private Path file;

  Policy load() throws IOException {
    return file == null ? Policies.pretrained() : Policies.load(FileArgument.input(file));
  }

  RecurrentPolicy loadFloat() throws IOException {
    return file == null ? Policies.pretrained() : Policies.loadFloat(FileArgument.input(file));
  }

  /** What to call the policy: its file's name without the extension. */
  String name() {
    return file == null ? "pretrained" : name(file);
  }

  /** What to call the policy in a file. */
  static String name(Path file) {
    return file.getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
  }
}
