package dev.raptor.core.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file whole or not at all: to a temporary file beside it, then renamed. */
public final class AtomicFile {
  /** Longer chains of links are circles. */
  private static final int MAX_LINKS = 40;

  private static final Path PROCESSES = Path.of("/proc");

  private AtomicFile() {}

  /**
   * Writes {@code bytes} to {@code path}, making its folder where it is missing. A symbolic link
   * stays one: what it leads to is written. What is there already and is no regular file, such as a
   * device or a pipe, is written to and not replaced.
   *
   * @throws IOException if it cannot be written; the message names the file
   */
  public static void write(Path path, byte[] bytes) throws IOException {
    try {
      writeWhole(destination(path), bytes);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // A full disk, for one, does not say where.
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private static void writeWhole(Path path, byte[] bytes) throws IOException {
    if (path.startsWith(PROCESSES)) {
      // What a process has open, such as /dev/stdout: others write there too.
      Files.write(path, bytes, StandardOpenOption.APPEND);
      return;
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      Files.write(path, bytes);
      return;
    }
    Path folder = path.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    // Not createTempFile, whose files nobody but the owner may read.
    Path temporary = folder.resolve("." + path.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Where links lead to, also where nothing is there yet. */
  private static Path destination(Path path) throws IOException {
    Path place = path;
    for (int links = 0; Files.isSymbolicLink(place); links++) {
      if (links > MAX_LINKS) {
        throw new FileSystemLoopException(path.toString());
      }
      if (place.startsWith(PROCESSES)) {
        return place;
      }
      place = place.resolveSibling(Files.readSymbolicLink(place));
    }
    return place;
  }
}
