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

  @Test
  void aLinkStaysOneAndWhatItLeadsToIsWritten() throws IOException {
    Path file = Files.createDirectory(folder.resolve("there")).resolve("file");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("there", "file"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), link);
    AtomicFile.write(second, new byte[] {1});
    AtomicFile.write(link, new byte[] {2});
    assertThat(link).isSymbolicLink();
    assertThat(second).isSymbolicLink();
    assertThat(file).isRegularFile().hasBinaryContent(new byte[] {2});

    Path circle = folder.resolve("circle");
    Files.createSymbolicLink(circle, circle);
    assertThatThrownBy(() -> AtomicFile.write(circle, new byte[1]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("circle");
  }

  @Test
  void aFullDiskSaysWhichFile() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "only Linux has a disk that is always full");
    assertThatThrownBy(() -> AtomicFile.write(full, new byte[1]))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("/dev/full: ");
  }
}
