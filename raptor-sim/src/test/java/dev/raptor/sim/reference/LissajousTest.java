package dev.raptor.sim.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.sim.vehicle.Vec3;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LissajousTest {
  @Property(tries = 100)
  void velocityIsTheDerivativeOfPosition(
      @ForAll @DoubleRange(min = 0.01, max = 20) double t,
      @ForAll @DoubleRange(min = 2, max = 20) double interval) {
    Lissajous figure = new Lissajous(new Vec3(0.5, 1, 0.3), 2, 1, 3, interval, 1);
    double h = 1e-5;
    double[] before = at(figure, t - h);
    double[] after = at(figure, t + h);
    double[] now = at(figure, t);
    for (int k = 0; k < 3; k++) {
      assertThat((after[k] - before[k]) / (2 * h)).isCloseTo(now[3 + k], within(1e-3));
    }
  }

  @Test
  void figureEightStartsAtRestAndReturnsEveryInterval() {
    Lissajous figure = Lissajous.figureEight(5.5);
    assertThat(at(figure, 0)).containsExactly(new double[6], within(0.0));
    // The ramp of 1 s costs half a second; a quarter of a round is at the tip of the x axis.
    assertThat(at(figure, 0.5 + 5.5 / 4))
        .containsExactly(new double[] {1, 0, 0, 0, -2 * Math.PI / 5.5, 0}, within(1e-12));
    assertThat(at(figure, 0.5 + 5.5 / 8)[1]).isCloseTo(0.5, within(1e-12));
    assertThat(at(figure, 0.5 + 5.5)[0]).isCloseTo(0, within(1e-12));
  }

  @Test
  void withoutRampItIsAtSpeedAtOnce() {
    Lissajous figure = new Lissajous(new Vec3(0.5, 1, 0), 2, 1, 1, 6.5, 0);
    assertThat(at(figure, 0)[3]).isCloseTo(0.5 * 2 * 2 * Math.PI / 6.5, within(1e-12));
  }

  @Test
  void refusesWhatCannotBeFlown() {
    assertThatThrownBy(() -> Lissajous.figureEight(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Lissajous interval in s is 0.0, allowed: 0.02 to 1000000.0");
    assertThatThrownBy(() -> new Lissajous(Vec3.ZERO, 1, -2, 1, 5, 0))
        .hasMessage("Lissajous frequencies are 1, -2, 1, allowed: 0 or more");
    assertThatThrownBy(() -> new Lissajous(Vec3.ZERO, 1, 2, 1, 5, -1))
        .hasMessageStartingWith("Lissajous ramp in s is -1.0");
    assertThatThrownBy(() -> new Lissajous(new Vec3(Double.NaN, 0, 0), 1, 2, 1, 5, 1))
        .hasMessageStartingWith("Lissajous amplitude in m is ");
  }

  private static double[] at(Reference reference, double t) {
    double[] out = new double[6];
    reference.at(t, out);
    return out;
  }
}
