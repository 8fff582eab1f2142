package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A Crazyflie finds itself tilted, turning and moving away from where it should be, and flies
 * there. It is told nothing of what it is. A line is printed each second; with the policy in the
 * jar these:
 *
 * <pre>
 * after 1 s: 1.20 m from the target
 * after 2 s: 0.67 m from the target
 * after 3 s: 0.09 m from the target
 * after 4 s: 0.09 m from the target
 * after 5 s: 0.06 m from the target
 * </pre>
 *
 * <p>An argument is a policy file to fly with, instead of the policy in the jar.
 */
public final class FirstFlight {
  private FirstFlight() {}

  /** Flies for five seconds. */
  public static void main(String... arguments) throws IOException {
    Controller policy =
        Controller.of(
            arguments.length > 0 ? Policies.load(Path.of(arguments[0])) : Policies.pretrained());
    Quadrotor crazyflie = Quadrotors.named("crazyflie");
    Environment world = new Environment(1);
    world.assign(0, crazyflie, Task.platform(crazyflie));
    world.reset(0, RandomStreams.of(2), ReferenceKind.HOVER);
    float[] observation = new float[22];
    float[] action = new float[4];
    for (int step = 1; step <= 500; step++) {
      world.observe(ObservationKind.RELATIVE, observation);
      policy.act(observation, action);
      world.step(action, new float[1], new boolean[1]);
      if (step % 100 == 0) {
        float[] p = world.simulator().state();
        double error = Math.hypot(Math.hypot(p[0], p[1]), p[2]);
        System.out.printf(Locale.ROOT, "after %d s: %.2f m from the target%n", step / 100, error);
      }
    }
  }
}
