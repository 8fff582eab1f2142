package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controllers;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.rollout.BatchController;
import dev.raptor.sim.rollout.EpisodeMetrics;
import dev.raptor.sim.rollout.Rollout;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class EffectOptionsTest {
  static Stream<String> options() {
    return CommandSpec.forAnnotatedObject(new EffectOptions()).options().stream()
        .map(OptionSpec::longestName);
  }

  /** Whatever option there is makes an effect, is named in titles, and can be flown with. */
  @ParameterizedTest
  @MethodSource("options")
  void everyOptionIsAnEffectThatFlies(String option) {
    EffectOptions options = new EffectOptions();
    CommandLine line = new CommandLine(options);
    Class<?> type = line.getCommandSpec().findOption(option).type();
    if (type == boolean.class) {
      line.parseArgs(option);
    } else {
      line.parseArgs(
          switch (option) {
            case "--payload-at" -> new String[] {"--payload", "0.2", option, "10,0,-50"};
            case "--motors", "--dropouts" -> new String[] {option, "0.4"};
            default -> new String[] {option, type == Integer.class ? "1" : "0.9"};
          });
    }
    Quadrotor vehicle = Quadrotors.named("mrs");
    List<Effect> effects = options.effects(vehicle, 0.4);
    assertThat(effects).isNotEmpty();
    assertThat(options.toString()).isNotEmpty();

    Surroundings surroundings = new Surroundings(new Environment(1));
    surroundings.environment().assign(0, vehicle, Task.platform(vehicle).widened());
    surroundings.environment().reset(0, RandomStreams.of(1), ReferenceKind.HOVER);
    surroundings.start(0, vehicle, effects, 1);
    EpisodeMetrics flight =
        Rollout.fly(
                surroundings,
                BatchController.of(List.of(Controllers.named("pid").apply(vehicle))),
                40,
                EpisodeMetrics.NO_POKE,
                0,
                () -> {})
            .get(0);
    assertThat(flight.steps()).isEqualTo(40);
    assertThat(flight.rmseM()).isPositive();
  }
}
