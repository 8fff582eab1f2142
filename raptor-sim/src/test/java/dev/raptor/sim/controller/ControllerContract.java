package dev.raptor.sim.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.Observation;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.effects.BatterySag;
import dev.raptor.sim.effects.CentreOfMass;
import dev.raptor.sim.effects.ConstantWind;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.FlightSnapshot;
import dev.raptor.sim.effects.LinearDrag;
import dev.raptor.sim.effects.Payload;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.effects.UnequalMotors;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What every controller that knows its vehicle is held to. */
abstract class ControllerContract {
  abstract Controller controllerFor(Quadrotor quadrotor);

  /** A flight of 8 s that nothing ends; the distance to the origin at its end, m. */
  private double fly(Quadrotor quadrotor, Controller controller, SplittableRandom random) {
    return fly(quadrotor, controller, random, 8);
  }

  private double fly(
      Quadrotor quadrotor,
      Controller controller,
      SplittableRandom random,
      int seconds,
      Effect... effects) {
    Environment environment = new Environment(1);
    // From some starts the crazyflie, with its slow rotors, falls further than a task allows.
    Task task =
        Task.platform(quadrotor)
            .withTerminationPositionM(Double.POSITIVE_INFINITY)
            .withTerminationSpeedMS(Double.POSITIVE_INFINITY);
    environment.assign(0, quadrotor, task);
    environment.reset(0, random, ReferenceKind.HOVER);
    Surroundings surroundings = new Surroundings(environment);
    surroundings.start(0, quadrotor, List.of(effects), 1);
    controller.reset();
    float[] observation = new float[Observation.SIZE];
    float[] action = new float[4];
    for (int i = 0; i < 100 * seconds; i++) {
      surroundings.observe(ObservationKind.RELATIVE, observation);
      controller.act(observation, action);
      surroundings.step(action, new float[1], new boolean[1]);
    }
    float[] s = environment.simulator().state();
    return Math.hypot(Math.hypot(s[Simulator.PX], s[Simulator.PY]), s[Simulator.PZ]);
  }

  @Test
  void holdsEveryPlatform() {
    for (Quadrotor quadrotor : Quadrotors.all()) {
      for (int seed = 0; seed < 3; seed++) {
        double end = fly(quadrotor, controllerFor(quadrotor), RandomStreams.of(seed, 100));
        assertThat(end).as(quadrotor.name()).isLessThan(0.02);
      }
    }
  }

  @Test
  void makesUpForWhatLasts() {
    for (String name : List.of("crazyflie", "x500_sim", "arpl", "flightmare")) {
      Quadrotor quadrotor = Quadrotors.named(name);
      double arm = quadrotor.armM();
      List<List<Effect>> each =
          List.of(
              List.of(new ConstantWind(new Vec3(4, 3, 0)), LinearDrag.DEFAULT),
              List.of(new CentreOfMass(new Vec3(0.1 * arm, -0.05 * arm, 0))),
              List.of(new UnequalMotors(0.1)),
              List.of(new Payload(0, 0.2, 0)),
              List.of(BatterySag.DEFAULT.withCharge(0.5)));
      for (List<Effect> effects : each) {
        double end =
            fly(
                quadrotor,
                controllerFor(quadrotor),
                RandomStreams.of(1, 100),
                20,
                effects.toArray(new Effect[0]));
        assertThat(end).as(name + " " + effects).isLessThan(0.02);
      }
    }
  }

  @Test
  void whatCouldNotBeReachedIsNotMadeUpForLater() {
    // A wind that only full tilt holds, for 5 s, and then none: what wound up would overshoot.
    for (String name : List.of("x500_sim", "flightmare")) {
      Quadrotor quadrotor = Quadrotors.named(name);
      Effect storm =
          (vehicle, random) ->
              new Effect.Active() {
                @Override
                public void push(FlightSnapshot flight, double[] wrench) {
                  double share = flight.timeS() < 5 ? 2.5 : 0;
                  wrench[0] += share * vehicle.massKg() * Simulator.GRAVITY_MS2;
                }
              };
      Controller controller = controllerFor(quadrotor);
      double away = fly(quadrotor, controller, RandomStreams.of(1, 100), 5, storm);
      assertThat(away).isGreaterThan(5);
      assertThat(fly(quadrotor, controller, RandomStreams.of(1, 100), 120, storm))
          .as(name)
          .isLessThan(0.05);
    }
  }

  @Property(tries = 20)
  void aResetForgetsTheFlight(@ForAll @IntRange(max = 8) int platform, @ForAll int seed) {
    Quadrotor quadrotor = Quadrotors.all().get(platform);
    Controller used = controllerFor(quadrotor);
    fly(quadrotor, used, RandomStreams.of(seed));
    assertThat(fly(quadrotor, used, RandomStreams.of(seed + 1L)))
        .isEqualTo(fly(quadrotor, controllerFor(quadrotor), RandomStreams.of(seed + 1L)));
  }

  @Test
  void atRestItCommandsHover() {
    for (Quadrotor quadrotor : Quadrotors.all()) {
      float hover = (float) (2 * quadrotor.hoverThrottle() - 1);
      float[] observation = new float[Observation.SIZE];
      for (int k = 0; k < 3; k++) {
        observation[Observation.ROTATION + 4 * k] = 1;
      }
      for (int i = 0; i < 4; i++) {
        observation[Observation.PREVIOUS_ACTION + i] = hover;
      }
      float[] action = new float[4];
      Controller controller = controllerFor(quadrotor);
      controller.reset();
      controller.act(observation, action);
      assertThat(action).containsExactly(new float[] {hover, hover, hover, hover}, within(1e-5f));
    }
  }
}
