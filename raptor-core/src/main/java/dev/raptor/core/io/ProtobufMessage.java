package dev.raptor.core.io;

import dev.raptor.core.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of Protocol Buffers without its schema: fields by number, in the order in which they
 * were added or read.
 *
 * <pre>
 *   field: varint(number &lt;&lt; 3 | wire type), then
 *     0  varint: seven bits a byte, lowest first, all but the last with the eighth bit set
 *     1  8 bytes, little-endian
 *     2  varint(length), bytes: a text in UTF-8, a message, or just bytes
 *     5  4 bytes, little-endian
 * </pre>
 */
public final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT_BITS = 64;

  private final List<Field> fields = new ArrayList<>();

  /** A value that is a {@link Long}, {@link Double}, {@link Float} or array of bytes. */
  private record Field(int number, Object value) {}

  /** A message without fields. */
  public ProtobufMessage() {}

  /** Adds a whole number. */
  public ProtobufMessage add(int field, long value) {
    return put(field, value);
  }

  /** Adds a number of 64 bits. */
  public ProtobufMessage addDouble(int field, double value) {
    return put(field, value);
  }

  /** Adds a number of 32 bits. */
  public ProtobufMessage addFloat(int field, float value) {
    return put(field, value);
  }

  /** Adds bytes, which are not copied. */
  public ProtobufMessage add(int field, byte[] value) {
    return put(field, value);
  }

  /** Adds a text. */
  public ProtobufMessage add(int field, String value) {
    return put(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a message as it is now. */
  public ProtobufMessage add(int field, ProtobufMessage value) {
    return put(field, value.toBytes());
  }

  private ProtobufMessage put(int field, Object value) {
    fields.add(new Field(field, value));
    return this;
  }

  /** The message's bytes. */
  public byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Field field : fields) {
      int key = field.number << 3;
      if (field.value instanceof Long number) {
        varint(out, key | VARINT);
        varint(out, number);
      } else if (field.value instanceof Double number) {
        varint(out, key | FIXED64);
        out.writeBytes(little(Double.BYTES).putDouble(number).array());
      } else if (field.value instanceof Float number) {
        varint(out, key | FIXED32);
        out.writeBytes(little(Float.BYTES).putFloat(number).array());
      } else {
        byte[] bytes = (byte[]) field.value;
        varint(out, key | BYTES);
        varint(out, bytes.length);
        out.writeBytes(bytes);
      }
    }
    return out.toByteArray();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) (left & 0x7F | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  /**
   * Reads a message's bytes.
   *
   * @throws InvalidInputException if they are no message
   */
  public static ProtobufMessage parse(byte[] bytes) {
    ProtobufMessage message = new ProtobufMessage();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (in.hasRemaining()) {
        int at = in.position();
        long key = varint(in);
        if (key >>> 3 == 0 || key >>> 32 != 0) {
          throw new InvalidInputException("no field of Protocol Buffers at byte " + at);
        }
        message.put(
            (int) (key >>> 3),
            switch ((int) (key & 7)) {
              case VARINT -> varint(in);
              case FIXED64 -> in.getDouble();
              case BYTES -> bytes(in);
              case FIXED32 -> in.getFloat();
              default ->
                  throw new InvalidInputException(
                      "wire type %d at byte %d, allowed: 0, 1, 2, 5".formatted(key & 7, at));
            });
      }
    } catch (BufferUnderflowException e) {
      throw new InvalidInputException("truncated within a field", e);
    }
    return message;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < LONGEST_VARINT_BITS; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new InvalidInputException("a number of more than 64 bits");
  }

  private static byte[] bytes(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  /** The whole number of a field, the last if there are more; 0 where there is none. */
  public long number(int field) {
    long last = 0;
    for (Field each : fields) {
      if (each.number == field && each.value instanceof Long number) {
        last = number;
      }
    }
    return last;
  }

  /** All whole numbers of a field. */
  public List<Long> numbers(int field) {
    return all(field, Long.class);
  }

  /** The bytes of a field, the last if there are more; none where there is none. */
  public byte[] bytes(int field) {
    List<byte[]> all = all(field, byte[].class);
    return all.isEmpty() ? new byte[0] : all.getLast();
  }

  /** The text of a field; empty where there is none. */
  public String text(int field) {
    return new String(bytes(field), StandardCharsets.UTF_8);
  }

  /** All texts of a field. */
  public List<String> texts(int field) {
    return all(field, byte[].class).stream()
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .toList();
  }

  /**
   * All messages of a field.
   *
   * @throws InvalidInputException if one is none
   */
  public List<ProtobufMessage> messages(int field) {
    return all(field, byte[].class).stream().map(ProtobufMessage::parse).toList();
  }

  private <T> List<T> all(int field, Class<T> type) {
    return fields.stream()
        .filter(each -> each.number == field && type.isInstance(each.value))
        .map(each -> type.cast(each.value))
        .toList();
  }
}
