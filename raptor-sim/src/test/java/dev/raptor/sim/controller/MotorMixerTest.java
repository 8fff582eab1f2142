package dev.raptor.sim.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MotorMixerTest {
  private static final float[] STOPPED = {-1, -1, -1, -1};

  /** Thrust and torque once the rotors have followed the same wish for long. */
  private static double[] wrench(Quadrotor quadrotor, double t, double x, double y, double z) {
    MotorMixer mixer = new MotorMixer(quadrotor);
    float[] action = new float[4];
    for (int i = 0; i < 500; i++) {
      mixer.mix(t, x, y, z, STOPPED, 0, action);
    }
    double[] out = new double[4];
    for (int i = 0; i < 4; i++) {
      double f = quadrotor.thrustCurve().thrustN((action[i] + 1) / 2);
      out[0] += f;
      out[1] += f * quadrotor.rotorPositionsM().get(i).y();
      out[2] -= f * quadrotor.rotorPositionsM().get(i).x();
      out[3] += f * Quadrotor.yawSign(i) * quadrotor.torqueConstantM();
    }
    return out;
  }

  @Property(tries = 200)
  void givesWhatIsWishedWhereTheRotorsCan(
      @ForAll @IntRange(max = 99) int index,
      @ForAll @DoubleRange(min = 0.4, max = 0.6) double thrustShare,
      @ForAll @DoubleRange(min = -0.1, max = 0.1) double roll,
      @ForAll @DoubleRange(min = -0.1, max = 0.1) double pitch,
      @ForAll @DoubleRange(min = -0.1, max = 0.1) double yaw) {
    Quadrotor quadrotor = QuadrotorDistribution.sample(0, 100).get(index).quadrotor();
    double full = 4 * quadrotor.thrustCurve().thrustN(1);
    double arm = quadrotor.rotorPositionsM().get(3).x();
    double t = thrustShare * full;
    double x = roll * full * arm;
    double y = pitch * full * arm;
    double z = yaw * full * quadrotor.torqueConstantM();
    double[] got = wrench(quadrotor, t, x, y, z);
    assertThat(got[0]).isCloseTo(t, within(1e-5 * full));
    assertThat(got[1]).isCloseTo(x, within(1e-5 * full * arm));
    assertThat(got[2]).isCloseTo(y, within(1e-5 * full * arm));
    assertThat(got[3]).isCloseTo(z, within(1e-5 * full * quadrotor.torqueConstantM()));
  }

  @Test
  void yawGivesWayToThrustAndThrustToRollAndPitch() {
    Quadrotor quadrotor = Quadrotors.named("x500_sim");
    double full = 4 * quadrotor.thrustCurve().thrustN(1);
    double arm = quadrotor.rotorPositionsM().get(3).x();
    double[] tooMuch = wrench(quadrotor, full, 0.2 * full * arm, 0, 1e3);
    assertThat(tooMuch[1]).isCloseTo(0.2 * full * arm, within(1e-5));
    assertThat(tooMuch[0]).isCloseTo(0.8 * full, within(1e-4));
    assertThat(tooMuch[3]).isCloseTo(0, within(1e-5));
    double[] impossible = wrench(quadrotor, 0, 1e6, 0, 0);
    assertThat(impossible[1]).isCloseTo(full / 2 * arm, within(1e-4));
    assertThat(impossible[2]).isCloseTo(0, within(1e-4));
  }

  @Property(tries = 200)
  void commandsAreNumbersInRangeWhateverIsWished(
      @ForAll @IntRange(max = 8) int platform,
      @ForAll double t,
      @ForAll double x,
      @ForAll double y,
      @ForAll double z) {
    float[] action = new float[4];
    new MotorMixer(Quadrotors.all().get(platform)).mix(t, x, y, z, STOPPED, 0, action);
    for (float a : action) {
      assertThat(a).isBetween(-1f, 1f);
    }
  }

  @Test
  void whereRollAndPitchTakeAllNothingIsLeftForYaw() {
    float[] action = new float[4];
    new MotorMixer(Quadrotors.named("fs_base")).mix(0, 1e9, 1e9, 0, STOPPED, 0, action);
    for (float a : action) {
      assertThat(a).isBetween(-1f, 1f);
    }
    new MotorMixer(Quadrotors.named("fs_base")).mix(0, 0.01, 0.18, 0, STOPPED, 0, action);
    for (float a : action) {
      assertThat(a).isBetween(-1f, 1f);
    }
  }

  /** There c1² + 4 c2 (f − c0) may come out below 0 although f is above the least thrust. */
  @Test
  void nextToWhereTheThrustCurveTurnsCommandsAreNumbers() {
    ThrustCurve curve = new ThrustCurve(1.1381547630551343, -6.220685786714521, 9.969961065473532);
    MotorMixer mixer =
        new MotorMixer(
            Quadrotor.of(
                "turning",
                1,
                new Vec3(0.01, 0.01, 0.02),
                Quadrotor.rotorsAt(0.1, 0.1),
                curve,
                0.01,
                0.03,
                0.03));
    float[] action = new float[4];
    double thrust = curve.thrustN(-curve.c1() / (2 * curve.c2()));
    for (int ulps = 0; ulps < 10; ulps++) {
      mixer.reset();
      mixer.mix(4 * thrust, 0, 0, 0, STOPPED, 0, action);
      for (float a : action) {
        assertThat(a).isBetween(-1f, 1f);
      }
      thrust = Math.nextUp(thrust);
    }
  }

  @Test
  void shortensTheLagOfTheMotors() {
    Quadrotor slow = Quadrotors.named("crazyflie");
    MotorMixer mixer = new MotorMixer(slow);
    Simulator simulator = new Simulator(1);
    simulator.assign(0, slow);
    float[] action = new float[4];
    double wish = slow.massKg() * Simulator.GRAVITY_MS2 / 4;
    // From rest the lead runs into full throttle, so the rotors rise along 1 - e^(-t/τ) at first.
    for (int i = 0; i < 12; i++) {
      mixer.mix(4 * wish, 0, 0, 0, STOPPED, 0, action);
      simulator.step(action);
    }
    double share = simulator.state()[Simulator.N0] / slow.hoverThrottle();
    double alone = 1 - Math.exp(-0.12 / slow.timeConstantRisingS());
    assertThat(alone).isBetween(0.88, 0.9);
    assertThat(share).isBetween(0.95, 1.0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, Double.MIN_VALUE, 1e-300, 1e-10})
  void refusesWhatCannotYaw(double torqueConstantM) {
    Quadrotor x = Quadrotors.named("x500_sim");
    Quadrotor noYaw =
        Quadrotor.of(
            "noYaw",
            x.massKg(),
            x.inertiaKgM2(),
            x.rotorPositionsM(),
            x.thrustCurve(),
            torqueConstantM,
            0.03,
            0.03);
    assertThatThrownBy(() -> new GeometricController(noYaw))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("noYaw cannot be turned")
        .hasMessageContaining("allowed: ");
  }

  @Test
  void refusesRotorsInALine() {
    Quadrotor x = Quadrotors.named("x500_sim");
    Quadrotor line =
        Quadrotor.of(
            "line",
            x.massKg(),
            x.inertiaKgM2(),
            List.of(new Vec3(1, 0, 0), new Vec3(-1, 0, 0), new Vec3(-2, 0, 0), new Vec3(2, 0, 0)),
            x.thrustCurve(),
            0.01,
            0.03,
            0.03);
    assertThatThrownBy(() -> new CascadedPid(line)).hasMessageStartingWith("line cannot be turned");
  }
}
