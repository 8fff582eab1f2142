package dev.raptor.sim.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.rollout.BatchController;
import dev.raptor.sim.rollout.EpisodeMetrics;
import dev.raptor.sim.rollout.Rollout;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControllersTest {
  static Stream<String> names() {
    return Controllers.names().stream();
  }

  /** Whatever is registered flies every platform from a start near hover to hover. */
  @ParameterizedTest
  @MethodSource("names")
  void everyControllerFliesEveryPlatform(String name) {
    List<Quadrotor> platforms = Quadrotors.all();
    Surroundings surroundings = new Surroundings(new Environment(platforms.size()));
    for (int lane = 0; lane < platforms.size(); lane++) {
      Quadrotor vehicle = platforms.get(lane);
      surroundings.environment().assign(lane, vehicle, Task.platform(vehicle).widened());
      surroundings.environment().reset(lane, RandomStreams.of(2, lane), ReferenceKind.HOVER);
      surroundings.start(lane, vehicle, List.of(), 0);
    }
    List<Controller> controllers = platforms.stream().map(Controllers.named(name)).toList();
    List<EpisodeMetrics> flights =
        Rollout.fly(
            surroundings,
            BatchController.of(controllers),
            500,
            EpisodeMetrics.NO_POKE,
            0,
            () -> {});
    assertThat(flights).noneMatch(EpisodeMetrics::terminated);
    assertThat(flights).allMatch(flight -> flight.steadyStateErrorM() < 0.15);
  }

  @Test
  void aNameThatIsNoneListsThoseThatAre() {
    assertThatThrownBy(() -> Controllers.named("autopilot"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("unknown controller 'autopilot', allowed: pid, geometric");
  }
}
