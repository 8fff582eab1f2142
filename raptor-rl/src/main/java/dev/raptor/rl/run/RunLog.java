package dev.raptor.rl.run;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.raptor.core.io.AtomicFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The curves of one phase of a run, from one sink: {@code PHASE.csv} with a column for each tag,
 * and TensorBoard's events in {@code tensorboard/PHASE}. Written as they come. A run that goes on
 * drops what a killed process wrote beyond its last checkpoint, and the CSV ends with the bytes
 * that it would have ended with.
 */
final class RunLog implements Closeable {
  private static final Pattern ROW = Pattern.compile("([0-9]{1,18}),");

  private final Path csv;
  private final String unit;
  private final CsvWriter rows;

  /** Null if there are none. */
  private final EventFile events;

  private long lastNs = System.nanoTime();

  /**
   * Opens the log of a phase.
   *
   * @param unit what the steps of the phase are, the title of the first column
   * @param step of the checkpoint that the phase goes on from; what is beyond it is dropped
   */
  RunLog(Path folder, String phase, String unit, long step) throws IOException {
    this(folder, phase, unit, step, EventFile.open(events(folder, phase), step));
  }

  private RunLog(Path folder, String phase, String unit, long step, EventFile events)
      throws IOException {
    this.unit = unit;
    this.events = events;
    csv = folder.resolve(phase + ".csv");
    keep(csv, step);
    rows =
        CsvWriter.builder()
            .build(Files.newBufferedWriter(csv, StandardCharsets.UTF_8, CREATE, APPEND));
  }

  /** A log that is a CSV alone. */
  static RunLog withoutEvents(Path folder, String name, String unit) throws IOException {
    return new RunLog(folder, name, unit, -1, null);
  }

  /** Where the events of a phase are. */
  static Path events(Path folder, String phase) {
    return folder.resolve("tensorboard").resolve(phase).resolve("events.out.tfevents.0.raptor");
  }

  private static void keep(Path csv, long step) throws IOException {
    if (!Files.exists(csv)) {
      return;
    }
    StringBuilder kept = new StringBuilder();
    // It is for people: a line that was damaged is left out, and the run goes on.
    String text = new String(Files.readAllBytes(csv), StandardCharsets.UTF_8);
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      String line = text.substring(from, end + 1);
      Matcher row = ROW.matcher(line);
      if (row.lookingAt() && Long.parseLong(row.group(1)) > step) {
        break;
      }
      kept.append(from == 0 || row.lookingAt() ? line : "");
      from = end + 1;
    }
    AtomicFile.write(csv, kept.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds a row.
   *
   * @param values under their tags, the same ones in every row
   * @param samples that went into this row, for the throughput, which the events alone show; 0 if
   *     it is not known
   */
  void add(long step, Map<String, Double> values, long samples) throws IOException {
    if (Files.size(csv) == 0) {
      List<String> titles = new ArrayList<>(List.of(unit));
      titles.addAll(values.keySet());
      rows.writeRecord(titles);
    }
    List<String> row = new ArrayList<>(List.of(Long.toString(step)));
    values.values().forEach(value -> row.add(value.toString()));
    rows.writeRecord(row);
    rows.flush();

    if (events != null) {
      long now = System.nanoTime();
      Map<String, Double> scalars = new LinkedHashMap<>(values);
      if (samples > 0) {
        scalars.put("charts/SPS", samples / ((now - lastNs) * 1e-9));
      }
      lastNs = now;
      events.add(step, scalars);
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
    if (events != null) {
      events.close();
    }
  }
}
