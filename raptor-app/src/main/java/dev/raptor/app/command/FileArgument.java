package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Checks of files that a user named, before any work is done. */
final class FileArgument {
  private FileArgument() {}

  /** Returns {@code file} if it can be read. */
  static Path input(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(file + ": a folder, allowed: a file");
    }
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(file.toString());
    }
    return file;
  }

  /** Checks that no two of the files to write, of which any may be null, are the same. */
  static void different(Path... files) {
    Set<Path> seen = new HashSet<>();
    for (Path file : files) {
      // Whatever goes to a device or a pipe follows what went there before.
      if (file != null
          && (!Files.exists(file) || Files.isRegularFile(file))
          && !seen.add(file.toAbsolutePath().normalize())) {
        throw new InvalidInputException(
            file + ": to be written twice, allowed: a file of its own for each option");
      }
    }
  }

  /**
   * Checks that {@code file}, unless null, can be written; folders that are missing will be made.
   */
  static void output(Path file) throws IOException {
    if (file == null) {
      return;
    }
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(file + ": a folder, allowed: the name of a file to write");
    }
    Path folder = file.toAbsolutePath().getParent();
    while (!Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (!Files.isDirectory(folder)) {
      throw new InvalidInputException(
          "%s: %s is no folder, allowed: a file in a folder".formatted(file, folder));
    }
    if (!Files.isWritable(folder)) {
      throw new AccessDeniedException(folder.toString());
    }
  }
}
