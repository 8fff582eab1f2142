package dev.raptor.examples;

import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.rl.student.Distillation;
import dev.raptor.rl.student.DistillationConfig;
import dev.raptor.rl.student.StudentTraining;
import dev.raptor.rl.teacher.Ppo;
import dev.raptor.rl.teacher.PpoConfig;
import dev.raptor.rl.teacher.Teacher;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From several teachers to one student: four vehicles, a teacher for each, and a recurrent policy
 * of 8 units that flies while the teachers say what they would have done; in the first epoch it
 * only watches. Then it flies the four vehicles, and others that nobody has taught it. It takes
 * some ten seconds, which is far too short for a good policy ({@code ./raptor train} takes its
 * time), and enough to see that it flies, and that four vehicles are too few to fly all others:
 *
 * <pre>
 * epoch 1: differs from the teachers by 0.173 (root mean square)
 * epoch 2: differs from the teachers by 0.296 (root mean square)
 * ...
 * epoch 8: differs from the teachers by 0.141 (root mean square)
 * its own vehicles: 399 of 500 steps in the air
 * others:           292 of 500 steps in the air
 * </pre>
 *
 * <p>An argument is the number of steps of each teacher, {@value #TEACHER_STEPS} if not given.
 */
public final class DistilASmallStudent {
  private static final int VEHICLES = 4;
  private static final long TEACHER_STEPS = 400_000;
  private static final DistillationConfig STUDENT =
      new DistillationConfig(8, 8, 40, 1, 25, 2, 16, 4, 3e-3f, 1, 0.5f, 0.5f);

  private DistilASmallStudent() {}

  /** Trains teachers and a student. */
  public static void main(String... arguments) {
    List<SampledQuadrotor> vehicles = QuadrotorDistribution.sample(4, VEHICLES);
    long teacherSteps = arguments.length > 0 ? Long.parseLong(arguments[0]) : TEACHER_STEPS;
    PpoConfig config = PpoConfig.DEFAULT.withTotalSteps(teacherSteps);
    List<Teacher> teachers =
        vehicles.parallelStream()
            .map(vehicle -> Ppo.train(vehicle, config, 1, progress -> {}))
            .toList();
    // Where each teacher settles; a student that settles at its target is then told so.
    List<float[]> offsets = new ArrayList<>(Collections.nCopies(VEHICLES, new float[3]));
    Distillation distillation = new Distillation(vehicles, teachers, offsets, STUDENT, 1);
    while (distillation.epoch() < STUDENT.epochs()) {
      StudentTraining.Progress progress = distillation.runEpoch();
      System.out.printf(
          Locale.ROOT,
          "epoch %d: differs from the teachers by %.3f (root mean square)%n",
          progress.epoch(),
          Math.sqrt(progress.loss()));
    }
    RecurrentPolicy student =
        distillation.student(distillation.parameters(), Map.of("made by", "DistilASmallStudent"));
    System.out.printf(
        Locale.ROOT, "its own vehicles: %.0f of 500 steps in the air%n", steps(student, vehicles));
    System.out.printf(
        Locale.ROOT,
        "others:           %.0f of 500 steps in the air%n",
        steps(student, QuadrotorDistribution.sample(5, 20)));
  }

  private static double steps(RecurrentPolicy student, List<SampledQuadrotor> vehicles) {
    return Evaluation.of(student, vehicles, 20, 3, ObservationKind.RELATIVE, ReferenceKind.HOVER)
        .lengthMean();
  }
}
