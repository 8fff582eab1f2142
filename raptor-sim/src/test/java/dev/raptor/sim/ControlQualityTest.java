package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ControlQualityTest {
  private static float[] state(double heading, double rate) {
    float[] state = new float[Simulator.STATE_ROWS];
    state[Simulator.QW] = (float) Math.cos(heading / 2);
    state[Simulator.QZ] = (float) Math.sin(heading / 2);
    state[Simulator.WX] = (float) (0.6 * rate);
    state[Simulator.WY] = (float) (-0.8 * rate);
    return state;
  }

  private static ControlQuality swing(double hertz, double amplitude, int steps) {
    ControlQuality.Tally tally = new ControlQuality.Tally(steps / 2, 0, steps);
    for (int k = 0; k < steps; k++) {
      float command = (float) (0.2 + amplitude * Math.sin(2 * Math.PI * hertz * k * 0.01));
      tally.add(state(0, 0), new float[] {command, 0.2f, 0.2f, 0.2f}, 0, 1, 0);
    }
    return tally.quality();
  }

  @Property(tries = 50)
  void oscillationIsWhatTheCommandsHoldAboveTwoHertz(
      @ForAll @DoubleRange(min = 0.02, max = 0.6) double amplitude) {
    double rms = amplitude / Math.sqrt(2);
    assertThat(swing(10, amplitude, 2000).oscillation()).isCloseTo(rms, within(0.01 * rms));
    assertThat(swing(2, amplitude, 2000).oscillation())
        .isCloseTo(rms / Math.sqrt(2), within(0.02 * rms));
    assertThat(swing(0.2, amplitude, 2000).oscillation()).isLessThan(0.02 * rms);
  }

  @Test
  void aStandingCommandIsNoOscillationFromTheFirstStepOn() {
    ControlQuality quality = swing(10, 0, 2);
    assertThat(quality.oscillation()).isZero();
    assertThat(quality.actionChange()).isZero();
    assertThat(quality.saturatedShare()).isZero();
    assertThat(quality.oscillates()).isFalse();
  }

  @Test
  void bodyRatesAboveTheirLimitAreOscillation() {
    for (double rate : new double[] {0.09, 0.11}) {
      ControlQuality.Tally tally = new ControlQuality.Tally(10, 0, 20);
      for (int k = 0; k < 20; k++) {
        // Before the tenth step nothing counts.
        double now = k < 10 ? 5 : k % 2 == 0 ? rate : -rate;
        tally.add(state(0, now), new float[4], 0, 1, 0);
      }
      assertThat(tally.quality().rateRmsRadS()).isCloseTo(rate, within(1e-6));
      assertThat(tally.quality().oscillates()).isEqualTo(rate > 0.1);
    }
  }

  @Test
  void commandsAreClampedAndThoseAtTheirLimitsCounted() {
    ControlQuality.Tally tally = new ControlQuality.Tally(0, 0, 3);
    float[][] actions = {{-3, 0, 0, 0}, {3, 0, 0, 0}, {3, 1, 0, 0}};
    for (float[] action : actions) {
      tally.add(state(0, 0), action, 0, 1, 0);
    }
    // From −1 to 1, then the second motor from 0 to 1; the first step has none before it.
    assertThat(tally.quality().actionChange()).isCloseTo((2 + 1) / 2.0, within(1e-9));
    assertThat(tally.quality().saturatedShare()).isCloseTo(3 / 8.0, within(1e-9));
  }

  @Property(tries = 100)
  void theHeadingGoesTheShortWayRound(
      @ForAll @DoubleRange(min = -3, max = 3) double target,
      @ForAll @DoubleRange(min = -3, max = 3) double error) {
    ControlQuality.Tally tally = new ControlQuality.Tally(0, 1, 2);
    tally.add(state(1, 0), new float[4], 0, 1, 0);
    tally.add(state(target + error, 0), new float[4], 0, 1, target);
    tally.add(state(1, 0), new float[4], 0, 1, 0);
    assertThat(tally.quality().headingErrorRad()).isCloseTo(Math.abs(error), within(1e-5));
  }

  @Test
  void lanesDoNotMix() {
    ControlQuality.Tally tally = new ControlQuality.Tally(0, 0, 2);
    float[] states = new float[2 * Simulator.STATE_ROWS];
    states[2 * Simulator.QW + 1] = 1;
    states[2 * Simulator.WX] = 7;
    float[] actions = {1, 0, 1, 0, 1, 0, 1, 0};
    tally.add(states, actions, 1, 2, 0);
    tally.add(states, actions, 1, 2, 0);
    assertThat(tally.quality()).isEqualTo(new ControlQuality(0, 0, 0, 0, 0));
  }
}
