package dev.raptor.rl.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.rl.Tiny;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PpoTest {
  private static final SampledQuadrotor QUADROTOR = QuadrotorDistribution.sample(4, 2).get(1);

  private static final List<SampledQuadrotor> POOL = QuadrotorDistribution.sample(31, 500);

  @Test
  void oneSeedGivesOneTeacher() {
    PpoConfig config = Tiny.ppo();
    Teacher teacher = Ppo.train(QUADROTOR, config, 5, progress -> {});
    assertThat(teacher.index()).isEqualTo(1);
    assertThat(Ppo.train(QUADROTOR, config, 5, progress -> {}).parameters())
        .isEqualTo(teacher.parameters());
    assertThat(Ppo.train(QUADROTOR, config, 6, progress -> {}).parameters())
        .isNotEqualTo(teacher.parameters());
    SampledQuadrotor other =
        new SampledQuadrotor(2, QUADROTOR.quadrotor(), QUADROTOR.disturbanceForceStdN());
    assertThat(Ppo.train(other, config, 5, progress -> {}).parameters())
        .isNotEqualTo(teacher.parameters());
  }

  @Test
  void aShortTrainingFliesBetter() {
    List<Ppo.Progress> log = new ArrayList<>();
    PpoConfig config = Tiny.ppo(64, 64, 256).withTotalSteps(300_000);
    Teacher trained = Ppo.train(QUADROTOR, config, 1, log::add);
    Teacher untrained =
        new Teacher(0, Teacher.initialise(QUADROTOR.quadrotor(), RandomStreams.of(1)));
    assertThat(evaluate(trained).returnMean())
        .isGreaterThan(evaluate(untrained).returnMean() + 150);
    assertThat(evaluate(trained).lengthMean())
        .isGreaterThan(evaluate(untrained).lengthMean() + 100);

    int batch = config.environments() * config.horizon();
    assertThat(log).hasSize(300_000 / batch);
    assertThat(log.get(log.size() - 1).steps()).isEqualTo((long) log.size() * batch);
    assertThat(log).anyMatch(progress -> progress.episodicLength() > 1);
    assertThat(log)
        .allSatisfy(
            progress -> {
              assertThat(
                      new double[] {
                        progress.policyLoss(),
                        progress.valueLoss(),
                        progress.entropy(),
                        progress.approxKl(),
                        progress.clipFraction(),
                        progress.std()
                      })
                  .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
              // There is no episodic figure where no episode ended.
              assertThat(Double.isNaN(progress.episodicReturn()))
                  .isEqualTo(Double.isNaN(progress.episodicLength()));
              assertThat(Math.max(1, progress.episodicLength()))
                  .matches(length -> Double.isNaN(length) || length <= 500);
              assertThat(progress.explainedVariance()).isLessThanOrEqualTo(1);
              assertThat(progress.approxKl()).isBetween(0.0, 0.2);
              assertThat(progress.clipFraction()).isBetween(0.0, 1.0);
              assertThat(progress.std()).isBetween(0.05, 1.0);
            });
  }

  @Test
  void aGenericTeacherLearnsToFlyVehiclesThatItNeverSaw() {
    PpoConfig config = Tiny.ppo(64, 32, 128).withTotalSteps(400_000);
    Ppo.Generic generic = Ppo.trainGeneric(POOL, config, 1, progress -> {});
    double trained = 0;
    double untrained = 0;
    for (SampledQuadrotor other : QuadrotorDistribution.sample(77, 8)) {
      float[] told = GenericTeacher.features(other.quadrotor());
      float[] folded =
          GenericTeacher.fold(
              GenericTeacher.ACTOR, generic.actor().parameters(), told, Teacher.ACTOR);
      trained += lengthMean(new Teacher(other.index(), folded), other);
      float[] start = Teacher.initialise(other.quadrotor(), RandomStreams.of(1));
      untrained += lengthMean(new Teacher(other.index(), start), other);
    }
    assertThat(trained).isGreaterThan(2 * untrained);
  }

  @Test
  void drawsWeakVehiclesMoreOften() {
    List<SampledQuadrotor> pool = QuadrotorDistribution.sample(7, 1000);
    double median =
        pool.stream().mapToDouble(q -> q.quadrotor().torqueToInertia()).sorted().toArray()[500];
    SplittableRandom random = new SplittableRandom(1);
    int evenly = 0;
    int weakest = 0;
    for (int i = 0; i < 2000; i++) {
      evenly += Ppo.draw(pool, 0, random).quadrotor().torqueToInertia() < median ? 1 : 0;
      weakest += Ppo.draw(pool, 1, random).quadrotor().torqueToInertia() < median ? 1 : 0;
    }
    assertThat(evenly).isBetween(900, 1100);
    // Of three, all are strong in one case of eight.
    assertThat(weakest).isBetween(1680, 1820);
  }

  @Test
  void aTunedTeacherBeginsAsTheGenericOne() {
    Ppo.Generic generic = Ppo.trainGeneric(POOL, Tiny.ppo(), 1, progress -> {});
    assertThat(Ppo.trainGeneric(POOL, Tiny.ppo(), 1, progress -> {}))
        .usingRecursiveComparison()
        .isEqualTo(generic);
    float[] before = generic.actor().parameters().clone();
    Teacher tuned = Ppo.tune(generic, QUADROTOR, Tiny.ppo(), 5, progress -> {});
    assertThat(Ppo.tune(generic, QUADROTOR, Tiny.ppo(), 5, progress -> {}).parameters())
        .isEqualTo(tuned.parameters());
    assertThat(generic.actor().parameters()).isEqualTo(before);
    float[] folded =
        GenericTeacher.fold(
            GenericTeacher.ACTOR,
            generic.actor().parameters(),
            GenericTeacher.features(QUADROTOR.quadrotor()),
            Teacher.ACTOR);
    assertThat(tuned.parameters()).isNotEqualTo(folded);
    for (int i = 0; i < folded.length; i++) {
      assertThat(tuned.parameters()[i]).isCloseTo(folded[i], within(0.05f));
    }
  }

  private static double lengthMean(Teacher teacher, SampledQuadrotor quadrotor) {
    return Evaluation.of(teacher, quadrotor, 20, 9, ReferenceKind.HOVER).lengthMean();
  }

  @ParameterizedTest
  @ValueSource(ints = {-16, 0, 100, 8})
  void refusesMinibatchesThatDoNotFit(int minibatch) {
    assertThatThrownBy(() -> Tiny.ppo(16, 16, minibatch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a minibatch of %d samples, allowed are multiples of the environments, 16", minibatch);
    assertThatThrownBy(() -> Tiny.ppo(16, 16, 512))
        .hasMessage("16 environments x 16 steps, which must be a multiple of the minibatch, 512");
  }

  private static Evaluation evaluate(Teacher teacher) {
    return Evaluation.of(teacher, QUADROTOR, 50, 9, ReferenceKind.HOVER);
  }
}
