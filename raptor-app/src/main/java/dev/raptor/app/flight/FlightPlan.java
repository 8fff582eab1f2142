package dev.raptor.app.flight;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.TrackingMetrics;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.Impulse;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.List;

/**
 * What a flight is asked for.
 *
 * @param route what to follow
 * @param steps for how long
 * @param effects what makes it harder
 * @param seed of the start and of what is random in the effects
 */
public record FlightPlan(Route route, int steps, List<Effect> effects, long seed) {
  /** The task of a platform; wider where an effect may push it about. */
  Task task(Quadrotor quadrotor) {
    return effects.isEmpty() ? route.task(quadrotor) : route.task(quadrotor).widened();
  }

  /** The steps before the poke, or {@link TrackingMetrics#NO_POKE}. */
  int pokeStep() {
    return effects.stream()
        .filter(Impulse.class::isInstance)
        .mapToInt(poke -> (int) Math.round(((Impulse) poke).timeS() / Simulator.STEP_S))
        .findFirst()
        .orElse(TrackingMetrics.NO_POKE);
  }
}
