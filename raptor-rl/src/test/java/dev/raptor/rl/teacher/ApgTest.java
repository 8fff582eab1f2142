package dev.raptor.rl.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Dense;
import dev.raptor.core.network.Mlp;
import dev.raptor.rl.Tiny;
import dev.raptor.sim.Environment;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ApgTest {
  private static final List<SampledQuadrotor> POOL = QuadrotorDistribution.sample(31, 500);

  private static final List<SampledQuadrotor> QUADROTORS = QuadrotorDistribution.sample(4, 6);

  /** Without the discount, which has no cost that it would be the gradient of. */
  private static final ApgConfig UNDISCOUNTED = new ApgConfig(16, 25, 1, 1e-3f, 1, 1, 1, 0.5f);

  private static final float STEP = 1e-3f;

  /**
   * Along directions in the weights and in the biases of every layer, over flights long enough that
   * vehicles come near the limits, but do not pass them: an end cannot be differentiated.
   */
  @Test
  void theGradientIsThatOfTheCost() {
    for (Mlp actor : List.of(Teacher.ACTOR, GenericTeacher.ACTOR)) {
      SplittableRandom random = RandomStreams.of(8);
      float[] parameters = new float[actor.parameterCount()];
      actor.initialiseOrthogonal(parameters, 0.5f, 0.1f, random);
      Apg apg = apg(actor, parameters);
      apg.flyAndDifferentiate();
      for (int layer = 0; layer < actor.layers().size(); layer++) {
        Dense dense = actor.layers().get(layer);
        int weights = actor.offset(layer);
        int biases = weights + dense.biasOffset();
        check(actor, parameters, apg.gradient(), weights, biases, random);
        check(actor, parameters, apg.gradient(), biases, biases + dense.outputs(), random);
      }
    }
  }

  private static void check(
      Mlp actor, float[] parameters, float[] gradient, int from, int to, SplittableRandom random) {
    for (int n = 0; n < 3; n++) {
      // Half along the gradient, so that the slope stands out against the rounding of floats.
      double norm = norm(gradient, from, to);
      float[] direction = new float[parameters.length];
      for (int i = from; i < to; i++) {
        direction[i] = (float) (gradient[i] / norm + random.nextGaussian() / Math.sqrt(to - from));
      }
      double slope = 0;
      for (int i = from; i < to; i++) {
        slope += gradient[i] * direction[i];
      }
      double up = apg(actor, moved(parameters, direction, STEP)).flyAndDifferentiate();
      double down = apg(actor, moved(parameters, direction, -STEP)).flyAndDifferentiate();
      assertThat((up - down) / (2 * STEP))
          .as("parameters %d to %d, direction %d", from, to, n)
          .isCloseTo(slope, within(0.005 * norm));
    }
  }

  private static double norm(float[] values, int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += values[i] * values[i];
    }
    return Math.sqrt(squares);
  }

  private static float[] moved(float[] parameters, float[] direction, float by) {
    float[] moved = parameters.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += by * direction[i];
    }
    return moved;
  }

  private static Apg apg(Mlp actor, float[] parameters) {
    return new Apg(actor, parameters, QUADROTORS, UNDISCOUNTED, 7, 0);
  }

  @Test
  void oneSeedGivesOneActor() {
    GenericTeacher generic = Apg.trainGeneric(POOL, Tiny.apg(3), 1, cost -> {});
    assertThat(Apg.trainGeneric(POOL, Tiny.apg(3), 1, cost -> {}).parameters())
        .isEqualTo(generic.parameters());
    assertThat(Apg.trainGeneric(POOL, Tiny.apg(3), 2, cost -> {}).parameters())
        .isNotEqualTo(generic.parameters());

    float[] before = generic.parameters().clone();
    Teacher tuned = Apg.tune(generic, QUADROTORS.get(2), Tiny.apg(2), 1);
    assertThat(tuned.index()).isEqualTo(2);
    assertThat(Apg.tune(generic, QUADROTORS.get(2), Tiny.apg(2), 1).parameters())
        .isEqualTo(tuned.parameters());
    assertThat(Apg.tune(generic, QUADROTORS.get(2), Tiny.apg(2), 2).parameters())
        .isNotEqualTo(tuned.parameters());
    assertThat(generic.parameters()).isEqualTo(before);
  }

  @Test
  void aVehiclesTeacherIsTheGenericOneToldOfIt() {
    SplittableRandom random = RandomStreams.of(2);
    float[] parameters = new float[GenericTeacher.ACTOR.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = random.nextFloat(-0.3f, 0.3f);
    }
    GenericTeacher generic = new GenericTeacher(parameters);
    int seen = Environment.TEACHER_ROWS;
    for (SampledQuadrotor quadrotor : QUADROTORS) {
      float[] told = new float[seen + GenericTeacher.FEATURES];
      for (int i = 0; i < seen; i++) {
        told[i] = random.nextFloat(-1, 1);
      }
      float[] features = GenericTeacher.features(quadrotor.quadrotor());
      System.arraycopy(features, 0, told, seen, features.length);
      Teacher teacher = generic.teacherOf(quadrotor.index(), quadrotor.quadrotor());
      assertThat(output(Teacher.ACTOR, teacher.parameters(), Arrays.copyOf(told, seen)))
          .containsExactly(output(GenericTeacher.ACTOR, parameters, told), within(1e-5f));
    }
  }

  @Test
  void featuresTellVehiclesApartOnOneScale() {
    for (SampledQuadrotor quadrotor : QuadrotorDistribution.sample(0, 1000)) {
      for (float feature : GenericTeacher.features(quadrotor.quadrotor())) {
        assertThat(feature).isBetween(-1.5f, 1.5f);
      }
    }
  }

  private static float[] output(Mlp mlp, float[] parameters, float[] input) {
    Mlp.Workspace workspace = mlp.workspace(1);
    workspace.forward(parameters, 0, input, 0);
    return workspace.output();
  }
}
