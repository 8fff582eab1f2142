package dev.raptor.core.io;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.raptor.core.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/**
 * A folder that one process works in: a lock on its file {@code .lock}, which the system takes back
 * however the process ends.
 */
public final class FolderLock {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a folder.
   *
   * @param work what is done there, for the message
   * @throws IOException if the folder cannot be written
   * @throws InvalidInputException if someone else holds it
   */
  public static FolderLock of(Path folder, String work) throws IOException {
    FileChannel channel = FileChannel.open(folder.resolve(".lock"), CREATE, WRITE);
    boolean alone;
    try {
      alone = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      alone = false;
    }
    if (!alone) {
      channel.close();
      throw new InvalidInputException(
          "%s: another %s in this folder, allowed: one at a time".formatted(folder, work));
    }
    return new FolderLock(channel);
  }

  /** Gives the folder back. */
  public void close() throws IOException {
    channel.close();
  }
}
