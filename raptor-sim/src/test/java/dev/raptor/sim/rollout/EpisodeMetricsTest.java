package dev.raptor.sim.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EpisodeMetricsTest {
  private static final double[][] ERRORS = {
    {0.3, 0.4, 1.2}, {0, 0, 0.1}, {3, 4, 0}, {0, 0.1, 0}, {0.1, 0, 0}, {0, 0, 0.1}
  };

  private static EpisodeMetrics of(double[][] errors, boolean terminated, int pokeStep) {
    EpisodeMetrics.Tally tally = new EpisodeMetrics.Tally(errors.length, pokeStep);
    for (int i = 0; i < errors.length; i++) {
      boolean ends = terminated && i == errors.length - 1;
      tally.add(2, ends, errors[i][0], errors[i][1], errors[i][2]);
    }
    return tally.metrics();
  }

  @Test
  void countsByHand() {
    EpisodeMetrics metrics = of(ERRORS, false, 2);
    assertThat(metrics.rewardSum()).isEqualTo(12);
    assertThat(metrics.steps()).isEqualTo(6);
    assertThat(metrics.rmseM()).isCloseTo(Math.sqrt((1.69 + 25 + 4 * 0.01) / 6), within(1e-6));
    assertThat(metrics.planarRmseM())
        .isCloseTo(Math.sqrt((0.25 + 25 + 2 * 0.01) / 6), within(1e-6));
    assertThat(metrics.maxErrorM()).isCloseTo(5, within(1e-6));
    assertThat(metrics.steadyStateErrorM()).isCloseTo(0.1, within(1e-6));
    assertThat(metrics.settlingTimeS()).isEqualTo(0.03);
    assertThat(metrics.settledShare()).isEqualTo(4 / 6.0);
    assertThat(metrics.recoveryTimeS()).isEqualTo(0.01);
    assertThat(metrics.meanOffsetM()[0]).isCloseTo(0.1 / 3, within(1e-12));
  }

  @Test
  void whatOnlyAWholeFlightHasIsNotThereOfOneThatWasCutShort() {
    EpisodeMetrics over = of(ERRORS, true, 2);
    assertThat(over.terminated()).isTrue();
    assertThat(over.rmseM()).isNaN();
    assertThat(over.planarRmseM()).isNaN();
    assertThat(over.steadyStateErrorM()).isNaN();
    assertThat(over.settlingTimeS()).isNaN();
    assertThat(over.recoveryTimeS()).isNaN();
    assertThat(over.maxErrorM()).isCloseTo(5, within(1e-6));
  }

  @Test
  void aFlightThatEndsOutsideHasNotSettled() {
    EpisodeMetrics outside = of(new double[][] {{0, 0, 0}, {1, 0, 0}}, false, 0);
    assertThat(outside.settlingTimeS()).isNaN();
    assertThat(outside.recoveryTimeS()).isNaN();
    assertThat(of(ERRORS, false, EpisodeMetrics.NO_POKE).recoveryTimeS()).isNaN();
    assertThat(of(ERRORS, false, 4).recoveryTimeS()).isEqualTo(0);
  }

  /** The border belongs to it. */
  @Test
  void settledIsWithinTheRadius() {
    double radius = EpisodeMetrics.SETTLED_M;
    assertThat(of(new double[][] {{radius, 0, 0}}, false, 0).settledShare()).isEqualTo(1);
    double beyond = Math.nextUp(radius);
    assertThat(of(new double[][] {{0, beyond, 0}}, false, 0).settledShare()).isEqualTo(0);
  }
}
