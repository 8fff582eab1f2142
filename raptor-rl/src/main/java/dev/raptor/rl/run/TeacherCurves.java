package dev.raptor.rl.run;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.raptor.rl.teacher.Ppo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The learning curves of the teachers of a run, by environment step: one for each beside its file,
 * and their mean.
 */
final class TeacherCurves {
  private static final String STEP = "step";

  private TeacherCurves() {}

  /** Writes {@code teachers/0000.csv} of one training, in place of an earlier one's. */
  static void write(Path folder, String name, List<Ppo.Progress> curve) throws IOException {
    Files.deleteIfExists(folder.resolve(name + ".csv"));
    try (RunLog log = RunLog.withoutEvents(folder, name, STEP)) {
      for (Ppo.Progress progress : curve) {
        log.add(progress.steps(), progress.scalars(), 0);
      }
    }
  }

  /** Writes the mean of the curves that there are, as a phase of the run; none if there is none. */
  static void writeMean(Path folder, String phase, List<Path> curves) throws IOException {
    Map<Long, Map<String, double[]>> sums = new TreeMap<>();
    for (Path curve : curves) {
      if (Files.exists(curve)) {
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(curve)) {
          csv.forEach(row -> add(row, sums));
        }
      }
    }
    if (sums.isEmpty()) {
      return;
    }
    try (RunLog log = new RunLog(folder, phase, STEP, -1)) {
      for (Map.Entry<Long, Map<String, double[]>> row : sums.entrySet()) {
        Map<String, Double> means = new LinkedHashMap<>();
        row.getValue().forEach((tag, sum) -> means.put(tag, sum[0] / sum[1]));
        log.add(row.getKey(), means, 0);
      }
    }
  }

  private static void add(NamedCsvRecord row, Map<Long, Map<String, double[]>> sums) {
    Map<String, double[]> at =
        sums.computeIfAbsent(Long.parseLong(row.getField(STEP)), step -> new LinkedHashMap<>());
    row.getFieldsAsMap()
        .forEach(
            (tag, text) -> {
              double value = Double.parseDouble(text);
              double[] sum = at.computeIfAbsent(tag, none -> new double[2]);
              if (Double.isFinite(value)) {
                sum[0] += value;
                sum[1]++;
              }
            });
    at.remove(STEP);
  }
}
