package dev.raptor.rl.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.rollout.EpisodeMetrics;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class EpisodeResultsTest {
  /** The standard error is over the vehicles' mean differences: 1, 3 and 5 here. */
  @Test
  void differencesArePairwiseOverVehicles() {
    EpisodeResults a = returns(3, 2, 10, 12, 20, 24, 30, 30);
    EpisodeResults b = returns(3, 2, 9, 11, 18, 20, 26, 24);

    EpisodeResults.Difference difference = a.minus(b).get("return_mean");

    assertThat(difference.mean()).isEqualTo(3);
    assertThat(difference.standardError()).isCloseTo(2 / Math.sqrt(3), within(1e-12));
    assertThat(b.minus(a).get("return_mean").mean()).isEqualTo(-3);
  }

  @Test
  void ofOneVehicleDifferencesAreOverEpisodes() {
    EpisodeResults a = returns(3, 2, 10, 12, 20, 24, 30, 30).of(1);
    EpisodeResults b = returns(3, 2, 9, 11, 18, 20, 26, 24).of(1);

    EpisodeResults.Difference difference = a.minus(b).get("return_mean");

    assertThat(difference.mean()).isEqualTo(3);
    assertThat(difference.standardError()).isCloseTo(1, within(1e-12));
    assertThat(a.evaluation().returnMean()).isEqualTo(22);
  }

  /** Where one of the two crashed, there is nothing to compare but that. */
  @Test
  void comparesSteadyStatesWhereBothHaveOne() {
    EpisodeResults a =
        new EpisodeResults(List.of(flight(0.2), flight(Double.NaN), flight(0.4)), 3, 1, 7);
    EpisodeResults b = new EpisodeResults(List.of(flight(0.1), flight(0.9), flight(0.1)), 3, 1, 7);

    assertThat(a.minus(b).get("steady_state_error_m").mean()).isCloseTo(0.2, within(1e-12));
    assertThat(a.minus(b).get("terminated_share").mean()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(a.evaluation().steadyStateErrorM()).isCloseTo(0.3, within(1e-12));
  }

  @Test
  void refusesOutcomesOfAnotherTrial() {
    EpisodeResults a = returns(2, 1, 1, 2);
    assertThatThrownBy(() -> a.minus(returns(1, 2, 1, 2)))
        .hasMessage("2 quadrotors x 1 episodes of seed 7 minus 1 x 2 of seed 7, allowed: the same");
  }

  private static final ControlQuality CALM = new ControlQuality(0.01, 0, 0.02, 0, 0.03);

  private static EpisodeResults returns(int quads, int episodes, double... returns) {
    return new EpisodeResults(
        DoubleStream.of(returns)
            .mapToObj(
                r ->
                    new EpisodeMetrics(
                        r, 500, false, 0.2, 0.1, 1, 0.1, 1, 0.9, Double.NaN, new double[3], CALM))
            .toList(),
        quads,
        episodes,
        7);
  }

  private static EpisodeMetrics flight(double errorM) {
    boolean lost = Double.isNaN(errorM);
    return new EpisodeMetrics(
        0, 9, lost, errorM, errorM, 1, errorM, errorM, 0, Double.NaN, new double[3], CALM);
  }
}
