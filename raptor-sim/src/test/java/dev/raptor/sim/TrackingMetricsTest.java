package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TrackingMetricsTest {
  private static final float[][] ERRORS = {
    {0.3f, 0.4f, 1.2f}, {0, 0, 0.1f}, {3, 4, 0}, {0, 0.1f, 0}, {0.1f, 0, 0}, {0, 0, 0.1f}
  };

  @Test
  void countsByHand() {
    TrackingMetrics metrics = TrackingMetrics.of(ERRORS, false, 0, 2);
    assertThat(metrics.rmseM()).isCloseTo(Math.sqrt((1.69 + 25 + 4 * 0.01) / 6), within(1e-6));
    assertThat(metrics.planarRmseM())
        .isCloseTo(Math.sqrt((0.25 + 25 + 2 * 0.01) / 6), within(1e-6));
    assertThat(metrics.maxErrorM()).isCloseTo(5, within(1e-6));
    assertThat(TrackingMetrics.of(ERRORS, false, 3, 2).maxErrorM()).isCloseTo(0.1, within(1e-6));
    assertThat(metrics.steadyStateErrorM().orElseThrow()).isCloseTo(0.1, within(1e-6));
    assertThat(metrics.settlingTimeS()).hasValue(0.03);
    assertThat(metrics.settledShare()).isEqualTo(4 / 6.0);
    assertThat(metrics.recoveryTimeS()).hasValue(0.01);
  }

  @Test
  void aFlightThatIsCutShortOrEndsOutsideHasNotSettled() {
    TrackingMetrics over = TrackingMetrics.of(ERRORS, true, 0, 2);
    assertThat(over.steadyStateErrorM()).isEmpty();
    assertThat(over.settlingTimeS()).isEmpty();
    assertThat(over.recoveryTimeS()).isEmpty();
    TrackingMetrics outside = TrackingMetrics.of(new float[][] {{0, 0, 0}, {1, 0, 0}}, false, 0, 0);
    assertThat(outside.settlingTimeS()).isEmpty();
    assertThat(outside.recoveryTimeS()).isEmpty();
    assertThat(TrackingMetrics.of(ERRORS, false, 0, TrackingMetrics.NO_POKE).recoveryTimeS())
        .isEmpty();
    assertThat(TrackingMetrics.of(ERRORS, false, 0, 4).recoveryTimeS()).hasValue(0);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> TrackingMetrics.of(new float[0][], false, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TrackingMetrics.of(ERRORS, false, 6, 0))
        .hasMessage("metrics of 6 steps without the first 6, allowed: at least one step left");
  }
}
