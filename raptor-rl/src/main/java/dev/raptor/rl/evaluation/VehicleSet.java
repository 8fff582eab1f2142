package dev.raptor.rl.evaluation;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;

/** The vehicles of the flight suite. */
public enum VehicleSet {
  /** Drawn from {@link QuadrotorDistribution}, others for each seed of the suite. */
  SAMPLED(1),

  /** The named {@link Quadrotors}. */
  PLATFORMS(4),

  /** Fourteen vehicles of other simulators and papers. */
  PUBLIC(4);

  /** Beyond any seed that policies are trained or tested by elsewhere. */
  private static final long FIRST_VEHICLE_SEED = 7_000_000;

  private final int starts;

  VehicleSet(int starts) {
    this.starts = starts;
  }

  /** How often each vehicle flies each test, from starts of its own. */
  int starts() {
    return starts;
  }

  /**
   * The vehicles, in a fixed order.
   *
   * @param seed of the suite
   * @param sampled how many to draw, where they are drawn
   */
  List<Quadrotor> vehicles(long seed, int sampled) {
    return switch (this) {
      case SAMPLED ->
          QuadrotorDistribution.sample(FIRST_VEHICLE_SEED + seed, sampled).stream()
              .map(SampledQuadrotor::quadrotor)
              .toList();
      case PLATFORMS -> Quadrotors.all();
      case PUBLIC -> PublicVehicles.all();
    };
  }
}
