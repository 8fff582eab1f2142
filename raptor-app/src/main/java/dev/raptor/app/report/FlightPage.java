package dev.raptor.app.report;

import dev.raptor.app.flight.Flight;
import dev.raptor.app.flight.Flight.Sample;
import dev.raptor.app.flight.NamedController;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Flights as data for the scripts of the page: vehicles in space and charts over time. Numbers are
 * whole ones of 16 bits with a scale, so that flights of minutes stay small.
 */
final class FlightPage {
  /** A longer flight shows every second, third, ... sample. */
  private static final int MAX_SAMPLES = 3000;

  /** Stands for what is no finite number. */
  private static final short LOST = Short.MIN_VALUE;

  private FlightPage() {}

  /**
   * What the page shows.
   *
   * @param flights by vehicle, and for each by pilot
   */
  static Map<String, Object> data(List<NamedController> pilots, List<Flight> flights) {
    int steps = flights.stream().mapToInt(Flight::steps).max().orElse(0);
    int stride = Math.max(1, (steps + MAX_SAMPLES - 1) / MAX_SAMPLES);
    List<Object> vehicles = new ArrayList<>();
    for (int i = 0; i < flights.size(); i += pilots.size()) {
      Quadrotor vehicle = flights.get(i).vehicle();
      List<Map<String, Object>> flown =
          flights.subList(i, i + pilots.size()).stream()
              .map(flight -> data(flight, stride))
              .toList();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", vehicle.name());
      entry.put("rotors", rotors(vehicle));
      entry.put("flights", flown);
      vehicles.add(entry);
    }
    // In an order of its own, unlike Map.of, so that one seed gives one page to the byte.
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dt", stride * Simulator.STEP_S);
    data.put("pilots", pilots.stream().map(FlightPage::data).toList());
    data.put("vehicles", vehicles);
    return data;
  }

  private static Map<String, Object> data(NamedController pilot) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", pilot.name());
    data.put("knows", pilot.knowsTheVehicle());
    return data;
  }

  private static List<List<Double>> rotors(Quadrotor vehicle) {
    List<List<Double>> rotors = new ArrayList<>();
    for (Vec3 at : vehicle.rotorPositionsM()) {
      rotors.add(List.of(at.x(), at.y(), at.z()));
    }
    return rotors;
  }

  private static Map<String, Object> data(Flight flight, int stride) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i <= flight.steps(); i += stride) {
      samples.add(flight.samples().get(i));
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("position", packed(samples, Sample::positionM));
    data.put("attitude", packed(samples, Sample::attitude));
    data.put("target", packed(samples, Sample::targetM));
    data.put("command", packed(samples, Sample::commands));
    data.put("memory", packed(samples, Sample::memory));
    boolean windy = samples.stream().anyMatch(sample -> isAny(sample.windMS()));
    data.put("wind", windy ? packed(samples, Sample::windMS) : null);
    return data;
  }

  private static boolean isAny(float[] windMS) {
    for (float part : windMS) {
      if (part != 0) {
        return true;
      }
    }
    return false;
  }

  /** Rows of numbers, or null where they are empty. */
  private static Map<String, Object> packed(
      List<Sample> samples, Function<Sample, float[]> numbers) {
    int width = numbers.apply(samples.get(0)).length;
    if (width == 0) {
      return null;
    }
    float most = Float.MIN_NORMAL;
    for (Sample sample : samples) {
      for (float value : numbers.apply(sample)) {
        most = Math.max(most, Float.isFinite(value) ? Math.abs(value) : 0);
      }
    }
    float scale = most / Short.MAX_VALUE;
    ByteBuffer bytes =
        ByteBuffer.allocate(Short.BYTES * width * samples.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (Sample sample : samples) {
      for (float value : numbers.apply(sample)) {
        bytes.putShort(Float.isFinite(value) ? (short) Math.round(value / scale) : LOST);
      }
    }
    Map<String, Object> packed = new LinkedHashMap<>();
    packed.put("scale", scale);
    packed.put("width", width);
    packed.put("data", Base64.getEncoder().encodeToString(bytes.array()));
    return packed;
  }
}
