package dev.raptor.sim;

import dev.raptor.core.io.Json;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Full-precision vectors of the reference, and the starts they belong to. */
public final class Golden {
  private static final Map<?, ?> VECTORS = (Map<?, ?>) Json.parse(text("/golden.json"));

  private Golden() {}

  /** The entries under {@code key}, in the order of the file. */
  static List<Map<?, ?>> entries(String key) {
    return ((List<?>) VECTORS.get(key))
        .stream().<Map<?, ?>>map(entry -> (Map<?, ?>) entry).toList();
  }

  static double[] numbers(Map<?, ?> entry, String key) {
    return ((List<?>) entry.get(key)).stream().mapToDouble(x -> (Double) x).toArray();
  }

  static int step(Map<?, ?> entry) {
    return ((Double) entry.get("step")).intValue();
  }

  /** p, q, v, ω and n in the rows of the simulator. */
  static double[] state(Map<?, ?> entry) {
    double[] state = new double[Simulator.STATE_ROWS];
    put(numbers(entry, "p"), state, Simulator.PX);
    put(numbers(entry, "q"), state, Simulator.QW);
    put(numbers(entry, "v"), state, Simulator.VX);
    put(numbers(entry, "w"), state, Simulator.WX);
    put(numbers(entry, "n"), state, Simulator.N0);
    return state;
  }

  static ReferenceSimulator openLoopCrazyflie() {
    ReferenceSimulator simulator = new ReferenceSimulator(Quadrotors.named("crazyflie"));
    put(new double[] {0.5, 0.5, 0.5, 0.5}, simulator.state(), Simulator.N0);
    return simulator;
  }

  static final double[] OPEN_LOOP_CRAZYFLIE_ACTION = action(0.7, 0.72, 0.69, 0.71);

  static ReferenceSimulator openLoopFsBase() {
    ReferenceSimulator simulator = new ReferenceSimulator(Quadrotors.named("fs_base"));
    put(new double[] {1, 2, 3}, simulator.state(), Simulator.WX);
    put(new double[] {0.4, 0.45, 0.5, 0.42}, simulator.state(), Simulator.N0);
    put(new double[] {0.5, -0.3, 0.2}, simulator.disturbance(), 0);
    return simulator;
  }

  static final double[] OPEN_LOOP_FS_BASE_ACTION = action(0.5, 0.4, 0.45, 0.55);

  static ReferenceSimulator closedLoopCrazyflie() {
    ReferenceSimulator simulator = new ReferenceSimulator(Quadrotors.named("crazyflie"));
    double[] s = simulator.state();
    put(new double[] {0.2, -0.1, 0.15}, s, Simulator.PX);
    put(new double[] {Math.cos(0.25), Math.sin(0.25), 0, 0}, s, Simulator.QW);
    put(new double[] {0.3, -0.2, 0.1}, s, Simulator.VX);
    put(new double[] {0.5, -0.4, 0.3}, s, Simulator.WX);
    put(new double[] {0.25, 0.3, 0.35, 0.4}, s, Simulator.N0);
    return simulator;
  }

  static void put(double[] from, double[] to, int at) {
    System.arraycopy(from, 0, to, at, from.length);
  }

  /** The raw action for a set point: a = 2u - 1. */
  private static double[] action(double... setpoint) {
    double[] action = setpoint.clone();
    for (int i = 0; i < action.length; i++) {
      action[i] = 2 * action[i] - 1;
    }
    return action;
  }

  public static String text(String resource) {
    try (InputStream in = Golden.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
