package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.Observation;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.controller.CascadedPid;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.controller.GeometricController;
import dev.raptor.sim.effects.ActionDelay;
import dev.raptor.sim.effects.BatterySag;
import dev.raptor.sim.effects.ConstantWind;
import dev.raptor.sim.effects.DrydenTurbulence;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.GroundEffect;
import dev.raptor.sim.effects.Gusts;
import dev.raptor.sim.effects.Impulse;
import dev.raptor.sim.effects.LinearDrag;
import dev.raptor.sim.effects.ObservationDelay;
import dev.raptor.sim.effects.OtherPropellers;
import dev.raptor.sim.effects.Payload;
import dev.raptor.sim.effects.QuadraticDrag;
import dev.raptor.sim.effects.SensorNoise;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.effects.WeakMotor;
import dev.raptor.sim.reference.Circle;
import dev.raptor.sim.reference.Lissajous;
import dev.raptor.sim.reference.MinimumSnap;
import dev.raptor.sim.reference.Reference;
import dev.raptor.sim.reference.StepReference;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/**
 * Numbers of any kind are refused with a line that says what is allowed, or flown without anything
 * that is not finite coming of them.
 */
class GarbageTest {
  private static final int STEPS = 40;
  private static final Quadrotor PLAIN = Quadrotors.named("mrs");

  /** Plausible numbers, and such as are not: too large, too small, negative, none. */
  @Provide
  Arbitrary<double[]> numbers() {
    Arbitrary<Double> plausible = Arbitraries.doubles().between(0.001, 10).ofScale(3);
    Arbitrary<Double> any =
        Arbitraries.of(
            0.0,
            -0.0,
            1.0,
            -1.0,
            1e-300,
            1e300,
            -1e300,
            1e-30,
            1e30,
            1e-9,
            1e9,
            1e4,
            -1e4,
            999.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY);
    Arbitrary<Double> sound =
        Arbitraries.frequencyOf(
            Tuple.of(12, plausible),
            Tuple.of(1, Arbitraries.doubles().ofScale(6)),
            Tuple.of(1, any));
    return sound.array(double[].class).ofSize(20);
  }

  @Property(tries = 1000)
  void quadrotors(@ForAll("numbers") double[] x) {
    Optional<Quadrotor> made =
        make(
            () ->
                Quadrotor.of(
                    "garbage",
                    x[0],
                    new Vec3(x[1], x[2], x[3]),
                    List.of(
                        new Vec3(x[4], -x[5], x[6]),
                        new Vec3(-x[7], -x[8], 0),
                        new Vec3(-x[9], x[10], 0),
                        new Vec3(x[11], x[12], 0)),
                    new ThrustCurve(x[13] / 10, x[14], x[15]),
                    x[16],
                    x[17] / 10,
                    x[18] / 10));
    made.ifPresent(quadrotor -> fly(quadrotor, Reference.hover(), List.of()));
    made.ifPresent(GarbageTest::steer);
  }

  @Property(tries = 300)
  void tasks(@ForAll("numbers") double[] x) {
    make(() ->
            new Task(
                x[0],
                new Task.InitialStates(x[1], x[2], x[3], x[4], x[5] / 10, x[9]),
                new Task.Limits(x[6], x[7], x[8]),
                (int) x[10]))
        .ifPresent(
            task -> {
              Environment environment = new Environment(1);
              environment.assign(0, PLAIN, task);
              environment.reset(0, RandomStreams.of(1), ReferenceKind.LANGEVIN);
              fly(environment, new Surroundings(environment));
            });
  }

  @Property(tries = 300)
  void references(@ForAll("numbers") double[] x) {
    Vec3 v = new Vec3(x[0], x[1], x[2]);
    List<Supplier<Reference>> all =
        List.of(
            () -> new StepReference(v, x[3]),
            () -> new Circle(x[3], x[4], x[5]),
            () -> new Lissajous(v, (int) x[3], (int) x[4], (int) x[5], x[6], x[7]),
            () -> MinimumSnap.atSpeed(x[3], List.of(Vec3.ZERO, v, new Vec3(x[4], x[5], x[6]))),
            () ->
                new MinimumSnap(
                    List.of(
                        new MinimumSnap.Waypoint(x[3], v),
                        new MinimumSnap.Waypoint(x[3] + x[7], Vec3.ZERO))));
    for (Supplier<Reference> reference : all) {
      make(reference).ifPresent(r -> fly(PLAIN, r, List.of()));
    }
  }

  @Property(tries = 300)
  void effects(@ForAll("numbers") double[] x) {
    Vec3 v = new Vec3(x[0], x[1], x[2]);
    List<Supplier<Effect>> all =
        List.of(
            () -> new LinearDrag(v),
            () -> new QuadraticDrag(x[3]),
            () -> new ConstantWind(v),
            () -> new Gusts(x[0], x[1]),
            () -> new DrydenTurbulence(x[0], 10 * x[1]),
            () -> new GroundEffect(x[0], x[1]),
            () -> new BatterySag(x[0] / 10, 100 * x[1], x[2] / 10, x[3] / 10),
            () -> new SensorNoise(x[0], x[1] / 20, x[2], x[3], x[4], x[5]),
            () -> new ObservationDelay((int) x[0]),
            () -> new ActionDelay((int) x[0]),
            () -> new Impulse(x[3] / 20, v, new Vec3(x[4], x[5], x[6])),
            () -> new Payload(x[0] / 20, x[1], x[2]),
            () -> new WeakMotor(x[0] / 20, (int) x[1], x[2] / 10),
            () -> new OtherPropellers(x[0] / 5));
    for (Supplier<Effect> effect : all) {
      make(effect)
          .ifPresent(
              e ->
                  fly(
                      PLAIN,
                      Reference.hover(),
                      List.of(new ConstantWind(new Vec3(1, 0, 0)), LinearDrag.DEFAULT, e)));
    }
  }

  @Property(tries = 300)
  void states(@ForAll("numbers") double[] x) {
    Simulator simulator = new Simulator(1);
    simulator.assign(0, PLAIN);
    float[] state = new float[Simulator.STATE_ROWS];
    for (int r = 0; r < state.length; r++) {
      state[r] = (float) (r < Simulator.N0 ? x[r] : x[r] / 10);
    }
    make(() -> {
          simulator.setState(0, state);
          return simulator;
        })
        .ifPresent(
            s -> {
              s.step(new float[4]);
              assertFinite("state", s.state());
            });
  }

  /** A function of the caller's own is asked only while it is flown. */
  @Test
  void ownReferencesAreCheckedWhereTheyAreAsked() {
    Environment environment = new Environment(2);
    for (int lane = 0; lane < 2; lane++) {
      environment.assign(lane, PLAIN, Task.platform(PLAIN));
    }
    Reference nan = (t, out) -> Arrays.fill(out, t < 0.015 ? 0 : Double.NaN);
    environment.reset(1, RandomStreams.of(0), nan);
    environment.step(new float[8], new float[2], new boolean[2]);
    assertThatThrownBy(() -> environment.step(new float[8], new float[2], new boolean[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("reference of lane 1 at 0.02 s is [NaN, ")
        .hasMessageEndingWith("allowed: finite numbers within ±100000.0");
    Reference far = (t, out) -> Arrays.fill(out, 1e30);
    assertThatThrownBy(() -> environment.reset(0, RandomStreams.of(0), far))
        .hasMessageStartingWith("reference of lane 0 at 0.0 s is [1.0E30, ");
  }

  /** What was refused was refused in one line that says what is allowed. */
  private static <T> Optional<T> make(Supplier<T> maker) {
    try {
      return Optional.of(maker.get());
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).contains("allowed: ").doesNotContain("\n");
      return Optional.empty();
    }
  }

  /** A vehicle that its rotors cannot turn falls as it should, but nothing can steer it. */
  private static void steer(Quadrotor quadrotor) {
    make(() -> List.of(new GeometricController(quadrotor), new CascadedPid(quadrotor)))
        .ifPresent(GarbageTest::steer);
  }

  private static void steer(List<Controller> controllers) {
    for (Controller controller : controllers) {
      float[] action = new float[4];
      controller.reset();
      float[] observation = new float[Observation.SIZE];
      observation[Observation.POSITION] = 0.3f;
      for (int k = 0; k < 3; k++) {
        observation[Observation.ROTATION + 4 * k] = 1;
      }
      controller.act(observation, action);
      assertFinite("action", action);
    }
  }

  private static void fly(Quadrotor quadrotor, Reference reference, List<Effect> effects) {
    Environment environment = new Environment(1);
    environment.assign(0, quadrotor, Task.platform(quadrotor));
    environment.reset(0, RandomStreams.of(1), reference);
    Surroundings surroundings = new Surroundings(environment);
    surroundings.start(0, quadrotor, effects, 1);
    fly(environment, surroundings);
  }

  /** Until it is over; nothing that is seen or paid before is broken. */
  private static void fly(Environment environment, Surroundings surroundings) {
    float[] observation = new float[Environment.STUDENT_ROWS];
    float[] seen = new float[Environment.TEACHER_ROWS];
    float[] reward = new float[1];
    boolean[] terminated = new boolean[1];
    for (int step = 0; step < STEPS && !terminated[0]; step++) {
      surroundings.observe(ObservationKind.RELATIVE, observation);
      environment.observeTeacher(seen);
      assertFinite("observation", observation);
      assertFinite("teacher's observation", seen);
      surroundings.step(new float[] {0.1f, 0.5f, -0.2f, 1.1f}, reward, terminated);
      assertFinite("reward", reward);
      assertFinite("state", environment.simulator().state());
    }
  }

  private static void assertFinite(String what, float[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (!(Math.abs(numbers[i]) <= Float.MAX_VALUE)) {
        throw new AssertionError("%s %d is %s".formatted(what, i, numbers[i]));
      }
    }
  }
}
