package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceSimulatorTest {
  private static final double TOLERANCE = 1e-9;

  static List<Quadrotor> platforms() {
    return Quadrotors.all();
  }

  @Test
  void followsTheReferenceInTheOpenLoop() {
    follow(
        Golden.openLoopCrazyflie(),
        Golden.OPEN_LOOP_CRAZYFLIE_ACTION,
        Golden.entries("open_loop_crazyflie"));
  }

  @Test
  void followsTheReferenceWithForceGyroscopicTermAndOblongArms() {
    follow(
        Golden.openLoopFsBase(),
        Golden.OPEN_LOOP_FS_BASE_ACTION,
        Golden.entries("open_loop_fs_base_force_gyro"));
  }

  /** The first three steps of the closed loop, whose actions are all recorded; one is beyond ±1. */
  @Test
  void followsTheReferenceWithRecordedActions() {
    ReferenceSimulator simulator = Golden.closedLoopCrazyflie();
    for (Map<?, ?> entry : Golden.entries("closed_loop_crazyflie").subList(0, 3)) {
      simulator.step(Golden.numbers(entry, "action_raw"));
      assertThat(simulator.state())
          .as("step %d", Golden.step(entry))
          .containsExactly(Golden.state(entry), within(TOLERANCE));
    }
  }

  @Test
  void fallsFreelyWithoutThrust() {
    // No thrust at no throttle, and no torque: only gravity is left.
    ReferenceSimulator simulator = new ReferenceSimulator(Quadrotors.named("x500_sim"));
    simulator.state()[Simulator.VX] = 1;
    for (int step = 0; step < 100; step++) {
      simulator.step(new double[] {-1, -1, -1, -1});
    }
    assertThat(simulator.state()[Simulator.PX]).isCloseTo(1, within(1e-12));
    assertThat(simulator.state()[Simulator.PZ]).isCloseTo(-9.81 / 2, within(1e-12));
    assertThat(simulator.state()[Simulator.VZ]).isCloseTo(-9.81, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void hoversAtItsHoverThrottle(Quadrotor quadrotor) {
    ReferenceSimulator simulator = new ReferenceSimulator(quadrotor);
    double n = quadrotor.hoverThrottle();
    double a = 2 * n - 1;
    Golden.put(new double[] {n, n, n, n}, simulator.state(), Simulator.N0);
    double[] start = simulator.state().clone();
    for (int step = 0; step < 100; step++) {
      simulator.step(new double[] {a, a, a, a});
    }
    assertThat(simulator.state()).containsExactly(start, within(1e-9));
  }

  /** Halving the step of a smooth motion divides the error by 2⁴. */
  @Test
  void convergesWithFourthOrder() {
    double[] exact = afterHalfASecond(1e-4);
    double coarse = distance(afterHalfASecond(0.02), exact);
    double fine = distance(afterHalfASecond(0.01), exact);
    assertThat(coarse / fine).isBetween(12.0, 20.0);
  }

  @Test
  void keepsTheQuaternionNormalisedAndTheRotorsInRange() {
    ReferenceSimulator simulator = new ReferenceSimulator(Quadrotors.named("flightmare"));
    Golden.put(new double[] {30, -20, 25}, simulator.state(), Simulator.WX);
    for (int step = 0; step < 200; step++) {
      double a = step / 50 % 2 == 0 ? 3 : -3;
      simulator.step(new double[] {a, -a, a, a});
      double[] s = simulator.state();
      double norm = 0;
      for (int r = Simulator.QW; r <= Simulator.QZ; r++) {
        norm += s[r] * s[r];
      }
      assertThat(norm).isCloseTo(1, within(1e-12));
      for (int i = 0; i < 4; i++) {
        assertThat(s[Simulator.N0 + i]).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void refusesAnActionThatIsNotFourFiniteNumbers() {
    ReferenceSimulator simulator = Golden.openLoopCrazyflie();
    double[] start = simulator.state().clone();
    assertThatThrownBy(() -> simulator.step(new double[] {0, 0, Double.NaN, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("action 2 is NaN, allowed: a finite number");
    assertThatThrownBy(() -> simulator.step(new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("action has 3 numbers, allowed: 4");
    assertThat(simulator.state()).containsExactly(start);
  }

  private static void follow(
      ReferenceSimulator simulator, double[] action, List<Map<?, ?>> entries) {
    int step = 0;
    for (Map<?, ?> entry : entries) {
      for (; step < Golden.step(entry); step++) {
        simulator.step(action);
      }
      assertThat(simulator.state())
          .as("step %d", step)
          .containsExactly(Golden.state(entry), within(TOLERANCE));
    }
  }

  private static double[] afterHalfASecond(double dt) {
    ReferenceSimulator simulator = Golden.openLoopFsBase();
    for (int step = 0; step < Math.round(0.5 / dt); step++) {
      simulator.step(Golden.OPEN_LOOP_FS_BASE_ACTION, dt);
    }
    return simulator.state();
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
