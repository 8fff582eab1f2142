package dev.raptor.app.flight;

import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.FlightSnapshot;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Shows the wind that the effects before it make, and changes nothing. */
final class WindVane implements Effect, Effect.Active {
  private float[] windMS = new float[0];

  /** The effects with this one at their end; none if there are none, in which case no wind is. */
  List<Effect> after(List<Effect> effects) {
    if (effects.isEmpty()) {
      return effects;
    }
    windMS = new float[3];
    List<Effect> all = new ArrayList<>(effects);
    all.add(this);
    return all;
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    return this;
  }

  @Override
  public void blow(FlightSnapshot moment, double[] airMS) {
    for (int k = 0; k < windMS.length; k++) {
      windMS[k] = (float) airMS[k];
    }
  }

  /** A copy of the wind in the last step, m/s, world frame; empty if there are no effects. */
  float[] windMS() {
    return windMS.clone();
  }
}
