package dev.raptor.app.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.sim.ReferenceSimulator;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Integrates the commands of a recorded flight, in double precision. */
@Command(
    name = "replay",
    description = {
      "Integrate a recorded flight in double precision, 10 ms a step.",
      "The log's columns: a0..a3, one row a step. Its first row may also set the start: px..pz,"
          + " qw..qz, vx..vz, wx..wz, n0..n3 and the force fx..fz; those missing are at rest. The"
          + " output holds the start and the state after each step."
    })
public final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--quad",
      required = true,
      paramLabel = "quad.json",
      description = "The vehicle's parameters.")
  private Path quad;

  @Option(
      names = "--log",
      required = true,
      paramLabel = "log.csv",
      description = "The recorded motor commands.")
  private Path log;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "states.csv",
      description = "Where the states go.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    FileArgument.output(out);
    Quadrotor quadrotor = QuadrotorFile.read(FileArgument.input(quad));
    FlightLog flight = FlightLog.read(FileArgument.input(log));
    ReferenceSimulator simulator = new ReferenceSimulator(quadrotor);
    double[] state = simulator.state();
    System.arraycopy(flight.start(), 0, state, 0, state.length);
    System.arraycopy(flight.forceN(), 0, simulator.disturbance(), 0, flight.forceN().length);

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CsvWriter csv =
        CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(bytes, StandardCharsets.UTF_8)) {
      csv.writeRecord(FlightLog.STATE_COLUMNS);
      write(state, csv);
      for (double[] action : flight.actions()) {
        simulator.step(action);
        write(state, csv);
      }
    }
    AtomicFile.write(out, bytes.toByteArray());
    int steps = flight.actions().size();
    spec.commandLine()
        .getOut()
        .printf(Locale.ROOT, "%d steps, %.2f s%nwrote %s%n", steps, steps * Simulator.STEP_S, out);
    return 0;
  }

  private static void write(double[] state, CsvWriter csv) {
    csv.writeRecord(Arrays.stream(state).mapToObj(Double::toString).toList());
  }
}
