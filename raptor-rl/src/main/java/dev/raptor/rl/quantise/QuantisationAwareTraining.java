package dev.raptor.rl.quantise;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.fixed.quantise.FakeQuantisation;
import dev.raptor.core.fixed.quantise.Quantiser;
import dev.raptor.core.fixed.quantise.Scales;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.rl.run.RunListener;
import dev.raptor.rl.student.PolicyGradientRefinement;
import dev.raptor.rl.student.RefinementConfig;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy learns to fly with few bits: {@link PolicyGradientRefinement} goes on from it while
 * {@link FakeQuantisation} makes of its numbers, on the way forward, what the integers will be.
 * After each epoch the integers fly vehicles that it does not learn on; the best ones are kept, and
 * those of calibration alone are among them.
 *
 * <p>One seed gives one policy, whatever the number of threads. It draws other vehicles to learn on
 * and to choose by than {@link Calibration} and an evaluation with that seed.
 */
public final class QuantisationAwareTraining {
  private static final int QUADROTORS = 1000;
  private static final int VALIDATION_QUADS = 200;
  private static final int VALIDATION_EPISODES = 2;

  private QuantisationAwareTraining() {}

  /**
   * The integers that were kept.
   *
   * @param policy in integers; its provenance holds that of the float policy, and the numbers below
   * @param epochs of learning until then; 0 if calibration alone flies best
   * @param calibratedReturn mean return of calibration alone over the flights that choose
   * @param keptReturn that of what was kept over the same flights
   */
  public record Result(FixedPolicy policy, int epochs, double calibratedReturn, double keptReturn) {
    /** As JSON: what was kept, and the returns that chose it. */
    public Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("epochs", epochs);
      json.put("return_calibrated", calibratedReturn);
      json.put("return_kept", keptReturn);
      return json;
    }
  }

  /**
   * Scales a policy's integers as {@link Calibration} does, and tunes them.
   *
   * @param epochs to learn for, of some seconds each; 0 is calibration alone
   */
  public static Result run(
      RecurrentPolicy policy, FixedFormat format, int epochs, long seed, RunListener listener) {
    RefinementConfig config = RefinementConfig.FINE_TUNING.withEpochs(epochs);
    return run(policy, format, Calibration.QUADROTORS, config, seed, listener);
  }

  static Result run(
      RecurrentPolicy policy,
      FixedFormat format,
      int calibrationQuads,
      RefinementConfig config,
      long seed,
      RunListener listener) {
    Quantiser quantiser =
        new Quantiser(policy, format, Calibration.fly(policy, calibrationQuads, seed));
    Scales scales = quantiser.calibrate();
    PolicyGradientRefinement refinement =
        new PolicyGradientRefinement(
            draw(seed, 3, QUADROTORS),
            policy.network(),
            policy.parameters(),
            config,
            seed,
            new FakeQuantisation(quantiser, scales));
    float[] best = policy.parameters();
    int bestEpoch = 0;
    double calibratedReturn = validate(quantiser.quantise(best, scales, Map.of()), seed);
    double bestReturn = calibratedReturn;
    while (refinement.epoch() < config.epochs()) {
      int epoch = refinement.runEpoch().epoch();
      FixedPolicy fixed = quantiser.quantise(refinement.parameters(), scales, Map.of());
      double validationReturn = validate(fixed, seed);
      if (validationReturn > bestReturn) {
        best = refinement.parameters().clone();
        bestEpoch = epoch;
        bestReturn = validationReturn;
      }
      listener.progress(
          (double) epoch / config.epochs(),
          "fine-tuning, epoch %d of %d: return in integers %.1f, best %.1f"
              .formatted(epoch, config.epochs(), validationReturn, bestReturn));
    }
    Map<String, Object> provenance = Calibration.provenance(policy, scales, calibrationQuads, seed);
    provenance.put("fine_tuning_epochs", bestEpoch);
    return new Result(
        quantiser.quantise(best, scales, provenance), bestEpoch, calibratedReturn, bestReturn);
  }

  private static List<SampledQuadrotor> draw(long seed, long stream, int quadrotors) {
    return QuadrotorDistribution.sample(RandomStreams.of(seed, stream).nextLong(), quadrotors);
  }

  private static double validate(FixedPolicy policy, long seed) {
    return Evaluation.of(
            policy,
            draw(seed, 4, VALIDATION_QUADS),
            VALIDATION_EPISODES,
            RandomStreams.of(seed, 4).nextLong(),
            ObservationKind.RELATIVE,
            ReferenceKind.HOVER)
        .returnMean();
  }
}
