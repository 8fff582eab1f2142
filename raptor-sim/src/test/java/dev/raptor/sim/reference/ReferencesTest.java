package dev.raptor.sim.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.sim.reference.MinimumSnap.Waypoint;
import dev.raptor.sim.vehicle.Vec3;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private static double[] at(Reference reference, double t) {
    double[] out = new double[6];
    reference.at(t, out);
    return out;
  }

  private static List<Waypoint> waypoints(long seed, int count, double spread) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Waypoint> waypoints = new ArrayList<>();
    double time = random.nextDouble(5);
    for (int i = 0; i < count; i++) {
      Vec3 place =
          new Vec3(random.nextDouble(-5, 5), random.nextDouble(-5, 5), random.nextDouble(-5, 5));
      waypoints.add(new Waypoint(time, place));
      time += Math.pow(spread, random.nextDouble());
    }
    return waypoints;
  }

  @Property(tries = 100)
  void minimumSnapPassesItsWaypointsAndIsContinuousToTheSixthDerivative(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int count,
      @ForAll @DoubleRange(min = 1, max = 10) double spread) {
    List<Waypoint> waypoints = waypoints(seed, count, spread);
    MinimumSnap way = new MinimumSnap(waypoints);
    for (int i = 0; i < count; i++) {
      double t = waypoints.get(i).timeS();
      Vec3 place = waypoints.get(i).positionM();
      double[] there = {place.x(), place.y(), place.z()};
      for (int axis = 0; axis < 3; axis++) {
        assertThat(way.derivative(axis, 0, t)).isCloseTo(there[axis], within(1e-7));
        boolean end = i == 0 || i == count - 1;
        for (int order = 1; order <= 6; order++) {
          double here = way.derivative(axis, order, t);
          if (end) {
            assertThat(order > 3 ? 0 : here).isCloseTo(0, within(1e-6));
          } else {
            // A step of 1e-9 s sees a jump, and hardly a slope.
            double before = way.derivative(axis, order, t - 1e-9);
            assertThat(before).isCloseTo(here, within(1e-3 * (1 + Math.abs(here))));
          }
        }
      }
    }
  }

  @Property(tries = 50)
  void velocityIsTheDerivativeOfPosition(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 12) double t) {
    MinimumSnap way = new MinimumSnap(waypoints(seed, 6, 3));
    Reference circle = new Circle(1.5, 7, 2);
    Reference any = Reference.of(s -> new Vec3(Math.sin(s), s * s, 3 - s));
    double h = 1e-5;
    for (Reference reference : List.of(way, circle, any)) {
      double[] before = at(reference, t - h);
      double[] after = at(reference, t + h);
      double[] now = at(reference, t);
      for (int k = 0; k < 3; k++) {
        assertThat((after[k] - before[k]) / (2 * h)).isCloseTo(now[3 + k], within(2e-3));
      }
    }
  }

  @Property(tries = 50)
  void anyOtherWayThroughTheWaypointsHasMoreSnap(
      @ForAll long seed, @ForAll @DoubleRange(min = -1, max = 1) double size) {
    MinimumSnap way = new MinimumSnap(waypoints(seed, 3, 1));
    // s⁴(1−s)⁴ of the first segment vanishes with three derivatives at both its ends.
    double least = 0;
    double other = 0;
    double t0 = waypoints(seed, 3, 1).get(0).timeS();
    int n = 20000;
    for (int i = 0; i < n; i++) {
      double s = (i + 0.5) / n;
      double snap = way.derivative(0, 4, t0 + s);
      // The fourth derivative of s⁴ − 4s⁵ + 6s⁶ − 4s⁷ + s⁸.
      double bump = 24 - 480 * s + 2160 * s * s - 3360 * s * s * s + 1680 * s * s * s * s;
      least += snap * snap / n;
      other += (snap + size * bump) * (snap + size * bump) / n;
    }
    assertThat(other).isGreaterThanOrEqualTo(least - 1e-4 * (1 + least));
  }

  @Test
  void oneSegmentIsThePolynomialOfTheBooks() {
    MinimumSnap way =
        new MinimumSnap(List.of(new Waypoint(1, Vec3.ZERO), new Waypoint(3, new Vec3(1, -2, 0))));
    for (double t = 1; t <= 3; t += 0.1) {
      double s = (t - 1) / 2;
      double p = s * s * s * s * (35 + s * (-84 + s * (70 - 20 * s)));
      assertThat(at(way, t)[0]).isCloseTo(p, within(1e-12));
      assertThat(at(way, t)[1]).isCloseTo(-2 * p, within(1e-12));
    }
    assertThat(at(way, 0)).containsExactly(new double[6], within(1e-12));
    assertThat(at(way, 9)).containsExactly(new double[] {1, -2, 0, 0, 0, 0}, within(1e-12));
    assertThat(way.endS()).isEqualTo(3);
  }

  @Test
  void manyWaypointsAndUnevenTimesAreSolved() {
    List<Waypoint> waypoints = waypoints(5, 100, 2);
    MinimumSnap way = new MinimumSnap(waypoints);
    for (Waypoint waypoint : waypoints) {
      assertThat(at(way, waypoint.timeS())[0]).isCloseTo(waypoint.positionM().x(), within(1e-6));
    }
    MinimumSnap uneven =
        new MinimumSnap(
            List.of(
                new Waypoint(0, Vec3.ZERO),
                new Waypoint(1, new Vec3(1, 0, 0)),
                new Waypoint(1.01, new Vec3(1.01, 0, 0)),
                new Waypoint(2, new Vec3(2, 0, 0))));
    assertThat(at(uneven, 1.01 - 1e-12)[0]).isCloseTo(1.01, within(1e-6));
    assertThat(uneven.derivative(0, 4, 1.01 - 1e-12))
        .isCloseTo(uneven.derivative(0, 4, 1.01), within(1e-3));
  }

  @Test
  void timesFollowDistances() {
    MinimumSnap way =
        MinimumSnap.atSpeed(2, List.of(Vec3.ZERO, new Vec3(2, 0, 0), new Vec3(2, 4, 0)));
    assertThat(at(way, 1)[0]).isCloseTo(2, within(1e-9));
    assertThat(way.endS()).isEqualTo(3);
  }

  @Test
  void circleAndStep() {
    Circle circle = new Circle(0.5, 4, 1);
    assertThat(at(circle, 0)).containsExactly(new double[6], within(0.0));
    assertThat(at(circle, 0.5 + 2)[1]).isCloseTo(1, within(1e-12));
    assertThat(at(circle, 0.5 + 4)[0]).isCloseTo(0, within(1e-12));
    StepReference step = new StepReference(new Vec3(1, 2, 3), 1);
    assertThat(at(step, 0.99)).containsExactly(new double[6], within(0.0));
    assertThat(at(step, 1)).containsExactly(new double[] {1, 2, 3, 0, 0, 0}, within(0.0));
  }

  @Test
  void refuseWhatCannotBeFlown() {
    Waypoint start = new Waypoint(0, Vec3.ZERO);
    assertThatThrownBy(() -> new MinimumSnap(List.of(start)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 waypoints, allowed: 2 to 100");
    assertThatThrownBy(() -> new MinimumSnap(List.of(start, start)))
        .hasMessage("waypoint 1 is at 0.0 s, allowed: later than the one before, 0.0 s");
    assertThatThrownBy(
            () -> new MinimumSnap(List.of(start, new Waypoint(1, new Vec3(Double.NaN, 0, 0)))))
        .hasMessageStartingWith("waypoint 1 in m is [NaN, ");
    assertThatThrownBy(
            () ->
                new MinimumSnap(
                    List.of(start, new Waypoint(1, Vec3.ZERO), new Waypoint(102, Vec3.ZERO))))
        .hasMessageContaining("at most 100.0 times the shortest");
    assertThatThrownBy(() -> MinimumSnap.atSpeed(0, List.of(Vec3.ZERO, Vec3.ZERO)))
        .hasMessageStartingWith("speed is 0.0 m/s");
    assertThatThrownBy(() -> new Circle(0, 4, 1))
        .hasMessageStartingWith("circle radius in m is 0.0");
    assertThatThrownBy(() -> new Circle(1, 0, 1))
        .hasMessageStartingWith("circle interval in s is ");
    assertThatThrownBy(() -> new Circle(1, 1, -1)).hasMessageStartingWith("circle ramp in s is ");
    assertThatThrownBy(() -> new StepReference(new Vec3(0, 0, Double.NaN), 1))
        .hasMessageContaining("finite numbers within");
    assertThatThrownBy(() -> new StepReference(Vec3.ZERO, -1))
        .hasMessageStartingWith("time of the step in s is -1.0");
  }
}
