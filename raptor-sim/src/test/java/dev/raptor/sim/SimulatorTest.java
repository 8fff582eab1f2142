package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SimulatorTest {
  /** The double simulator follows the same vectors to 1e-9. */
  @Test
  void followsTheReference() {
    follow(
        Golden.openLoopCrazyflie(),
        "crazyflie",
        Golden.OPEN_LOOP_CRAZYFLIE_ACTION,
        Golden.entries("open_loop_crazyflie"));
    follow(
        Golden.openLoopFsBase(),
        "fs_base",
        Golden.OPEN_LOOP_FS_BASE_ACTION,
        Golden.entries("open_loop_fs_base_force_gyro"));
  }

  private static void follow(
      ReferenceSimulator start, String platform, double[] action, List<Map<?, ?>> entries) {
    Simulator simulator = new Simulator(1);
    simulator.assign(0, Quadrotors.named(platform));
    simulator.setState(0, floats(start.state()));
    System.arraycopy(
        floats(start.disturbance()), 0, simulator.disturbance(), 0, Simulator.DISTURBANCE_ROWS);
    int step = 0;
    for (Map<?, ?> entry : entries) {
      for (; step < Golden.step(entry); step++) {
        simulator.step(floats(action));
      }
      double[] expected = Golden.state(entry);
      for (int r = 0; r < Simulator.STATE_ROWS; r++) {
        assertThat((double) simulator.state()[r])
            .as("row %d at step %d", r, step)
            .isCloseTo(expected[r], within(2e-5 * Math.max(1, length(expected, r))));
      }
    }
  }

  private static float[] floats(double[] from) {
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
    return to;
  }

  /**
   * A second of flight under small random commands, which tumble nobody. A rotor turns the body by
   * up to 850 rad/s², and its speed is kept to 2⁻²⁵ in each step and forgotten within 30: that
   * makes body rates uncertain by some 1e-5 rad/s, and now and then by several times as much.
   */
  @Test
  void followsTheDoubleSimulator() {
    int flights = 0;
    int off = 0;
    for (long seed = 0; seed < 40; seed++) {
      for (double error : compare(seed, 100, 0.1, 1, 2e-5, 1e-4)) {
        flights++;
        off += error > 2e-5 ? 1 : 0;
      }
    }
    assertThat(off).isLessThanOrEqualTo(flights / 50);
  }

  /** One step from anywhere, commands beyond their limits included. */
  @Property(tries = 50, seed = "1")
  void takesTheStepOfTheDoubleSimulator(@ForAll long seed) {
    compare(seed, 1, 3, 30, 1e-6, 1e-6);
  }

  /**
   * Every platform and some sampled vehicles, each in its lane from its own start; returns the
   * relative errors of their body rates.
   */
  private static double[] compare(
      long seed,
      int steps,
      double commands,
      double ratesRadS,
      double relativeError,
      double relativeErrorOfRates) {
    List<Quadrotor> quadrotors = new ArrayList<>(Quadrotors.all());
    QuadrotorDistribution.sample(seed, 8).forEach(sampled -> quadrotors.add(sampled.quadrotor()));
    quadrotors.add(lopsided());
    int lanes = quadrotors.size();
    Simulator fast = new Simulator(lanes);
    List<ReferenceSimulator> slow = new ArrayList<>();
    SplittableRandom random = RandomStreams.of(seed);
    for (int lane = 0; lane < lanes; lane++) {
      fast.assign(lane, quadrotors.get(lane));
      slow.add(new ReferenceSimulator(quadrotors.get(lane)));
      start(fast, lane, slow.get(lane), quadrotors.get(lane), commands, ratesRadS, random);
    }
    float[] action = new float[4 * lanes];
    double[] laneAction = new double[4];
    for (int step = 0; step < steps; step++) {
      for (int lane = 0; lane < lanes; lane++) {
        double hover = 2 * quadrotors.get(lane).hoverThrottle() - 1;
        for (int i = 0; i < 4; i++) {
          action[i * lanes + lane] = (float) (hover + commands * (2 * random.nextDouble() - 1));
          laneAction[i] = action[i * lanes + lane];
        }
        slow.get(lane).step(laneAction);
      }
      fast.step(action);
    }
    double[] errors = new double[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      double[] expected = slow.get(lane).state();
      for (int r = 0; r < Simulator.STATE_ROWS; r++) {
        // Relative to the length of the vector that the number belongs to, and at least to 1.
        double scale = Math.max(1, length(expected, r));
        double error = Math.abs(fast.state()[r * lanes + lane] - expected[r]) / scale;
        boolean rate = r >= Simulator.WX && r < Simulator.N0;
        assertThat(error)
            .as("row %d of %s", r, quadrotors.get(lane).name())
            .isLessThan(rate ? relativeErrorOfRates : relativeError);
        errors[lane] = rate ? Math.max(errors[lane], error) : errors[lane];
      }
    }
    return errors;
  }

  @Test
  void clampsSpeedsAndKeepsTheQuaternionNormalised() {
    Simulator simulator = new Simulator(1);
    simulator.assign(0, Quadrotors.named("x500_real"));
    simulator.state()[Simulator.VX] = 1e7f;
    simulator.state()[Simulator.PY] = -1e7f;
    simulator.state()[Simulator.QX] = 1;
    simulator.step(new float[4]);
    float[] s = simulator.state();
    assertThat(s[Simulator.VX]).isEqualTo(1e5f);
    assertThat(s[Simulator.PY]).isEqualTo(-1e5f);
    float norm = 0;
    for (int r = Simulator.QW; r <= Simulator.QZ; r++) {
      norm += s[r] * s[r];
    }
    assertThat(norm).isCloseTo(1, within(1e-6f));
  }

  @Test
  void assigningALaneStartsItAgainAndLeavesTheOthers() {
    Simulator simulator = new Simulator(2);
    simulator.assign(0, Quadrotors.named("crazyflie"));
    simulator.assign(1, Quadrotors.named("crazyflie"));
    simulator.disturbance()[2 * 2 + 1] = 1;
    simulator.step(new float[8]);
    float[] before = simulator.state().clone();
    simulator.assign(1, Quadrotors.named("soft"));
    for (int r = 0; r < Simulator.STATE_ROWS; r++) {
      assertThat(simulator.state()[2 * r]).isEqualTo(before[2 * r]);
      assertThat(simulator.state()[2 * r + 1]).isEqualTo(r == Simulator.QW ? 1f : 0f);
    }
    assertThat(simulator.disturbance()).containsOnly(0f);
  }

  @Test
  void refusesAnActionThatIsNotFiniteAndMovesNothing() {
    Simulator simulator = new Simulator(3);
    for (int lane = 0; lane < 3; lane++) {
      simulator.assign(lane, Quadrotors.named("crazyflie"));
    }
    float[] before = simulator.state().clone();
    float[] action = new float[12];
    action[2 * 3 + 1] = Float.NaN;
    assertThatThrownBy(() -> simulator.step(action))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("action 2 of lane 1 is NaN, allowed: a finite number");
    action[2 * 3 + 1] = Float.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> simulator.step(action)).hasMessageContaining("lane 1 is -Infinity");
    assertThatThrownBy(() -> simulator.step(new float[11]))
        .hasMessage("action has 11 numbers, allowed: 4 for each of 3 lanes");
    assertThat(simulator.state()).containsExactly(before);
  }

  @Test
  void refusesLanesThatAreNotThere() {
    assertThatThrownBy(() -> new Simulator(0)).hasMessage("lanes is 0, allowed: 1 or more");
    Simulator simulator = new Simulator(2);
    assertThatThrownBy(() -> simulator.assign(2, Quadrotors.named("mrs")))
        .hasMessage("lane is 2, allowed: 0 to 1");
    simulator.assign(0, Quadrotors.named("mrs"));
    assertThatThrownBy(() -> simulator.step(new float[8]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("lane 1 of 2 has no quadrotor; assign one first");
  }

  /** No two rotors at the same distance from any axis. */
  private static Quadrotor lopsided() {
    return Quadrotor.of(
        "lopsided",
        1.1,
        new Vec3(0.005, 0.006, 0.01),
        List.of(
            new Vec3(0.11, -0.1, 0),
            new Vec3(-0.12, -0.13, 0.01),
            new Vec3(-0.105, 0.125, 0),
            new Vec3(0.118, 0.098, 0)),
        new ThrustCurve(0.1, 1, 6),
        0.02,
        0.05,
        0.1);
  }

  private static void start(
      Simulator fast,
      int lane,
      ReferenceSimulator slow,
      Quadrotor quadrotor,
      double commands,
      double ratesRadS,
      SplittableRandom random) {
    double[] s = slow.state();
    for (int k = 0; k < 3; k++) {
      s[Simulator.PX + k] = random.nextDouble() - 0.5;
      s[Simulator.VX + k] = 2 * random.nextDouble() - 1;
      s[Simulator.WX + k] = ratesRadS * (2 * random.nextDouble() - 1);
      slow.disturbance()[k] = 0.5 * quadrotor.massKg() * random.nextGaussian();
      slow.disturbance()[3 + k] = 0.2 * random.nextGaussian() / quadrotor.inverseInertia().x();
    }
    double norm = 0;
    for (int r = Simulator.QW; r <= Simulator.QZ; r++) {
      s[r] = random.nextGaussian();
      norm += s[r] * s[r];
    }
    for (int i = 0; i < 4; i++) {
      s[Simulator.QW + i] /= Math.sqrt(norm);
      double n = quadrotor.hoverThrottle() + commands * (random.nextDouble() - 0.5);
      s[Simulator.N0 + i] = Math.clamp(n, 0.0, 1.0);
    }
    int lanes = fast.lanes();
    for (int r = 0; r < Simulator.STATE_ROWS; r++) {
      fast.state()[r * lanes + lane] = (float) s[r];
      s[r] = fast.state()[r * lanes + lane];
    }
    for (int r = 0; r < Simulator.DISTURBANCE_ROWS; r++) {
      fast.disturbance()[r * lanes + lane] = (float) slow.disturbance()[r];
    }
  }

  private static double length(double[] state, int row) {
    int from = row;
    int to = row + 1;
    for (int[] vector : new int[][] {{0, 3}, {3, 7}, {7, 10}, {10, 13}, {13, 17}}) {
      if (row >= vector[0] && row < vector[1]) {
        from = vector[0];
        to = vector[1];
      }
    }
    double sum = 0;
    for (int r = from; r < to; r++) {
      sum += state[r] * state[r];
    }
    return Math.sqrt(sum);
  }
}
