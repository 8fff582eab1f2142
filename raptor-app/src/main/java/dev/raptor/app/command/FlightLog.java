package dev.raptor.app.command;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * A recorded flight, CSV with a header:
 *
 * <pre>
 * a0..a3                  motor commands of the step, clamped to [-1, 1] as they are applied
 * px..pz qw..qz vx..vz    start: position in m, attitude, velocity in m/s, world frame,
 * wx..wz n0..n3           body rates in rad/s, rotor speeds in [0, 1],
 * fx..fz                  constant disturbing force in N, world frame
 * </pre>
 *
 * The commands are needed, one row a step. Of the others any may be missing, which is at rest,
 * upright and undisturbed, and only the first row counts.
 *
 * @param start the state that the flight starts from, in the rows of {@link Simulator}
 * @param forceN the disturbing force
 * @param actions four for each step
 */
record FlightLog(double[] start, double[] forceN, List<double[]> actions) {
  /** The names of the state's rows, in the order of {@link Simulator}. */
  static final List<String> STATE_COLUMNS =
      List.of(
          "px", "py", "pz", "qw", "qx", "qy", "qz", "vx", "vy", "vz", "wx", "wy", "wz", "n0", "n1",
          "n2", "n3");

  private static final List<String> ACTION_COLUMNS = List.of("a0", "a1", "a2", "a3");
  private static final List<String> FORCE_COLUMNS = List.of("fx", "fy", "fz");

  /** How far the length of the start's quaternion may be from 1. */
  private static final double QUATERNION_TOLERANCE = 1e-3;

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidInputException if it is not such a log; the message says the file, the line and
   *     column, what was found and what is allowed
   */
  static FlightLog read(Path file) throws IOException {
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder().detectBomHeader(true).ofCsvRecord(file)) {
      return read(reader.iterator());
    } catch (CsvParseException e) {
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new InvalidInputException(
          "%s: not CSV (%s), allowed: rows as wide as the header".formatted(file, why), e);
    } catch (MalformedInputException e) {
      throw new InvalidInputException(file + ": not text, allowed: CSV in UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
  }

  private static FlightLog read(Iterator<CsvRecord> records) {
    if (!records.hasNext()) {
      throw new InvalidInputException("empty, allowed: a header and at least one row");
    }
    List<String> header = records.next().getFields().stream().map(String::strip).toList();
    requireColumns(header);
    double[] start = new double[Simulator.STATE_ROWS];
    start[Simulator.QW] = 1;
    double[] force = new double[FORCE_COLUMNS.size()];
    List<double[]> actions = new ArrayList<>();
    while (records.hasNext()) {
      CsvRecord row = records.next();
      if (actions.isEmpty()) {
        fill(start, STATE_COLUMNS, header, row);
        fill(force, FORCE_COLUMNS, header, row);
        requireStart(start, row.getStartingLineNumber());
      }
      double[] action = new double[Quadrotor.ROTORS];
      fill(action, ACTION_COLUMNS, header, row);
      actions.add(action);
    }
    if (actions.isEmpty()) {
      throw new InvalidInputException("a header alone, allowed: at least one row below it");
    }
    return new FlightLog(start, force, actions);
  }

  private static void requireColumns(List<String> header) {
    List<String> allowed = new ArrayList<>(ACTION_COLUMNS);
    allowed.addAll(STATE_COLUMNS);
    allowed.addAll(FORCE_COLUMNS);
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i);
      if (!allowed.contains(name) || header.indexOf(name) < i) {
        throw new InvalidInputException(
            "%s column '%s', allowed: each once of %s"
                .formatted(
                    allowed.contains(name) ? "second" : "unknown",
                    name,
                    String.join(", ", allowed)));
      }
    }
    for (String name : ACTION_COLUMNS) {
      if (!header.contains(name)) {
        throw new InvalidInputException(
            "column '%s' is missing, allowed: a log that has %s"
                .formatted(name, String.join(", ", ACTION_COLUMNS)));
      }
    }
  }

  /** Fills in the values of those columns that the header has. */
  private static void fill(
      double[] values, List<String> columns, List<String> header, CsvRecord row) {
    for (int i = 0; i < values.length; i++) {
      int column = header.indexOf(columns.get(i));
      if (column >= 0) {
        values[i] = number(row.getField(column), row.getStartingLineNumber(), columns.get(i));
      }
    }
  }

  private static double number(String field, long line, String column) {
    double value;
    try {
      value = Double.parseDouble(field.strip());
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!Double.isFinite(value)) {
      throw new InvalidInputException(
          "line %d, column %s is '%s', allowed: a finite number".formatted(line, column, field));
    }
    return value;
  }

  private static void requireStart(double[] start, long line) {
    double norm =
        Math.sqrt(
            Arrays.stream(start, Simulator.QW, Simulator.QZ + 1).map(value -> value * value).sum());
    if (!(Math.abs(norm - 1) <= QUATERNION_TOLERANCE)) {
      throw new InvalidInputException(
          "line %d, the quaternion qw..qz has length %s, allowed: 1 within %s"
              .formatted(line, norm, QUATERNION_TOLERANCE));
    }
    for (int i = Simulator.N0; i <= Simulator.N3; i++) {
      if (!(start[i] >= 0 && start[i] <= 1)) {
        throw new InvalidInputException(
            "line %d, column %s is %s, allowed: a number in [0, 1]"
                .formatted(line, STATE_COLUMNS.get(i), start[i]));
      }
    }
  }
}
