package dev.raptor.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void writesAndReplaces() throws IOException {
    Path path = folder.resolve("new/folder/file");
    AtomicFile.write(path, new byte[] {1, 2});
    AtomicFile.write(path, new byte[] {3});
    assertThat(path).hasBinaryContent(new byte[] {3});
    assertThat(path.getParent()).isDirectoryNotContaining(other -> !other.equals(path));
  }

  @Test
  void leavesNothingBehindWhereItFails() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Files.createFile(taken.resolve("file"));
    assertThatThrownBy(() -> AtomicFile.write(taken, new byte[1])).isInstanceOf(IOException.class);
    assertThat(folder).isDirectoryNotContaining(other -> !other.equals(taken));
    assertThat(taken).isDirectoryContaining("glob:**file");

    Path file = taken.resolve("file");
    assertThatThrownBy(() -> AtomicFile.write(file.resolve("below"), new byte[1]))
        .isInstanceOf(IOException.class);
    assertThat(file).isEmptyFile();
  }

  @Test
  void othersMayReadItAsAnyFile() throws IOException {
    assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "only POSIX file systems have such permissions");
    Path plain = Files.write(folder.resolve("plain"), new byte[1]);
    Path atomic = folder.resolve("atomic");
    AtomicFile.write(atomic, new byte[1]);
    assertThat(Files.getPosixFilePermissions(atomic))
        .isEqualTo(Files.getPosixFilePermissions(plain));
  }
}
