package dev.raptor.examples;

import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.rl.teacher.Ppo;
import dev.raptor.rl.teacher.PpoConfig;
import dev.raptor.rl.teacher.Teacher;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.Locale;

/**
 * Reinforcement learning of one vehicle from scratch, by PPO: some seconds, in which it learns not
 * to fall, then to come back, then to stay. The return counts 1.5 a step, less what the distance
 * costs; an episode has 500 steps. Printed is every tenth iteration, and in the end how the teacher
 * flies without the noise that it explored with:
 *
 * <pre>
 *    81920 steps: return  -97, episodes of  48 steps
 *   163840 steps: return  -93, episodes of  60 steps
 *   245760 steps: return  -81, episodes of 131 steps
 *   327680 steps: return  133, episodes of 396 steps
 *   ...
 * 100 flights: return 546, 440 of 500 steps, 0.12 m off in the second half
 * </pre>
 *
 * <p>An argument is the number of steps, {@value #STEPS} if not given.
 */
public final class TrainATeacher {
  private static final long STEPS = 600_000;

  private TrainATeacher() {}

  /** Trains and evaluates. */
  public static void main(String... arguments) {
    long steps = arguments.length > 0 ? Long.parseLong(arguments[0]) : STEPS;
    SampledQuadrotor vehicle = QuadrotorDistribution.sample(4, 2).get(1);
    PpoConfig config = PpoConfig.DEFAULT.withTotalSteps(steps);
    int batch = config.environments() * config.horizon();
    Teacher teacher =
        Ppo.train(
            vehicle,
            config,
            1,
            progress -> {
              if (progress.steps() / batch % 10 == 0) {
                System.out.printf(
                    Locale.ROOT,
                    "%8d steps: return %4.0f, episodes of %3.0f steps%n",
                    progress.steps(),
                    progress.episodicReturn(),
                    progress.episodicLength());
              }
            });
    Evaluation flights = Evaluation.of(teacher, vehicle, 100, 9, ReferenceKind.HOVER);
    System.out.printf(
        Locale.ROOT,
        "100 flights: return %.0f, %.0f of 500 steps, %.2f m off in the second half%n",
        flights.returnMean(),
        flights.lengthMean(),
        flights.steadyStateErrorM());
  }
}
