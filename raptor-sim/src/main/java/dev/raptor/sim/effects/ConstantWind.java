package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.SplittableRandom;

/**
 * Air that moves as one, w. It acts through {@link LinearDrag} and {@link QuadraticDrag}, and
 * without them not at all.
 *
 * @param velocityMS w, m/s, world frame: where the wind goes to
 */
public record ConstantWind(Vec3 velocityMS) implements Effect {
  /**
   * @throws IllegalArgumentException unless each is within ±1000 m/s
   */
  public ConstantWind {
    Limits.inRange("wind in m/s", velocityMS);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    return new Active() {
      @Override
      public void blow(FlightSnapshot moment, double[] airMS) {
        airMS[0] += velocityMS.x();
        airMS[1] += velocityMS.y();
        airMS[2] += velocityMS.z();
      }
    };
  }
}
