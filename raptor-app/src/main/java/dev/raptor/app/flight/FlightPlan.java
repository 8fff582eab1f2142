package dev.raptor.app.flight;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.Impulse;
import dev.raptor.sim.rollout.EpisodeMetrics;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.List;
import java.util.Optional;

/**
 * A route, for how long to follow it, and what makes it harder.
 *
 * @param route what to follow
 * @param steps for how long
 * @param effects what makes it harder
 * @param seed of the start and of what is random in the effects
 * @param far where the flight begins, if that is not random and near
 */
public record FlightPlan(
    Route route, int steps, List<Effect> effects, long seed, Optional<FarStart> far) {
  /** The task of a platform; wider where an effect may push it about. */
  Task task(Quadrotor quadrotor) {
    if (far.isPresent()) {
      return far.get().task(quadrotor);
    }
    return effects.isEmpty() ? route.task(quadrotor) : route.task(quadrotor).widened();
  }

  /** This plan for another number of steps. */
  FlightPlan lasting(int otherSteps) {
    return new FlightPlan(route, otherSteps, effects, seed, far);
  }

  /** The steps before the poke, or {@link EpisodeMetrics#NO_POKE}. */
  int pokeStep() {
    return effects.stream()
        .filter(Impulse.class::isInstance)
        .mapToInt(poke -> (int) Math.round(((Impulse) poke).timeS() / Simulator.STEP_S))
        .findFirst()
        .orElse(EpisodeMetrics.NO_POKE);
  }
}
