package dev.raptor.rl.quantise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.core.Policies;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.Tiny;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.rl.run.RunListener;
import dev.raptor.rl.student.FlightConditions;
import dev.raptor.rl.student.RefinementConfig;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class QuantisationAwareTrainingTest {
  private static final FixedFormat FEW_BITS = new FixedFormat(3, 8);

  @Test
  void theIntegersFlyBetter() {
    RefinementConfig config = plain(2, 100, 50, 16, 1e-3f);
    List<Double> shares = new ArrayList<>();
    QuantisationAwareTraining.Result tuned = run(config, (share, message) -> shares.add(share));

    assertThat(tuned.epochs()).isBetween(1, 2);
    assertThat(tuned.keptReturn()).isGreaterThan(tuned.calibratedReturn() + 20);
    assertThat(shares).containsExactly(0.5, 1.0);
    assertThat(tuned.policy().provenance())
        .containsEntry("fine_tuning_epochs", tuned.epochs())
        .containsEntry("float", Policies.pretrained().provenance());
    // Nor only where it was chosen.
    QuantisationAwareTraining.Result calibrated = run(config.withEpochs(0), (share, message) -> {});
    assertThat(evaluate(tuned.policy())).isGreaterThan(evaluate(calibrated.policy()) + 20);
  }

  @Test
  void whatDoesNotHelpIsNotKept() {
    RefinementConfig harmful = plain(1, 3, 10, 8, 100);
    QuantisationAwareTraining.Result result = run(harmful, (share, message) -> {});
    QuantisationAwareTraining.Result calibrated =
        run(harmful.withEpochs(0), (share, message) -> {});

    assertThat(result.epochs()).isZero();
    assertThat(result.keptReturn()).isEqualTo(result.calibratedReturn());
    assertSame(result.policy(), calibrated.policy());
    assertSame(
        result.policy(), Calibration.quantise(RecurrentPolicy.pretrained(), FEW_BITS, 16, 1));
  }

  @Test
  void oneSeedGivesOnePolicyWhateverTheThreads() {
    RefinementConfig config = Tiny.refinement(2, 5);
    QuantisationAwareTraining.Result expected = run(config, (share, message) -> {});
    for (int threads : new int[] {1, 3}) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        QuantisationAwareTraining.Result other =
            pool.submit(() -> run(config, (share, message) -> {})).join();
        assertThat(other.toJson()).isEqualTo(expected.toJson());
        assertSame(other.policy(), expected.policy());
      }
    }
  }

  private static QuantisationAwareTraining.Result run(
      RefinementConfig config, RunListener listener) {
    return QuantisationAwareTraining.run(
        RecurrentPolicy.pretrained(), FEW_BITS, 16, config, 1, listener);
  }

  private static double evaluate(FixedPolicy policy) {
    return Evaluation.of(
            policy,
            QuadrotorDistribution.sample(1, 100),
            1,
            1,
            ObservationKind.RELATIVE,
            ReferenceKind.HOVER)
        .returnMean();
  }

  private static void assertSame(FixedPolicy a, FixedPolicy b) {
    assertThat(a.layers()).usingRecursiveComparison().isEqualTo(b.layers());
    assertThat(a.table()).isEqualTo(b.table());
    assertThat(a.observationFractionBits()).isEqualTo(b.observationFractionBits());
  }

  private static RefinementConfig plain(
      int epochs, int updatesPerEpoch, int window, int lanes, float learningRate) {
    return new RefinementConfig(
        epochs,
        updatesPerEpoch,
        window,
        2,
        lanes,
        learningRate,
        500,
        1,
        RefinementConfig.FlightMix.DEFAULT,
        FlightConditions.NONE,
        RefinementConfig.DEFAULT.cost(),
        0.9f,
        0);
  }
}
