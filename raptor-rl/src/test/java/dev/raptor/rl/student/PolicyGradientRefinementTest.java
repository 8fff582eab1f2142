package dev.raptor.rl.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.rl.Tiny;
import dev.raptor.rl.optim.FlightCost;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class PolicyGradientRefinementTest {
  private static final List<SampledQuadrotor> QUADROTORS = QuadrotorDistribution.sample(6, 20);
  private static final int EPOCHS = 4;
  private static final float STEP = 1e-3f;

  private static RefinementConfig oneWindow(FlightConditions conditions, float memoryWeight) {
    return new RefinementConfig(
        1,
        1,
        25,
        2,
        16,
        1e-3f,
        Float.MAX_VALUE,
        Float.MAX_VALUE,
        new RefinementConfig.FlightMix(0.3f, 0.2f, 0.3f, 0.3f, 600, 0.3f),
        conditions,
        new FlightCost.Weights(0.01f, 0.3f, 0.05f, 0.003f, 0.1f),
        0.9f,
        memoryWeight);
  }

  /** Every condition in two of three flights, weak enough that no flight is lost. */
  private static FlightConditions everything() {
    FlightConditions.Chance little = new FlightConditions.Chance(0.66f, 0.01f);
    FlightConditions.Chance some = new FlightConditions.Chance(0.66f, 0.2f);
    return new FlightConditions(
        0,
        new ErrorClip(0.3, 0.6),
        some,
        some,
        some,
        some,
        little,
        new FlightConditions.Gusts(0.66f, 0.05f, 0.005f),
        some,
        some,
        new FlightConditions.Lags(0.66f, 0.05f, 0.05f, 0.02f),
        0.66f,
        new FlightConditions.Chance(0.66f, 3),
        little,
        0.3f,
        0);
  }

  /** Over flights that come near the limits, but do not pass them. */
  @Test
  void theGradientIsThatOfTheCost() {
    SplittableRandom random = RandomStreams.of(8);
    float[] parameters = RecurrentNetwork.RAPTOR.initialise(random);
    RecurrentNetwork network = RecurrentNetwork.RAPTOR;
    int[] layers = {
      0,
      network.gruOffset(),
      network.gruOffset() + network.gru().inputLayer().parameterCount(),
      network.decoderOffset(),
      network.initialStateOffset()
    };
    for (FlightConditions conditions : List.of(FlightConditions.NONE, everything())) {
      RefinementConfig config = oneWindow(conditions, 0);
      PolicyGradientRefinement refinement = refinement(parameters, config);
      refinement.runEpoch();
      // After one update the running mean of the gradient is a tenth of it.
      float[] gradient = refinement.state().get("adam.m").clone();
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= 10;
      }
      for (int i = 0; i + 1 < layers.length; i++) {
        check(parameters, config, gradient, layers[i], layers[i + 1], random);
      }
    }
  }

  private static void check(
      float[] parameters,
      RefinementConfig config,
      float[] gradient,
      int from,
      int to,
      SplittableRandom random) {
    double norm = 0;
    for (int i = from; i < to; i++) {
      norm += gradient[i] * gradient[i];
    }
    norm = Math.sqrt(norm);
    for (int n = 0; n < 3; n++) {
      // Half along the gradient, so that the slope stands out against the rounding of floats.
      float[] up = parameters.clone();
      float[] down = parameters.clone();
      double slope = 0;
      for (int i = from; i < to; i++) {
        double direction = gradient[i] / norm + random.nextGaussian() / Math.sqrt(to - from);
        slope += gradient[i] * direction;
        up[i] += (float) (STEP * direction);
        down[i] -= (float) (STEP * direction);
      }
      assertThat((cost(up, config) - cost(down, config)) / (2 * STEP))
          .as("parameters %d to %d, plain %s", from, to, config.conditions().plainShare())
          .isCloseTo(slope, within(0.01 * norm));
    }
  }

  private static double cost(float[] parameters, RefinementConfig config) {
    return refinement(parameters, config).runEpoch().loss();
  }

  private static PolicyGradientRefinement refinement(float[] parameters, RefinementConfig config) {
    return new PolicyGradientRefinement(QUADROTORS, RecurrentNetwork.RAPTOR, parameters, config, 7);
  }

  @Test
  void oneSeedGivesOneStudentWhateverTheThreads() {
    PolicyGradientRefinement expected = fresh(1);
    List<StudentTraining.Progress> log = run(expected);
    for (int threads : new int[] {1, 3}) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        PolicyGradientRefinement other = fresh(1);
        assertThat(pool.submit(() -> run(other)).join()).isEqualTo(log);
        assertThat(other.parameters()).isEqualTo(expected.parameters());
      }
    }
    PolicyGradientRefinement other = fresh(2);
    run(other);
    assertThat(other.parameters()).isNotEqualTo(expected.parameters());
  }

  @Test
  void goesOnAfterAnyEpochAsIfItHadNotStopped() {
    PolicyGradientRefinement whole = fresh(1);
    List<StudentTraining.Progress> log = run(whole);
    for (int stop = 1; stop < EPOCHS; stop++) {
      PolicyGradientRefinement first = fresh(1);
      for (int i = 0; i < stop; i++) {
        first.runEpoch();
      }
      PolicyGradientRefinement second = fresh(1);
      first
          .state()
          .forEach(
              (name, values) ->
                  System.arraycopy(values, 0, second.state().get(name), 0, values.length));
      second.adam().restore(first.adam().steps());
      second.restore(stop);
      assertThat(run(second)).isEqualTo(log.subList(stop, EPOCHS));
      assertThat(second.parameters()).isEqualTo(whole.parameters());
    }
  }

  /** The loss rises at first: flights that end early are cheap. */
  @Test
  void aRandomStudentLearnsToStayInTheAir() {
    RefinementConfig config =
        new RefinementConfig(
            EPOCHS,
            150,
            50,
            2,
            16,
            3e-3f,
            1000,
            1,
            RefinementConfig.FlightMix.DEFAULT,
            FlightConditions.NONE,
            RefinementConfig.DEFAULT.cost(),
            0.9f,
            0);
    List<StudentTraining.Progress> log = run(refinement(1, config));
    assertThat(log.get(EPOCHS - 1).terminatedShare())
        .isLessThan(0.4 * log.get(0).terminatedShare());
  }

  private static PolicyGradientRefinement fresh(long seed) {
    return refinement(seed, Tiny.refinement(EPOCHS, 5));
  }

  private static PolicyGradientRefinement refinement(long seed, RefinementConfig config) {
    RecurrentNetwork network = RecurrentNetwork.RAPTOR;
    return new PolicyGradientRefinement(
        QUADROTORS, network, network.initialise(RandomStreams.of(5)), config, seed);
  }

  private static List<StudentTraining.Progress> run(PolicyGradientRefinement refinement) {
    List<StudentTraining.Progress> log = new ArrayList<>();
    while (refinement.epoch() < EPOCHS) {
      log.add(refinement.runEpoch());
    }
    return log;
  }
}
