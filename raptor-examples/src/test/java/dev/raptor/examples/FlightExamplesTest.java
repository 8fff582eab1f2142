package dev.raptor.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.Policy;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.flight.ControlLoop;
import dev.raptor.core.flight.ControlLoop.Outcome;
import dev.raptor.core.flight.ControlLoopConfig;
import dev.raptor.core.flight.Frame;
import dev.raptor.core.flight.MotorOrder;
import dev.raptor.core.flight.Motors;
import dev.raptor.core.flight.Target;
import dev.raptor.core.flight.ThrottleRange;
import dev.raptor.core.flight.VehicleState;
import dev.raptor.sim.Quadrotors;
import dev.raptor.sim.ReferenceSimulator;
import dev.raptor.sim.Simulator;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples on flying do what they say, and a loop flies at any rate. */
class FlightExamplesTest {
  @Test
  void firstFlightComesToItsTarget() throws IOException {
    List<String> lines = Printed.by(FirstFlight::main);
    assertThat(lines).hasSize(5);
    assertThat(Printed.number(lines.getLast(), "after 5 s: (.*) m from the target"))
        .isLessThan(0.1);
  }

  @Test
  void trackFigureEightFollowsAsWellAsItSays() throws IOException {
    List<String> lines = Printed.by(TrackFigureEight::main);
    assertThat(lines).hasSize(2);
    String fields = "a round in .* s, up to .* m/s: (.*) m off on average, .*";
    assertThat(Printed.number(lines.get(0), fields)).isLessThan(0.2);
    assertThat(Printed.number(lines.get(1), fields)).isLessThan(0.4);
  }

  @Test
  void myOwnDroneIsLikeThoseOfTheTrainingAndFlies() throws IOException {
    List<String> lines = Printed.by(MyOwnDrone::main);
    assertThat(lines.toString()).contains("thrust_to_weight").doesNotContain("look out");
    assertThat(Printed.number(lines.getLast(), "after 5 s: (.*) m from the target"))
        .isLessThan(0.15);
  }

  @Test
  void pokeAndWindIsFlownOff() throws IOException {
    List<String> lines = Printed.by(PokeAndWind::main);
    assertThat(lines).hasSize(24);
    String fields = " *[.0-9]+ s  ([.0-9]+) m  #* *(?:<- pushed)?";
    double calm = Printed.number(lines.get(11), fields);
    assertThat(Printed.number(lines.get(13), fields)).isGreaterThan(1.5 * calm);
    assertThat(Printed.number(lines.get(17), fields)).isLessThan(0.3);
  }

  @Test
  void compareWithPidShowsThatThePolicyNeedsNoTuning() throws IOException {
    List<String> lines = Printed.by(CompareWithPid::main);
    assertThat(lines).hasSize(10);
    String policy = "arpl +([.0-9]+) m .*lost";
    assertThat(Printed.number(lines.get(6), policy)).isLessThan(0.3);
    assertThat(lines.get(5)).matches("mrs +0\\.\\d\\d m +0\\.\\d\\d m +0\\.\\d\\d m");
  }

  @Test
  void embedInControlLoopFliesThroughWhatItSays() throws IOException {
    List<String> lines = Printed.by(EmbedInControlLoop::main);
    assertThat(lines).hasSize(9);
    String fields = " *\\d s +(?:[-.0-9]+) m +([.0-9]+) m .*";
    for (int second = 3; second <= 8; second++) {
      assertThat(Printed.number(lines.get(second), fields)).isLessThan(0.25);
    }
    assertThat(lines.get(2)).endsWith("{NATIVE=100, INTERMEDIATE=300} []");
    assertThat(lines.get(4)).contains("HELD=").contains("[STALE_POSITION, STALE_VELOCITY");
    assertThat(lines.get(7)).endsWith("{NATIVE=100, INTERMEDIATE=300} [STALE_TARGET]");
    assertThat(String.join("", lines)).doesNotContain("FAILSAFE");
  }

  @Test
  void latencyHistogramPrintsPercentilesInOrder() throws IOException {
    List<String> lines = Printed.by(LatencyHistogram::main, "2000");
    assertThat(lines).hasSize(6);
    double before = 1;
    for (String line : lines.subList(1, 6)) {
      double nanos = Printed.number(line, "(?:p[0-9.]+|worst) +(\\d+) ns.*");
      assertThat(nanos).isGreaterThanOrEqualTo(before);
      before = nanos;
    }
    assertThat(lines.getLast()).endsWith(" of 2000 steps");
  }

  /** The policy has a standing error of its own on each platform; the rate must not add to it. */
  @ParameterizedTest
  @ValueSource(strings = {"crazyflie", "x500_sim", "flightmare"})
  void aLoopHoversAlikeAtAnyRateAndWithJitter(String platform) throws IOException {
    Policy flown = Hdf5Checkpoint.read(TestPolicies.releasedCheckpoint()).policy();
    double atNativeRate = errorAfterFiveSeconds(flown, platform, 100, 0);
    assertThat(atNativeRate).isLessThan(0.15);
    for (int hertz : new int[] {125, 250, 400, 500, 1000}) {
      assertThat(errorAfterFiveSeconds(flown, platform, hertz, 0))
          .isCloseTo(atNativeRate, within(0.005));
    }
    assertThat(errorAfterFiveSeconds(flown, platform, 400, 500_000))
        .isCloseTo(atNativeRate, within(0.005));
  }

  private static double errorAfterFiveSeconds(
      Policy policy, String platform, int hertz, long jitterNanos) {
    // In north, east, down, so that a mistake of sign would not fly.
    VehicleState<Frame.Frd> state = VehicleState.frd();
    Target<Frame.Frd> target = Target.frd();
    Motors motors = new Motors(MotorOrder.BETAFLIGHT, ThrottleRange.dshot(158));
    ControlLoop loop = new ControlLoop(policy, motors, ControlLoopConfig.at(hertz));
    ReferenceSimulator vehicle = new ReferenceSimulator(Quadrotors.named(platform));
    SplittableRandom random = RandomStreams.of(5);
    double[] s = vehicle.state();
    s[Simulator.PX] = 0.2;
    s[Simulator.PY] = -0.1;
    s[Simulator.PZ] = 0.1;
    s[Simulator.QW] = Math.cos(0.2);
    s[Simulator.QX] = Math.sin(0.2);
    double[] throttles = new double[4];
    float[] action = new float[4];
    long interval = 1_000_000_000 / hertz;
    long now = 0;
    for (int tick = 1; tick <= 5 * hertz; tick++) {
      state.position(now, s[Simulator.PX], -s[Simulator.PY], -s[Simulator.PZ]);
      state.velocity(now, s[Simulator.VX], -s[Simulator.VY], -s[Simulator.VZ]);
      state.attitudeXyzw(now, s[Simulator.QX], -s[Simulator.QY], -s[Simulator.QZ], s[Simulator.QW]);
      state.angularVelocity(now, s[Simulator.WX], -s[Simulator.WY], -s[Simulator.WZ]);
      target.hover(now, 0, 0, 0, 0);
      assertThat(loop.step(now, state, target, throttles))
          .isIn(Outcome.NATIVE, Outcome.INTERMEDIATE);
      motors.toAction(throttles, action);
      long next =
          tick * interval + (jitterNanos == 0 ? 0 : random.nextLong(-jitterNanos, jitterNanos));
      vehicle.step(new double[] {action[0], action[1], action[2], action[3]}, (next - now) * 1e-9);
      now = next;
    }
    return Math.hypot(Math.hypot(s[Simulator.PX], s[Simulator.PY]), s[Simulator.PZ]);
  }
}
