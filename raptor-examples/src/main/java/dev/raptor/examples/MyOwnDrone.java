package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.TrainingCoverage;
import dev.raptor.sim.vehicle.Vec3;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A vehicle of one's own, from what a scale and a ruler say: whether policies are trained on its
 * like, and how it flies. Change the numbers, and see. Printed is first where it lies, then how far
 * it is from its target; of the numbers the policy is told none:
 *
 * <pre>
 * mass_kg                         1.700   trained on 0.02000 to 5.000
 * thrust_to_weight                2.691   trained on 1.500 to 5.000
 * ...
 * after 1 s: 0.19 m from the target
 * ...
 * after 5 s: 0.03 m from the target
 * </pre>
 *
 * <p>docs/own-drone.md says how to measure the numbers. An argument is a policy file to fly with.
 */
public final class MyOwnDrone {
  private MyOwnDrone() {}

  /** Says what follows from the numbers, then flies for five seconds. */
  public static void main(String... arguments) throws IOException {
    Quadrotor mine =
        Quadrotor.of(
            "mine",
            1.7, // kg, with its battery
            new Vec3(0.0079, 0.0079, 0.0123), // kg m², about x forward, y left, z up
            Quadrotor.rotorsAt(0.12, 0.12), // m, how far forward and how far to the side
            new ThrustCurve(-1.77, 7.67, 5.32), // N of one rotor: c0 + c1 n + c2 n², n from 0 to 1
            0.016, // m, yaw torque of a rotor over its thrust
            0.04, // s, how long a motor takes for 63 % of the way up
            0.04); // s, and down
    for (TrainingCoverage figure : TrainingCoverage.of(mine)) {
      System.out.printf(
          Locale.ROOT,
          "%-26s %10.4g   trained on %.4g to %.4g%s%n",
          figure.key(),
          figure.value(),
          figure.trained().min(),
          figure.trained().max(),
          figure.isInside() ? "" : ": look out");
    }

    Controller policy =
        Controller.of(
            arguments.length > 0 ? Policies.load(Path.of(arguments[0])) : Policies.pretrained());
    Environment world = new Environment(1);
    world.assign(0, mine, Task.platform(mine));
    world.reset(0, RandomStreams.of(7), ReferenceKind.HOVER);
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
