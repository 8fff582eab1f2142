package dev.raptor.rl.evaluation;

import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.flight.ControlLoop;
import dev.raptor.core.flight.ControlLoopConfig;
import dev.raptor.core.flight.Frame;
import dev.raptor.core.flight.MotorOrder;
import dev.raptor.core.flight.Motors;
import dev.raptor.core.flight.Target;
import dev.raptor.core.flight.ThrottleRange;
import dev.raptor.core.flight.VehicleState;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.effects.Surroundings;

/** Flies the lanes of one chunk of a test. */
interface SuitePilot {
  /** Writes the actions of all lanes, [4][lanes], of which this is step {@code step}. */
  void act(int step, Surroundings surroundings, float[] action);

  /** A policy, step by step, or one step in so many. */
  static SuitePilot raw(Policy policy, int lanes, int stepsPerAction) {
    PolicyBatch batch = policy.newBatch(lanes);
    float[] observation = new float[Observation.SIZE * lanes];
    return (step, surroundings, action) -> {
      surroundings.observe(ObservationKind.RELATIVE, observation);
      if (step % stepsPerAction == 0) {
        batch.step(observation, action);
      }
    };
  }

  /**
   * A policy in a control loop with every default, called 100 times a second with what is true.
   *
   * @param turnRad by which the target's heading turns at {@code turnStep}
   */
  static SuitePilot loop(Policy policy, int lanes, double turnRad, int turnStep) {
    Motors motors = new Motors(MotorOrder.RAPTOR, ThrottleRange.unit(0));
    ControlLoop[] loops = new ControlLoop[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      loops[lane] = new ControlLoop(policy, motors, ControlLoopConfig.at(100));
    }
    VehicleState<Frame.Flu> state = VehicleState.flu();
    Target<Frame.Flu> target = Target.flu();
    double[] throttles = new double[Motors.COUNT];
    float[] commands = new float[Motors.COUNT];
    long stepNanos = ControlLoopConfig.NATIVE_INTERVAL.toNanos();
    return (step, surroundings, action) -> {
      float[] s = surroundings.environment().simulator().state();
      float[] reference = surroundings.environment().reference();
      long now = step * stepNanos;
      double yaw = step >= turnStep ? turnRad : 0;
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
        loops[lane].step(now, state, target, throttles);
        motors.toAction(throttles, commands);
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
