package dev.raptor.rl.evaluation;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.math.RidgeRegression;
import dev.raptor.core.math.RidgeRegression.Sample;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.rollout.BatchController;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A probe of what a policy knows of the vehicle that it flies, read out of its memory h by a line:
 * ridge regression of the thrust-to-weight ratio, at each of several times of flight,
 *
 * <pre>
 *   y = w·h + b,   (w, b) = argmin Σ (w·h + b − y)² + λ n |w|²
 * </pre>
 *
 * fitted on the flights of some vehicles and judged on those of others:
 *
 * <pre>
 *   R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)²
 * </pre>
 *
 * Flights that are over before the time count in neither.
 */
public final class MemoryProbe {
  private static final double RIDGE = 1e-6;

  private MemoryProbe() {}

  /**
   * How well the memory tells the thrust-to-weight ratio.
   *
   * @param timeS of flight
   * @param r2 on vehicles that the line was not fitted to
   * @param meanSquaredError there
   * @param flights there
   */
  public record Reading(double timeS, double r2, double meanSquaredError, int flights) {}

  /**
   * Flies the vehicles at hover and reads the memory after each of {@code steps}.
   *
   * @param fitted vehicles that the lines are fitted to
   * @param heldOut vehicles that they are judged on
   * @param episodes of each
   */
  public static List<Reading> read(
      Policy policy,
      List<SampledQuadrotor> fitted,
      List<SampledQuadrotor> heldOut,
      int episodes,
      long seed,
      int... steps) {
    Flights training = Flights.of(policy, fitted, episodes, seed, steps);
    Flights test = Flights.of(policy, heldOut, episodes, seed, steps);
    List<Reading> readings = new ArrayList<>();
    for (int mark = 0; mark < steps.length; mark++) {
      List<Sample> samples = test.at(mark);
      List<Sample> known = training.at(mark);
      RidgeRegression line = RidgeRegression.fit(known, RIDGE * known.size());
      double mean = samples.stream().mapToDouble(Sample::y).average().orElse(Double.NaN);
      double error = samples.stream().mapToDouble(s -> square(s.y() - line.predict(s.x()))).sum();
      double variance = samples.stream().mapToDouble(s -> square(s.y() - mean)).sum();
      readings.add(
          new Reading(
              steps[mark] * Simulator.STEP_S,
              1 - error / variance,
              error / samples.size(),
              samples.size()));
    }
    return readings;
  }

  private static double square(double x) {
    return x * x;
  }

  /** The memories of many flights at several times. */
  private record Flights(
      List<SampledQuadrotor> quadrotors,
      int episodes,
      EpisodeResults outcome,
      double[][][] memories,
      int[] steps) {
    static Flights of(
        Policy policy, List<SampledQuadrotor> quadrotors, int episodes, long seed, int[] steps) {
      EvaluationSuite suite = EvaluationSuite.sampled(quadrotors, episodes, seed);
      double[][][] memories = new double[steps.length][quadrotors.size() * episodes][];
      EpisodeResults outcome =
          suite.fly((first, lanes) -> recorder(policy, first, lanes, steps, memories), true);
      return new Flights(quadrotors, episodes, outcome, memories, steps);
    }

    List<Sample> at(int mark) {
      List<Sample> samples = new ArrayList<>();
      for (int i = 0; i < memories[mark].length; i++) {
        if (outcome.length(i) >= steps[mark] && memories[mark][i] != null) {
          double ratio = quadrotors.get(i / episodes).quadrotor().thrustToWeight();
          samples.add(new Sample(memories[mark][i], ratio));
        }
      }
      return samples;
    }
  }

  /** Flies as the policy does, and keeps its memories of flight {@code first} and on. */
  private static BatchController recorder(
      Policy policy, int first, int lanes, int[] steps, double[][][] memories) {
    PolicyBatch batch = policy.newBatch(lanes);
    BatchController pilot =
        BatchController.of(batch, policy.observationSize(), ObservationKind.RELATIVE);
    int[] flown = {0};
    return new BatchController() {
      @Override
      public void reset(int lane) {
        pilot.reset(lane);
      }

      @Override
      public void act(Surroundings surroundings, float[] action) {
        pilot.act(surroundings, action);
        flown[0]++;
        int mark = Arrays.binarySearch(steps, flown[0]);
        for (int lane = 0; mark >= 0 && lane < lanes; lane++) {
          float[] memory = new float[policy.stateSize()];
          batch.readMemory(lane, memory);
          memories[mark][first + lane] =
              IntStream.range(0, memory.length).mapToDouble(i -> memory[i]).toArray();
        }
      }
    };
  }
}
