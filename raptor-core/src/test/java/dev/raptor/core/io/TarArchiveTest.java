package dev.raptor.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarArchiveTest {
  private static final Map<String, byte[]> FILES =
      new LinkedHashMap<>(
          Map.of("a", text("hello"), "b/c", new byte[0], "b/d", new byte[512], "e", new byte[513]));

  @TempDir private Path folder;

  @Test
  void keepsWhatItIsGiven() {
    byte[] bytes = new TarArchive(FILES).toBytes();
    assertThat(bytes.length).isEqualTo(4 * 512 + 512 + 512 + 1024 + 1024);
    assertThat(TarArchive.isOne(bytes)).isTrue();
    Map<String, byte[]> read = TarArchive.parse(bytes, "x").entries();
    assertThat(read.keySet()).containsExactlyElementsOf(FILES.keySet());
    read.forEach((path, data) -> assertThat(data).as(path).isEqualTo(FILES.get(path)));
  }

  @Test
  void theProgramTarReadsItAndIsRead() throws IOException, InterruptedException {
    assumeThat(tar("--version")).as("tar is there").isZero();
    Files.write(folder.resolve("ours.tar"), new TarArchive(FILES).toBytes());
    Path files = Files.createDirectory(folder.resolve("files"));
    assertThat(tar("xf", "ours.tar", "-C", "files")).isZero();
    for (Map.Entry<String, byte[]> file : FILES.entrySet()) {
      assertThat(files.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
    for (String format : List.of("ustar", "gnu")) {
      assertThat(tar("cf", "theirs.tar", "--format=" + format, "-C", "files", "a", "b", "e"))
          .isZero();
      assertThat(
              TarArchive.parse(Files.readAllBytes(folder.resolve("theirs.tar")), "x")
                  .entries()
                  .keySet())
          .containsExactlyInAnyOrderElementsOf(FILES.keySet());
    }
  }

  private int tar(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "tar";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      return new ProcessBuilder(command)
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("log").toFile())
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  /** What is cut off is refused or missing, and what is flipped in a header is refused. */
  @Test
  void refusesDamage() {
    byte[] whole = new TarArchive(FILES).toBytes();
    for (int length = 0; length < whole.length - 1536; length += 64) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        assertThat(TarArchive.parse(cut, "x").entries()).hasSizeLessThan(FILES.size());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("x: truncated");
      }
    }
    for (int at = 0; at < 500; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x15;
      assertThatThrownBy(() -> TarArchive.parse(flipped, "x"))
          .as("byte %d", at)
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] twice = new TarArchive(Map.of("a", text("1"))).toBytes();
    byte[] both = new byte[1024 + twice.length];
    System.arraycopy(twice, 0, both, 0, 1024);
    System.arraycopy(twice, 0, both, 1024, twice.length);
    assertThatThrownBy(() -> TarArchive.parse(both, "x")).hasMessageContaining("twice");
    assertThatThrownBy(() -> new TarArchive(Map.of("a".repeat(100), text("1"))))
        .hasMessageContaining("allowed: 1 to 99");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
