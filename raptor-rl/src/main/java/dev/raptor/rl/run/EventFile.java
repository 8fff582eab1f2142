package dev.raptor.rl.run;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.raptor.core.io.ProtobufMessage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        file.write(new ProtobufMessage().addDouble(1, now()).add(3, VERSION));
      }
      return file;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Adds the values at a step, under their tags; those that are not finite are left out. */
  void add(long step, Map<String, Double> values) throws IOException {
    ProtobufMessage summary = new ProtobufMessage();
    values.forEach(
        (tag, value) -> {
          if (Double.isFinite(value)) {
            summary.add(1, new ProtobufMessage().add(1, tag).addFloat(2, value.floatValue()));
          }
        });
    write(new ProtobufMessage().addDouble(1, now()).add(2, step).add(5, summary));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static double now() {
    return System.currentTimeMillis() * 1e-3;
  }

  /** In one piece, so that a process that is killed leaves whole records but for the last. */
  private void write(ProtobufMessage event) throws IOException {
    byte[] data = event.toBytes();
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
            || step(Arrays.copyOfRange(file.array(), data, data + (int) length)) > step) {
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

  /** The step of an event: its second field, or 0 where there is none. */
  private static long step(byte[] event) {
    return ProtobufMessage.parse(event).number(2);
  }
}
