package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SimulatorGradientTest {
  private static final double STEP = 1e-6;
  private static final int ROWS = Simulator.STATE_ROWS;

  /**
   * Against central differences of the double simulator, for a loss that weighs every row of the
   * state. Tolerances are relative to the sum of what the rows contribute, without signs.
   */
  @Property(tries = 25, seed = "1")
  void isTheGradientOfTheDoubleSimulator(@ForAll long seed) {
    List<Quadrotor> quadrotors = new ArrayList<>(Quadrotors.all());
    QuadrotorDistribution.sample(seed, 20).forEach(sampled -> quadrotors.add(sampled.quadrotor()));
    int lanes = quadrotors.size();
    SplittableRandom random = RandomStreams.of(seed);
    Simulator simulator = new Simulator(lanes);
    float[] action = new float[4 * lanes + 3];
    float[] state = new float[ROWS * lanes + 5];
    float[] after = new float[ROWS * lanes];
    float[] actionGradient = new float[4 * lanes];
    Arrays.fill(actionGradient, 1);
    for (int lane = 0; lane < lanes; lane++) {
      simulator.assign(lane, quadrotors.get(lane));
      draw(simulator, lane, quadrotors.get(lane), action, random);
      for (int r = 0; r < ROWS; r++) {
        state[5 + r * lanes + lane] = simulator.state()[r * lanes + lane];
        after[r * lanes + lane] = (float) random.nextGaussian();
      }
    }
    float[] before = after.clone();
    new SimulatorGradient(simulator).backward(state, 5, action, 3, before, before, actionGradient);

    for (int lane = 0; lane < lanes; lane++) {
      Quadrotor quadrotor = quadrotors.get(lane);
      for (int r = 0; r < ROWS + 4; r++) {
        double[] up = stepped(simulator, quadrotor, lane, action, r, STEP);
        double[] down = stepped(simulator, quadrotor, lane, action, r, -STEP);
        double expected = 0;
        double scale = 0;
        for (int k = 0; k < ROWS; k++) {
          double part = after[k * lanes + lane] * (up[k] - down[k]) / (2 * STEP);
          expected += part;
          scale += Math.abs(part);
        }
        double actual =
            r < ROWS ? before[r * lanes + lane] : actionGradient[(r - ROWS) * lanes + lane] - 1;
        assertThat(actual)
            .as("row %d of %s", r, quadrotor.name())
            .isCloseTo(expected, within(1e-4 * scale + 1e-6));
      }
    }
  }

  @Test
  void isZeroWhereTheStepClamps() {
    Simulator simulator = new Simulator(1);
    simulator.assign(0, Quadrotors.named("crazyflie"));
    float[] state = simulator.state();
    state[Simulator.VX] = 2e5f;
    state[Simulator.PY] = -2e5f;
    state[Simulator.WZ] = 2e5f;
    state[Simulator.N0] = 2;
    float[] action = {1.5f, 0.5f, -2, 0};
    float[] gradient = new float[ROWS];
    gradient[Simulator.VX] = 1;
    gradient[Simulator.PY] = 1;
    gradient[Simulator.WZ] = 1;
    gradient[Simulator.N0] = 1;
    float[] actionGradient = new float[4];
    new SimulatorGradient(simulator)
        .backward(state, 0, action, 0, gradient, gradient, actionGradient);
    assertThat(gradient).containsOnly(0f);
    assertThat(actionGradient).containsOnly(0f);

    Arrays.fill(gradient, 1);
    simulator.assign(0, Quadrotors.named("crazyflie"));
    new SimulatorGradient(simulator)
        .backward(state, 0, action, 0, gradient, gradient, actionGradient);
    assertThat(actionGradient[0]).isZero();
    assertThat(actionGradient[1]).isNotZero();
    assertThat(actionGradient[2]).isZero();
    assertThat(actionGradient[3]).isNotZero();
  }

  /** No lane sees another, whatever the number of lanes. */
  @Test
  void doesNotDependOnTheNeighbours() {
    Quadrotor quadrotor = Quadrotors.named("mrs");
    float[] expected = null;
    for (int lanes : new int[] {1, 7, 16, 17, 40}) {
      Simulator simulator = new Simulator(lanes);
      float[] action = new float[4 * lanes];
      float[] after = new float[ROWS * lanes];
      float[] before = new float[ROWS * lanes];
      for (int lane = 0; lane < lanes; lane++) {
        simulator.assign(lane, quadrotor);
        SplittableRandom random = RandomStreams.of(lanes - 1 - lane);
        draw(simulator, lane, quadrotor, action, 0, random);
        for (int r = 0; r < ROWS; r++) {
          after[r * lanes + lane] = (float) random.nextGaussian();
        }
      }
      new SimulatorGradient(simulator)
          .backward(simulator.state(), 0, action, 0, after, before, new float[4 * lanes]);
      float[] last = new float[ROWS];
      for (int r = 0; r < ROWS; r++) {
        last[r] = before[r * lanes + lanes - 1];
      }
      expected = expected == null ? last : expected;
      assertThat(last).containsExactly(expected);
    }
  }

  @Test
  void refusesBlocksThatAreNotThere() {
    Simulator simulator = new Simulator(2);
    SimulatorGradient gradient = new SimulatorGradient(simulator);
    float[] rows = new float[34];
    assertThatThrownBy(() -> gradient.backward(rows, 0, rows, 0, rows, rows, rows))
        .isInstanceOf(IllegalStateException.class);
    simulator.assign(0, Quadrotors.named("mrs"));
    simulator.assign(1, Quadrotors.named("mrs"));
    assertThatThrownBy(() -> gradient.backward(rows, 1, rows, 0, rows, rows, rows))
        .hasMessage("state has 34 numbers, allowed: 17 for each of 2 lanes from offset 1");
    assertThatThrownBy(() -> gradient.backward(rows, 0, rows, -1, rows, rows, rows))
        .hasMessage("action has 34 numbers, allowed: 4 for each of 2 lanes from offset -1");
    assertThatThrownBy(() -> gradient.backward(rows, 0, rows, 0, rows, rows, new float[7]))
        .hasMessage("action gradient has 7 numbers, allowed: 4 for each of 2 lanes from offset 0");
  }

  /** One step of the double simulator, row {@code r} of state and action moved by {@code by}. */
  private static double[] stepped(
      Simulator simulator, Quadrotor quadrotor, int lane, float[] action, int r, double by) {
    int lanes = simulator.lanes();
    ReferenceSimulator slow = new ReferenceSimulator(quadrotor);
    double[] a = new double[4];
    for (int k = 0; k < ROWS; k++) {
      slow.state()[k] = simulator.state()[k * lanes + lane] + (k == r ? by : 0);
    }
    for (int k = 0; k < Simulator.DISTURBANCE_ROWS; k++) {
      slow.disturbance()[k] = simulator.disturbance()[k * lanes + lane];
    }
    for (int i = 0; i < 4; i++) {
      a[i] = action[3 + i * lanes + lane] + (ROWS + i == r ? by : 0);
    }
    slow.step(a);
    return slow.state();
  }

  private static void draw(
      Simulator simulator, int lane, Quadrotor quadrotor, float[] action, SplittableRandom random) {
    draw(simulator, lane, quadrotor, action, 3, random);
  }

  /** A tumbling vehicle whose rotors speed up and slow down, some commands beyond their limits. */
  private static void draw(
      Simulator simulator,
      int lane,
      Quadrotor quadrotor,
      float[] action,
      int offset,
      SplittableRandom random) {
    int lanes = simulator.lanes();
    float[] s = simulator.state();
    for (int k = 0; k < 3; k++) {
      s[(Simulator.PX + k) * lanes + lane] = (float) random.nextGaussian();
      s[(Simulator.VX + k) * lanes + lane] = (float) random.nextGaussian();
      s[(Simulator.WX + k) * lanes + lane] = (float) (10 * random.nextGaussian());
      simulator.disturbance()[k * lanes + lane] =
          (float) (quadrotor.massKg() * random.nextGaussian());
      simulator.disturbance()[(3 + k) * lanes + lane] =
          (float) (random.nextGaussian() / quadrotor.inverseInertia().x());
    }
    double norm = 0;
    double[] q = new double[4];
    for (int i = 0; i < 4; i++) {
      q[i] = random.nextGaussian();
      norm += q[i] * q[i];
    }
    for (int i = 0; i < 4; i++) {
      s[(Simulator.QW + i) * lanes + lane] = (float) (q[i] / Math.sqrt(norm));
      // The derivative jumps where the command equals the speed, or its limit.
      double n;
      double command;
      do {
        n = 0.05 + 0.9 * random.nextDouble();
        command = 2.6 * random.nextDouble() - 1.3;
      } while (Math.abs(command - (2 * n - 1)) < 0.01 || Math.abs(Math.abs(command) - 1) < 0.01);
      s[(Simulator.N0 + i) * lanes + lane] = (float) n;
      action[offset + i * lanes + lane] = (float) command;
    }
  }
}
