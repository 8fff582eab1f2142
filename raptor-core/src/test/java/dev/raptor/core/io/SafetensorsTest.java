package dev.raptor.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static final float[] MATRIX = {1, -0f, Float.MIN_VALUE, Float.NaN, 1e30f, -1};

  @Test
  void keepsTextsShapesAndBits() throws IOException {
    Safetensors read = read(example().toBytes());
    assertThat(read.metadata()).isEqualTo(example().metadata());
    assertThat(read.tensors().keySet()).containsExactly("matrix", "empty", "scalar");
    assertThat(bits(read.data("matrix", 2, 3))).isEqualTo(bits(MATRIX));
    assertThat(read.data("empty", 0)).isEmpty();
    assertThat(read.data("scalar")).containsExactly(7);
  }

  /** Were the header's order left to chance, one run would not repeat the bytes of another. */
  @Test
  void fixesEveryByte() {
    byte[] bytes = example().toBytes();
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(new String(bytes, Long.BYTES, length, StandardCharsets.UTF_8))
        .matches(
            "\\{\"__metadata__\":\\{\"b\":\"é\\\\n\",\"a\":\"\",\"sha256\":\"[0-9a-f]{64}\"},.*")
        .endsWith(
            "\"matrix\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"empty\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[24,24]},"
                + "\"scalar\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[24,28]}}");
    assertThat(bytes).hasSize(Long.BYTES + length + 28);
  }

  @Test
  void saysWhichTensorIsMissingOrMisshapen() throws IOException {
    Safetensors file = read(example().toBytes());
    assertThatThrownBy(() -> file.data("vector", 3))
        .hasMessage("tensor \"vector\" is missing; there are [matrix, empty, scalar]");
    assertThatThrownBy(() -> file.data("matrix", 3, 2))
        .hasMessage("tensor \"matrix\" has shape [2, 3], allowed is [3, 2]");
  }

  @Test
  void aTensorFillsItsShape() {
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .hasMessage("5 numbers for a tensor of shape [2, 3]");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] bytes = example().toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(part))
          .as("%d bytes", length)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("name: ");
    }
  }

  @Test
  void everyChangedBitIsRefused() {
    byte[] bytes = example().toBytes();
    for (int i = 0; i < 8 * bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i / 8] ^= (byte) (1 << i % 8);
      assertThatThrownBy(() -> read(changed))
          .as("byte %d, bit %d", i / 8, i % 8)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("name: ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                  | the header is [], expected a map",
        "{\"t\":1}                           | \"t\" is 1.0, expected a map",
        "{\"__metadata__\":{\"a\":1}}        | __metadata__ is 1.0, expected a string",
        "{\"t\":{}}                          | tensor \"t\" has dtype null, allowed is F32",
        "{\"t\":{\"dtype\":\"F16\"}}         | tensor \"t\" has dtype F16, allowed is F32",
        "{\"t\":{\"dtype\":\"F32\"}}         | tensor \"t\" shape is null, expected a list",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}} | data_offsets must be two",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | tensor \"t\" lies at [4, 0]",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,3]}} | tensor \"t\" lies at [0, 3]",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}} | truncated: tensor \"t\" ends",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 1 numbers for a tensor of",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[0.5],\"data_offsets\":[0,4]}} | shape holds 0.5, allowed",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | shape holds -1.0, allowed",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | no \"sha256\"",
        "{\"t\":                             | not JSON at line 1"
      })
  void refusesHeaders(String header, String message) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .array();
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name: ")
        .hasMessageContaining(message);
  }

  /** Two tensors of one shape that change places keep all bytes of the data. */
  @Test
  void tensorsThatOverlapSwapOrLeaveHolesAreRefused() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a", Tensor.of(new float[] {1, 2}, 2));
    tensors.put("b", Tensor.of(new float[] {3, 4}, 2));
    String written =
        new String(new Safetensors(Map.of(), tensors).toBytes(), StandardCharsets.ISO_8859_1);
    String swapped = written.replace("[0,8]", "[?]").replace("[8,16]", "[0,8]");
    for (String changed :
        List.of(
            swapped.replace("[?]", "[8,16]"),
            written.replace("[8,16]", "[0,8]"),
            written.replace("[8,16]", "[4,12]"),
            written.replace("[0,8]", "[4,8]"),
            written + "\0\0\0\0")) {
      byte[] bytes = changed.getBytes(StandardCharsets.ISO_8859_1);
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(changed.indexOf("}}") + 2 - Long.BYTES);
      assertThatThrownBy(() -> read(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .containsAnyOf("lies at", "tensors end at");
    }
  }

  @Test
  void refusesAbsurdHeaderLengths() {
    for (long length : new long[] {Long.MIN_VALUE, -1, 0, 1, 1L << 40, Long.MAX_VALUE}) {
      byte[] bytes =
          ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      assertThatThrownBy(() -> read(bytes))
          .as("a header of %d bytes", length)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "name: not a safetensors file: it does not begin with the length of a header, "
                  + "2 to 16777216");
    }
  }

  private static Safetensors example() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("b", "é\n");
    metadata.put("a", "");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("matrix", Tensor.of(MATRIX, 2, 3));
    tensors.put("empty", Tensor.of(new float[0], 0));
    tensors.put("scalar", new Tensor(List.of(), new float[] {7}));
    return new Safetensors(metadata, tensors);
  }

  private static Safetensors read(byte[] bytes) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(bytes), "name");
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
