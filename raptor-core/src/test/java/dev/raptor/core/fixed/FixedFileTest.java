package dev.raptor.core.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.Policies;
import dev.raptor.core.policy.PolicyFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedFileTest {
  private final FixedPolicy policy = RandomFixedPolicy.of(FixedFormat.W8A8, 16);
  private final byte[] bytes = FixedFile.toBytes(policy);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void whatWasWrittenIsRead(int weightBits) throws IOException {
    FixedPolicy written = RandomFixedPolicy.of(new FixedFormat(weightBits, 16), 11);
    Path file = folder.resolve("policy.raptorfx");
    FixedFile.write(written, file);
    FixedPolicy read = (FixedPolicy) Policies.load(file);
    assertThat(FixedFile.toBytes(read)).containsExactly(FixedFile.toBytes(written));
    for (int layer = 0; layer < 4; layer++) {
      assertThat(read.packed(layer).bytes()).containsExactly(written.packed(layer).bytes());
    }
    assertThat(read.provenance()).isEqualTo(written.provenance());
    assertThatThrownBy(() -> PolicyFile.read(file)).hasMessageContaining("in fixed point");
  }

  @Test
  void aChangedByteIsRefused() {
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= (byte) (1 << i % 8);
      assertThatThrownBy(() -> new FixedFile().read(changed, "a file"))
          .as("byte %d", i)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("a file: ");
    }
  }

  @Test
  void aTruncatedFileIsRefused() {
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> new FixedFile().read(part, "a file"))
          .as("%d bytes", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Damage that the checksum does not tell is told by the examples or by the ranges. */
  @Test
  void aChangedNumberIsRefusedEvenWithItsChecksum() {
    int encoder = 18 + 23;
    int firstAction = 18 + policy.flashBytes() + 2 + 2 * 22 * 64;
    int decoder =
        18
            + policy.flashBytes()
            - 2 * policy.table().length
            - FixedFile.layerBytes(16, 4, policy.format());
    refuses(decoder + 2, 0x40, "examples do not replay");
    refuses(encoder + 2 + 16, 0x40, "a shift of");
    refuses(firstAction, 1, "examples do not replay");
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> new FixedFile().read(longer, "a file"))
        .hasMessageContaining("truncated");
  }

  private void refuses(int at, int bits, String why) {
    byte[] changed = bytes.clone();
    changed[at] ^= (byte) bits;
    sign(changed);
    assertThatThrownBy(() -> new FixedFile().read(changed, "a file"))
        .as("byte %d", at)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static void sign(byte[] file) {
    CRC32 crc = new CRC32();
    crc.update(file, 0, file.length - 4);
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(file.length - 4, (int) crc.getValue());
  }
}
