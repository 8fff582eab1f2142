package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.effects.ConstantWind;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.Gusts;
import dev.raptor.sim.effects.Impulse;
import dev.raptor.sim.effects.LinearDrag;
import dev.raptor.sim.effects.QuadraticDrag;
import dev.raptor.sim.effects.SensorNoise;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.Vec3;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * An X500 hovers in a wind of 3 m/s with gusts, sees through noisy sensors, and is pushed sideways
 * by 1.5 m/s after 3 s. The wind keeps it off its target by a hand's breadth; the push is flown off
 * within a second and a half. The bar shows how far it is off, four times a second:
 *
 * <pre>
 *  2.75 s  0.17 m  #######
 *  3.00 s  0.15 m  ######   &lt;- pushed
 *  3.25 s  0.35 m  ##############
 *  ...
 *  4.50 s  0.09 m  ####
 * </pre>
 *
 * <p>An argument is a policy file to fly with, instead of the policy in the jar.
 */
public final class PokeAndWind {
  private static final int PUSHED_AT = 300;

  private PokeAndWind() {}

  /** Flies for six seconds. */
  public static void main(String... arguments) throws IOException {
    Controller policy =
        Controller.of(
            arguments.length > 0 ? Policies.load(Path.of(arguments[0])) : Policies.pretrained());
    Quadrotor x500 = Quadrotors.named("x500_real");
    Task task = Task.platform(x500).widened();
    Environment world = new Environment(1);
    world.assign(0, x500, task);
    // Effects act in this order: air first, then what it does, then what is seen.
    List<Effect> effects =
        List.of(
            new ConstantWind(new Vec3(3, 0, 0)),
            new Gusts(1, 1),
            LinearDrag.DEFAULT,
            QuadraticDrag.DEFAULT,
            new Impulse(PUSHED_AT / 100.0, new Vec3(0, 1.5, 0), Vec3.ZERO),
            SensorNoise.DEFAULT);
    Surroundings surroundings = new Surroundings(world);
    surroundings.start(0, x500, effects, 1);

    float[] observation = new float[22];
    float[] action = new float[4];
    for (int step = 1; step <= 600; step++) {
      surroundings.observe(ObservationKind.RELATIVE, observation);
      policy.act(observation, action);
      surroundings.step(action, new float[1], new boolean[1]);
      if (step % 25 == 0) {
        float[] p = world.simulator().state();
        double error = Math.hypot(Math.hypot(p[0], p[1]), p[2]);
        System.out.printf(
            Locale.ROOT,
            "%5.2f s  %.2f m  %s%s%n",
            step / 100.0,
            error,
            "#".repeat((int) Math.round(40 * Math.min(error, 2))),
            step == PUSHED_AT ? "   <- pushed" : "");
      }
    }
  }
}
