package dev.raptor.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ProtobufMessageTest {
  /** The examples of the page "Encoding" of the documentation of Protocol Buffers. */
  @Test
  void encodesTheExamplesOfTheDocumentation() {
    assertThat(hex(new ProtobufMessage().add(1, 150))).isEqualTo("089601");
    assertThat(hex(new ProtobufMessage().add(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new ProtobufMessage().add(3, new ProtobufMessage().add(1, 150))))
        .isEqualTo("1a03089601");
    assertThat(hex(new ProtobufMessage().add(1, -2))).isEqualTo("08feffffffffffffffff01");
    assertThat(hex(new ProtobufMessage().addFloat(16, 1))).isEqualTo("85010000803f");
    assertThat(hex(new ProtobufMessage().addDouble(1, 1))).isEqualTo("09000000000000f03f");
  }

  @Test
  void readsWhatItWrote() {
    ProtobufMessage message =
        new ProtobufMessage()
            .add(1, 1)
            .add(1, Long.MIN_VALUE)
            .add(2, "one")
            .add(2, "two")
            .addFloat(3, 0.5f)
            .addDouble(4, 0.25)
            .add(500, new ProtobufMessage().add(1, 7));
    ProtobufMessage read = ProtobufMessage.parse(message.toBytes());
    assertThat(read.toBytes()).isEqualTo(message.toBytes());
    assertThat(read.numbers(1)).containsExactly(1L, Long.MIN_VALUE);
    assertThat(read.number(1)).isEqualTo(Long.MIN_VALUE);
    assertThat(read.texts(2)).containsExactly("one", "two");
    assertThat(read.text(2)).isEqualTo("two");
    assertThat(read.messages(500).getFirst().number(1)).isEqualTo(7);
    assertThat(read.number(99)).isZero();
    assertThat(read.text(99)).isEmpty();
  }

  @Test
  void refusesDamage() {
    byte[] bytes = new ProtobufMessage().add(2, "testing").addDouble(4, 1).toBytes();
    for (int length : new int[] {1, 5, 10, 14}) {
      assertThatThrownBy(() -> ProtobufMessage.parse(Arrays.copyOf(bytes, length)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("truncated");
    }
    refuses("00", "no field");
    refuses("0b", "wire type 3 at byte 0");
    refuses("08ffffffffffffffffffff01", "64 bits");
    refuses("12ffffffff7f00", "truncated");
  }

  private static void refuses(String hex, String message) {
    assertThatThrownBy(() -> ProtobufMessage.parse(HexFormat.of().parseHex(hex)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static String hex(ProtobufMessage message) {
    return HexFormat.of().formatHex(message.toBytes());
  }
}
