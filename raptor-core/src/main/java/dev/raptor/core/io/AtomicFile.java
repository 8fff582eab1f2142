package dev.raptor.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file whole or not at all: to a temporary file beside it, then renamed. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Writes {@code bytes} to {@code path}, making its folder where it is missing. What is there
   * already and is no regular file, such as a device or a pipe, is written to and not replaced.
   */
  public static void write(Path path, byte[] bytes) throws IOException {
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
}
