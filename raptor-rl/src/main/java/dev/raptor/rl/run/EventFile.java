package dev.raptor.rl.run;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of scalars over steps as TensorBoard reads it: records of TensorFlow's {@code TFRecord}
 * framing, little-endian, each an {@code Event} message of Protocol Buffers.
 *
 * <pre>
 *   +-----------------+---------------------+--------------+------------------+
 *   | length (uint64) | crc of length (u32) | length bytes | crc of bytes (u32)|
 *   +-----------------+---------------------+--------------+------------------+
 *   crc = rotateRight(CRC32C(bytes), 15) + 0xa282ead8
 *
 *   Event   { 1: double wall_time  2: int64 step  3: string file_version  5: Summary summary }
 *   Summary { 1: repeated Value }     Value { 1: string tag  2: float simple_value }
 * </pre>
 *
 * A run that goes on cuts off what a killed process wrote beyond its last checkpoint.
 */
final class EventFile implements Closeable {
  private static final int CRC_MASK = 0xa282ead8;
  private static final String VERSION = "brain.Event:2";

  private final FileChannel channel;

  private EventFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Opens or makes the file, and keeps of it the whole events up to {@code step}. */
  static EventFile open(Path path, long step) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    FileChannel channel = FileChannel.open(path, CREATE, READ, WRITE);
    try {
      long keep = wholeUpTo(ByteBuffer.wrap(Files.readAllBytes(path)), step);
      channel.truncate(keep).position(keep);
      EventFile file = new EventFile(channel);
      if (keep == 0) {
        Message event = new Message();
        event.fixed64(1, Double.doubleToLongBits(now()));
        event.bytes(3, VERSION.getBytes(StandardCharsets.UTF_8));
        file.write(event);
      }
      return file;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Adds the values at a step, under their tags; those that are not finite are left out. */
  void add(long step, Map<String, Double> values) throws IOException {
    Message summary = new Message();
    values.forEach(
        (tag, value) -> {
          if (Double.isFinite(value)) {
            Message scalar = new Message();
            scalar.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
            scalar.fixed32(2, Float.floatToIntBits(value.floatValue()));
            summary.bytes(1, scalar.toByteArray());
          }
        });
    Message event = new Message();
    event.fixed64(1, Double.doubleToLongBits(now()));
    event.varint(2, step);
    event.bytes(5, summary.toByteArray());
    write(event);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static double now() {
    return System.currentTimeMillis() * 1e-3;
  }

  /** In one piece, so that a process that is killed leaves whole records but for the last. */
  private void write(Message event) throws IOException {
    byte[] data = event.toByteArray();
    ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length).putInt(maskedCrc(record.array(), 0, 8));
    record.put(data).putInt(maskedCrc(data, 0, data.length)).flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  private static int maskedCrc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
  }

  /** The length of the undamaged records from the start whose step is not beyond {@code step}. */
  private static int wholeUpTo(ByteBuffer file, long step) {
    file.order(ByteOrder.LITTLE_ENDIAN);
    int keep = 0;
    try {
      while (file.hasRemaining()) {
        int start = file.position();
        long length = file.getLong();
        if (file.getInt() != maskedCrc(file.array(), start, 8) || length > file.remaining()) {
          return keep;
        }
        int data = file.position();
        file.position(data + (int) length);
        if (file.getInt() != maskedCrc(file.array(), data, (int) length)
            || step(file.slice(data, (int) length)) > step) {
          return keep;
        }
        keep = file.position();
      }
    } catch (BufferUnderflowException e) {
      // The last record was cut short.
      return keep;
    }
    return keep;
  }

  /** The step of an event of this class: its second field, or 0 where there is none. */
  private static long step(ByteBuffer event) {
    event.position(1 + Double.BYTES);
    if (event.get() != (2 << 3)) {
      return 0;
    }
    long step = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = event.get();
      step |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return step;
      }
    }
  }

  /** A message of Protocol Buffers being written. */
  private static final class Message extends ByteArrayOutputStream {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    void varint(int field, long value) {
      raw(field << 3 | VARINT);
      raw(value);
    }

    void fixed64(int field, long bits) {
      raw(field << 3 | FIXED64);
      writeBytes(
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array());
    }

    void fixed32(int field, int bits) {
      raw(field << 3 | FIXED32);
      writeBytes(
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(bits).array());
    }

    void bytes(int field, byte[] value) {
      raw(field << 3 | BYTES);
      raw(value.length);
      writeBytes(value);
    }

    private void raw(long value) {
      long left = value;
      while ((left & ~0x7FL) != 0) {
        write((int) (left & 0x7F | 0x80));
        left >>>= 7;
      }
      write((int) left);
    }
  }
}
