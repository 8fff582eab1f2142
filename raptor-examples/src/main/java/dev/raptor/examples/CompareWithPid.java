package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.CascadedPid;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One policy that knows nothing of the vehicle, beside a cascaded PID that knows all of it, and
 * beside the same PID tuned for another vehicle, on the known platforms from the same ten starts
 * each. Printed is how far each is from its target in the last of five seconds, or how many of its
 * flights were lost:
 *
 * <pre>
 *               policy        pid of it     pid of x500_real
 * crazyflie     1 lost        1 lost        8 lost
 * fs_base       0.04 m        0.01 m        2 lost
 * mrs           0.03 m        0.00 m        0.00 m
 * arpl          0.17 m        0.00 m        10 lost
 * ...
 * </pre>
 *
 * <p>An argument is a policy file to fly with, instead of the policy in the jar.
 */
public final class CompareWithPid {
  private static final int STARTS = 10;

  private CompareWithPid() {}

  /** Flies all platforms with all three. */
  public static void main(String... arguments) throws IOException {
    Policy policy =
        arguments.length > 0 ? Policies.load(Path.of(arguments[0])) : Policies.pretrained();
    Quadrotor tunedFor = Quadrotors.named("x500_real");
    String row = "%-13s %-13s %-13s %s%n";
    System.out.printf(row, "", "policy", "pid of it", "pid of x500_real");
    for (Quadrotor vehicle : Quadrotors.all()) {
      System.out.printf(
          row,
          vehicle.name(),
          flown(vehicle, Controller.of(policy)),
          flown(vehicle, new CascadedPid(vehicle)),
          flown(vehicle, new CascadedPid(tunedFor)));
    }
  }

  private static String flown(Quadrotor vehicle, Controller controller) {
    Environment world = new Environment(1);
    world.assign(0, vehicle, Task.platform(vehicle));
    float[] observation = new float[22];
    float[] action = new float[4];
    boolean[] terminated = new boolean[1];
    int lost = 0;
    double sum = 0;
    for (int start = 0; start < STARTS; start++) {
      world.reset(0, RandomStreams.of(start), ReferenceKind.HOVER);
      controller.reset();
      terminated[0] = false;
      for (int step = 0; step < 500 && !terminated[0]; step++) {
        world.observe(ObservationKind.RELATIVE, observation);
        controller.act(observation, action);
        world.step(action, new float[1], terminated);
        if (step >= 400) {
          float[] p = world.simulator().state();
          sum += Math.hypot(Math.hypot(p[0], p[1]), p[2]);
        }
      }
      lost += terminated[0] ? 1 : 0;
    }
    return lost > 0 ? lost + " lost" : String.format(Locale.ROOT, "%.2f m", sum / (100 * STARTS));
  }
}
