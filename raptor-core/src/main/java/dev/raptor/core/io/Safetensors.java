package dev.raptor.core.io;

import dev.raptor.core.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A file of named float tensors with a few texts, in the safetensors format:
 *
 * <pre>
 *   +----------------+---------------------------------+-----------------------------+
 *   | u64, LE: n     | JSON header, n bytes            | tensor data, F32 LE         |
 *   +----------------+---------------------------------+-----------------------------+
 *   header: {"__metadata__": {"key": "text", ...},
 *            "name": {"dtype": "F32", "shape": [16, 22], "data_offsets": [begin, end]}, ...}
 * </pre>
 *
 * The tensors lie in the order of the header, the first at 0 and each where the one before it ends,
 * and fill the data. The metadata holds, under {@value #CHECKSUM}, the SHA-256 of everything else:
 * of the other texts, of the names and shapes, from which the offsets follow, and of the data. A
 * file in which a byte was lost or changed, or tensors were exchanged, is refused.
 */
public record Safetensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
  private static final String CHECKSUM = "sha256";
  private static final String METADATA = "__metadata__";
  private static final int MAX_HEADER = 1 << 24;

  /** Copies the maps. */
  public Safetensors {
    metadata = new LinkedHashMap<>(metadata);
    tensors = new LinkedHashMap<>(tensors);
  }

  /**
   * The tensor of a name.
   *
   * @throws InvalidInputException if there is none, or its shape is another
   */
  public float[] data(String name, Integer... shape) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidInputException(
          "tensor \"%s\" is missing; there are %s".formatted(name, tensors.keySet()));
    }
    if (!tensor.shape().equals(List.of(shape))) {
      throw new InvalidInputException(
          "tensor \"%s\" has shape %s, allowed is %s"
              .formatted(name, tensor.shape(), List.of(shape)));
    }
    return tensor.data();
  }

  /** Writes the file, whole or not at all. */
  public void write(Path path) throws IOException {
    AtomicFile.write(path, toBytes());
  }

  /** The file's bytes; the same content gives the same bytes. */
  public byte[] toBytes() {
    Map<String, Object> header = new LinkedHashMap<>();
    int size = 0;
    for (Tensor tensor : tensors.values()) {
      size += Float.BYTES * tensor.data().length;
    }
    ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Object> entries = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          int begin = data.position();
          for (float value : tensor.data()) {
            data.putFloat(value);
          }
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("dtype", "F32");
          entry.put("shape", tensor.shape());
          entry.put("data_offsets", List.of(begin, data.position()));
          entries.put(name, entry);
        });
    Map<String, String> texts = new LinkedHashMap<>(metadata);
    texts.remove(CHECKSUM);
    texts.put(CHECKSUM, checksum(texts, describe(tensors), data.array()));
    header.put(METADATA, texts);
    header.putAll(entries);
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length + size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data.array())
        .array();
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidInputException if it is not such a file, or was damaged; the message begins with
   *     the path
   */
  public static Safetensors read(Path path) throws IOException {
    return parse(Files.readAllBytes(path), path.toString());
  }

  /** Reads a stream to its end; {@code name} begins the message of an error. */
  public static Safetensors read(InputStream stream, String name) throws IOException {
    return parse(stream.readAllBytes(), name);
  }

  /** Reads a file's bytes; {@code name} begins the message of an error. */
  public static Safetensors parse(byte[] bytes, String name) {
    try {
      return parse(bytes);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(name + ": " + e.getMessage(), e);
    }
  }

  private static Safetensors parse(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < Long.BYTES) {
      throw new InvalidInputException(
          "truncated: %d bytes, a safetensors file has at least 8".formatted(bytes.length));
    }
    long length = buffer.getLong();
    if (length < 2 || length > MAX_HEADER) {
      throw new InvalidInputException(
          "not a safetensors file: it does not begin with the length of a header, 2 to "
              + MAX_HEADER);
    }
    if (length > buffer.remaining()) {
      throw new InvalidInputException(
          "truncated: %d bytes, its header alone has %d".formatted(bytes.length, length));
    }
    byte[] json = new byte[(int) length];
    buffer.get(json);
    Map<?, ?> header =
        as(Map.class, Json.parse(new String(json, StandardCharsets.UTF_8)), "the header");
    byte[] data = new byte[buffer.remaining()];
    buffer.get(data);

    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int end = 0;
    for (Map.Entry<?, ?> entry : header.entrySet()) {
      String name = (String) entry.getKey();
      Map<?, ?> fields = as(Map.class, entry.getValue(), "\"" + name + "\"");
      if (name.equals(METADATA)) {
        fields.forEach((key, text) -> metadata.put((String) key, as(String.class, text, METADATA)));
      } else {
        Tensor tensor = tensor(name, fields, data, end);
        tensors.put(name, tensor);
        end += Float.BYTES * tensor.data().length;
      }
    }
    if (end != data.length) {
      throw new InvalidInputException(
          "damaged: its tensors end at byte %d of the data, which has %d"
              .formatted(end, data.length));
    }
    String found = metadata.remove(CHECKSUM);
    if (found == null) {
      throw new InvalidInputException(
          "its metadata has no \"%s\", which every file of this project has".formatted(CHECKSUM));
    }
    if (!found.equals(checksum(metadata, describe(tensors), data))) {
      throw new InvalidInputException("damaged: its content does not match its checksum");
    }
    return new Safetensors(metadata, tensors);
  }

  private static Tensor tensor(String name, Map<?, ?> fields, byte[] data, int from) {
    String what = "tensor \"" + name + "\"";
    if (!"F32".equals(fields.get("dtype"))) {
      throw new InvalidInputException(
          "%s has dtype %s, allowed is F32".formatted(what, fields.get("dtype")));
    }
    List<Integer> shape = integers(fields.get("shape"), what + " shape");
    List<Integer> offsets = integers(fields.get("data_offsets"), what + " data_offsets");
    if (offsets.size() != 2) {
      throw new InvalidInputException(what + " data_offsets must be two numbers");
    }
    int begin = offsets.get(0);
    int end = offsets.get(1);
    if (end < begin || (end - begin) % Float.BYTES != 0) {
      throw new InvalidInputException(what + " lies at " + offsets);
    }
    if (end > data.length) {
      throw new InvalidInputException(
          "truncated: %s ends at byte %d of the data, which has %d"
              .formatted(what, end, data.length));
    }
    if (begin != from) {
      throw new InvalidInputException(
          "%s lies at %s, allowed: from byte %d on, where the one before it ends"
              .formatted(what, offsets, from));
    }
    float[] values = new float[(end - begin) / Float.BYTES];
    ByteBuffer.wrap(data, begin, end - begin)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return new Tensor(shape, values);
  }

  private static List<Integer> integers(Object value, String what) {
    List<Integer> out = new ArrayList<>();
    for (Object item : as(List.class, value, what)) {
      double number = as(Double.class, item, what);
      if (number != Math.rint(number) || number < 0 || number > Integer.MAX_VALUE) {
        throw new InvalidInputException(what + " holds " + item + ", allowed are whole numbers");
      }
      out.add((int) number);
    }
    return out;
  }

  private static <T> T as(Class<T> type, Object value, String what) {
    if (!type.isInstance(value)) {
      throw new InvalidInputException(
          "%s is %s, expected a %s"
              .formatted(what, value, type.getSimpleName().toLowerCase(Locale.ROOT)));
    }
    return type.cast(value);
  }

  private static String describe(Map<String, Tensor> tensors) {
    StringBuilder out = new StringBuilder();
    tensors.forEach((name, tensor) -> out.append(name).append(tensor.shape()).append('\n'));
    return out.toString();
  }

  private static String checksum(Map<String, String> texts, String shapes, byte[] data) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Json.write(texts).getBytes(StandardCharsets.UTF_8));
      digest.update(shapes.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }
}
