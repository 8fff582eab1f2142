package dev.raptor.rl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
  @TempDir private Path folder;

  @Test
  void writesOneCurveAsCsvAndAsEvents() throws IOException {
    log(0, 1, 3);

    assertThat(csv())
        .containsExactly(
            "epoch,losses/imitation,charts/terminated_share",
            "1,0.5,NaN",
            "2,0.25,0.25",
            "3,0.125,0.25");
    // What is not finite is no point of a curve.
    assertThat(events())
        .containsExactly(
            "version brain.Event:2",
            "1 losses/imitation 0.5",
            "2 losses/imitation 0.25 charts/terminated_share 0.25",
            "3 losses/imitation 0.125 charts/terminated_share 0.25");
  }

  /** As if killed after the fourth row, with a checkpoint after the second. */
  @Test
  void goesOnFromACheckpoint() throws IOException {
    log(0, 1, 4);
    byte[] whole = Files.readAllBytes(folder.resolve("distillation.csv"));
    List<String> wholeEvents = events();

    log(2, 3, 4);

    assertThat(folder.resolve("distillation.csv")).hasBinaryContent(whole);
    assertThat(events()).isEqualTo(wholeEvents);
  }

  /** The table is for people; the run does not depend on it. */
  @Test
  void goesOnWhateverHappenedToTheTable() throws IOException {
    log(0, 1, 3);
    Path table = folder.resolve("distillation.csv");
    List<String> lines = csv();
    Files.write(table, (lines.get(0) + "\n#\n," + lines.get(2) + "\n\u00ff").getBytes());
    Files.write(table, new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);

    log(3, 4, 4);

    assertThat(csv()).containsExactly(lines.get(0), "4,0.0625,0.25");
  }

  /** As if killed in the middle of a write, which leaves half a row and half an event. */
  @Test
  void dropsHalfARowAndHalfAnEvent() throws IOException {
    log(0, 1, 3);
    byte[] whole = Files.readAllBytes(folder.resolve("distillation.csv"));
    List<String> wholeEvents = events();
    for (Path file :
        List.of(folder.resolve("distillation.csv"), RunLog.events(folder, "distillation"))) {
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 3));
    }

    log(3, 3, 3);

    assertThat(folder.resolve("distillation.csv")).hasBinaryContent(whole);
    assertThat(events()).isEqualTo(wholeEvents);
  }

  @Test
  void dropsWhatFollowsADamagedEvent() throws IOException {
    log(0, 1, 3);
    Path file = RunLog.events(folder, "distillation");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 6] ^= 1;
    Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);

    EventFile.open(file, 3).close();

    assertThat(events()).hasSize(3);
  }

  private void log(long checkpoint, int from, int to) throws IOException {
    try (RunLog log = new RunLog(folder, "distillation", "epoch", checkpoint)) {
      for (int epoch = from; epoch <= to; epoch++) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("losses/imitation", Math.scalb(1.0, -epoch));
        values.put("charts/terminated_share", epoch == 1 ? Double.NaN : 0.25);
        log.add(epoch, values, 1000);
      }
    }
  }

  private List<String> csv() throws IOException {
    return Files.readAllLines(folder.resolve("distillation.csv"));
  }

  /** A line for each event, without the throughput, which depends on the clock. */
  private List<String> events() throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(RunLog.events(folder, "distillation")))
            .order(ByteOrder.LITTLE_ENDIAN);
    List<String> events = new ArrayList<>();
    while (file.hasRemaining()) {
      long length = file.getLong();
      assertThat(file.getInt()).isEqualTo(maskedCrc(file, file.position() - 12, 8));
      ByteBuffer event = slice(file, (int) length);
      assertThat(file.getInt())
          .isEqualTo(maskedCrc(file, file.position() - 4 - (int) length, (int) length));
      events.add(event(event));
    }
    return events;
  }

  /** CRC-32C bit by bit, and the mask of the TFRecord format. */
  private static int maskedCrc(ByteBuffer bytes, int from, int length) {
    int crc = -1;
    for (int i = from; i < from + length; i++) {
      crc ^= bytes.get(i) & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  private static String event(ByteBuffer event) {
    StringBuilder line = new StringBuilder();
    while (event.hasRemaining()) {
      switch (event.get()) {
        case 1 << 3 | 1 -> assertThat(event.getDouble()).isGreaterThan(1.7e9);
        case 2 << 3 -> line.append(event.get());
        case 3 << 3 | 2 -> line.append("version ").append(text(slice(event, event.get())));
        case 5 << 3 | 2 -> line.append(summary(slice(event, varint(event))));
        default -> throw new AssertionError("unknown field");
      }
    }
    return line.toString();
  }

  private static String summary(ByteBuffer summary) {
    StringBuilder line = new StringBuilder();
    while (summary.hasRemaining()) {
      assertThat(summary.get()).isEqualTo((byte) (1 << 3 | 2));
      ByteBuffer value = slice(summary, varint(summary));
      assertThat(value.get()).isEqualTo((byte) (1 << 3 | 2));
      String tag = text(slice(value, value.get()));
      assertThat(value.get()).isEqualTo((byte) (2 << 3 | 5));
      float scalar = value.getFloat();
      if (!tag.equals("charts/SPS")) {
        line.append(' ').append(tag).append(' ').append(scalar);
      }
    }
    return line.toString();
  }

  private static int varint(ByteBuffer from) {
    int low = from.get();
    return low >= 0 ? low : low & 0x7f | from.get() << 7;
  }

  private static ByteBuffer slice(ByteBuffer from, int length) {
    ByteBuffer slice = from.slice(from.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    from.position(from.position() + length);
    return slice;
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }
}
