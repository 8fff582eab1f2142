package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.core.flight.ControlLoop;
import dev.raptor.core.flight.ControlLoop.Outcome;
import dev.raptor.core.flight.ControlLoopConfig;
import dev.raptor.core.flight.Frame;
import dev.raptor.core.flight.MotorOrder;
import dev.raptor.core.flight.Motors;
import dev.raptor.core.flight.Target;
import dev.raptor.core.flight.ThrottleRange;
import dev.raptor.core.flight.VehicleState;
import dev.raptor.sim.ReferenceSimulator;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A control loop of 400 Hz, as it would run beside an autopilot that counts its motors as PX4 does.
 * The vehicle is a simulated X500 of 2 kg, and the clock is simulated too. It takes off to 1 m and
 * hovers. In the fourth second its position is lost for 0.15 s, of which the first 0.1 s do not
 * matter, and in the rest the commands are held. From the sixth second on there are no more
 * targets, and it stays where it is. One line is printed each second:
 *
 * <pre>
 *  time   height  off by  steps and warnings
 *   1 s   0.47 m  0.53 m  {NATIVE=100, INTERMEDIATE=300} []
 *   2 s   0.92 m  0.08 m  {NATIVE=100, INTERMEDIATE=300} []
 *   ...
 *   4 s   1.00 m  0.00 m  {NATIVE=93, INTERMEDIATE=276, HELD=31} [STALE_POSITION, ... NATIVE_JITTER]
 *   ...
 *   6 s   1.00 m  0.00 m  {NATIVE=100, INTERMEDIATE=300} [STALE_TARGET]
 * </pre>
 *
 * <p>An argument is a policy file to fly with, instead of the policy in the jar.
 */
public final class EmbedInControlLoop {
  private static final int HERTZ = 400;
  private static final long INTERVAL_NANOS = 1_000_000_000 / HERTZ;

  private EmbedInControlLoop() {}

  /** Flies for eight seconds. */
  public static void main(String... arguments) throws IOException {
    // What has to be said once. On a real vehicle, call policy.warmUp() here, while it stands.
    Motors motors = new Motors(MotorOrder.PX4, ThrottleRange.unit(0.05));
    ControlLoop loop =
        new ControlLoop(
            arguments.length > 0 ? Policies.load(Path.of(arguments[0])) : Policies.pretrained(),
            motors,
            ControlLoopConfig.at(HERTZ).withFailsafeCommand(-0.2));
    VehicleState<Frame.Flu> state = VehicleState.flu();
    Target<Frame.Flu> target = Target.flu();
    double[] throttles = new double[4];

    ReferenceSimulator vehicle = new ReferenceSimulator(Quadrotors.named("x500_sim"));
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    Set<ControlLoop.Warning> warnings = EnumSet.noneOf(ControlLoop.Warning.class);
    System.out.println("  time   height  off by  steps and warnings");
    for (int tick = 0; tick < 8 * HERTZ; tick++) {
      // Yours is System.nanoTime(), and what has arrived from sensors and pilot since.
      long now = tick * INTERVAL_NANOS;
      boolean positionIsLost = tick >= 3 * HERTZ && tick < 3 * HERTZ + 60;
      measure(vehicle.state(), now, tick, positionIsLost, state);
      if (tick % 20 == 0 && tick < 5 * HERTZ) {
        target.hover(now, 0, 0, 1, 0);
      }

      outcomes.merge(loop.step(now, state, target, throttles), 1, Integer::sum);

      warnings.addAll(loop.warnings());
      // Yours is: send the throttles to the motors, and wait for the next 2.5 ms.
      drive(vehicle, motors, throttles);
      if (tick % HERTZ == HERTZ - 1) {
        double[] p = vehicle.state();
        double off = Math.hypot(Math.hypot(p[Simulator.PX], p[Simulator.PY]), p[Simulator.PZ] - 1);
        System.out.printf(
            Locale.ROOT,
            "%4d s  %5.2f m  %4.2f m  %s %s%n",
            tick / HERTZ + 1,
            p[Simulator.PZ],
            off,
            outcomes,
            warnings);
        outcomes.clear();
        warnings.clear();
      }
    }
  }

  /** Each sensor has its own rate: gyroscope 400 Hz, attitude 200 Hz, position 50 Hz. */
  private static void measure(
      double[] s, long now, int tick, boolean positionIsLost, VehicleState<Frame.Flu> state) {
    state.angularVelocity(now, s[Simulator.WX], s[Simulator.WY], s[Simulator.WZ]);
    if (tick % 2 == 0) {
      state.attitudeWxyz(now, s[Simulator.QW], s[Simulator.QX], s[Simulator.QY], s[Simulator.QZ]);
    }
    if (tick % 8 == 0 && !positionIsLost) {
      state.position(now, s[Simulator.PX], s[Simulator.PY], s[Simulator.PZ]);
      state.velocity(now, s[Simulator.VX], s[Simulator.VY], s[Simulator.VZ]);
    }
  }

  /** What the motor controllers and the world do. */
  private static void drive(ReferenceSimulator vehicle, Motors motors, double[] throttles) {
    float[] action = new float[4];
    motors.toAction(throttles, action);
    vehicle.step(new double[] {action[0], action[1], action[2], action[3]}, INTERVAL_NANOS * 1e-9);
  }
}
