package dev.raptor.rl.evaluation;

import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.flight.ControlLoop;
import dev.raptor.core.flight.ControlLoopConfig;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.flight.Frame;
import dev.raptor.core.flight.MotorOrder;
import dev.raptor.core.flight.Motors;
import dev.raptor.core.flight.Target;
import dev.raptor.core.flight.ThrottleRange;
import dev.raptor.core.flight.VehicleState;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.List;
import java.util.function.Function;

/** Flies the lanes of one chunk of a test. */
interface SuitePilot {
  /** Writes the actions of all lanes, [4][lanes], of which this is step {@code step}. */
  void act(int step, Surroundings surroundings, float[] action);

  /** Who flies a suite; immutable. */
  interface Entrant {
    /** Takes off with these vehicles, one for each lane. */
    SuitePilot board(FlightTest test, List<Quadrotor> vehicles);

    /**
     * A policy, which is told nothing of the vehicles.
     *
     * @param clip for the control loop
     */
    static Entrant of(Policy policy, ErrorClip clip) {
      return (test, vehicles) ->
          test.loop()
              ? loop(
                  vehicles.stream()
                      .map(q -> new ControlLoop(policy, MOTORS, CONFIG.withErrorClip(clip)))
                      .toList(),
                  test.turnRad())
              : raw(policy.newBatch(vehicles.size()), test.stepsPerAction());
    }

    /** A controller, which is told the vehicle as it should be. */
    static Entrant of(Function<Quadrotor, Controller> controller) {
      return (test, vehicles) ->
          test.loop()
              ? loop(
                  vehicles.stream()
                      .map(
                          q ->
                              new ControlLoop(
                                  new ControllerPolicy(() -> controller.apply(q)),
                                  MOTORS,
                                  CONFIG.withErrorClip(CONTROLLER_CLIP)))
                      .toList(),
                  test.turnRad())
              : raw(
                  new ControllerPolicy.Batch(vehicles.stream().map(controller).toList()),
                  test.stepsPerAction());
    }
  }

  /** Throttles from 0 to 1 in the order of policies. */
  Motors MOTORS = new Motors(MotorOrder.RAPTOR, ThrottleRange.unit(0));

  /** A loop of 100 Hz, all else by default. */
  ControlLoopConfig CONFIG = ControlLoopConfig.at(100);

  /**
   * The textbook's controllers brake from any velocity; the position is clipped as that of the
   * released policy, so that they fly far targets no faster than they can.
   */
  ErrorClip CONTROLLER_CLIP = new ErrorClip(0.5, 10);

  /** A policy, step by step, or one step in so many. */
  static SuitePilot raw(PolicyBatch batch, int stepsPerAction) {
    float[] observation = new float[Observation.SIZE * batch.lanes()];
    return (step, surroundings, action) -> {
      surroundings.observe(ObservationKind.RELATIVE, observation);
      if (step % stepsPerAction == 0) {
        batch.step(observation, action);
      }
    };
  }

  /**
   * Control loops, one for each lane, called 100 times a second with what is true.
   *
   * @param turnRad by which the target's heading turns at {@link FlightTest#TURN_S}
   */
  static SuitePilot loop(List<ControlLoop> loops, double turnRad) {
    int lanes = loops.size();
    VehicleState<Frame.Flu> state = VehicleState.flu();
    Target<Frame.Flu> target = Target.flu();
    double[] throttles = new double[Motors.COUNT];
    float[] commands = new float[Motors.COUNT];
    long stepNanos = ControlLoopConfig.NATIVE_INTERVAL.toNanos();
    return (step, surroundings, action) -> {
      float[] s = surroundings.environment().simulator().state();
      float[] reference = surroundings.environment().reference();
      long now = step * stepNanos;
      double yaw = FlightTest.headingRad(turnRad, step);
      for (int lane = 0; lane < lanes; lane++) {
        state.position(now, at(s, 0, lane, lanes), at(s, 1, lane, lanes), at(s, 2, lane, lanes));
        state.velocity(
            now,
            at(s, Simulator.VX, lane, lanes),
            at(s, Simulator.VY, lane, lanes),
            at(s, Simulator.VZ, lane, lanes));
        state.attitudeWxyz(
            now,
            at(s, Simulator.QW, lane, lanes),
            at(s, Simulator.QX, lane, lanes),
            at(s, Simulator.QY, lane, lanes),
            at(s, Simulator.QZ, lane, lanes));
        state.angularVelocity(
            now,
            at(s, Simulator.WX, lane, lanes),
            at(s, Simulator.WY, lane, lanes),
            at(s, Simulator.WZ, lane, lanes));
        target.track(
            now,
            at(reference, 0, lane, lanes),
            at(reference, 1, lane, lanes),
            at(reference, 2, lane, lanes),
            at(reference, 3, lane, lanes),
            at(reference, 4, lane, lanes),
            at(reference, 5, lane, lanes),
            yaw);
        loops.get(lane).step(now, state, target, throttles);
        MOTORS.toAction(throttles, commands);
        for (int i = 0; i < commands.length; i++) {
          action[i * lanes + lane] = commands[i];
        }
      }
    };
  }

  private static double at(float[] rows, int row, int lane, int lanes) {
    return rows[row * lanes + lane];
  }
}
