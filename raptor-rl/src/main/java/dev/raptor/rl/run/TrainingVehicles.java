package dev.raptor.rl.run;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.io.Json;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.QuadrotorRanges;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a {@link TrainingRun} trains, validates and evaluates on. */
public sealed interface TrainingVehicles {
  /**
   * So many vehicles, each with its disturbance; another seed gives others where others are to be
   * had.
   */
  List<SampledQuadrotor> sample(long seed, int count);

  /** As JSON: all that tells one of these from another. */
  Map<String, Object> toJson();

  /**
   * Vehicles of a distribution.
   *
   * @param ranges to draw from
   */
  record Drawn(QuadrotorRanges ranges) implements TrainingVehicles {
    @Override
    public List<SampledQuadrotor> sample(long seed, int count) {
      return QuadrotorDistribution.sample(ranges, seed, count);
    }

    @Override
    public Map<String, Object> toJson() {
      return ranges.toJson();
    }
  }

  /**
   * These and no others: a run is evaluated on the vehicles that it trains on, from other starts.
   * The force that disturbs them is of the middle strength that {@link QuadrotorDistribution} gives
   * to vehicles of their mass and thrust.
   *
   * @param vehicles one or more
   */
  record Given(List<Quadrotor> vehicles) implements TrainingVehicles {
    private static final double DISTURBANCE = 0.15;

    /**
     * @throws InvalidInputException if there are none
     */
    public Given {
      vehicles = List.copyOf(vehicles);
      if (vehicles.isEmpty()) {
        throw new InvalidInputException("no vehicles, allowed: 1 or more");
      }
    }

    /** The vehicles in their order, over and over. */
    @Override
    public List<SampledQuadrotor> sample(long seed, int count) {
      return IntStream.range(0, count)
          .mapToObj(i -> disturbed(i, vehicles.get(i % vehicles.size())))
          .toList();
    }

    private static SampledQuadrotor disturbed(int index, Quadrotor quadrotor) {
      double r = quadrotor.thrustToWeight();
      double delta = DISTURBANCE * Math.max(r - 1, 0);
      return new SampledQuadrotor(index, quadrotor, delta * r * quadrotor.massKg() / 3);
    }

    @Override
    public Map<String, Object> toJson() {
      return Map.of(
          "given",
          vehicles.stream()
              .map(vehicle -> Json.parse(QuadrotorFile.format(vehicle)))
              .collect(Collectors.toList()));
    }
  }
}
