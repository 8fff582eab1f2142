package dev.raptor.rl.student;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.rl.Tiny;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class DistillationTest {
  private static final List<SampledQuadrotor> QUADROTORS = QuadrotorDistribution.sample(5, 4);
  private static final int EPOCHS = 4;

  @Test
  void oneSeedGivesOneStudentWhateverTheThreads() {
    Distillation expected = fresh(1);
    List<StudentTraining.Progress> log = run(expected);
    for (int threads : new int[] {1, 3}) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        Distillation other = fresh(1);
        assertThat(pool.submit(() -> run(other)).join()).isEqualTo(log);
        assertThat(other.parameters()).isEqualTo(expected.parameters());
      }
    }
    Distillation other = fresh(2);
    run(other);
    assertThat(other.parameters()).isNotEqualTo(expected.parameters());
  }

  @Test
  void goesOnAfterAnyEpochAsIfItHadNotStopped() {
    Distillation whole = fresh(1);
    List<StudentTraining.Progress> log = run(whole);
    for (int stop = 1; stop < EPOCHS; stop++) {
      Distillation first = fresh(1);
      for (int i = 0; i < stop; i++) {
        first.runEpoch();
      }
      Distillation second = fresh(1);
      copy(first.parameters(), second.parameters());
      copy(first.state().get("loss_share"), second.state().get("loss_share"));
      copy(first.adam().moments()[0], second.adam().moments()[0]);
      copy(first.adam().moments()[1], second.adam().moments()[1]);
      second.adam().restore(first.adam().steps());
      second.restore(stop);
      assertThat(run(second)).isEqualTo(log.subList(stop, EPOCHS));
      assertThat(second.parameters()).isEqualTo(whole.parameters());
      assertThat(second.state().get("loss_share")).isEqualTo(whole.state().get("loss_share"));
    }
  }

  @Test
  void theLossFalls() {
    Distillation distillation = distillation(1, Tiny.distillation(EPOCHS, 20));
    List<StudentTraining.Progress> log = run(distillation);
    assertThat(log.get(EPOCHS - 1).loss()).isLessThan(0.6 * log.get(0).loss());
    assertThat(log)
        .allSatisfy(
            progress -> {
              assertThat(progress.terminatedShare()).isBetween(0.0, 1.0);
              assertThat(progress.learningRate()).isBetween(0.0, 3e-3);
            });
    assertThat(log).extracting(StudentTraining.Progress::epoch).containsExactly(1, 2, 3, 4);
  }

  private static Distillation fresh(long seed) {
    return distillation(seed, Tiny.distillation(EPOCHS, 12));
  }

  private static Distillation distillation(long seed, DistillationConfig config) {
    return new Distillation(
        QUADROTORS,
        Tiny.teachers(QUADROTORS),
        Collections.nCopies(QUADROTORS.size(), new float[] {0.01f, 0, -0.02f}),
        config,
        seed);
  }

  private static List<StudentTraining.Progress> run(Distillation distillation) {
    List<StudentTraining.Progress> log = new ArrayList<>();
    while (distillation.epoch() < EPOCHS) {
      log.add(distillation.runEpoch());
    }
    return log;
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
  }
}
