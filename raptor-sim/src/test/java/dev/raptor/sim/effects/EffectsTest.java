package dev.raptor.sim.effects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.Observation;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.controller.GeometricController;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.Vec3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EffectsTest {
  private static final Quadrotor X500 = Quadrotors.named("x500_sim");

  /** States and observations of a flight of the second of three lanes, by the textbook. */
  private static List<float[]> fly(Quadrotor quadrotor, List<Effect> effects, int steps) {
    Environment environment = new Environment(3);
    for (int lane = 0; lane < 3; lane++) {
      environment.assign(lane, quadrotor, Task.platform(quadrotor).withDisturbanceForceStdN(0.01));
      environment.reset(lane, RandomStreams.of(7, lane), ReferenceKind.LANGEVIN);
    }
    Surroundings surroundings = new Surroundings(environment);
    surroundings.start(1, quadrotor, effects, 5);
    Controller controller = new GeometricController(quadrotor);
    float[] observation = new float[3 * Observation.SIZE];
    float[] action = new float[12];
    float[] mine = new float[Observation.SIZE];
    float[] commands = new float[4];
    float[] reward = new float[3];
    List<float[]> trace = new ArrayList<>();
    for (int k = 0; k < steps; k++) {
      surroundings.observe(ObservationKind.RELATIVE, observation);
      trace.add(observation.clone());
      for (int r = 0; r < mine.length; r++) {
        mine[r] = observation[3 * r + 1];
      }
      controller.act(mine, commands);
      for (int i = 0; i < 4; i++) {
        action[3 * i + 1] = commands[i];
      }
      surroundings.step(action, reward, new boolean[3]);
      trace.add(environment.simulator().state().clone());
      trace.add(reward.clone());
    }
    return trace;
  }

  private static List<Effect> everythingAtNothing() {
    return List.of(
        new LinearDrag(Vec3.ZERO),
        new QuadraticDrag(0),
        new ConstantWind(Vec3.ZERO),
        new Gusts(0, 1),
        new DrydenTurbulence(0, 6),
        new GroundEffect(0, 0),
        new BatterySag(1, 420, 0, 0),
        new SensorNoise(0, 0, 0, 0, 0, 0),
        new ObservationDelay(0),
        new ActionDelay(0),
        new Impulse(0.1, Vec3.ZERO, Vec3.ZERO),
        new Payload(0.1, 0, 1),
        new WeakMotor(0, 2, 1),
        new OtherPropellers(1),
        new CentreOfMass(Vec3.ZERO),
        new UnequalMotors(0),
        new BodyTorque(Vec3.ZERO),
        new TorqueGusts(0, 1),
        new BladeFlapping(0, 1),
        new AttitudeLag(0),
        new GyroVibration(0, 80),
        new GyroLag(0),
        new ImuNoise(0, 0, 0, 0, 1, 0, 1),
        new PositionDropouts(0, 1),
        new ActionHold(1),
        new HeadingError(0));
  }

  private static List<Effect> everything() {
    return List.of(
        LinearDrag.DEFAULT,
        QuadraticDrag.DEFAULT,
        new ConstantWind(new Vec3(1, 0, 0)),
        Gusts.DEFAULT,
        DrydenTurbulence.DEFAULT,
        new GroundEffect(-0.5, GroundEffect.CRAZYFLIE_RADIUS_PER_ARM),
        BatterySag.DEFAULT,
        SensorNoise.DEFAULT,
        new ObservationDelay(1),
        new ActionDelay(1),
        new Impulse(0.1, new Vec3(0.5, 0, 0), new Vec3(0, 1, 0)),
        new Payload(0.1, 0.2, 0.1),
        new WeakMotor(0, 2, 0.9),
        new OtherPropellers(1.1),
        new CentreOfMass(new Vec3(0.002, -0.001, 0.001)),
        new UnequalMotors(0.05),
        new BodyTorque(new Vec3(0.02, -0.03, 0.1)),
        TorqueGusts.DEFAULT,
        BladeFlapping.DEFAULT,
        new AttitudeLag(0.01),
        new GyroVibration(0.5, 87),
        new GyroLag(0.008),
        ImuNoise.DEFAULT,
        PositionDropouts.DEFAULT,
        new ActionHold(2),
        new HeadingError(0.1),
        new GyroFilter(40),
        new MotorLag(0.02));
  }

  private static Environment plain(Quadrotor quadrotor) {
    Environment environment = new Environment(1);
    environment.assign(0, quadrotor, Task.platform(quadrotor));
    return environment;
  }

  private static Surroundings around(Environment environment, Quadrotor q, Effect... effects) {
    Surroundings surroundings = new Surroundings(environment);
    surroundings.start(0, q, List.of(effects), 1);
    return surroundings;
  }

  private static void step(Surroundings surroundings, float... action) {
    surroundings.step(action, new float[1], new boolean[1]);
  }

  @Test
  void whatIsOffOrOfNoSizeChangesNoBit() {
    for (Quadrotor quadrotor : Quadrotors.all()) {
      List<float[]> without = fly(quadrotor, List.of(), 100);
      assertSame(fly(quadrotor, everythingAtNothing(), 100), without);
    }
    // And the lane without effects is the environment itself.
    Environment environment = plain(X500);
    Environment other = plain(X500);
    environment.reset(0, RandomStreams.of(3), ReferenceKind.LANGEVIN);
    other.reset(0, RandomStreams.of(3), ReferenceKind.LANGEVIN);
    Surroundings surroundings = new Surroundings(environment);
    float[] action = {0.3f, 0.2f, 0.1f, 1.4f};
    for (int k = 0; k < 50; k++) {
      step(surroundings, action);
      other.step(action, new float[1], new boolean[1]);
      assertThat(environment.simulator().state()).isEqualTo(other.simulator().state());
      assertThat(environment.previousAction()).isEqualTo(other.previousAction());
    }
  }

  private static void assertSame(List<float[]> one, List<float[]> other) {
    for (int i = 0; i < other.size(); i++) {
      assertThat(one.get(i)).isEqualTo(other.get(i));
    }
  }

  static List<Effect> each() {
    return everything();
  }

  @ParameterizedTest
  @MethodSource("each")
  void eachEffectIsSeenRepeatsAndLeavesTheOtherLanesAlone(Effect effect) {
    List<Effect> drags = List.of(LinearDrag.DEFAULT, QuadraticDrag.DEFAULT);
    boolean isDrag = drags.contains(effect);
    List<Effect> before = isDrag ? List.of() : drags;
    List<Effect> after = new ArrayList<>(before);
    after.add(effect);
    List<float[]> without = fly(X500, before, 40);
    List<float[]> with = fly(X500, after, 40);
    assertSame(fly(X500, after, 40), with);
    boolean differs = false;
    for (int i = 0; i < with.size(); i++) {
      for (int k = 0; k < with.get(i).length; k++) {
        boolean same = with.get(i)[k] == without.get(i)[k];
        differs |= !same;
        assertThat(k % 3 == 1 || same).isTrue();
      }
    }
    assertThat(differs).isTrue();
  }

  @Property(tries = 20)
  void pushesAddUpInAnyOrder(@ForAll @IntRange(max = 8) int platform, @ForAll long order) {
    Quadrotor quadrotor = Quadrotors.all().get(platform);
    List<Effect> pushes =
        List.of(
            LinearDrag.DEFAULT,
            QuadraticDrag.DEFAULT,
            new GroundEffect(-0.5, 0.6),
            new WeakMotor(0, 1, 0.9),
            new Impulse(0.05, new Vec3(0.1, 0.2, 0), new Vec3(0, 0.1, 0)));
    List<Effect> shuffled = new ArrayList<>(pushes);
    Collections.shuffle(shuffled, new Random(order));
    List<float[]> one = fly(quadrotor, pushes, 20);
    List<float[]> other = fly(quadrotor, shuffled, 20);
    for (int i = 0; i < one.size(); i++) {
      assertThat(other.get(i)).containsExactly(one.get(i), within(2e-3f));
    }
  }

  @Test
  void everythingAtOnceStaysFinite() {
    for (Quadrotor quadrotor : Quadrotors.all()) {
      for (float[] row : fly(quadrotor, everything(), 200)) {
        for (float number : row) {
          assertThat(Float.isFinite(number)).isTrue();
        }
      }
    }
  }

  @Property(tries = 100)
  void dragTakesEnergyAndNeverTurnsAVehicleBack(
      @ForAll @IntRange(max = 49) int index,
      @ForAll @DoubleRange(min = 0, max = 20) double linear,
      @ForAll @DoubleRange(min = 0, max = 1e3) double area,
      @ForAll @DoubleRange(min = -30, max = 30) double vx,
      @ForAll @DoubleRange(min = -30, max = 30) double vy) {
    Quadrotor quadrotor = QuadrotorDistribution.sample(0, 50).get(index).quadrotor();
    Environment environment = plain(quadrotor);
    Surroundings surroundings =
        around(
            environment,
            quadrotor,
            new LinearDrag(new Vec3(linear, linear, linear)),
            new QuadraticDrag(area));
    float[] s = environment.simulator().state();
    s[Simulator.VX] = (float) vx;
    s[Simulator.VY] = (float) vy;
    float hover = (float) (2 * quadrotor.hoverThrottle() - 1);
    Arrays.fill(s, Simulator.N0, Simulator.N0 + 4, (hover + 1) / 2);
    for (int k = 0; k < 20; k++) {
      float before = Math.abs(s[Simulator.VX]);
      step(surroundings, hover, hover, hover, hover);
      assertThat(Math.abs(s[Simulator.VX])).isLessThanOrEqualTo(before + 1e-5f);
      assertThat(s[Simulator.VX] * vx).isGreaterThanOrEqualTo(-1e-6);
    }
  }

  @Test
  void linearDragDecaysAsItsEquationSays() {
    Environment environment = plain(X500);
    Surroundings surroundings = around(environment, X500, new LinearDrag(new Vec3(0.5, 0.25, 0)));
    float[] s = environment.simulator().state();
    s[Simulator.VX] = 2;
    s[Simulator.VY] = 2;
    // A quarter turn to the left: body x looks along world y.
    s[Simulator.QW] = (float) Math.sqrt(0.5);
    s[Simulator.QZ] = (float) Math.sqrt(0.5);
    for (int k = 0; k < 100; k++) {
      step(surroundings, -1, -1, -1, -1);
    }
    assertThat(s[Simulator.VX]).isCloseTo((float) (2 * Math.exp(-0.25)), within(0.005f));
    assertThat(s[Simulator.VY]).isCloseTo((float) (2 * Math.exp(-0.5)), within(0.005f));
  }

  @Test
  void quadraticDragHasATerminalVelocity() {
    Environment environment = plain(X500);
    Surroundings surroundings = around(environment, X500, QuadraticDrag.DEFAULT);
    for (int k = 0; k < 3000; k++) {
      step(surroundings, -1, -1, -1, -1);
    }
    double area = 0.01 / 1.225 * Math.pow(X500.armM() / 0.17, 2);
    double terminal = Math.sqrt(2 * X500.massKg() * Simulator.GRAVITY_MS2 / (1.225 * area));
    assertThat((double) environment.simulator().state()[Simulator.VZ])
        .isCloseTo(-terminal, within(0.01 * terminal));
  }

  @Test
  void windCarriesAVehicleToItsOwnSpeed() {
    Environment environment = plain(X500);
    Surroundings surroundings =
        around(
            environment,
            X500,
            new LinearDrag(new Vec3(2, 2, 0)),
            new ConstantWind(new Vec3(1, 2, 0)),
            new ConstantWind(new Vec3(0, 1, 0)));
    for (int k = 0; k < 1000; k++) {
      step(surroundings, -1, -1, -1, -1);
    }
    float[] s = environment.simulator().state();
    assertThat(s[Simulator.VX]).isCloseTo(1, within(1e-3f));
    assertThat(s[Simulator.VY]).isCloseTo(3, within(1e-3f));
  }

  /** Standard deviation per axis and correlation over a lag, of many independent flights. */
  private static double[][] statistics(Effect effect, int lag) {
    double[] squares = new double[3];
    double[] products = new double[3];
    int flights = 4000;
    for (int flight = 0; flight < flights; flight++) {
      Effect.Active active = effect.start(X500, RandomStreams.of(11, flight));
      double[] first = new double[3];
      double[] last = new double[3];
      for (int k = 0; k <= lag; k++) {
        Arrays.fill(last, 0);
        active.blow(new FlightSnapshot(), last);
        if (k == 0) {
          System.arraycopy(last, 0, first, 0, 3);
        }
      }
      for (int axis = 0; axis < 3; axis++) {
        squares[axis] += last[axis] * last[axis] / flights;
        products[axis] += first[axis] * last[axis] / flights;
      }
    }
    for (int axis = 0; axis < 3; axis++) {
      products[axis] /= squares[axis];
      squares[axis] = Math.sqrt(squares[axis]);
    }
    return new double[][] {squares, products};
  }

  @Test
  void gustsAreStationaryAndForgetAsTheySay() {
    for (int lag : new int[] {0, 50, 200}) {
      double[][] s = statistics(new Gusts(2, 0.5), lag);
      for (int axis = 0; axis < 3; axis++) {
        assertThat(s[0][axis]).isCloseTo(2, within(0.08));
        assertThat(s[1][axis]).isCloseTo(Math.exp(-lag * 0.01 / 0.5), within(0.06));
      }
    }
  }

  @Test
  void drydenHasTheIntensitiesOfTheStandard() {
    double feet = 6 / 0.3048;
    double base = 0.177 + 0.000823 * feet;
    double level = 0.77 / Math.pow(base, 0.4);
    double levelS = 6 / Math.pow(base, 1.2) / 7.7;
    for (int lag : new int[] {0, 100}) {
      double[][] s = statistics(DrydenTurbulence.DEFAULT, lag);
      assertThat(s[0][0]).isCloseTo(level, within(0.05 * level));
      assertThat(s[0][1]).isCloseTo(level, within(0.05 * level));
      assertThat(s[0][2]).isCloseTo(0.77, within(0.05 * 0.77));
      // The longitudinal correlation is e^-r, the lateral one e^-r (1 - r/2).
      double r = lag * 0.01 / levelS;
      double rUp = lag * 0.01 / (6 / 7.7);
      assertThat(s[1][0]).isCloseTo(Math.exp(-r), within(0.06));
      assertThat(s[1][1]).isCloseTo(Math.exp(-r) * (1 - r / 2), within(0.06));
      assertThat(s[1][2]).isCloseTo(Math.exp(-rUp) * (1 - rUp / 2), within(0.06));
    }
  }

  @Property(tries = 200)
  void theFloorLiftsTheMoreTheNearer(
      @ForAll @DoubleRange(min = -1, max = 10) double height,
      @ForAll @DoubleRange(min = 0.01, max = 0.3) double radius) {
    double ratio = GroundEffect.ratio(height, radius);
    assertThat(ratio).isBetween(1.0, 4 / 3.0 + 1e-12);
    assertThat(GroundEffect.ratio(height + 0.1, radius)).isLessThanOrEqualTo(ratio);
    assertThat(GroundEffect.ratio(100 * radius, radius)).isCloseTo(1, within(1e-4));
    assertThat(GroundEffect.ratio(radius, radius)).isCloseTo(16 / 15.0, within(1e-12));
  }

  @Test
  void theFloorRightsATiltedVehicle() {
    Environment environment = plain(X500);
    Surroundings surroundings = around(environment, X500, new GroundEffect(-0.12, 0.6));
    float[] s = environment.simulator().state();
    Arrays.fill(s, Simulator.N0, Simulator.N0 + 4, 0.7f);
    s[Simulator.QW] = (float) Math.cos(0.1);
    s[Simulator.QX] = (float) Math.sin(0.1);
    step(surroundings, 0.4f, 0.4f, 0.4f, 0.4f);
    assertThat(s[Simulator.WX]).isNegative();
    assertThat(Math.abs(s[Simulator.WY])).isLessThan(1e-4f);
  }

  @Test
  void aBatteryEmptiesAndTakesThrustWithIt() {
    BatterySag battery = new BatterySag(1, 100, 0.2, 0.05);
    Effect.Active active = battery.start(X500, new SplittableRandom(1));
    Environment environment = plain(X500);
    float hover = (float) X500.hoverThrottle();
    Arrays.fill(environment.simulator().state(), Simulator.N0, Simulator.N0 + 4, hover);
    FlightSnapshot moment = new FlightSnapshot();
    moment.set(0, environment.simulator().state(), 0, 1, X500);
    double full = X500.thrustCurve().thrustN(1);
    Quadrotor fresh = active.vehicle(moment, X500);
    assertThat(fresh.thrustCurve().thrustN(1)).isCloseTo(full * 0.95 * 0.95, within(1e-5));
    double last = full;
    Quadrotor tired = fresh;
    for (int k = 0; k < 100 * 100; k++) {
      tired = active.vehicle(moment, X500);
      assertThat(tired.thrustCurve().thrustN(1)).isLessThanOrEqualTo(last);
      last = tired.thrustCurve().thrustN(1);
    }
    assertThat(last).isCloseTo(full * 0.75 * 0.75, within(1e-3));
    assertThat(battery.withCharge(0).start(X500, null).vehicle(moment, X500).thrustCurve())
        .isEqualTo(tired.thrustCurve());
  }

  @Test
  void noiseHasItsSpreadAndItsBiasWalks() {
    SensorNoise noise = new SensorNoise(0.1, 0.02, 0.2, 0.3, 0, 0);
    Effect.Active active = noise.start(X500, new SplittableRandom(5));
    double[] squares = new double[Observation.SIZE];
    int n = 20000;
    for (int i = 0; i < n; i++) {
      float[] observation = level();
      active.observe(observation);
      float[] exact = level();
      for (int k = 0; k < squares.length; k++) {
        squares[k] += Math.pow(observation[k] - exact[k], 2) / n;
      }
    }
    for (int k = 0; k < 3; k++) {
      assertThat(Math.sqrt(squares[Observation.POSITION + k])).isCloseTo(0.1, within(0.004));
      assertThat(Math.sqrt(squares[Observation.VELOCITY + k])).isCloseTo(0.2, within(0.008));
      assertThat(Math.sqrt(squares[Observation.ANGULAR_VELOCITY + k])).isCloseTo(0.3, within(0.01));
      assertThat(squares[Observation.PREVIOUS_ACTION + k]).isZero();
    }
    assertThat(Math.sqrt(squares[Observation.ROTATION + 1])).isCloseTo(0.02, within(0.001));
    assertThat(Math.sqrt(squares[Observation.ROTATION + 6])).isCloseTo(0.02, within(0.001));

    double walked = 0;
    for (int flight = 0; flight < 500; flight++) {
      Effect.Active walk =
          new SensorNoise(0, 0, 0, 0, 0.1, 0).start(X500, new SplittableRandom(flight));
      float[] observation = level();
      for (int k = 0; k <= 100; k++) {
        observation = level();
        walk.observe(observation);
      }
      walked += observation[0] * observation[0] / 500;
    }
    assertThat(Math.sqrt(walked)).isCloseTo(0.1, within(0.01));
  }

  private static float[] level() {
    float[] observation = new float[Observation.SIZE];
    observation[Observation.ROTATION] = 1;
    observation[Observation.ROTATION + 4] = 1;
    observation[Observation.ROTATION + 8] = 1;
    return observation;
  }

  @Property(tries = 50)
  void whatIsLateIsWhatWas(@ForAll @IntRange(max = 20) int delay) {
    Effect.Active seen = new ObservationDelay(delay).start(X500, new SplittableRandom(1));
    Effect.Active sent = new ActionDelay(delay).start(X500, new SplittableRandom(1));
    FlightSnapshot moment = new FlightSnapshot();
    float[] state = new float[Simulator.STATE_ROWS];
    Arrays.fill(state, Simulator.N0, Simulator.N0 + 4, 0.25f);
    moment.set(0, state, 0, 1, X500);
    for (int k = 0; k < 50; k++) {
      float[] observation = new float[Observation.SIZE];
      Arrays.fill(observation, k);
      seen.observe(observation);
      assertThat(observation[0]).isEqualTo(Math.max(0, k - delay));
      assertThat(observation[17]).isEqualTo(Math.max(0, k - delay));
      assertThat(observation[Observation.PREVIOUS_ACTION]).isEqualTo(k);
      float[] action = {k, k, k, k};
      sent.command(moment, action);
      assertThat(action).containsOnly(k < delay ? -0.5f : k - delay);
    }
  }

  @Test
  void theControllerSeesWhatItSaidNotWhatArrived() {
    Environment environment = plain(X500);
    Surroundings surroundings = around(environment, X500, new ActionDelay(3));
    step(surroundings, 0.1f, 0.2f, 0.3f, 0.4f);
    float[] observation = new float[Observation.SIZE];
    surroundings.observe(ObservationKind.RELATIVE, observation);
    assertThat(Arrays.copyOfRange(observation, 18, 22)).containsExactly(0.1f, 0.2f, 0.3f, 0.4f);
    assertThat(environment.simulator().state()[Simulator.N0]).isZero();
  }

  @Property(tries = 50)
  void aPokeIsFeltOnceAndAlikeByAll(@ForAll @IntRange(max = 99) int index) {
    Quadrotor quadrotor = QuadrotorDistribution.sample(0, 100).get(index).quadrotor();
    Environment environment = plain(quadrotor);
    Surroundings surroundings =
        around(
            environment,
            quadrotor,
            new Impulse(0.05, new Vec3(0.5, -0.25, 0), new Vec3(0, 0, 0.75)));
    float[] s = environment.simulator().state();
    for (int k = 0; k < 5; k++) {
      step(surroundings, -1, -1, -1, -1);
    }
    assertThat(s[Simulator.VX]).isCloseTo(0, within(1e-6f));
    for (int k = 0; k < 3; k++) {
      step(surroundings, -1, -1, -1, -1);
      assertThat(s[Simulator.VX]).isCloseTo(0.5f, within(1e-5f));
      assertThat(s[Simulator.VY]).isCloseTo(-0.25f, within(1e-5f));
      assertThat(s[Simulator.WZ]).isCloseTo(0.75f, within(1e-5f));
    }
  }

  @Test
  void aPayloadWeighsFromItsTimeOn() {
    Environment environment = plain(X500);
    Surroundings surroundings = around(environment, X500, new Payload(0.5, 0.25, 0));
    float[] s = environment.simulator().state();
    float hover = (float) X500.hoverThrottle();
    Arrays.fill(s, Simulator.N0, Simulator.N0 + 4, hover);
    float command = 2 * hover - 1;
    for (int k = 0; k < 50; k++) {
      step(surroundings, command, command, command, command);
    }
    assertThat(s[Simulator.VZ]).isCloseTo(0, within(1e-3f));
    for (int k = 0; k < 50; k++) {
      step(surroundings, command, command, command, command);
    }
    // Thrust m g on a mass of 1.25 m leaves g/5 downwards.
    assertThat(s[Simulator.VZ]).isCloseTo(-9.81f / 5 * 0.5f, within(2e-3f));
    // The next flight is without.
    surroundings.start(0, X500, List.of(), 2);
    float before = s[Simulator.VZ];
    step(surroundings, command, command, command, command);
    assertThat(s[Simulator.VZ]).isCloseTo(before, within(1e-4f));
  }

  @Test
  void aPayloadBelowMakesTheVehicleSlowerToTiltButNotToYaw() {
    Payload payload = new Payload(0, 1, 0.3);
    FlightSnapshot moment = new FlightSnapshot();
    moment.set(0, new float[Simulator.STATE_ROWS], 0, 1, X500);
    Quadrotor loaded = payload.start(X500, null).vehicle(moment, X500);
    double more = X500.massKg() / 2 * 0.09;
    assertThat(loaded.inertiaKgM2().x()).isCloseTo(X500.inertiaKgM2().x() + more, within(1e-12));
    assertThat(1 / loaded.inverseInertia().y())
        .isCloseTo(X500.inertiaKgM2().y() + more, within(1e-6));
    assertThat(loaded.inverseInertia().z()).isEqualTo(X500.inverseInertia().z());
  }

  @Test
  void aDeadMotorPushesNothing() {
    for (int motor = 0; motor < 4; motor++) {
      Environment environment = plain(X500);
      Surroundings surroundings = around(environment, X500, new WeakMotor(0, motor, 0));
      float[] s = environment.simulator().state();
      Arrays.fill(s, Simulator.N0, Simulator.N0 + 4, 0.8f);
      step(surroundings, 0.6f, 0.6f, 0.6f, 0.6f);
      double f = X500.thrustCurve().thrustN(0.8);
      double dt = Simulator.STEP_S;
      Vec3 rotor = X500.rotorPositionsM().get(motor);
      assertThat((double) s[Simulator.VZ])
          .isCloseTo((3 * f / X500.massKg() - Simulator.GRAVITY_MS2) * dt, within(1e-3));
      assertThat((double) s[Simulator.WX])
          .isCloseTo(-rotor.y() * f * X500.inverseInertia().x() * dt, within(1e-2));
      assertThat((double) s[Simulator.WY])
          .isCloseTo(rotor.x() * f * X500.inverseInertia().y() * dt, within(1e-2));
      assertThat((double) s[Simulator.WZ])
          .isCloseTo(
              -Quadrotor.yawSign(motor)
                  * X500.torqueConstantM()
                  * f
                  * X500.inverseInertia().z()
                  * dt,
              within(1e-2));
    }
  }

  @Test
  void largerPropellersPushWithTheFourthPower() {
    FlightSnapshot moment = new FlightSnapshot();
    moment.set(0, new float[Simulator.STATE_ROWS], 0, 1, X500);
    Quadrotor larger = new OtherPropellers(1.5).start(X500, null).vehicle(moment, X500);
    assertThat(larger.thrustToWeight())
        .isCloseTo(Math.pow(1.5, 4) * X500.thrustToWeight(), within(1e-9));
    assertThat(larger.torqueConstantM()).isEqualTo(1.5 * X500.torqueConstantM());
  }

  @Test
  void refuseWhatIsNone() {
    assertThatThrownBy(() -> new ActionDelay(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delay of actions in steps is -1.0, allowed: 0.0 to 100.0");
    assertThatThrownBy(() -> new Gusts(Double.NaN, 1))
        .hasMessage("gusts in m/s is NaN, allowed: 0.0 to 1000.0");
    assertThatThrownBy(() -> new Gusts(1, 0)).hasMessageContaining("correlation time");
    assertThatThrownBy(() -> new ConstantWind(new Vec3(0, 0, Double.POSITIVE_INFINITY)))
        .hasMessageContaining("numbers within");
    assertThatThrownBy(() -> new WeakMotor(0, 4, 0.5)).hasMessageContaining("0.0 to 3.0");
    assertThatThrownBy(() -> new WeakMotor(0, 1, 1.5)).hasMessageContaining("0.0 to 1.0");
    assertThatThrownBy(() -> new Payload(0, -1, 0)).hasMessageContaining("payload over mass");
    assertThatThrownBy(() -> new OtherPropellers(0)).hasMessageContaining("0.5 to 2.0");
    assertThatThrownBy(() -> new DrydenTurbulence(5, 1)).hasMessageContaining("3.0 to 300.0");
    assertThatThrownBy(() -> new BatterySag(2, 1, 0, 0)).hasMessageContaining("charge");
    assertThatThrownBy(() -> new LinearDrag(new Vec3(0, -1, 0))).hasMessageContaining("along y");
    assertThatThrownBy(() -> new QuadraticDrag(Double.POSITIVE_INFINITY))
        .hasMessageContaining("drag area");
    assertThatThrownBy(() -> new Impulse(-1, Vec3.ZERO, Vec3.ZERO)).hasMessageContaining("poke");
    Environment environment = plain(X500);
    assertThatThrownBy(() -> new Surroundings(environment).start(1, X500, List.of(), 0))
        .hasMessage("lane is 1, allowed: 0 to 0");
    assertThatThrownBy(() -> step(new Surroundings(environment), 0, 0, 0))
        .hasMessage("action has 3 numbers, allowed: 4 for each of 1 lanes");
  }
}
