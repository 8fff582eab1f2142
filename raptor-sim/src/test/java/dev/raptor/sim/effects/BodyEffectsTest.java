package dev.raptor.sim.effects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.Vec3;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Effects that push, turn or shift the vehicle, each against its equation worked out by hand. */
class BodyEffectsTest {
  private static final Quadrotor X500 = Quadrotors.named("x500_sim");

  /** The state after {@code steps} of hover throttle from rest, level, with the effect alone. */
  private static float[] hover(Quadrotor quadrotor, int steps, Effect... effects) {
    Environment environment = new Environment(1);
    environment.assign(0, quadrotor, Task.platform(quadrotor));
    Surroundings surroundings = new Surroundings(environment);
    surroundings.start(0, quadrotor, List.of(effects), 3);
    float throttle = (float) quadrotor.hoverThrottle();
    float[] state = environment.simulator().state();
    Arrays.fill(state, Simulator.N0, Simulator.N0 + 4, throttle);
    float command = 2 * throttle - 1;
    for (int k = 0; k < steps; k++) {
      surroundings.step(
          new float[] {command, command, command, command}, new float[1], new boolean[1]);
    }
    return state;
  }

  private static double weightN(Quadrotor quadrotor) {
    return quadrotor.massKg() * Simulator.GRAVITY_MS2;
  }

  private static double[] push(Effect effect, Quadrotor quadrotor, float[] state, double[] air) {
    FlightSnapshot moment = new FlightSnapshot();
    moment.set(0, state, 0, 1, quadrotor);
    System.arraycopy(air, 0, moment.airMS(), 0, 3);
    double[] wrench = new double[Simulator.DISTURBANCE_ROWS];
    effect.start(quadrotor, new SplittableRandom(1)).push(moment, wrench);
    return wrench;
  }

  private static float[] hovering(Quadrotor quadrotor) {
    float[] state = new float[Simulator.STATE_ROWS];
    state[Simulator.QW] = 1;
    Arrays.fill(state, Simulator.N0, Simulator.N0 + 4, (float) quadrotor.hoverThrottle());
    return state;
  }

  @Property(tries = 50)
  void aCentreOfMassTurnsTheVehicleByItsLeverTimesItsWeight(
      @ForAll @IntRange(max = 8) int platform,
      @ForAll @DoubleRange(min = -0.4, max = 0.4) double forward,
      @ForAll @DoubleRange(min = -0.4, max = 0.4) double left) {
    Quadrotor quadrotor = Quadrotors.all().get(platform);
    double x = forward * quadrotor.armM();
    double y = left * quadrotor.armM();
    float[] s = hover(quadrotor, 1, new CentreOfMass(new Vec3(x, y, 0)));
    // The weight pulls at the centre of mass: one that is ahead puts the nose down, which is +y.
    double rollRate = -y * weightN(quadrotor) * quadrotor.inverseInertia().x() * Simulator.STEP_S;
    double pitchRate = x * weightN(quadrotor) * quadrotor.inverseInertia().y() * Simulator.STEP_S;
    assertThat((double) s[Simulator.WX])
        .isCloseTo(rollRate, within(0.02 * Math.abs(rollRate) + 1e-3));
    assertThat((double) s[Simulator.WY])
        .isCloseTo(pitchRate, within(0.02 * Math.abs(pitchRate) + 1e-3));
    assertThat((double) s[Simulator.WZ]).isCloseTo(0, within(0.02));
  }

  @Test
  void aCentreOfMassBeyondTheRotorsIsRefusedBeforeTheFlight() {
    double x = X500.rotorPositionsM().get(0).x();
    new CentreOfMass(new Vec3(0.99 * x, 0, 5)).start(X500, null);
    assertThatThrownBy(() -> new CentreOfMass(new Vec3(1.01 * x, 0, 0)).start(X500, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x500_sim is off by 0.17")
        .hasMessageContaining("allowed: less than its nearest rotors");
    assertThatThrownBy(() -> new CentreOfMass(new Vec3(0, Double.NaN, 0)))
        .hasMessageContaining("numbers within ±1000");
  }

  @Property(tries = 50)
  void anEvenTorqueOfTheBodyIsThatOfACentreOfMass(
      @ForAll @DoubleRange(min = -0.3, max = 0.3) double share) {
    double arm = X500.armM();
    float[] shifted = hover(X500, 5, new CentreOfMass(new Vec3(share * arm, 0, 0)));
    float[] turned = hover(X500, 5, new BodyTorque(new Vec3(0, share, 0)));
    assertThat(turned[Simulator.WY])
        .isCloseTo(shifted[Simulator.WY], within(2e-3f * Math.abs(shifted[Simulator.WY]) + 1e-4f));
  }

  @Test
  void aPayloadAsideShiftsTheCentreOfMassAndSlowsTheTurnsAboutOtherAxes() {
    Quadrotor loaded =
        new Payload(0, 1, new Vec3(0.1, 0, -0.2))
            .start(X500, null)
            .vehicle(new FlightSnapshot(), X500);
    // As heavy as the vehicle: the centre is halfway, and the reduced mass half.
    double reduced = X500.massKg() / 2;
    Vec3 front = X500.rotorPositionsM().get(0);
    Vec3 moved = loaded.rotorPositionsM().get(0);
    assertThat(moved.x()).isCloseTo(front.x() - 0.05, within(1e-12));
    assertThat(moved.y()).isCloseTo(front.y(), within(1e-12));
    assertThat(moved.z()).isCloseTo(front.z() + 0.1, within(1e-12));
    Vec3 j = X500.inertiaKgM2();
    assertThat(loaded.inertiaKgM2().x()).isCloseTo(j.x() + reduced * 0.04, within(1e-12));
    assertThat(loaded.inertiaKgM2().y()).isCloseTo(j.y() + reduced * 0.05, within(1e-12));
    assertThat(loaded.inertiaKgM2().z()).isCloseTo(j.z() + reduced * 0.01, within(1e-12));
    assertThat(1 / loaded.inverseInertia().z()).isCloseTo(j.z() + reduced * 0.01, within(1e-9));
    assertThatThrownBy(() -> new Payload(0, 1, new Vec3(1, 0, 0)).start(X500, null))
        .hasMessageContaining("is off by 0.5 m forward");
  }

  @Test
  void theTorqueOfTheBodyIsInUnitsOfTheVehicle() {
    for (Quadrotor quadrotor : Quadrotors.all()) {
      double[] wrench =
          push(
              new BodyTorque(new Vec3(0.1, -0.2, 0.3)),
              quadrotor,
              hovering(quadrotor),
              new double[3]);
      double weight = weightN(quadrotor);
      double[] expected = {
        0,
        0,
        0,
        0.1 * quadrotor.armM() * weight,
        -0.2 * quadrotor.armM() * weight,
        0.3 * quadrotor.torqueConstantM() * weight
      };
      assertThat(wrench).containsExactly(expected, within(1e-12));
    }
    assertThatThrownBy(() -> new BodyTorque(new Vec3(0, 1.5, 0)))
        .hasMessage("torque about y over arm and weight is 1.5, allowed: -1.0 to 1.0");
  }

  @Test
  void motorsDifferByUpToTheirShareAndAnewInEachFlight() {
    double f = X500.thrustCurve().thrustN(X500.hoverThrottle());
    double least = 1;
    double most = -1;
    double sum = 0;
    int flights = 2000;
    for (int flight = 0; flight < flights; flight++) {
      Effect.Active active = new UnequalMotors(0.1).start(X500, RandomStreams.of(4, flight));
      FlightSnapshot moment = new FlightSnapshot();
      moment.set(0, hovering(X500), 0, 1, X500);
      double[] wrench = new double[6];
      active.push(moment, wrench);
      double[] again = new double[6];
      active.push(moment, again);
      assertThat(again).isEqualTo(wrench);
      for (double share : shares(wrench, f)) {
        least = Math.min(least, share);
        most = Math.max(most, share);
        sum += share / 4 / flights;
      }
    }
    assertThat(least).isBetween(-0.1001, -0.099);
    assertThat(most).isBetween(0.099, 0.1001);
    assertThat(sum).isCloseTo(0, within(0.004));
    assertThatThrownBy(() -> new UnequalMotors(0.6)).hasMessageContaining("0.0 to 0.5");
  }

  /** What each rotor gives more of its thrust, from force and torque; the inverse of the effect. */
  private static double[] shares(double[] wrench, double f) {
    double x = X500.rotorPositionsM().get(0).x();
    double total = wrench[2] / f;
    double roll = wrench[3] / f / x;
    double pitch = -wrench[4] / f / x;
    double yaw = wrench[5] / f / X500.torqueConstantM();
    double[] shares = new double[4];
    for (int i = 0; i < 4; i++) {
      Vec3 r = X500.rotorPositionsM().get(i);
      shares[i] =
          (total
                  + Math.signum(r.y()) * roll
                  + Math.signum(r.x()) * pitch
                  + Quadrotor.yawSign(i) * yaw)
              / 4;
    }
    return shares;
  }

  @Test
  void gustsOfTorqueAreStationaryAndForgetAsTheySay() {
    double[] unit = {
      X500.armM() * weightN(X500),
      X500.armM() * weightN(X500),
      X500.torqueConstantM() * weightN(X500)
    };
    int flights = 4000;
    for (int lag : new int[] {0, 20, 60}) {
      double[] squares = new double[3];
      double[] products = new double[3];
      for (int flight = 0; flight < flights; flight++) {
        Effect.Active active = new TorqueGusts(0.1, 0.2).start(X500, RandomStreams.of(9, flight));
        double[] first = new double[6];
        double[] last = first;
        for (int k = 0; k <= lag; k++) {
          last = new double[6];
          active.push(null, last);
          first = k == 0 ? last : first;
        }
        for (int axis = 0; axis < 3; axis++) {
          squares[axis] += Math.pow(last[3 + axis] / unit[axis], 2) / flights;
          products[axis] += first[3 + axis] * last[3 + axis] / unit[axis] / unit[axis] / flights;
        }
      }
      for (int axis = 0; axis < 3; axis++) {
        assertThat(Math.sqrt(squares[axis])).isCloseTo(0.1, within(0.004));
        assertThat(products[axis] / squares[axis])
            .isCloseTo(Math.exp(-lag * 0.01 / 0.2), within(0.06));
      }
    }
    assertThatThrownBy(() -> new TorqueGusts(0.1, 0)).hasMessageContaining("correlation time");
  }

  @Test
  void flyingAheadAndWindFromAheadLiftTheNoseAlike() {
    BladeFlapping flapping = new BladeFlapping(0.05, 0.2);
    float[] ahead = hovering(X500);
    ahead[Simulator.VX] = 3;
    double[] flown = push(flapping, X500, ahead, new double[3]);
    double[] blown = push(flapping, X500, hovering(X500), new double[] {-3, 0, 0});
    double expected = -0.05 * 3 * 0.2 * X500.armM() * weightN(X500);
    assertThat(flown[4]).isCloseTo(expected, within(1e-5));
    assertThat(blown).containsExactly(flown, within(1e-9));
    float[] left = hovering(X500);
    left[Simulator.VY] = 3;
    assertThat(push(flapping, X500, left, new double[3])[3]).isCloseTo(-expected, within(1e-5));
    // The disc does not lean without end, and what passes through it along its axis leans nothing.
    ahead[Simulator.VX] = 300;
    assertThat(push(flapping, X500, ahead, new double[3])[4])
        .isCloseTo(-0.3 * 0.2 * X500.armM() * weightN(X500), within(1e-4));
    float[] up = hovering(X500);
    up[Simulator.VZ] = 5;
    assertThat(push(flapping, X500, up, new double[3])).containsOnly(0);
    assertThatThrownBy(() -> new BladeFlapping(0.1, 3)).hasMessageContaining("0.0 to 2.0");
  }

  @Test
  void flappingTurnsWithTheBody() {
    BladeFlapping flapping = new BladeFlapping(0.05, 0.2);
    float[] turned = hovering(X500);
    turned[Simulator.QW] = (float) Math.sqrt(0.5);
    turned[Simulator.QZ] = (float) Math.sqrt(0.5);
    turned[Simulator.VY] = 3;
    // The nose points along world y, so this is ahead.
    double[] wrench = push(flapping, X500, turned, new double[3]);
    assertThat(wrench[4]).isCloseTo(-0.05 * 3 * 0.2 * X500.armM() * weightN(X500), within(1e-5));
    assertThat(wrench[3]).isCloseTo(0, within(1e-6));
  }

  @Test
  void aHigherCentreOfMassBringsTheRotorsNearer() {
    BladeFlapping flapping = new BladeFlapping(0.05, 0.2);
    float[] ahead = hovering(X500);
    ahead[Simulator.VX] = 3;
    Quadrotor raised =
        new CentreOfMass(new Vec3(0, 0, 0.2 * X500.armM())).start(X500, null).vehicle(null, X500);
    assertThat(push(flapping, raised, ahead, new double[3])[4]).isCloseTo(0, within(1e-6));
  }

  @Property(tries = 30)
  void aMotorLagIsThatOfTheSimulatorWhereThatIsExact(
      @ForAll @DoubleRange(min = 0.04, max = 0.2) double lag,
      @ForAll @DoubleRange(min = -1, max = 1) double command) {
    Quadrotor slow = QuadrotorVariants.withLags(X500, lag, lag);
    float[] own = climb(slow, (float) command);
    float[] other = climb(X500, (float) command, new MotorLag(lag));
    for (int r : new int[] {Simulator.PZ, Simulator.VZ, Simulator.WZ}) {
      assertThat(other[r]).isCloseTo(own[r], within(2e-3f * Math.abs(own[r]) + 1e-3f));
    }
  }

  /** Half a second of one command, which yaws a little. */
  private static float[] climb(Quadrotor quadrotor, float command, Effect... effects) {
    Environment environment = new Environment(1);
    environment.assign(0, quadrotor, Task.platform(quadrotor));
    Surroundings surroundings = new Surroundings(environment);
    surroundings.start(0, quadrotor, List.of(effects), 3);
    float[] state = environment.simulator().state();
    Arrays.fill(state, Simulator.N0, Simulator.N0 + 4, 0.4f);
    float more = Math.min(1, command + 0.02f);
    for (int k = 0; k < 50; k++) {
      surroundings.step(new float[] {command, more, command, more}, new float[1], new boolean[1]);
    }
    return state;
  }

  @Test
  void aMotorWithoutLagGivesItsThrustAtOnce() {
    float throttle = 0.7f;
    Environment environment = new Environment(1);
    environment.assign(0, X500, Task.platform(X500));
    Surroundings surroundings = new Surroundings(environment);
    surroundings.start(0, X500, List.of(new MotorLag(0)), 3);
    float command = 2 * throttle - 1;
    float[] commands = {command, command, command, command};
    surroundings.step(commands, new float[1], new boolean[1]);
    double thrust = 4 * X500.thrustCurve().thrustN(throttle);
    double speed = (thrust / X500.massKg() - Simulator.GRAVITY_MS2) * Simulator.STEP_S;
    assertThat((double) environment.simulator().state()[Simulator.VZ])
        .isCloseTo(speed, within(1e-5));
    assertThatThrownBy(() -> new MotorLag(-1))
        .hasMessage("lag of the motors in s is -1.0, allowed: 0.0 to 1.0");
  }
}
