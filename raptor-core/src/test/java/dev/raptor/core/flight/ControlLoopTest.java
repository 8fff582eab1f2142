package dev.raptor.core.flight;

import static dev.raptor.core.flight.ControlLoop.Outcome.EARLY;
import static dev.raptor.core.flight.ControlLoop.Outcome.FAILSAFE;
import static dev.raptor.core.flight.ControlLoop.Outcome.HELD;
import static dev.raptor.core.flight.ControlLoop.Outcome.INTERMEDIATE;
import static dev.raptor.core.flight.ControlLoop.Outcome.NATIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.flight.ControlLoop.Outcome;
import dev.raptor.core.flight.ControlLoop.Warning;
import dev.raptor.core.flight.ControlLoopConfig.Timeouts;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlLoopTest {
  private static final long MS = 1_000_000;
  private static final ErrorClip CLIP = new ErrorClip(0.5, 1);
  private static final RecurrentPolicy RANDOM =
      new RecurrentPolicy(
          RecurrentNetwork.RAPTOR,
          RecurrentNetwork.RAPTOR.initialise(RandomStreams.of(1)),
          Map.of(ErrorClip.KEY, CLIP.toJson("a guess")));

  @Test
  void atTheNativeRateItIsTheBareSession() {
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(100));
    PolicySession session = RANDOM.newSession();
    float[] observation = new float[22];
    float[] action = new float[4];
    for (int i = 0; i < 500; i++) {
      rig.measure(i * 10 * MS, i);
      assertThat(rig.step(i * 10 * MS)).isEqualTo(NATIVE);
      rig.state.observe(rig.target, CLIP, observation);
      System.arraycopy(action, 0, observation, 18, 4);
      session.step(observation, action);
      for (int m = 0; m < 4; m++) {
        assertThat(rig.throttles[m]).isCloseTo(Math.clamp(action[m], -1f, 1f), within(1e-15));
      }
    }
    assertThat(rig.loop.warnings()).isEmpty();
  }

  /** What the memory sees at 400 Hz: every fourth observation, and the mean of four actions. */
  @Test
  void stepsBetweenLeaveTheMemoryAlone() {
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    PolicySession session = RANDOM.newSession();
    PolicySession tried = RANDOM.newSession();
    float[] observation = new float[22];
    float[] action = new float[4];
    double[][] since = new double[4][4];
    for (int i = 0; i < 2000; i++) {
      long now = i * 5 * MS / 2;
      rig.measure(now, i);
      assertThat(rig.step(now)).isEqualTo(i % 4 == 0 ? NATIVE : INTERMEDIATE);
      rig.state.observe(rig.target, CLIP, observation);
      int many = i == 0 ? 0 : i % 4 == 0 ? 4 : i % 4;
      for (int m = 0; m < 4; m++) {
        double sum = 0;
        for (int k = 0; k < many; k++) {
          sum += since[k][m];
        }
        observation[18 + m] = many == 0 ? 0 : (float) (sum / many);
      }
      if (i % 4 == 0) {
        session.step(observation, action);
      } else {
        tried.copyFrom(session);
        tried.step(observation, action);
      }
      for (int m = 0; m < 4; m++) {
        since[i % 4][m] = action[m];
        assertThat(rig.throttles[m]).isCloseTo(Math.clamp(action[m], -1f, 1f), within(1e-6));
      }
    }
  }

  @Test
  void thePreviousActionIsTheRunningMeanOfRawOnes() {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(400));
    float[] given = {0.25f, 0.5f, 3, -0.5f, -1};
    float[] seen = {0, 0.25f, 0.375f, 1.25f, 0.8125f, -1};
    for (int i = 0; i < seen.length; i++) {
      Arrays.fill(policy.answer, i < given.length ? given[i] : 0);
      rig.fly(i * 5 * MS / 2);
      assertThat(policy.observation[18]).isEqualTo(seen[i]);
    }
  }

  @Test
  void outputsAreClampedAndInTheOrderOfTheVehicle() {
    Recorder policy = new Recorder();
    policy.answer = new float[] {-3, 0, 0.5f, 3};
    Motors px4 = new Motors(MotorOrder.PX4, ThrottleRange.unit(0.1));
    ControlLoop loop = new ControlLoop(policy, px4, ControlLoopConfig.at(100));
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(100));
    rig.measure(0, 0);
    loop.step(0, rig.state, rig.target, rig.throttles);
    assertThat(rig.throttles).containsExactly(new double[] {0.1, 0.775, 1, 0.55}, within(1e-15));
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 60, 75, 90, 100, 110, 125, 166, 250, 300, 333, 400, 500, 1000, 8000})
  void theMemoryAdvancesAHundredTimesASecondAtAnyRate(int hertz) {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(hertz));
    long interval = Duration.ofSeconds(1).dividedBy(hertz).toNanos();
    long natives = 0;
    for (long now = 0; now < 10_000 * MS; now += interval) {
      natives += rig.fly(now) == NATIVE ? 1 : 0;
    }
    assertThat(policy.memory()).isBetween(990, 1010);
    // At less than 100 Hz each call is native, and some advance the memory twice.
    assertThat(natives).isBetween(Math.min(990L, 10L * hertz), (long) policy.memory());
    assertThat(rig.loop.warnings()).doesNotContain(Warning.NATIVE_BIAS, Warning.STEP_BIAS);
  }

  @Property(tries = 50)
  void jitterDoesNotSlowItDown(@ForAll long seed, @ForAll boolean everyCall) {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(400).withSteps(everyCall, 0));
    SplittableRandom random = RandomStreams.of(seed);
    for (int i = 0; i < 4000; i++) {
      // Up to half a millisecond around where it should be.
      rig.fly((i + 1) * 5 * MS / 2 + random.nextLong(-MS / 2, MS / 2));
    }
    assertThat(policy.memory()).isBetween(990, 1010);
    assertThat(rig.loop.nativeIntervals().meanRatio()).isCloseTo(1, within(0.01));
    assertThat(rig.loop.warnings()).doesNotContain(Warning.NATIVE_BIAS, Warning.STEP_BIAS);
  }

  @Test
  void callsCanBeCountedInsteadOfTimed() {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(800).withSteps(true, 8));
    // A gyroscope whose clock runs a tenth too slow.
    for (int i = 0; i < 800; i++) {
      assertThat(rig.fly(i * 11 * MS / 8)).isEqualTo(i % 8 == 0 ? NATIVE : INTERMEDIATE);
    }
    assertThat(policy.memory()).isEqualTo(100);
  }

  @Test
  void callsThatComeTooSoonRepeatTheCommands() {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(400).withSteps(false, 0));
    Map<Integer, Outcome> runs = new TreeMap<>();
    float last = 0;
    for (int i = 0; i <= 20; i++) {
      Arrays.fill(policy.answer, i / 32f);
      Outcome outcome = rig.fly(i * MS / 2);
      if (outcome != EARLY) {
        runs.put(i, outcome);
        last = i / 32f;
      }
      assertThat(rig.throttles).containsOnly(last);
    }
    // A millisecond too soon is near enough: the first is, and the others keep the raster.
    assertThat(runs)
        .isEqualTo(
            Map.of(0, NATIVE, 3, INTERMEDIATE, 8, INTERMEDIATE, 13, INTERMEDIATE, 18, NATIVE));
  }

  @Test
  void aBurstDoesNotAdvanceTheMemory() {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(400));
    for (int i = 0; i < 1000; i++) {
      rig.fly(7 * MS);
    }
    assertThat(policy.memory()).isOne();
    assertThat(rig.loop.warnings()).containsExactly(Warning.STEP_JITTER, Warning.STEP_BIAS);
    assertThat(rig.loop.stepIntervals().longestRatio()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "STALE_ANGULAR_VELOCITY, 10",
    "STALE_ATTITUDE,         50",
    "STALE_POSITION,        100",
    "STALE_VELOCITY,        100"
  })
  void whatIsTooOldIsNotFlownOn(Warning missing, int timeoutMs) {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(1000).withFailsafeCommand(-0.25));
    Arrays.fill(policy.answer, 0.5f);
    rig.fly(0);
    long now = 0;
    while (now < timeoutMs * MS) {
      now += MS;
      rig.measureAllBut(missing, now);
      assertThat(rig.step(now)).isIn(NATIVE, INTERMEDIATE);
      assertThat(rig.loop.warnings()).isEmpty();
    }
    final int memory = policy.memory();
    for (int i = 0; i < 100; i++) {
      now += MS;
      rig.measureAllBut(missing, now);
      assertThat(rig.step(now)).isEqualTo(HELD);
      assertThat(rig.throttles).containsOnly(0.5);
      assertThat(rig.loop.warnings()).contains(missing);
    }
    assertThat(policy.memory()).isEqualTo(memory);
    for (int i = 0; i < 100; i++) {
      now += MS;
      rig.measureAllBut(missing, now);
      assertThat(rig.step(now)).isEqualTo(FAILSAFE);
      assertThat(rig.throttles).containsOnly(-0.25);
    }
    assertThat(rig.fly(now)).isEqualTo(NATIVE);
    assertThat(policy.memory()).isOne();
    assertThat(policy.observation[18]).isEqualTo(-0.25f);
    assertThat(rig.throttles).containsOnly(0.5);
  }

  @Test
  void aShortGapIsFlownOverWithTheSameMemory() {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(400));
    rig.fly(0);
    assertThat(rig.step(50 * MS)).isEqualTo(HELD);
    assertThat(rig.fly(90 * MS)).isEqualTo(NATIVE);
    assertThat(policy.memory()).isEqualTo(2);
  }

  /** Sums of floats overflow: the policy throws, and the motors idle. */
  @Test
  void aPolicyThatThrowsIsFailsafe() {
    RecurrentPolicy huge = huge();
    ControlLoopConfig config =
        ControlLoopConfig.at(100).withErrorClip(CLIP).withFailsafeCommand(-0.5);
    Rig rig = new Rig(huge, config);
    rig.measure(0, 0);
    rig.state.angularVelocity(0, 1000, 1000, 1000);
    Arrays.fill(rig.throttles, 7);
    assertThat(rig.step(0)).isEqualTo(FAILSAFE);
    assertThat(rig.throttles).containsOnly(-0.5);
    assertThat(rig.loop.warnings()).contains(Warning.NOT_A_NUMBER);
  }

  /** A policy whose every weight is near the largest float, with either sign. */
  private static RecurrentPolicy huge() {
    float[] parameters = new float[RecurrentNetwork.RAPTOR.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = i % 3 == 0 ? -1e38f : 1e38f;
    }
    return new RecurrentPolicy(RecurrentNetwork.RAPTOR, parameters, Map.of());
  }

  @Test
  void noTargetIsAStaleOneAndNoStateIsFailsafe() {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(100).withFailsafeCommand(-0.5));
    rig.measure(0, 0);
    assertThat(rig.loop.step(0, rig.state, null, rig.throttles)).isEqualTo(NATIVE);
    assertThat(rig.loop.warnings()).containsExactly(Warning.STALE_TARGET);
    assertThat(policy.observation).startsWith(0, 0, 0);

    assertThat(rig.loop.step(10 * MS, null, rig.target, rig.throttles)).isEqualTo(HELD);
    assertThat(rig.loop.step(500 * MS, null, rig.target, rig.throttles)).isEqualTo(FAILSAFE);
    assertThat(rig.throttles).containsOnly(-0.5);
  }

  @Test
  void nothingKnownIsFailsafeAtOnce() {
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    assertThat(rig.step(0)).isEqualTo(FAILSAFE);
    assertThat(rig.throttles).containsOnly(-1);
    assertThat(rig.loop.warnings())
        .containsExactly(
            Warning.STALE_POSITION,
            Warning.STALE_VELOCITY,
            Warning.STALE_ATTITUDE,
            Warning.STALE_ANGULAR_VELOCITY);
  }

  @Test
  void measurementsOfAnotherClockAreStale() {
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    rig.measure(1_000_000 * MS, 0);
    assertThat(rig.step(0)).isEqualTo(FAILSAFE);
    rig.measure(Long.MIN_VALUE, 0);
    assertThat(rig.step(0)).isEqualTo(FAILSAFE);
    rig.measure(9 * MS, 0);
    assertThat(rig.step(0)).isEqualTo(NATIVE);
  }

  @Test
  void withoutTargetItHoversWhereItIs() {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(100));
    rig.measure(0, 0);
    rig.target.track(0, 5, 5, 5, 1, 1, 1, 0);
    rig.step(0);
    assertThat(policy.observation).startsWith(-0.5f, -0.5f, -0.5f);
    long now = 0;
    while (now < 200 * MS) {
      now += 10 * MS;
      rig.measureAllBut(Warning.STALE_TARGET, now);
      rig.step(now);
      assertThat(rig.loop.warnings()).isEmpty();
    }
    // A quarter turn to the left, and on its way.
    for (int i = 0; i < 3; i++) {
      now += 10 * MS;
      rig.measureAllBut(Warning.STALE_TARGET, now);
      rig.state.position(now, 1 + i * 0.01, 2, 3);
      rig.state.velocity(now, 0.4, 0, 0);
      rig.state.attitudeWxyz(now, Math.sqrt(0.5), 0, 0, Math.sqrt(0.5));
      assertThat(rig.step(now)).isEqualTo(NATIVE);
      assertThat(rig.loop.warnings()).containsExactly(Warning.STALE_TARGET);
      float[] expected = {0, -i * 0.01f, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, -0.4f, 0};
      assertThat(Arrays.copyOf(policy.observation, 15)).containsExactly(expected, within(1e-6f));
    }
    rig.target.track(now, 5, 5, 5, 1, 1, 1, 0);
    rig.step(now + MS);
    assertThat(rig.loop.warnings()).isEmpty();
    assertThat(policy.observation).startsWith(-0.5f, -0.5f, -0.5f);
  }

  @Test
  void aTimeBeforeTheLastIsNotFlownOn() {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(400));
    Arrays.fill(policy.answer, 0.5f);
    rig.fly(100 * MS);
    assertThat(rig.fly(99 * MS)).isEqualTo(HELD);
    assertThat(rig.loop.warnings()).containsExactly(Warning.TIME_BACKWARD);
    assertThat(rig.throttles).containsOnly(0.5);
    assertThat(rig.fly(101 * MS)).isEqualTo(INTERMEDIATE);
    assertThat(rig.loop.warnings()).isEmpty();
    // A clock that runs backward for good must not hold the commands for good.
    int held = 0;
    while (rig.fly((100 - held) * MS) == HELD) {
      held++;
    }
    assertThat(held).isEqualTo(40);
    assertThat(rig.throttles).containsOnly(-1);
  }

  @Test
  void timesMayBeAnyNumbers() {
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    long now = Long.MAX_VALUE - 20 * MS;
    for (int i = 0; i < 40; i++) {
      // Past the largest long into the negative, as System.nanoTime may.
      assertThat(rig.fly(now + i * MS)).isIn(NATIVE, INTERMEDIATE);
    }
    for (long odd : new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE, -1, Long.MIN_VALUE + 1}) {
      assertThat(rig.fly(odd)).isNotNull();
    }
  }

  @Test
  void statisticsSayWhatIsWrongOnceThereAreEnough() {
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    long now = 0;
    rig.fly(now);
    for (int i = 0; i < 99; i++) {
      rig.fly(now += 5 * MS);
      assertThat(rig.loop.warnings()).isEmpty();
    }
    rig.fly(now += 5 * MS);
    assertThat(rig.loop.warnings()).containsExactly(Warning.STEP_JITTER, Warning.STEP_BIAS);
    assertThat(rig.loop.stepIntervals().meanRatio()).isEqualTo(2);
    for (int i = 0; i < 100; i++) {
      rig.fly(now += 5 * MS / 2);
    }
    // The bias has gone, and no interval of the last 100 is off; natives were right all along.
    assertThat(rig.loop.warnings()).isEmpty();
    assertThat(rig.loop.stepIntervals().count()).isEqualTo(100);
    rig.fly(now += 31 * MS / 10);
    assertThat(rig.loop.warnings()).containsExactly(Warning.STEP_JITTER);
    assertThat(rig.loop.stepIntervals().longestRatio()).isCloseTo(1.24, within(1e-9));
    assertThat(rig.loop.stepIntervals().shortestRatio()).isEqualTo(1);
    rig.loop.reset();
    assertThat(rig.loop.stepIntervals().count()).isZero();
    assertThat(rig.loop.stepIntervals().meanRatio()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"2000000, false", "3000000, false", "1999999, true", "3000001, true"})
  void theEndsOfTheToleranceAreWithinIt(long interval, boolean off) {
    IntervalStatistics statistics = new IntervalStatistics(2_500_000);
    for (int i = 0; i < 100; i++) {
      statistics.add(interval);
    }
    assertThat(statistics.hasJitter()).isEqualTo(off);
    assertThat(statistics.hasBias()).isEqualTo(off);
    for (int i = 0; i < 100; i++) {
      statistics.add(Long.MAX_VALUE);
    }
    assertThat(statistics.meanRatio()).isPositive();
  }

  /** Any clock, any gaps, any measurements missing: what must hold whatever happens. */
  @Property(tries = 300)
  void hostileTimingIsFlownSafely(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 7) Integer> events,
      @ForAll @LongRange(min = 1, max = 400_000_000) long jump,
      @ForAll boolean everyCall,
      @ForAll @IntRange(max = 8) int callsPerNative) {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(400).withSteps(everyCall, callsPerNative));
    long now = 0;
    double[] before = new double[4];
    for (int i = 0; i < events.size(); i++) {
      Arrays.fill(policy.answer, (float) Math.sin(i));
      int memory = policy.memory();
      int runs = policy.runs;
      switch (events.get(i)) {
        case 0 -> now += jump; // late
        case 1 -> now += 1; // early, burst
        case 2 -> now -= jump; // backward
        case 3 -> now += 5 * MS / 2;
        default -> now += 5 * MS / 2 + (jump % MS) - MS / 2;
      }
      switch (events.get(i)) {
        case 4 -> rig.measureAllBut(Warning.STALE_ANGULAR_VELOCITY, now);
        case 5 -> rig.measureAllBut(Warning.STALE_POSITION, now);
        case 6 -> {} // nothing arrives
        default -> rig.measure(now, i);
      }
      Outcome outcome = rig.step(now);
      boolean ran = outcome == NATIVE || outcome == INTERMEDIATE;
      assertThat(policy.runs).isEqualTo(runs + (ran ? 1 : 0));
      switch (outcome) {
        case NATIVE -> assertThat(policy.memory()).isIn(memory + 1, 1);
        case FAILSAFE -> assertThat(rig.throttles).containsOnly(-1);
        default -> assertThat(policy.memory()).isEqualTo(memory);
      }
      if (ran) {
        assertThat(rig.throttles).containsOnly((float) Math.sin(i));
        assertThat(rig.loop.warnings())
            .doesNotContain(
                Warning.TIME_BACKWARD,
                Warning.STALE_ANGULAR_VELOCITY,
                Warning.STALE_ATTITUDE,
                Warning.STALE_POSITION,
                Warning.STALE_VELOCITY);
      }
      if (outcome == HELD || outcome == EARLY) {
        assertThat(rig.throttles).containsExactly(before);
      }
      if (outcome == HELD) {
        assertThat(rig.loop.warnings()).isNotEmpty();
      }
      System.arraycopy(rig.throttles, 0, before, 0, 4);
    }
    // And when all is well again it flies, a native step within the next 10 ms or 8 calls.
    int natives = 0;
    for (int i = 0; i < 12; i++) {
      Outcome outcome = rig.fly(now += 5 * MS / 2);
      assertThat(outcome).isIn(NATIVE, INTERMEDIATE, EARLY);
      natives += outcome == NATIVE ? 1 : 0;
    }
    assertThat(natives).isPositive();
  }

  /** However calls fall, natives by the clock are never closer than 7.5 ms at 400 Hz. */
  @Property(tries = 200)
  void nativeStepsKeepTheirDistance(
      @ForAll @Size(max = 300) List<@IntRange(min = 0, max = 12_000_000) Integer> gaps) {
    Rig rig = new Rig(new Recorder(), ControlLoopConfig.at(400));
    rig.fly(0);
    long now = 0;
    long last = 0;
    for (int gap : gaps) {
      now += gap;
      if (rig.fly(now) == NATIVE) {
        assertThat(now - last).isGreaterThanOrEqualTo(15 * MS / 2);
        last = now;
      } else {
        assertThat(now - last).isLessThan(10 * MS);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void aPolicyThatGoesAstrayIsNotFollowed(float bad) {
    Recorder policy = new Recorder();
    Rig rig = new Rig(policy, ControlLoopConfig.at(400));
    rig.fly(0);
    policy.answer[2] = bad;
    assertThat(rig.fly(MS)).isEqualTo(FAILSAFE);
    assertThat(rig.loop.warnings()).containsExactly(Warning.NOT_A_NUMBER);
    assertThat(rig.throttles).containsOnly(-1);
    policy.answer[2] = 0;
    assertThat(rig.fly(2 * MS)).isEqualTo(NATIVE);
    assertThat(policy.observation[18]).isEqualTo(-1);
  }

  @Test
  void resetForgetsTheFlight() {
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    List<double[]> first = new ArrayList<>();
    for (int flight = 0; flight < 2; flight++) {
      rig.loop.reset();
      for (int i = 0; i < 50; i++) {
        // The second flight is earlier than the first.
        long now = (i - 1000 * flight) * 5 * MS / 2;
        rig.measure(now, i);
        rig.step(now);
        if (flight == 0) {
          first.add(rig.throttles.clone());
        } else {
          assertThat(rig.throttles).containsExactly(first.get(i));
        }
      }
    }
  }

  @Test
  void framesMakeNoDifference() {
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    ControlLoop other =
        new ControlLoop(
            RANDOM,
            new Motors(MotorOrder.RAPTOR, new ThrottleRange(-1, 1)),
            ControlLoopConfig.at(400).withGuidance(GuidanceLimits.NONE));
    VehicleState<Frame.Frd> state = VehicleState.frd();
    Target<Frame.Frd> target = Target.frd();
    double[] throttles = new double[4];
    for (int i = 0; i < 100; i++) {
      long now = i * 5 * MS / 2;
      rig.measure(now, i);
      rig.target.hover(now, 0, 0.1, 0.2, 0.3);
      target.hover(now, 0, -0.1, -0.2, -0.3);
      state.set(rig.state);
      rig.step(now);
      other.step(now, state, target, throttles);
      assertThat(throttles).containsExactly(rig.throttles);
    }
  }

  @Test
  void nothingIsAllocated() throws ReflectiveOperationException {
    Rig rig = new Rig(new Recorder(), ControlLoopConfig.at(400));
    long before = 0;
    for (int i = 0; i < 60_000; i++) {
      if (i == 10_000) {
        before = allocatedBytes();
      }
      long now = i * 5 * MS / 2;
      if (i % 1000 < 900) {
        rig.measure(now, i);
      }
      rig.step(i % 100 == 0 ? now - 10 * MS : now);
    }
    assertThat(allocatedBytes() - before).isLessThan(10_000);
  }

  @Test
  void refusesWhatItCannotFly() {
    Policy wide =
        new RecurrentPolicy(
            new RecurrentNetwork(26, 16, 4),
            new float[new RecurrentNetwork(26, 16, 4).parameterCount()],
            Map.of());
    assertThatThrownBy(() -> new Rig(wide, ControlLoopConfig.at(400)))
        .hasMessage("a policy of 26 numbers to 4, allowed: 22 to 4");
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    assertThatThrownBy(() -> rig.loop.step(0, rig.state, rig.target, new double[3]))
        .hasMessage("throttles of 3 motors, allowed are 4");
    assertThatThrownBy(() -> rig.loop.warnings().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> RANDOM.newSession().copyFrom(new Recorder().newSession()))
        .hasMessage("the other session is not of this policy");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 49, 10_001})
  void refusesRatesThatAreNone(int hertz) {
    assertThatThrownBy(() -> ControlLoopConfig.at(hertz))
        .hasMessageContaining(hertz + " calls a second");
  }

  @Test
  void refusesSettingsThatAreNone() {
    ControlLoopConfig config = ControlLoopConfig.at(10_000);
    assertThatThrownBy(() -> config.withFailsafeCommand(Math.nextUp(1.0)))
        .hasMessageContaining("the failsafe command is");
    assertThatThrownBy(() -> config.withFailsafeCommand(Double.NaN))
        .hasMessage("the failsafe command is NaN, allowed: -1 to 1");
    assertThatThrownBy(() -> config.withSteps(true, -1)).hasMessageContaining("is -1");
    Duration some = Duration.ofMillis(1);
    assertThat(new Timeouts(some, some, some, some, Duration.ZERO).hold()).isZero();
    assertThatThrownBy(() -> new Timeouts(some, Duration.ZERO, some, some, some))
        .hasMessageContaining("'attitude' is PT0S");
    assertThatThrownBy(() -> new Timeouts(some, some, some, Duration.ofDays(1), some))
        .hasMessageContaining("'target' is PT24H");
    assertThatThrownBy(() -> new Timeouts(some, some, some, some, some.negated()))
        .hasMessageContaining("'hold' is PT-0.001S");
  }

  /** A clip that is guessed lets some vehicles run away. */
  @Test
  void anErrorClipIsNotGuessed() {
    Motors motors = new Motors(MotorOrder.RAPTOR, ThrottleRange.unit(0));
    RecurrentPolicy unmeasured =
        new RecurrentPolicy(RANDOM.network(), RANDOM.parameters(), Map.of());
    assertThatThrownBy(() -> new ControlLoop(unmeasured, motors, ControlLoopConfig.at(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("error clip")
        .hasMessageContaining("withErrorClip");
    new ControlLoop(unmeasured, motors, ControlLoopConfig.at(100).withErrorClip(CLIP));

    RecurrentPolicy broken =
        new RecurrentPolicy(
            RANDOM.network(), RANDOM.parameters(), Map.of(ErrorClip.KEY, Map.of("position_m", 1)));
    assertThatThrownBy(() -> new ControlLoop(broken, motors, ControlLoopConfig.at(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("velocity_m_s");
  }

  @ParameterizedTest
  @EnumSource(MotorOrder.class)
  void withoutHoldingFailsafeComesAtOnce(MotorOrder order) {
    Duration some = Duration.ofMillis(10);
    ControlLoop loop =
        new ControlLoop(
            RANDOM,
            new Motors(order, ThrottleRange.dshot(150)),
            ControlLoopConfig.at(400)
                .withTimeouts(new Timeouts(some, some, some, some, Duration.ZERO)));
    Rig rig = new Rig(RANDOM, ControlLoopConfig.at(400));
    rig.measure(0, 0);
    assertThat(loop.step(0, rig.state, rig.target, rig.throttles)).isEqualTo(NATIVE);
    assertThat(loop.step(11 * MS, rig.state, rig.target, rig.throttles)).isEqualTo(FAILSAFE);
    assertThat(rig.throttles).containsOnly(150);
  }

  private static long allocatedBytes() throws ReflectiveOperationException {
    // By reflection, as the module under test does not read the one of this bean.
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    return (long)
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes")
            .invoke(bean);
  }

  /** A loop with what it needs; throttles are commands. */
  private static final class Rig {
    final VehicleState<Frame.Flu> state = VehicleState.flu();
    final Target<Frame.Flu> target = Target.flu();
    final double[] throttles = new double[4];
    final ControlLoop loop;

    Rig(Policy policy, ControlLoopConfig config) {
      // What the policy sees is the target itself.
      loop =
          new ControlLoop(
              policy,
              new Motors(MotorOrder.RAPTOR, new ThrottleRange(-1, 1)),
              config.withGuidance(GuidanceLimits.NONE));
    }

    void measure(long now, int i) {
      measureAllBut(null, now);
      state.position(now, 0.3 * Math.sin(i), 0.2 * Math.cos(i), 0.1);
      state.angularVelocity(now, Math.cos(i), 0, -Math.sin(i));
    }

    void measureAllBut(Warning missing, long now) {
      if (missing != Warning.STALE_POSITION) {
        state.position(now, 0, 0, 0);
      }
      if (missing != Warning.STALE_VELOCITY) {
        state.velocity(now, 0, 0, 0);
      }
      if (missing != Warning.STALE_ATTITUDE) {
        state.attitudeWxyz(now, 1, 0, 0, 0);
      }
      if (missing != Warning.STALE_ANGULAR_VELOCITY) {
        state.angularVelocity(now, 0, 0, 0);
      }
      if (missing != Warning.STALE_TARGET) {
        target.hover(now, 0, 0, 0, 0);
      }
    }

    Outcome step(long now) {
      return loop.step(now, state, target, throttles);
    }

    Outcome fly(long now) {
      measure(now, 0);
      return step(now);
    }
  }

  /** Gives the same answer to everything, and remembers how often it was asked. */
  private static final class Recorder implements Policy {
    float[] answer = new float[4];
    final float[] observation = new float[22];
    int runs;
    private Counter first;

    /** The memory of the session that flies: its steps. */
    int memory() {
      return first.steps;
    }

    @Override
    public int observationSize() {
      return 22;
    }

    @Override
    public int actionSize() {
      return 4;
    }

    @Override
    public int stateSize() {
      return 1;
    }

    @Override
    public Map<String, Object> provenance() {
      return Map.of(ErrorClip.KEY, CLIP.toJson("a guess"));
    }

    @Override
    public PolicySession newSession() {
      Counter counter = new Counter();
      first = first == null ? counter : first;
      return counter;
    }

    @Override
    public PolicyBatch newBatch(int lanes) {
      throw new UnsupportedOperationException();
    }

    private final class Counter implements PolicySession {
      private int steps;

      @Override
      public void reset() {
        steps = 0;
      }

      @Override
      public void copyFrom(PolicySession other) {
        steps = ((Counter) other).steps;
      }

      @Override
      public void step(float[] given, float[] action) {
        steps++;
        runs++;
        System.arraycopy(given, 0, observation, 0, 22);
        System.arraycopy(answer, 0, action, 0, 4);
      }
    }
  }
}
