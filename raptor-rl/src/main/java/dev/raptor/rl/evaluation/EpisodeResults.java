package dev.raptor.rl.evaluation;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.rollout.EpisodeMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Per-episode results of one controller in an {@link EvaluationSuite}. */
public final class EpisodeResults {
  private final List<EpisodeMetrics> results;
  private final int quads;
  private final int episodes;
  private final long seed;

  /** In the order of the vehicles, the episodes of one after another. */
  EpisodeResults(List<EpisodeMetrics> results, int quads, int episodes, long seed) {
    this.results = results;
    this.quads = quads;
    this.episodes = episodes;
    this.seed = seed;
  }

  /** A figure of one episode, under its name in JSON. */
  private enum Figure {
    RETURN("return_mean"),
    LENGTH("length_mean"),
    TERMINATED("terminated_share"),
    STEADY_STATE_ERROR("steady_state_error_m"),
    SETTLING_TIME("settling_time_s"),
    RMSE("rmse_position_m"),
    PLANAR_RMSE("rmse_plane_m"),
    RATE("rate_rms_rad_s"),
    OSCILLATION("oscillation"),
    ACTION_CHANGE("action_change"),
    SATURATED("saturated_share"),
    HEADING("heading_error_deg");

    private final String key;

    Figure(String key) {
      this.key = key;
    }

    double of(EpisodeMetrics episode) {
      return switch (this) {
        case RETURN -> episode.rewardSum();
        case LENGTH -> episode.steps();
        case TERMINATED -> episode.terminated() ? 1 : 0;
        case STEADY_STATE_ERROR -> episode.steadyStateErrorM();
        case SETTLING_TIME -> episode.settlingTimeS();
        case RMSE -> episode.rmseM();
        case PLANAR_RMSE -> episode.planarRmseM();
        case RATE -> episode.quality().rateRmsRadS();
        case OSCILLATION -> episode.quality().oscillation();
        case ACTION_CHANGE -> episode.quality().actionChange();
        case SATURATED -> episode.quality().saturatedShare();
        case HEADING -> Math.toDegrees(episode.quality().headingErrorRad());
      };
    }
  }

  /**
   * How much larger a figure is for one controller than for another.
   *
   * @param mean of the differences
   * @param standardError of the mean; NaN for a single difference
   */
  public record Difference(double mean, double standardError) {}

  /** The outcome of the vehicle at that place of the trial alone. */
  public EpisodeResults of(int quad) {
    return new EpisodeResults(
        results.subList(quad * episodes, (quad + 1) * episodes), 1, episodes, seed);
  }

  /** Steps of an episode. */
  int length(int episode) {
    return results.get(episode).steps();
  }

  /** The figures over all episodes. */
  public Evaluation evaluation() {
    double[] quadReturns = new double[quads];
    for (int i = 0; i < results.size(); i++) {
      quadReturns[i / episodes] += results.get(i).rewardSum() / episodes;
    }
    double mean = Arrays.stream(quadReturns).average().orElseThrow();
    double variance =
        Arrays.stream(quadReturns).map(r -> (r - mean) * (r - mean)).average().orElseThrow();
    List<EpisodeMetrics> whole = results.stream().filter(e -> !e.terminated()).toList();
    List<Double> offset =
        IntStream.range(0, 3)
            .mapToObj(k -> whole.stream().mapToDouble(e -> e.meanOffsetM()[k]).average().orElse(0))
            .toList();
    return new Evaluation(
        mean,
        Math.sqrt(variance),
        mean(Figure.LENGTH),
        mean(Figure.TERMINATED),
        mean(Figure.STEADY_STATE_ERROR),
        mean(Figure.SETTLING_TIME),
        mean(Figure.RMSE),
        mean(Figure.PLANAR_RMSE),
        new ControlQuality(
            mean(Figure.RATE),
            mean(Figure.OSCILLATION),
            mean(Figure.ACTION_CHANGE),
            mean(Figure.SATURATED),
            Math.toRadians(mean(Figure.HEADING))),
        quads,
        episodes,
        seed,
        offset);
  }

  private double mean(Figure figure) {
    return results.stream()
        .mapToDouble(figure::of)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * This outcome minus another of the same trial, for each figure of {@link Evaluation} under its
   * name in JSON. Episodes are compared one by one, those that have a figure in both outcomes; the
   * mean is over the vehicles' means, and so is its standard error, since the episodes of one
   * vehicle are alike. Of a single vehicle both are over its episodes.
   *
   * @throws InvalidInputException if the outcomes are of different sizes or seeds
   */
  public Map<String, Difference> minus(EpisodeResults other) {
    if (other.quads != quads || other.episodes != episodes || other.seed != seed) {
      throw new InvalidInputException(
          "%d quadrotors x %d episodes of seed %d minus %d x %d of seed %d, allowed: the same"
              .formatted(quads, episodes, seed, other.quads, other.episodes, other.seed));
    }
    Map<String, Difference> differences = new LinkedHashMap<>();
    for (Figure figure : Figure.values()) {
      differences.put(figure.key, difference(figure, other));
    }
    return differences;
  }

  private Difference difference(Figure figure, EpisodeResults other) {
    int group = quads == 1 ? 1 : episodes;
    List<Double> means = new ArrayList<>();
    for (int from = 0; from < results.size(); from += group) {
      IntStream.range(from, from + group)
          .mapToDouble(i -> figure.of(results.get(i)) - figure.of(other.results.get(i)))
          .filter(Double::isFinite)
          .average()
          .ifPresent(means::add);
    }
    double mean = means.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
    double squares = means.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
    double n = means.size();
    return new Difference(mean, n > 1 ? Math.sqrt(squares / (n - 1) / n) : Double.NaN);
  }
}
