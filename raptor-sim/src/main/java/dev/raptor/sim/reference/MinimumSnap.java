package dev.raptor.sim.reference;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.math.LinearSystem;
import dev.raptor.sim.kernel.Dynamics;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;

/**
 * The smoothest way through waypoints at given times, from rest to rest: of all curves it has the
 * least ∫ ‖p⁗‖² dt (Mellinger and Kumar, <i>Minimum snap trajectory generation and control for
 * quadrotors</i>, ICRA 2011). Snap is what the rotors' torques follow.
 *
 * <p>Such a curve is one polynomial of degree 7 for each segment. With segment i of duration T_i,
 * in its own time s = (t − t_i)/T_i:
 *
 * <pre>
 * p_i(s) = Σ_k c_ik s^k,  k = 0..7
 * </pre>
 *
 * N segments have 8N unknowns, and as many linear equations fix them:
 *
 * <pre>
 * p_0 = w_0,  p_0' = p_0'' = p_0''' = 0       at the start                   4
 * p_N−1 = w_N,  derivatives 1 to 3 = 0        at the end                     4
 * p_i(1) = w_i+1,  p_i+1(0) = w_i+1           at each waypoint between       2 (N − 1)
 * derivatives 1 to 6 continuous               there, which is what makes     6 (N − 1)
 *                                             the integral stationary
 * </pre>
 *
 * Before the first waypoint's time and after the last one's the reference rests there.
 */
public final class MinimumSnap implements Reference {
  private static final int ORDER = 8;
  private static final int MAX_WAYPOINTS = 100;
  private static final double MAX_RATIO = 100;

  private final double[] startS;
  private final double[] durationS;

  /** [segment][axis][power]. */
  private final double[][][] coefficients;

  /**
   * A place and when to be there.
   *
   * @param timeS s
   * @param positionM m, world frame
   */
  public record Waypoint(double timeS, Vec3 positionM) {}

  /**
   * The way through {@code waypoints}.
   *
   * @throws InvalidInputException unless there are 2 to 100 of them, finite, in the order of their
   *     times, the longest time between two at most 100 times the shortest, and the way not faster
   *     than {@link Simulator#BOUND}
   */
  public MinimumSnap(List<Waypoint> waypoints) {
    int segments = waypoints.size() - 1;
    if (segments < 1 || waypoints.size() > MAX_WAYPOINTS) {
      throw new InvalidInputException(
          "%d waypoints, allowed: 2 to %d".formatted(waypoints.size(), MAX_WAYPOINTS));
    }
    double shortest = Double.POSITIVE_INFINITY;
    double longest = 0;
    startS = new double[segments + 1];
    durationS = new double[segments];
    double[][] places = new double[segments + 1][];
    for (int i = 0; i <= segments; i++) {
      Waypoint waypoint = waypoints.get(i);
      Vec3 p = waypoint.positionM();
      startS[i] = waypoint.timeS();
      places[i] = new double[] {p.x(), p.y(), p.z()};
      Vec3.requireBounded("waypoint %d in m".formatted(i), p);
      InvalidInputException.requireRange(
          "time of waypoint %d in s".formatted(i),
          waypoint.timeS(),
          -Circle.MAX_TIME_S,
          Circle.MAX_TIME_S);
      if (i > 0) {
        durationS[i - 1] = startS[i] - startS[i - 1];
        shortest = Math.min(shortest, durationS[i - 1]);
        longest = Math.max(longest, durationS[i - 1]);
        if (!(durationS[i - 1] > 0)) {
          throw new InvalidInputException(
              "waypoint %d is at %s s, allowed: later than the one before, %s s"
                  .formatted(i, startS[i], startS[i - 1]));
        }
      }
    }
    if (longest > MAX_RATIO * shortest) {
      throw new InvalidInputException(
          "waypoints are %s s to %s s apart, allowed: the longest at most %s times the shortest"
              .formatted(shortest, longest, MAX_RATIO));
    }
    coefficients = solve(places);
    for (int i = 0; i < segments; i++) {
      for (double[] c : coefficients[i]) {
        double speed = 0;
        for (int k = 1; k < ORDER; k++) {
          speed += k * Math.abs(c[k]) / durationS[i];
        }
        if (!(speed <= Dynamics.BOUND)) {
          throw new InvalidInputException(
              "the way from waypoint %d to the next may be %s m/s fast, allowed: up to %s"
                  .formatted(i, speed, Dynamics.BOUND));
        }
      }
    }
  }

  /**
   * The way through {@code placesM}, the first at 0 s, with the time between two of them in
   * proportion to their distance.
   *
   * @param speedMS mean speed, m/s
   * @throws InvalidInputException as the constructor, or if the speed is not above 0
   */
  public static MinimumSnap atSpeed(double speedMS, List<Vec3> placesM) {
    if (!(speedMS > 0 && speedMS < Double.POSITIVE_INFINITY)) {
      throw new InvalidInputException(
          "speed is %s m/s, allowed: a finite number above 0".formatted(speedMS));
    }
    Waypoint[] waypoints = new Waypoint[placesM.size()];
    double time = 0;
    for (int i = 0; i < waypoints.length; i++) {
      Vec3 to = placesM.get(i);
      if (i > 0) {
        Vec3 from = placesM.get(i - 1);
        time +=
            Math.hypot(Math.hypot(to.x() - from.x(), to.y() - from.y()), to.z() - from.z())
                / speedMS;
      }
      waypoints[i] = new Waypoint(time, to);
    }
    return new MinimumSnap(List.of(waypoints));
  }

  /** When the last waypoint is reached, s. */
  public double endS() {
    return startS[startS.length - 1];
  }

  @Override
  public void at(double timeS, double[] positionVelocity) {
    for (int axis = 0; axis < 3; axis++) {
      positionVelocity[axis] = derivative(axis, 0, timeS);
      positionVelocity[3 + axis] = derivative(axis, 1, timeS);
    }
  }

  /** The derivative of that order, m/s^order. */
  double derivative(int axis, int order, double timeS) {
    if (order > 0 && (timeS < startS[0] || timeS > endS())) {
      return 0;
    }
    double time = Math.clamp(timeS, startS[0], endS());
    int i = 0;
    while (i < durationS.length - 1 && time >= startS[i + 1]) {
      i++;
    }
    double s = (time - startS[i]) / durationS[i];
    double value = 0;
    for (int k = ORDER - 1; k >= order; k--) {
      value = value * s + falling(k, order) * coefficients[i][axis][k];
    }
    return value / Math.pow(durationS[i], order);
  }

  /** k (k − 1) … (k − order + 1): what the derivative makes of the power k. */
  private static double falling(int k, int order) {
    double product = 1;
    for (int j = 0; j < order; j++) {
      product *= k - j;
    }
    return product;
  }

  private double[][][] solve(double[][] places) {
    int segments = durationS.length;
    int n = ORDER * segments;
    double[][] equations = new double[n][n + 3];
    int row = 0;
    for (int order = 0; order < 4; order++) {
      equations[row++][order] = falling(order, order);
      for (int k = order; k < ORDER; k++) {
        equations[row][n - ORDER + k] = falling(k, order);
      }
      row++;
    }
    System.arraycopy(places[0], 0, equations[0], n, 3);
    System.arraycopy(places[segments], 0, equations[1], n, 3);
    for (int i = 1; i < segments; i++) {
      int before = ORDER * (i - 1);
      int after = ORDER * i;
      System.arraycopy(places[i], 0, equations[row], n, 3);
      for (int k = 0; k < ORDER; k++) {
        equations[row][before + k] = 1;
      }
      row++;
      System.arraycopy(places[i], 0, equations[row], n, 3);
      equations[row++][after] = 1;
      for (int order = 1; order < ORDER - 1; order++) {
        for (int k = order; k < ORDER; k++) {
          equations[row][before + k] = falling(k, order);
        }
        equations[row++][after + order] =
            -falling(order, order) * Math.pow(durationS[i - 1] / durationS[i], order);
      }
    }
    LinearSystem.solve(equations);
    double[][][] solution = new double[segments][3][ORDER];
    for (int i = 0; i < segments; i++) {
      for (int axis = 0; axis < 3; axis++) {
        for (int k = 0; k < ORDER; k++) {
          solution[i][axis][k] = equations[ORDER * i + k][n + axis];
        }
      }
    }
    return solution;
  }
}
