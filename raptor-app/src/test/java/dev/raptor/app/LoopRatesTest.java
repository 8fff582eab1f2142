package dev.raptor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.app.command.Hdf5Checkpoint;
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
import dev.raptor.sim.ReferenceSimulator;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A control loop flies alike at any rate. */
class LoopRatesTest {
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
