package dev.raptor.sim.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinearQuadraticRegulatorTest {
  private static final double[] COUPLINGS = {1, 9.81, 1, 1};
  private static final double[] COSTS = {40, 0.1, 0.5, 0.04, 0};
  private static final double LAG_S = 0.08;
  private static final double COMMAND_COST = 2e-3;

  /** What a flight from {@code state} costs, each step in a thousand small ones by Euler. */
  private static double cost(double[] gains, double[] state) {
    double[] x = state.clone();
    double cost = 0;
    for (int step = 0; step < 1500; step++) {
      double u = 0;
      for (int i = 0; i < x.length; i++) {
        u -= gains[i] * x[i];
        cost += COSTS[i] * x[i] * x[i];
      }
      cost += COMMAND_COST * u * u;
      double dt = 1e-5;
      for (int k = 0; k < 1000; k++) {
        for (int i = 0; i < x.length - 1; i++) {
          x[i] += dt * COUPLINGS[i] * x[i + 1];
        }
        x[x.length - 1] += dt * (u - x[x.length - 1]) / LAG_S;
      }
    }
    return cost;
  }

  @Property(tries = 6)
  void noOtherGainCostsLess(
      @ForAll @IntRange(max = 4) int which,
      @ForAll @DoubleRange(min = 0.02, max = 0.2) double change,
      @ForAll boolean up) {
    double[] start = {0.5, -0.3, 0.2, 0.4, -1};
    double[] best = LinearQuadraticRegulator.gains(COUPLINGS, LAG_S, COSTS, COMMAND_COST);
    double[] other = best.clone();
    other[which] *= up ? 1 + change : 1 - change;
    assertThat(cost(other, start)).isGreaterThan(cost(best, start));
  }

  @Test
  void aSingleLagHasTheGainOfTheScalarEquation() {
    double a = Math.exp(-0.01 / 0.05);
    double b = 1 - a;
    double q = 3;
    double r = 0.7;
    // p = q + a² p r/(r + b² p), solved for p.
    double half = (r * (1 - a * a) - b * b * q) / 2;
    double p = (-half + Math.sqrt(half * half + b * b * q * r)) / (b * b);
    double[] gains = LinearQuadraticRegulator.gains(new double[0], 0.05, new double[] {q}, r);
    assertThat(gains[0]).isCloseTo(a * b * p / (r + b * b * p), within(1e-8));
  }
}
