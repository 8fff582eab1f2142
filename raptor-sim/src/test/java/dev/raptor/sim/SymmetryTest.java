package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** What physics says of every quadrotor, of the double simulator and sampled vehicles. */
class SymmetryTest {
  private static final int STEPS = 100;

  /** Rows whose sign a mirror at the plane y = 0 turns. */
  private static final int[] MIRRORED = {
    Simulator.PY, Simulator.QX, Simulator.QZ, Simulator.VY, Simulator.WX, Simulator.WZ
  };

  /** Front and back stay, left and right change places. */
  private static final int[] OTHER_SIDE = {3, 2, 1, 0};

  @Property(tries = 50)
  void runsAlikeEverywhere(
      @ForAll long seed, @ForAll @DoubleRange(min = -100, max = 100) double shift) {
    ReferenceSimulator here = flight(seed);
    ReferenceSimulator there = flight(seed);
    for (int k = 0; k < 3; k++) {
      there.state()[Simulator.PX + k] += (k + 1) * shift;
    }
    fly(here, seed, a -> a);
    fly(there, seed, a -> a);
    for (int k = 0; k < 3; k++) {
      assertThat(there.state()[Simulator.PX + k] - (k + 1) * shift)
          .isCloseTo(here.state()[Simulator.PX + k], within(1e-10));
    }
    for (int r = Simulator.QW; r < Simulator.STATE_ROWS; r++) {
      assertThat(there.state()[r]).isEqualTo(here.state()[r]);
    }
  }

  @Property(tries = 50)
  void runsAlikeInEveryDirection(
      @ForAll long seed, @ForAll @DoubleRange(min = -3, max = 3) double yaw) {
    ReferenceSimulator one = flight(seed);
    ReferenceSimulator turned = flight(seed);
    turn(turned, yaw);
    fly(one, seed, a -> a);
    fly(turned, seed, a -> a);
    turn(one, yaw);
    assertSame(turned, one);
  }

  @Property(tries = 50)
  void runsAlikeInTheMirror(@ForAll long seed) {
    ReferenceSimulator one = flight(seed);
    ReferenceSimulator mirrored = flight(seed);
    mirror(mirrored);
    SplittableRandom random = RandomStreams.of(seed, 1);
    for (int step = 0; step < STEPS; step++) {
      double[] action = new double[4];
      double[] other = new double[4];
      for (int i = 0; i < 4; i++) {
        action[i] = random.nextDouble(-1.2, 1.2);
        other[OTHER_SIDE[i]] = action[i];
      }
      one.step(action);
      mirrored.step(other);
    }
    mirror(one);
    assertSame(mirrored, one);
  }

  /** Whatever its attitude and its turning, thrown under a constant force. */
  @Property(tries = 50)
  void fallsFreelyWithoutThrust(@ForAll long seed) {
    ReferenceSimulator simulator = start(withoutIdleThrust(sampled(seed)), seed);
    double[] s = simulator.state();
    for (int i = 0; i < 4; i++) {
      s[Simulator.N0 + i] = 0;
    }
    double[] start = s.clone();
    fly(simulator, seed, a -> -1);
    double t = STEPS * Simulator.STEP_S;
    for (int k = 0; k < 3; k++) {
      double a =
          simulator.disturbance()[k] / sampled(seed).massKg()
              - (k == 2 ? Simulator.GRAVITY_MS2 : 0);
      double v = start[Simulator.VX + k];
      assertThat(s[Simulator.VX + k]).isCloseTo(v + a * t, within(1e-9));
      assertThat(s[Simulator.PX + k])
          .isCloseTo(start[Simulator.PX + k] + v * t + a * t * t / 2, within(1e-9));
    }
  }

  @Property(tries = 50)
  void hoversWhereItsThrustCurveSays(@ForAll long seed) {
    Quadrotor quadrotor = sampled(seed);
    ReferenceSimulator simulator = new ReferenceSimulator(quadrotor);
    double n = quadrotor.hoverThrottle();
    turn(simulator, 1);
    Golden.put(new double[] {n, n, n, n}, simulator.state(), Simulator.N0);
    double[] start = simulator.state().clone();
    fly(simulator, seed, a -> 2 * n - 1);
    assertThat(simulator.state()).containsExactly(start, within(1e-9));
  }

  /** A body with three different moments of inertia and no torque tumbles, but keeps both. */
  @Property(tries = 50)
  void keepsEnergyAndAngularMomentumWithoutTorque(@ForAll long seed) {
    SplittableRandom random = RandomStreams.of(seed, 2);
    Quadrotor like = sampled(seed);
    double size = like.inertiaKgM2().x();
    Vec3 inertia =
        new Vec3(size, size * random.nextDouble(1.2, 1.5), size * random.nextDouble(1.7, 2.1));
    Quadrotor body =
        withoutIdleThrust(
            Quadrotor.of(
                "body",
                like.massKg(),
                inertia,
                like.rotorPositionsM(),
                like.thrustCurve(),
                like.torqueConstantM(),
                like.timeConstantRisingS(),
                like.timeConstantFallingS()));
    ReferenceSimulator simulator = start(body, seed);
    for (int r = 0; r < Simulator.STATE_ROWS; r++) {
      if (r >= Simulator.WX) {
        simulator.state()[r] = r >= Simulator.N0 ? 0 : random.nextDouble(2, 5);
      }
    }
    double[] start = simulator.state().clone();
    fly(simulator, seed, a -> -1);
    double[] s = simulator.state();
    assertThat(energy(inertia, s)).isCloseTo(energy(inertia, start), within(1e-6 * size * 25));
    double[] momentum = momentum(inertia, s);
    double[] before = momentum(inertia, start);
    double moved = 0;
    for (int k = 0; k < 3; k++) {
      assertThat(momentum[k]).isCloseTo(before[k], within(1e-6 * size * 10));
      moved += Math.abs(s[Simulator.WX + k] - start[Simulator.WX + k]);
    }
    assertThat(moved).isGreaterThan(0.1);
  }

  /** Rotors that only speed up make a smooth motion. */
  @Property(tries = 30)
  void convergesWithFourthOrder(@ForAll long seed) {
    double[] exact = afterAQuarterSecond(seed, 1.0 / 4000);
    double coarse = distance(afterAQuarterSecond(seed, 1.0 / 200), exact);
    double fine = distance(afterAQuarterSecond(seed, 1.0 / 400), exact);
    assertThat(Math.log(coarse / fine) / Math.log(2)).isBetween(3.7, 4.4);
  }

  private static double[] afterAQuarterSecond(long seed, double dt) {
    ReferenceSimulator simulator = start(sampled(seed), seed);
    SplittableRandom random = RandomStreams.of(seed, 3);
    double[] action = new double[4];
    for (int i = 0; i < 4; i++) {
      simulator.state()[Simulator.N0 + i] = random.nextDouble(0, 0.4);
      action[i] = random.nextDouble(0, 0.2);
    }
    for (int step = 0; step < Math.round(0.25 / dt); step++) {
      simulator.step(action, dt);
    }
    return simulator.state();
  }

  private static Quadrotor sampled(long seed) {
    return QuadrotorDistribution.sample(seed, 1).get(0).quadrotor();
  }

  private static Quadrotor withoutIdleThrust(Quadrotor q) {
    ThrustCurve curve = q.thrustCurve();
    return new Quadrotor(
        q.name(),
        q.massKg(),
        q.inertiaKgM2(),
        q.inverseInertia(),
        q.rotorPositionsM(),
        new ThrustCurve(0, curve.c1(), curve.c2()),
        q.torqueConstantM(),
        q.timeConstantRisingS(),
        q.timeConstantFallingS());
  }

  private static ReferenceSimulator flight(long seed) {
    return start(sampled(seed), seed);
  }

  /** Anywhere, tilted, moving, turning and pushed. */
  private static ReferenceSimulator start(Quadrotor quadrotor, long seed) {
    SplittableRandom random = RandomStreams.of(seed);
    ReferenceSimulator simulator = new ReferenceSimulator(quadrotor);
    double[] s = simulator.state();
    double norm = 0;
    for (int r = 0; r < Simulator.STATE_ROWS; r++) {
      s[r] = r >= Simulator.N0 ? random.nextDouble() : random.nextDouble(-1, 1);
      norm += r >= Simulator.QW && r <= Simulator.QZ ? s[r] * s[r] : 0;
    }
    for (int r = Simulator.QW; r <= Simulator.QZ; r++) {
      s[r] /= Math.sqrt(norm);
    }
    for (int k = 0; k < 3; k++) {
      simulator.disturbance()[k] = quadrotor.massKg() * random.nextDouble(-1, 1);
    }
    return simulator;
  }

  private static void fly(ReferenceSimulator simulator, long seed, DoubleUnaryOperator command) {
    SplittableRandom random = RandomStreams.of(seed, 1);
    double[] action = new double[4];
    for (int step = 0; step < STEPS; step++) {
      for (int i = 0; i < 4; i++) {
        action[i] = command.applyAsDouble(random.nextDouble(-1.2, 1.2));
      }
      simulator.step(action);
    }
  }

  /** Turns the world about z. */
  private static void turn(ReferenceSimulator simulator, double yaw) {
    double[] s = simulator.state();
    turn(s, Simulator.PX, yaw);
    turn(s, Simulator.VX, yaw);
    turn(simulator.disturbance(), 0, yaw);
    double c = Math.cos(yaw / 2);
    double d = Math.sin(yaw / 2);
    double w = s[Simulator.QW];
    double x = s[Simulator.QX];
    double y = s[Simulator.QY];
    double z = s[Simulator.QZ];
    Golden.put(
        new double[] {c * w - d * z, c * x - d * y, c * y + d * x, c * z + d * w}, s, Simulator.QW);
  }

  private static void turn(double[] v, int at, double yaw) {
    double x = v[at];
    v[at] = Math.cos(yaw) * x - Math.sin(yaw) * v[at + 1];
    v[at + 1] = Math.sin(yaw) * x + Math.cos(yaw) * v[at + 1];
  }

  private static void mirror(ReferenceSimulator simulator) {
    double[] s = simulator.state();
    for (int r : MIRRORED) {
      s[r] = -s[r];
    }
    double[] n = Arrays.stream(OTHER_SIDE).mapToDouble(i -> s[Simulator.N0 + i]).toArray();
    Golden.put(n, s, Simulator.N0);
    simulator.disturbance()[1] = -simulator.disturbance()[1];
  }

  private static void assertSame(ReferenceSimulator one, ReferenceSimulator other) {
    for (int r = 0; r < Simulator.STATE_ROWS; r++) {
      double scale = Math.max(1, Math.abs(other.state()[r]));
      assertThat(one.state()[r]).as("row %d", r).isCloseTo(other.state()[r], within(1e-9 * scale));
    }
  }

  private static double energy(Vec3 j, double[] s) {
    double x = s[Simulator.WX];
    double y = s[Simulator.WY];
    double z = s[Simulator.WZ];
    return (j.x() * x * x + j.y() * y * y + j.z() * z * z) / 2;
  }

  /** R J ω, world frame. */
  private static double[] momentum(Vec3 j, double[] s) {
    double w = s[Simulator.QW];
    double x = s[Simulator.QX];
    double y = s[Simulator.QY];
    double z = s[Simulator.QZ];
    double a = j.x() * s[Simulator.WX];
    double b = j.y() * s[Simulator.WY];
    double c = j.z() * s[Simulator.WZ];
    return new double[] {
      (1 - 2 * (y * y + z * z)) * a + 2 * (x * y - w * z) * b + 2 * (x * z + w * y) * c,
      2 * (x * y + w * z) * a + (1 - 2 * (x * x + z * z)) * b + 2 * (y * z - w * x) * c,
      2 * (x * z - w * y) * a + 2 * (y * z + w * x) * b + (1 - 2 * (x * x + y * y)) * c
    };
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
