package dev.raptor.rl.evaluation;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.effects.ActionDelay;
import dev.raptor.sim.effects.AttitudeLag;
import dev.raptor.sim.effects.BladeFlapping;
import dev.raptor.sim.effects.BodyTorque;
import dev.raptor.sim.effects.CentreOfMass;
import dev.raptor.sim.effects.ConstantWind;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.GroundEffect;
import dev.raptor.sim.effects.Gusts;
import dev.raptor.sim.effects.GyroFilter;
import dev.raptor.sim.effects.GyroVibration;
import dev.raptor.sim.effects.HeadingError;
import dev.raptor.sim.effects.LinearDrag;
import dev.raptor.sim.effects.MotorLag;
import dev.raptor.sim.effects.Payload;
import dev.raptor.sim.effects.QuadraticDrag;
import dev.raptor.sim.effects.SensorNoise;
import dev.raptor.sim.effects.UnequalMotors;
import dev.raptor.sim.effects.WeakMotor;
import dev.raptor.sim.reference.Lissajous;
import dev.raptor.sim.reference.Reference;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A test of the flight suite: one thing that a pilot cares for, and nothing else beside it.
 *
 * @param name as on the command line and in JSON
 * @param description for people
 * @param seconds of a flight
 * @param calm whether the vehicle should stand still at the end, so that one that does not
 *     oscillates
 * @param reference what is followed
 * @param startDistanceM distance of the start from the reference in a random direction, at most 30
 *     degrees above or below; 0 for a start within 0.2 m on each axis, tilted by up to 20 degrees
 *     and moving
 * @param turnRad by which the target's heading turns after {@link #TURN_S}
 * @param loop whether the controller flies through a {@code ControlLoop} with its defaults
 * @param stepsPerAction how many steps of 10 ms go by between two actions of the controller
 * @param effects what is wrong or around
 */
record FlightTest(
    String name,
    String description,
    double seconds,
    boolean calm,
    Reference reference,
    double startDistanceM,
    double turnRad,
    boolean loop,
    int stepsPerAction,
    Around effects) {
  /** When targets turn, s. */
  static final double TURN_S = 2;

  /** Where the nose should point in a step of a flight whose target turns by {@code turnRad}. */
  static double headingRad(double turnRad, int step) {
    return step * Simulator.STEP_S >= TURN_S - Simulator.STEP_S / 2 ? turnRad : 0;
  }

  /** How many steps a flight has. */
  int steps() {
    return (int) Math.round(seconds / Simulator.STEP_S);
  }

  /** The effects of a flight. */
  interface Around {
    /** Those of a vehicle, in the order in which they act; chance comes from {@code random}. */
    List<Effect> effects(Quadrotor quadrotor, SplittableRandom random);
  }

  private static final int FIGURE_ROUNDS = 10;
  private static final double FIGURE_ROUND_S = 5.5;

  /** All of them, in the order of the table. */
  static List<FlightTest> all() {
    return List.of(
        hover("calm", "60 s of hover", 60).build(),
        hover("centre-of-mass-5", "centre of mass off by 5 % of the arm", 20)
            .under((q, random) -> List.of(offBalance(q, 0.05, random))),
        hover("centre-of-mass-10", "centre of mass off by 10 % of the arm", 20)
            .under((q, random) -> List.of(offBalance(q, 0.1, random))),
        hover("motors-10", "motors that differ by up to 10 % of their thrust", 20)
            .under((q, random) -> List.of(new UnequalMotors(0.1))),
        far("jump-1m", "target 1 m away, through the control loop", 20, 1),
        far("jump-2m", "target 2 m away, through the control loop", 20, 2),
        far("route-10m", "target 10 m away, through the control loop", 40, 10),
        turn("turn-30", "target's heading turns by 30 degrees, through the control loop", 30),
        turn("turn-90", "target's heading turns by 90 degrees, through the control loop", 90),
        hover("heading-error-30", "heading known wrongly by 30 degrees", 20)
            .under((q, random) -> List.of(new HeadingError(Math.toRadians(30)))),
        hover("attitude-lag-60ms", "attitude known 60 ms late", 20)
            .under((q, random) -> List.of(new AttitudeLag(0.06))),
        hover("attitude-lag-90ms", "attitude known 90 ms late", 20)
            .under((q, random) -> List.of(new AttitudeLag(0.09))),
        hover("motor-lag-3ms", "motors with a lag of 3 ms", 20)
            .under((q, random) -> List.of(new MotorLag(0.003))),
        hover("delay-20ms", "commands 20 ms late", 20)
            .under((q, random) -> List.of(new ActionDelay(2))),
        hover("rate-50hz", "the policy runs at 50 Hz", 20).every(2).build(),
        hover("noise", "sensor noise", 20)
            .moving()
            .under((q, random) -> List.of(SensorNoise.DEFAULT)),
        hover("vibration", "2 rad/s of vibration on the gyroscope, unfiltered", 20)
            .moving()
            .under((q, random) -> List.of(new GyroVibration(2, rotorHz(q)))),
        hover("gyro-filter-20hz", "gyroscope behind a low-pass of 20 Hz", 20)
            .under((q, random) -> List.of(new GyroFilter(20))),
        hover("wind-5", "steady wind of 5 m/s", 20)
            .under(
                (q, random) ->
                    List.of(
                        new ConstantWind(new Vec3(5, 0, 0)),
                        LinearDrag.DEFAULT,
                        QuadraticDrag.DEFAULT)),
        hover("gusts-flapping", "wind of 5 m/s with gusts of 2 m/s, stiff blades that flap", 20)
            .moving()
            .under(
                (q, random) ->
                    List.of(
                        new ConstantWind(new Vec3(5, 0, 0)),
                        new Gusts(2, 0.5),
                        LinearDrag.DEFAULT,
                        QuadraticDrag.DEFAULT,
                        new BladeFlapping(BladeFlapping.DEFAULT.leanPerMS(), 0.8))),
        hover("ground", "a floor one arm below the vehicle", 20)
            .from(1e-3)
            .under(
                (q, random) ->
                    List.of(new GroundEffect(-q.armM(), GroundEffect.CRAZYFLIE_RADIUS_PER_ARM))),
        hover("payload-30", "picks up 30 % of its mass after 5 s", 20)
            .under((q, random) -> List.of(new Payload(5, 0.3, q.armM()))),
        hover("weak-motor-60", "a motor has 60 % of its thrust from 5 s on", 20)
            .under((q, random) -> List.of(new WeakMotor(5, 0, 0.6))),
        hover(
                "figure-eight",
                "ten rounds of a figure-eight of 5.5 s",
                FIGURE_ROUNDS * FIGURE_ROUND_S)
            .moving()
            .along(Lissajous.figureEight(FIGURE_ROUND_S))
            .build());
  }

  /**
   * A centre of mass off its place in a random direction; of a vehicle that flies as a +, whose
   * rotors stand on the axes and would cross them, the torque that it takes to hover so.
   */
  private static Effect offBalance(Quadrotor quadrotor, double share, SplittableRandom random) {
    double direction = 2 * Math.PI * random.nextDouble();
    double forward = share * Math.cos(direction);
    double left = share * Math.sin(direction);
    double arm = quadrotor.armM();
    boolean crosses =
        quadrotor.rotorPositionsM().stream()
            .anyMatch(r -> Math.min(Math.abs(r.x()), Math.abs(r.y())) <= share * arm);
    return crosses
        ? new BodyTorque(new Vec3(-left, forward, 0))
        : new CentreOfMass(new Vec3(forward * arm, left * arm, 0));
  }

  /** How often the rotors turn in hover: near 90 Hz on an X500, near 270 Hz on a Crazyflie. */
  private static double rotorHz(Quadrotor quadrotor) {
    return 90 * Math.pow(0.25 / quadrotor.armM(), 0.6);
  }

  private static Builder hover(String name, String description, double seconds) {
    return new Builder(name, description, seconds);
  }

  private static FlightTest far(String name, String description, double seconds, double metres) {
    return hover(name, description, seconds).from(metres).throughLoop(0).build();
  }

  private static FlightTest turn(String name, String description, double degrees) {
    return hover(name, description, 20).throughLoop(Math.toRadians(degrees)).build();
  }

  private static final class Builder {
    private final String name;
    private final String description;
    private final double seconds;
    private boolean calm = true;
    private Reference reference = Reference.hover();
    private double startDistanceM;
    private double turnRad;
    private boolean loop;
    private int stepsPerAction = 1;

    private Builder(String name, String description, double seconds) {
      this.name = name;
      this.description = description;
      this.seconds = seconds;
    }

    private Builder moving() {
      calm = false;
      return this;
    }

    private Builder from(double metres) {
      startDistanceM = metres;
      return this;
    }

    private Builder along(Reference other) {
      reference = other;
      return this;
    }

    private Builder every(int steps) {
      stepsPerAction = steps;
      return this;
    }

    private Builder throughLoop(double turn) {
      loop = true;
      turnRad = turn;
      return this;
    }

    private FlightTest build() {
      return under((quadrotor, random) -> List.of());
    }

    private FlightTest under(Around effects) {
      return new FlightTest(
          name,
          description,
          seconds,
          calm,
          reference,
          startDistanceM,
          turnRad,
          loop,
          stepsPerAction,
          effects);
    }
  }
}
