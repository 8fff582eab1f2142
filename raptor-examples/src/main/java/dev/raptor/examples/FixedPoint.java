package dev.raptor.examples;

import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.quantise.Calibration;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.Locale;

/**
 * The policy in integers, as a chip without floating point would compute it: weights of 8 bits,
 * activations of 16. It flies a Crazyflie from the same start as the policy in floating point does,
 * on a way of its own, and comes to the same place. Printed is what it takes, and how far each is
 * from its target:
 *
 * <pre>
 * 2705 bytes of flash, 148 bytes of memory a vehicle, 1930 multiplications a step
 * after 1 s: float 0.46 m, fixed 0.42 m from the target
 * after 2 s: float 0.03 m, fixed 0.03 m from the target
 * ...
 * after 5 s: float 0.01 m, fixed 0.00 m from the target
 * </pre>
 *
 * <p>{@code ./raptor quantize} writes such a policy, {@code ./raptor export} a header for C.
 */
public final class FixedPoint {
  private FixedPoint() {}

  /** Quantises the policy in the jar, and flies both. */
  public static void main(String... arguments) {
    RecurrentPolicy policy = RecurrentPolicy.pretrained();
    FixedPolicy fixed =
        Calibration.quantise(policy, new FixedFormat(8, 16), Calibration.QUADROTORS, 0);
    System.out.printf(
        "%d bytes of flash, %d bytes of memory a vehicle, %d multiplications a step%n",
        fixed.flashBytes(), fixed.ramBytes(), fixed.operations());

    Quadrotor crazyflie = Quadrotors.named("crazyflie");
    PolicySession[] sessions = {policy.newSession(), fixed.newSession()};
    Environment[] worlds = {new Environment(1), new Environment(1)};
    for (Environment world : worlds) {
      world.assign(0, crazyflie, Task.platform(crazyflie));
      world.reset(0, RandomStreams.of(2), ReferenceKind.HOVER);
    }
    float[] observation = new float[22];
    float[] action = new float[4];
    double[] errors = new double[2];
    for (int step = 1; step <= 500; step++) {
      for (int i = 0; i < 2; i++) {
        worlds[i].observe(ObservationKind.RELATIVE, observation);
        sessions[i].step(observation, action);
        worlds[i].step(action, new float[1], new boolean[1]);
        float[] p = worlds[i].simulator().state();
        errors[i] = Math.hypot(Math.hypot(p[0], p[1]), p[2]);
      }
      if (step % 100 == 0) {
        System.out.printf(
            Locale.ROOT,
            "after %d s: float %.2f m, fixed %.2f m from the target%n",
            step / 100,
            errors[0],
            errors[1]);
      }
    }
  }
}
