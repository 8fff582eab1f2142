package dev.raptor.rl.evaluation;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.ControlQuality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Results of a {@link FlightSuite}.
 *
 * @param seed of the suite
 * @param rows one for each set of vehicles, test and policy, in this order
 * @param memory by policy
 */
public record FlightSuiteResults(long seed, List<Row> rows, Map<String, MemoryTest> memory) {
  private static final int RESAMPLES = 1000;

  /**
   * An interval that holds a difference with 95 % probability, by the percentiles of a paired
   * bootstrap over the vehicles.
   *
   * @param low its lower end
   * @param high its upper end
   */
  public record Interval(double low, double high) {
    /** Whether all of it is above 0. */
    public boolean isAbove() {
      return low > 0;
    }

    /** Whether all of it is below 0. */
    public boolean isBelow() {
      return high < 0;
    }
  }

  /**
   * How one policy flies one test on one set of vehicles. Intervals are of its figure minus that of
   * the first policy, [0, 0] for that one itself.
   *
   * @param vehicles the set
   * @param test the name
   * @param calm whether a vehicle should stand still at the end of it
   * @param policy the name
   * @param flights how many were flown
   * @param survivedShare of the flights, in [0, 1]
   * @param rmseM root mean square of the position error over the second half of a flight, m; the
   *     median of all flights, where a lost one counts as the distance at which it was lost
   * @param oscillatingShare of the flights that survived, those with body rates of more than 0.1
   *     rad/s rms in the last 10 s; where {@code calm} is false something else moves them
   * @param quality means over the flights that survived; the heading in the second that ends 20 s
   *     after the start
   * @param survived interval of the difference of {@code survivedShare}
   * @param rmse interval of the difference of {@code rmseM}
   * @param oscillating interval of the difference of {@code oscillatingShare}
   * @param actionChange interval of the difference of the change of action
   */
  public record Row(
      VehicleSet vehicles,
      String test,
      boolean calm,
      String policy,
      int flights,
      double survivedShare,
      double rmseM,
      double oscillatingShare,
      ControlQuality quality,
      Interval survived,
      Interval rmse,
      Interval oscillating,
      Interval actionChange) {
    /** Whether it surely loses more vehicles, holds them less well or lets more of them swing. */
    public boolean isWorse() {
      return survived.isBelow() || rmse.isAbove() || (calm && oscillating.isAbove());
    }

    /** Whether it is surely better in one of these, and not worse in another. */
    public boolean isBetter() {
      return !isWorse()
          && (survived.isAbove() || rmse.isBelow() || (calm && oscillating.isBelow()));
    }

    private Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", test);
      json.put("vehicles", vehicles.name().toLowerCase(Locale.ROOT));
      json.put("policy", policy);
      json.put("flights", flights);
      json.put("survived_share", survivedShare);
      json.put("rmse_position_m", rmseM);
      json.put("oscillating_share", orNull(oscillatingShare));
      json.put("action_change", orNull(quality.actionChange()));
      json.put("oscillation", orNull(quality.oscillation()));
      json.put("saturated_share", orNull(quality.saturatedShare()));
      json.put("heading_error_deg", orNull(Math.toDegrees(quality.headingErrorRad())));
      json.put("interval_95", pair(rmse));
      json.put("survived_interval_95", pair(survived));
      json.put("oscillating_interval_95", pair(oscillating));
      json.put("action_change_interval_95", pair(actionChange));
      return json;
    }

    private static List<Object> pair(Interval interval) {
      return Arrays.asList(orNull(interval.low), orNull(interval.high));
    }

    private static Object orNull(double number) {
      return Double.isFinite(number) ? number : null;
    }
  }

  /** The row of that set, test and policy. */
  public Row row(VehicleSet vehicles, String test, String policy) {
    return rows.stream()
        .filter(r -> r.vehicles == vehicles && r.test.equals(test) && r.policy.equals(policy))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "no row of %s, %s, %s".formatted(vehicles, test, policy)));
  }

  /** For machines. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("suite", "flight");
    json.put("seed", seed);
    json.put("tests", rows.stream().map(Row::toJson).toList());
    List<Object> memories = new ArrayList<>();
    memory.forEach(
        (policy, test) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("policy", policy);
          entry.put("remainder_after_1_s", Row.orNull(test.remainder()));
          entry.put("divergence_after_500_steps", Row.orNull(test.divergence()));
          memories.add(entry);
        });
    json.put("memory", memories);
    return json;
  }

  static FlightSuiteResults of(
      long seed,
      List<String> policies,
      Map<VehicleSet, Map<FlightTest, Map<String, FlightScore[]>>> scores,
      Map<String, MemoryTest> memory) {
    List<Row> rows =
        scores.entrySet().stream()
            .flatMap(
                set ->
                    set.getValue().entrySet().stream()
                        .flatMap(
                            test ->
                                policies.stream()
                                    .map(
                                        policy ->
                                            new Comparison(
                                                seed,
                                                set.getKey(),
                                                test.getKey(),
                                                policy,
                                                test.getValue().get(policy),
                                                test.getValue().get(policies.get(0))))))
            .toList()
            .parallelStream()
            .map(Comparison::row)
            .toList();
    return new FlightSuiteResults(seed, rows, memory);
  }

  /** A policy's flights beside the first one's. */
  private record Comparison(
      long seed,
      VehicleSet set,
      FlightTest test,
      String policy,
      FlightScore[] own,
      FlightScore[] first) {
    Row row() {
      return new Row(
          set,
          test.name(),
          test.calm(),
          policy,
          own.length,
          mean(own, s -> true, s -> s.survived() ? 1 : 0),
          median(Arrays.stream(own).mapToDouble(FlightScore::rmseM).toArray()),
          ofSurvivors(own, q -> q.oscillates() ? 1 : 0),
          new ControlQuality(
              ofSurvivors(own, ControlQuality::rateRmsRadS),
              ofSurvivors(own, ControlQuality::oscillation),
              ofSurvivors(own, ControlQuality::actionChange),
              ofSurvivors(own, ControlQuality::saturatedShare),
              ofSurvivors(own, ControlQuality::headingErrorRad)),
          interval(scores -> mean(scores, s -> true, s -> s.survived() ? 1 : 0)),
          interval(
              scores -> median(Arrays.stream(scores).mapToDouble(FlightScore::rmseM).toArray())),
          interval(scores -> ofSurvivors(scores, q -> q.oscillates() ? 1 : 0)),
          interval(scores -> ofSurvivors(scores, ControlQuality::actionChange)));
    }

    private Interval interval(ToDoubleFunction<FlightScore[]> figure) {
      if (own == first) {
        return new Interval(0, 0);
      }
      // The same vehicles for each figure and policy.
      SplittableRandom random = RandomStreams.of(seed, test.name().hashCode(), set.ordinal(), -1);
      int starts = set.starts();
      int vehicles = own.length / starts;
      FlightScore[] a = new FlightScore[own.length];
      FlightScore[] b = new FlightScore[own.length];
      double[] differences = new double[RESAMPLES];
      for (int sample = 0; sample < RESAMPLES; sample++) {
        for (int v = 0; v < vehicles; v++) {
          int from = random.nextInt(vehicles) * starts;
          System.arraycopy(own, from, a, v * starts, starts);
          System.arraycopy(first, from, b, v * starts, starts);
        }
        differences[sample] = figure.applyAsDouble(a) - figure.applyAsDouble(b);
      }
      double[] sorted = Arrays.stream(differences).filter(Double::isFinite).sorted().toArray();
      if (sorted.length == 0) {
        return new Interval(Double.NaN, Double.NaN);
      }
      return new Interval(
          sorted[(int) (0.025 * sorted.length)],
          sorted[Math.min(sorted.length - 1, (int) (0.975 * sorted.length))]);
    }

    private static double ofSurvivors(
        FlightScore[] scores, ToDoubleFunction<ControlQuality> figure) {
      return mean(scores, FlightScore::survived, s -> figure.applyAsDouble(s.quality()));
    }

    private static double mean(
        FlightScore[] scores, Predicate<FlightScore> counts, ToDoubleFunction<FlightScore> figure) {
      double sum = 0;
      int n = 0;
      for (FlightScore score : scores) {
        if (counts.test(score)) {
          sum += figure.applyAsDouble(score);
          n++;
        }
      }
      return sum / n;
    }

    private static double median(double[] numbers) {
      Arrays.sort(numbers);
      int n = numbers.length;
      return (numbers[(n - 1) / 2] + numbers[n / 2]) / 2;
    }
  }
}
