package dev.raptor.app.flight;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.flight.ControlLoop;
import dev.raptor.core.flight.ControlLoopConfig;
import dev.raptor.core.flight.Frame;
import dev.raptor.core.flight.MotorOrder;
import dev.raptor.core.flight.Motors;
import dev.raptor.core.flight.Target;
import dev.raptor.core.flight.ThrottleRange;
import dev.raptor.core.flight.VehicleState;
import dev.raptor.sim.controller.Controller;

/** A policy in a {@link ControlLoop} of 100 Hz, which is told of the vehicle what it observes. */
public final class GuidedPolicy implements Controller {
  private static final long STEP_NANOS = ControlLoopConfig.NATIVE_INTERVAL.toNanos();

  private final ControlLoop loop;
  private final double headingRad;
  private final VehicleState<Frame.Flu> state = VehicleState.flu();
  private final Target<Frame.Flu> target = Target.flu();
  private final double[] throttles = new double[Motors.COUNT];
  private final double[] attitude = new double[4];
  private long now;

  /**
   * @throws InvalidInputException if the policy has no error clip, or is none of 22 numbers to 4
   */
  public GuidedPolicy(Policy policy, FarStart start) {
    loop =
        new ControlLoop(
            policy,
            new Motors(MotorOrder.RAPTOR, new ThrottleRange(-1, 1)),
            ControlLoopConfig.at(100).withGuidance(start.limits()));
    headingRad = start.headingRad();
  }

  @Override
  public void reset() {
    loop.reset();
  }

  @Override
  public void act(float[] o, float[] action) {
    now += STEP_NANOS;
    int v = Observation.VELOCITY;
    int w = Observation.ANGULAR_VELOCITY;
    state.position(now, o[0], o[1], o[2]);
    state.velocity(now, o[v], o[v + 1], o[v + 2]);
    state.angularVelocity(now, o[w], o[w + 1], o[w + 2]);
    writeAttitude(o);
    state.attitudeWxyz(now, attitude[0], attitude[1], attitude[2], attitude[3]);
    target.hover(now, 0, 0, 0, headingRad);
    loop.step(now, state, target, throttles);
    for (int i = 0; i < throttles.length; i++) {
      action[i] = (float) throttles[i];
    }
  }

  /**
   * The unit quaternion of the rotation matrix, from its largest number, as in Shepperd,
   * <i>Quaternion from rotation matrix</i>, 1978.
   */
  private void writeAttitude(float[] o) {
    int r = Observation.ROTATION;
    double xx = o[r];
    double yy = o[r + 4];
    double zz = o[r + 8];
    double[] squares = {1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz};
    double[] vector = {o[r + 7] - o[r + 5], o[r + 2] - o[r + 6], o[r + 3] - o[r + 1]};
    double xy = o[r + 1] + o[r + 3];
    double xz = o[r + 2] + o[r + 6];
    double yz = o[r + 5] + o[r + 7];
    int largest = 0;
    for (int i = 1; i < 4; i++) {
      largest = squares[i] > squares[largest] ? i : largest;
    }
    double[] q =
        switch (largest) {
          case 0 -> new double[] {squares[0], vector[0], vector[1], vector[2]};
          case 1 -> new double[] {vector[0], squares[1], xy, xz};
          case 2 -> new double[] {vector[1], xy, squares[2], yz};
          default -> new double[] {vector[2], xz, yz, squares[3]};
        };
    double norm = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    for (int i = 0; i < 4; i++) {
      attitude[i] = q[i] / norm;
    }
  }
}
