package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.kernel.Episodes;
import dev.raptor.sim.kernel.ScalarEpisodes;
import dev.raptor.sim.reference.Reference;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
  private static final int LANES = 8;
  private static final int LANE = 3;

  private final float[] reward = new float[1];
  private final boolean[] terminated = new boolean[1];

  @Test
  void rewardsTheCrazyflieAsTheReferenceDoes() {
    Environment environment = one("crazyflie");
    put(Golden.openLoopCrazyflie(), environment);
    float[] rewards = rewards(environment, Golden.OPEN_LOOP_CRAZYFLIE_ACTION, 50);
    assertThat(rewards[0]).isCloseTo(-0.321218606706f, within(1e-5f));
    assertThat(rewards[9]).isCloseTo(0.473846001061f, within(1e-5f));
    assertThat(rewards[49]).isCloseTo(0.0637201922222f, within(1e-5f));
  }

  @Test
  void rewardsFsBaseAsTheReferenceDoes() {
    Environment environment = one("fs_base");
    put(Golden.openLoopFsBase(), environment);
    float[] rewards = rewards(environment, Golden.OPEN_LOOP_FS_BASE_ACTION, 10);
    assertThat(rewards[0]).isCloseTo(0.255051025722f, within(1e-5f));
    assertThat(rewards[9]).isCloseTo(0.390871894042f, within(1e-5f));
  }

  /** The recorded observations hold the previous action raw, also where it is beyond ±1. */
  @ParameterizedTest
  @EnumSource(ObservationKind.class)
  void observesAsTheReferenceDoes(ObservationKind kind) {
    Environment environment = one("crazyflie");
    put(Golden.closedLoopCrazyflie(), environment);
    for (int i = 0; i < 4; i++) {
      environment.previousAction()[i] = 2 * environment.simulator().state()[Simulator.N0 + i] - 1;
    }
    float[] observation = new float[22];
    for (Map<?, ?> entry : Golden.entries("closed_loop_crazyflie").subList(0, 3)) {
      environment.observe(kind, observation);
      double[] expected = Golden.numbers(entry, "obs");
      for (int r = 0; r < 22; r++) {
        assertThat((double) observation[r])
            .as("row %d before step %d", r, Golden.step(entry))
            .isCloseTo(expected[r], within(2e-6));
      }
      environment.step(floats(Golden.numbers(entry, "action_raw")), reward, terminated);
    }
  }

  @Test
  void teachersSeeTheErrorUnclippedAndTheRotors() {
    Environment environment = one("x500_real");
    environment.reset(0, RandomStreams.of(1), ReferenceKind.LANGEVIN);
    for (int step = 0; step < 30; step++) {
      environment.step(new float[4], reward, terminated);
    }
    float[] relative = new float[22];
    environment.observe(ObservationKind.RELATIVE, relative);
    environment.setErrorClip(1e-3, 1e-3);
    environment.simulator().disturbance()[1] = 3;
    float[] teacher = new float[29];
    environment.observeTeacher(teacher);
    for (int r = 0; r < 22; r++) {
      assertThat(teacher[r]).as("row %d", r).isEqualTo(relative[r]);
    }
    float[] s = environment.simulator().state();
    for (int i = 0; i < 4; i++) {
      assertThat(teacher[22 + i]).isEqualTo(2 * s[Simulator.N0 + i] - 1);
    }
    assertThat(teacher[27]).isEqualTo(3 / (float) Quadrotors.named("x500_real").massKg());
    for (int k = 0; k < 3; k++) {
      assertThat(environment.reference()[k]).isNotZero();
      assertThat(teacher[k]).isEqualTo(s[Simulator.PX + k] - environment.reference()[k]);
      assertThat(teacher[12 + k]).isEqualTo(s[Simulator.VX + k] - environment.reference()[3 + k]);
    }
  }

  @Test
  void clipsRelativeErrorsAlone() {
    Environment environment = one("mrs");
    environment.setErrorClip(0.5, 1);
    float[] s = environment.simulator().state();
    s[Simulator.PX] = 0.7f;
    s[Simulator.PY] = -0.8f;
    s[Simulator.VZ] = 1.5f;
    s[Simulator.VY] = 0.9f;
    float[] observation = new float[22];
    environment.observe(ObservationKind.RELATIVE, observation);
    assertThat(observation).startsWith(0.5f, -0.5f, 0f).contains(1f, 0.9f);
    assertThat(observation[13]).isEqualTo(0.9f);
    assertThat(observation[14]).isEqualTo(1f);
    environment.observe(ObservationKind.ABSOLUTE, observation);
    assertThat(observation).startsWith(0.7f, -0.8f, 0f);
    assertThat(observation[14]).isEqualTo(1.5f);
  }

  @Test
  void firstRewardChargesTheWholeActionAndLaterOnesItsChange() {
    Environment environment = one("x500_real");
    environment.reset(0, RandomStreams.of(0), Reference.hover());
    atRest(environment);
    assertThat(environment.previousAction()).doesNotContain(0f);
    float[] action = {2, 0, 0, 0};
    environment.step(action, reward, terminated);
    assertThat(reward[0]).isEqualTo(0.5f - 2);
    assertThat(environment.previousAction()).containsExactly(action);
    atRest(environment);
    environment.step(new float[] {2, 0.25f, 0, 0}, reward, terminated);
    assertThat(reward[0]).isEqualTo(0.5f - 0.25f);
  }

  @Test
  void rewardIsRelativeToTheReferenceBeforeTheStep() {
    Environment environment = one("x500_real");
    Reference moves =
        (t, out) -> {
          Arrays.fill(out, 0);
          out[1] = 0.25 + t;
        };
    environment.reset(0, RandomStreams.of(0), moves);
    atRest(environment);
    environment.step(new float[4], reward, terminated);
    assertThat(reward[0]).isEqualTo(0.5f - 0.25f);
    assertThat(environment.reference()[1]).isEqualTo(0.26f);
    assertThat(environment.steps(0)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1.02, true",
    "1, -1.02, true",
    "2, 0.95, false",
    "7, 2.1, true",
    "8, -2.1, true",
    "9, 1.8, false",
    "10, 36, true",
    "11, -36, true",
    "12, 34.9, false"
  })
  void isOverBeyondTheLimits(int row, float value, boolean over) {
    Environment environment = one("x500_sim");
    environment.simulator().state()[row] = value;
    environment.step(new float[4], reward, terminated);
    assertThat(terminated[0]).isEqualTo(over);
    assertThat(reward[0] == -100).isEqualTo(over);
  }

  @Test
  void isOverByWhereItIsNotByHowFarFromTheReference() {
    Environment environment = one("x500_sim");
    Reference far =
        (t, out) -> {
          Arrays.fill(out, 0);
          out[0] = 5;
        };
    environment.reset(0, RandomStreams.of(0), far);
    atRest(environment);
    environment.step(new float[4], reward, terminated);
    assertThat(terminated[0]).isFalse();
    assertThat(reward[0]).isEqualTo(0.5f - 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6, 8, 12, 13, 16})
  void aBrokenStateIsOver(int row) {
    Environment environment = one("x500_sim");
    environment.simulator().state()[row] = Float.NaN;
    environment.step(new float[4], reward, terminated);
    assertThat(terminated[0]).isTrue();
    assertThat(reward[0]).isEqualTo(-100);
  }

  @Test
  void infiniteLimitsNeverEndAnEpisode() {
    Environment environment = new Environment(1);
    Quadrotor quadrotor = Quadrotors.named("x500_sim");
    environment.assign(
        0, quadrotor, Task.platform(quadrotor).withTerminationPositionM(Double.POSITIVE_INFINITY));
    environment.simulator().state()[Simulator.PX] = 1e4f;
    environment.step(new float[4], reward, terminated);
    assertThat(terminated[0]).isFalse();
  }

  @ParameterizedTest
  @EnumSource(ReferenceKind.class)
  void anEpisodeDoesNotDependOnItsLane(ReferenceKind kind) {
    SampledQuadrotor sampled = QuadrotorDistribution.sample(4, 1).get(0);
    Task task = Task.training(sampled);
    Environment alone = new Environment(1);
    alone.assign(0, sampled.quadrotor(), task);
    Environment crowd = new Environment(LANES);
    for (int lane = 0; lane < LANES; lane++) {
      crowd.assign(lane, Quadrotors.named("crazyflie"), task);
      crowd.reset(lane, RandomStreams.of(99, lane), ReferenceKind.MIX);
    }
    crowd.assign(LANE, sampled.quadrotor(), task);
    for (long episode = 0; episode < 4; episode++) {
      alone.reset(0, RandomStreams.of(5, episode), kind);
      crowd.reset(LANE, RandomStreams.of(5, episode), kind);
      assertSameEpisode(alone, crowd, RandomStreams.of(6, episode));
    }
  }

  /** The observation is quadratic in the state, so that central differences are exact. */
  @Test
  void teacherObservationGradientIsThatOfTheObservation() {
    Environment environment = new Environment(LANES);
    SplittableRandom random = RandomStreams.of(3);
    for (int lane = 0; lane < LANES; lane++) {
      Quadrotor quadrotor = Quadrotors.named("mrs");
      environment.assign(lane, quadrotor, Task.platform(quadrotor));
      environment.reset(lane, random.split(), ReferenceKind.LANGEVIN);
    }
    float[] state = environment.simulator().state();
    float[] history = new float[state.length + 2];
    System.arraycopy(state, 0, history, 2, state.length);
    float[] gradient = new float[29 * LANES + 1];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) random.nextGaussian();
    }
    float[] byState = new float[state.length];
    Arrays.fill(byState, 1);
    float[] byAction = new float[4 * LANES];
    Arrays.fill(byAction, 1);
    environment.teacherObservationGradient(history, 2, gradient, 1, byState, byAction);

    assertThat(byAction)
        .containsExactly(Arrays.copyOfRange(gradient, 1 + 18 * LANES, 1 + 22 * LANES));
    float[] up = new float[29 * LANES];
    float[] down = new float[29 * LANES];
    for (int i = 0; i < state.length; i++) {
      state[i] = history[2 + i] + 0.5f;
      environment.observeTeacher(up);
      state[i] = history[2 + i] - 0.5f;
      environment.observeTeacher(down);
      state[i] = history[2 + i];
      double expected = 1;
      for (int k = 0; k < up.length; k++) {
        expected += gradient[1 + k] * (up[k] - down[k]);
      }
      assertThat((double) byState[i]).as("number %d", i).isCloseTo(expected, within(1e-5));
    }
    assertThatThrownBy(
            () ->
                environment.teacherObservationGradient(history, 3, gradient, 1, byState, byAction))
        .hasMessageContaining("state has");
  }

  @Test
  void rewardsYawByTheArcCosine() {
    for (int i = 0; i <= 10_000; i++) {
      float x = i / 10_000f;
      assertThat(ScalarEpisodes.acosOfOneMinus(x))
          .isCloseTo((float) Math.acos(1.0 - x), within(3e-7f));
    }
    assertThat(ScalarEpisodes.acosOfOneMinus(1 + 1e-7f))
        .isCloseTo((float) Math.PI / 2, within(1e-6f));
    assertThat(ScalarEpisodes.acosOfOneMinus(Float.NaN)).isNaN();
  }

  private static void assertSameEpisode(
      Environment alone, Environment crowd, SplittableRandom random) {
    float[] action = new float[4];
    float[] crowdAction = new float[4 * LANES];
    float[] reward = new float[1];
    float[] crowdReward = new float[LANES];
    boolean[] terminated = new boolean[1];
    boolean[] crowdTerminated = new boolean[LANES];
    float[] observation = new float[22];
    float[] crowdObservation = new float[22 * LANES];
    for (int step = 0; step < 50; step++) {
      for (int i = 0; i < crowdAction.length; i++) {
        crowdAction[i] = (float) (2 * random.nextDouble() - 1);
      }
      for (int i = 0; i < 4; i++) {
        action[i] = crowdAction[i * LANES + LANE];
      }
      alone.step(action, reward, terminated);
      crowd.step(crowdAction, crowdReward, crowdTerminated);
      alone.observe(ObservationKind.RELATIVE, observation);
      crowd.observe(ObservationKind.RELATIVE, crowdObservation);
      assertThat(crowdReward[LANE]).isEqualTo(reward[0]);
      assertThat(crowdTerminated[LANE]).isEqualTo(terminated[0]);
      for (int r = 0; r < 22; r++) {
        assertThat(crowdObservation[r * LANES + LANE]).isEqualTo(observation[r]);
      }
    }
  }

  @Test
  void startsAreDrawnAsTheTaskSays() {
    SampledQuadrotor sampled = QuadrotorDistribution.sample(0, 2).get(1);
    Environment environment = new Environment(1);
    environment.assign(0, sampled.quadrotor(), Task.training(sampled));
    float[] s = environment.simulator().state();
    int episodes = 20_000;
    int atRest = 0;
    int moving = 0;
    double[] greatest = new double[Simulator.STATE_ROWS];
    double angle = 0;
    double axisZ = 0;
    double force = 0;
    for (int episode = 0; episode < episodes; episode++) {
      environment.reset(0, RandomStreams.of(2, episode), ReferenceKind.MIX);
      for (int r = 0; r < greatest.length; r++) {
        greatest[r] = Math.max(greatest[r], Math.abs(s[r]));
      }
      atRest += s[Simulator.PX] == 0 && s[Simulator.QW] == 1 && s[Simulator.WZ] == 0 ? 1 : 0;
      angle += 2 * Math.acos(Math.min(1, s[Simulator.QW]));
      axisZ += s[Simulator.QZ];
      force += Math.pow(environment.simulator().disturbance()[1], 2);
      for (int i = 0; i < 4; i++) {
        assertThat(environment.previousAction()[i]).isEqualTo(2 * s[Simulator.N0 + i] - 1);
      }
      environment.step(new float[4], reward, terminated);
      moving += environment.reference()[0] != 0 ? 1 : 0;
    }
    assertThat(atRest / (double) episodes).isCloseTo(0.1, within(0.01));
    assertThat(moving / (double) episodes).isCloseTo(0.5, within(0.015));
    assertThat(angle / episodes).isCloseTo(0.9 * 0.5, within(0.01));
    assertThat(axisZ / episodes).isCloseTo(0, within(0.01));
    assertThat(Math.sqrt(force / episodes) / sampled.disturbanceForceStdN())
        .isCloseTo(1, within(0.02));
    for (int k = 0; k < 3; k++) {
      assertThat(greatest[Simulator.PX + k]).isBetween(0.499, 0.5);
      assertThat(greatest[Simulator.VX + k]).isBetween(0.999, 1.0);
      assertThat(greatest[Simulator.WX + k]).isBetween(0.999, 1.0);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(greatest[Simulator.N0 + i]).isBetween(0.499, 0.5);
    }
  }

  /**
   * The velocity that is smoothed has, once it has settled, the variance of the recurrence's own
   * covariance, iterated here on the linear system.
   */
  @Test
  void langevinReferenceHasTheVarianceOfItsEquations() {
    int lanes = 2000;
    Environment environment = new Environment(lanes);
    Quadrotor quadrotor = Quadrotors.named("crazyflie");
    for (int lane = 0; lane < lanes; lane++) {
      environment.assign(lane, quadrotor, Task.platform(quadrotor));
      environment.reset(lane, RandomStreams.of(8, lane), ReferenceKind.LANGEVIN);
    }
    assertThat(environment.reference()).containsOnly(0f);
    float[] action = new float[4 * lanes];
    for (int step = 0; step < 500; step++) {
      environment.step(action, new float[lanes], new boolean[lanes]);
    }
    double[] expected = langevinVariance(500);
    for (int r = 0; r < 6; r++) {
      double sum = 0;
      double squares = 0;
      for (int lane = 0; lane < lanes; lane++) {
        double value = environment.reference()[r * lanes + lane];
        sum += value;
        squares += value * value;
      }
      double variance = squares / lanes;
      // Means within four, variances within five standard errors.
      assertThat(sum / lanes).isCloseTo(0, within(4 * Math.sqrt(variance / lanes)));
      assertThat(variance / expected[r / 3]).isCloseTo(1, within(5 * Math.sqrt(2.0 / lanes)));
    }
  }

  /** Variances of x_s and v_s after that many steps: the sum of squared impulse responses. */
  private static double[] langevinVariance(int steps) {
    double dt = 0.01;
    double x = 0;
    double v = 0;
    double smoothX = 0;
    double smoothV = 0;
    double varianceX = 0;
    double varianceV = 0;
    for (int step = 0; step < steps; step++) {
      v += (-v - 4 * x) * dt + (step == 0 ? 0.5 * Math.sqrt(dt) : 0);
      x += v * dt;
      smoothV = 0.01 * v + 0.99 * smoothV;
      smoothX += smoothV * dt;
      varianceX += smoothX * smoothX;
      varianceV += smoothV * smoothV;
    }
    return new double[] {varianceX, varianceV};
  }

  /** Of one episode, of many, and of many that share a key. */
  @Test
  void noiseOfTheReferenceIsNormalAndForgetsAtOnce() {
    int count = 1 << 18;
    SplittableRandom random = RandomStreams.of(12);
    int key = random.nextInt();
    int other = random.nextInt();
    double[] overTime = new double[count];
    double[] overKeys = new double[count];
    double[] overOthers = new double[count];
    for (int i = 0; i < count; i++) {
      overTime[i] = ScalarEpisodes.normal(key + i * Episodes.GOLDEN, other);
      overKeys[i] = ScalarEpisodes.normal(random.nextInt(), random.nextInt());
      overOthers[i] = ScalarEpisodes.normal(key, random.nextInt());
    }
    for (double[] x : new double[][] {overTime, overKeys, overOthers}) {
      // Five standard errors; the variance of xⁿ is that of the normal distribution's moments.
      double[] moments = {0, 1, 0, 3, 0, 15};
      double[] variances = {1, 2, 15, 96, 945, 10170};
      for (int n = 1; n <= 6; n++) {
        int power = n;
        double mean = Arrays.stream(x).map(v -> Math.pow(v, power)).average().orElseThrow();
        assertThat(mean).isCloseTo(moments[n - 1], within(5 * Math.sqrt(variances[n - 1] / count)));
      }
      for (int lag = 1; lag <= 4; lag++) {
        double sum = 0;
        double squares = 0;
        for (int i = lag; i < count; i++) {
          sum += x[i] * x[i - lag];
          squares += (x[i] * x[i] - 1) * (x[i - lag] * x[i - lag] - 1);
        }
        assertThat(sum / count).isCloseTo(0, within(5 / Math.sqrt(count)));
        assertThat(squares / count).isCloseTo(0, within(5 * 2 / Math.sqrt(count)));
      }
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    Environment environment = one("crazyflie");
    float[] four = new float[4];
    assertThatThrownBy(() -> environment.observe(ObservationKind.RELATIVE, new float[21]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("observation has 21 numbers, allowed: 22 for each of 1 lanes");
    assertThatThrownBy(() -> environment.observeTeacher(new float[22]))
        .hasMessage("observation has 22 numbers, allowed: 29 for each of 1 lanes");
    assertThatThrownBy(() -> environment.step(four, new float[2], terminated))
        .hasMessage("reward has 2 numbers, allowed: 1 for each of 1 lanes");
    four[1] = Float.NaN;
    assertThatThrownBy(() -> environment.step(four, reward, terminated))
        .hasMessage("action 1 of lane 0 is NaN, allowed: a finite number");
    assertThat(environment.steps(0)).isZero();
    assertThat(environment.previousAction()).containsOnly(-1f);
    assertThatThrownBy(() -> environment.setErrorClip(0, 1))
        .hasMessageStartingWith("error clips are 0.0 m and 1.0 m/s");
    assertThatThrownBy(() -> environment.reset(1, RandomStreams.of(0), ReferenceKind.HOVER))
        .hasMessage("lane is 1, allowed: 0 to 0");
    Environment empty = new Environment(1);
    assertThatThrownBy(() -> empty.reset(0, RandomStreams.of(0), ReferenceKind.HOVER))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> empty.step(new float[4], reward, terminated))
        .isInstanceOf(IllegalStateException.class);
  }

  @Property(tries = 30)
  void aCommandOfAnySizeHasAReward(
      @ForAll @IntRange(min = 1, max = 33) int lanes, @ForAll @IntRange(max = 38) int exponent) {
    Environment environment = new Environment(lanes);
    for (int lane = 0; lane < lanes; lane++) {
      environment.assign(lane, Quadrotors.named("mrs"), Task.platform(Quadrotors.named("mrs")));
    }
    float[] action = new float[4 * lanes];
    float[] rewards = new float[lanes];
    for (int sign : new int[] {1, -1}) {
      for (int i = 0; i < 4; i++) {
        action[i * lanes + lanes - 1] = sign * (float) Math.pow(10, exponent);
      }
      environment.step(action, rewards, new boolean[lanes]);
      assertThat(rewards[lanes - 1]).isBetween(-1.1e9f, 0.5f);
    }
  }

  @Test
  void noReferenceIsNotAWalk() {
    Environment environment = one("mrs");
    assertThatThrownBy(() -> environment.reset(0, new SplittableRandom(1), (Reference) null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reference of lane 0 is null, allowed: one to follow");
    assertThatThrownBy(() -> environment.reset(0, new SplittableRandom(1), (ReferenceKind) null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reference of lane 0 is null");
  }

  @Test
  void tasksAreValidatedAndChanged() {
    Task task = Task.platform(Quadrotors.named("mrs"));
    assertThat(task.withInitialPositionM(2).initial().positionM()).isEqualTo(2);
    assertThat(task.withInitialAngleRad(0.3).initial().angleRad()).isEqualTo(0.3);
    assertThat(task.withGuidanceProbability(0).initial().guidanceProbability()).isZero();
    assertThat(task.withTerminationPositionM(3).limits().positionM()).isEqualTo(3);
    assertThat(task.withTerminationSpeedMS(4).limits().speedMS()).isEqualTo(4);
    assertThat(task.withDisturbanceForceStdN(0.5).initial().disturbanceForceStdN()).isEqualTo(0.5);
    assertThat(task.withEpisodeSteps(7).episodeSteps()).isEqualTo(7);
    assertThat(task.withEpisodeSteps(7).withEpisodeSteps(500)).isEqualTo(task);
    assertThatThrownBy(() -> task.withGuidanceProbability(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("guidanceProbability is 1.5, allowed: 0.0 to 1.0");
    assertThatThrownBy(() -> task.withEpisodeSteps(0))
        .hasMessage("episodeSteps is 0, allowed: 1 or more");
    assertThatThrownBy(() -> task.withTerminationPositionM(Double.NaN))
        .hasMessage("terminationPositionM is NaN, allowed: a number above 0");
    assertThatThrownBy(() -> task.withInitialPositionM(-1))
        .hasMessage("initialPositionM is -1.0, allowed: 0.0 to 100000.0");
  }

  private static Environment one(String platform) {
    Environment environment = new Environment(1);
    Quadrotor quadrotor = Quadrotors.named(platform);
    environment.assign(0, quadrotor, Task.platform(quadrotor));
    return environment;
  }

  private static void put(ReferenceSimulator from, Environment to) {
    System.arraycopy(floats(from.state()), 0, to.simulator().state(), 0, Simulator.STATE_ROWS);
    System.arraycopy(
        floats(from.disturbance()), 0, to.simulator().disturbance(), 0, Simulator.DISTURBANCE_ROWS);
  }

  /** Upright at the origin, where only the action and the reference cost. */
  private static void atRest(Environment environment) {
    float[] s = environment.simulator().state();
    for (int r = 0; r < Simulator.N0; r++) {
      s[r] = r == Simulator.QW ? 1 : 0;
    }
  }

  private float[] rewards(Environment environment, double[] action, int steps) {
    float[] rewards = new float[steps];
    for (int step = 0; step < steps; step++) {
      environment.step(floats(action), reward, terminated);
      rewards[step] = reward[0];
    }
    return rewards;
  }

  private static float[] floats(double[] from) {
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
    return to;
  }
}
