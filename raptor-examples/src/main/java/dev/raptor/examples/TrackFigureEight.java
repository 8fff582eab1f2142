package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.reference.Lissajous;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * An X500 flies two rounds of a figure-eight, 2 m by 1 m, faster in the second flight than in the
 * first. The policy is only shown how far it is from where it should be, and how much slower than
 * the point that it follows; both are clipped, so that a far target does not upset it. A line like
 * these is printed for each flight:
 *
 * <pre>
 * a round in 10 s, up to 0.9 m/s: 0.08 m off on average, 0.18 m at worst
 * a round in  5 s, up to 1.8 m/s: 0.22 m off on average, 0.45 m at worst
 * </pre>
 *
 * <p>An argument is a policy file to fly with, instead of the policy in the jar.
 */
public final class TrackFigureEight {
  private TrackFigureEight() {}

  /** Flies twice. */
  public static void main(String... arguments) throws IOException {
    Controller policy =
        Controller.of(
            arguments.length > 0 ? Policies.load(Path.of(arguments[0])) : Policies.pretrained());
    for (double roundS : new double[] {10, 5}) {
      follow(Lissajous.figureEight(roundS), roundS, policy);
    }
  }

  private static void follow(Lissajous figure, double roundS, Controller policy) {
    Quadrotor x500 = Quadrotors.named("x500_sim");
    // Starts where the figure does, upright and at rest; the limits leave room for the figure.
    Task task = Task.platform(x500).widened();
    Environment world = new Environment(1);
    world.assign(0, x500, task.withGuidanceProbability(1));
    world.reset(0, RandomStreams.of(1), figure);
    world.setErrorClip(0.5, 1);
    policy.reset();
    float[] observation = new float[22];
    float[] action = new float[4];
    double sum = 0;
    double worst = 0;
    double fastest = 0;
    int steps = (int) Math.round(2 * roundS / Simulator.STEP_S);
    for (int step = 0; step < steps; step++) {
      world.observe(ObservationKind.RELATIVE, observation);
      policy.act(observation, action);
      world.step(action, new float[1], new boolean[1]);
      float[] is = world.simulator().state();
      float[] be = world.reference();
      double error = Math.hypot(Math.hypot(is[0] - be[0], is[1] - be[1]), is[2] - be[2]);
      sum += error;
      worst = Math.max(worst, error);
      fastest = Math.max(fastest, Math.hypot(be[3], be[4]));
    }
    System.out.printf(
        Locale.ROOT,
        "a round in %2.0f s, up to %.1f m/s: %.2f m off on average, %.2f m at worst%n",
        roundS,
        fastest,
        sum / steps,
        worst);
  }
}
