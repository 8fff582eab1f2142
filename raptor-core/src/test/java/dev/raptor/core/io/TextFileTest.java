package dev.raptor.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir Path folder;

  @Test
  void readsTextWithAndWithoutByteOrderMark() throws IOException {
    assertThat(read("é\n".getBytes(StandardCharsets.UTF_8))).isEqualTo("é\n");
    assertThat(read("\uFEFF{}".getBytes(StandardCharsets.UTF_8))).isEqualTo("{}");
    assertThat(read(new byte[0])).isEmpty();
  }

  @Test
  void saysWhichByteIsNotText() {
    byte[] latin = "{\"name\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> read(latin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("byte 10 is 0xe9, allowed: text in UTF-8");
    assertThatThrownBy(() -> read(new byte[] {'a', (byte) 0xc3}))
        .hasMessage("byte 1 is 0xc3, allowed: text in UTF-8");
  }

  private String read(byte[] bytes) throws IOException {
    return TextFile.read(Files.write(folder.resolve("text"), bytes));
  }
}
