package dev.raptor.sim.rollout;

import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.Simulator;

/**
 * Figures of one flight, from the reward of each of its K steps and the position error e_k after
 * it:
 *
 * <pre>
 * RMSE = √(1/K Σ ‖e_k‖²),   in the plane without the z of e_k
 * </pre>
 *
 * A figure that only a whole flight has is NaN where the flight was cut short.
 *
 * @param rewardSum the return
 * @param steps that were flown, K
 * @param terminated whether the flight left the limits of its task, which cut it short
 * @param rmseM over all steps, m; NaN if cut short
 * @param planarRmseM the same of x and y alone
 * @param maxErrorM largest ‖e_k‖, m
 * @param steadyStateErrorM mean ‖e_k‖ of the second half, m; NaN if cut short
 * @param settlingTimeS after which ‖e_k‖ stays within {@value #SETTLED_M} m, s; NaN if it does not
 * @param settledShare of the steps with ‖e_k‖ within {@value #SETTLED_M} m
 * @param recoveryTimeS from the poke until ‖e_k‖ stays within {@value #SETTLED_M} m, s; NaN if it
 *     does not, or there was no poke
 * @param meanOffsetM mean e_k of the second half, m, three numbers
 * @param quality how calmly the vehicle was held, over the second half but no more than the last
 *     {@value #QUALITY_STEPS} steps, the heading over the last {@value #HEADING_STEPS} of these;
 *     all NaN if cut short
 */
public record EpisodeMetrics(
    double rewardSum,
    int steps,
    boolean terminated,
    double rmseM,
    double planarRmseM,
    double maxErrorM,
    double steadyStateErrorM,
    double settlingTimeS,
    double settledShare,
    double recoveryTimeS,
    double[] meanOffsetM,
    ControlQuality quality) {
  /** Within this a vehicle counts as settled, m. */
  public static final double SETTLED_M = 0.15;

  private static final int QUALITY_STEPS = 1000;
  private static final int HEADING_STEPS = 100;
  private static final ControlQuality NO_QUALITY =
      new ControlQuality(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** The poke of a flight that has none. */
  public static final int NO_POKE = -1;

  /** Counts a flight while it is flown. */
  public static final class Tally {
    private final int planned;
    private final int pokeStep;
    private final ControlQuality.Tally quality;
    private final double[] offset = new double[3];
    private double rewards;
    private int steps;
    private boolean terminated;
    private double secondHalf;
    private double squares;
    private double planarSquares;
    private double max;
    private int within;
    private int unsettled;

    /**
     * @param planned steps of a flight that is not cut short, at least 1
     * @param pokeStep the steps before a poke, or {@link #NO_POKE}
     */
    public Tally(int planned, int pokeStep) {
      this.planned = planned;
      int half = planned - planned / 2;
      quality =
          new ControlQuality.Tally(
              planned - Math.min(half, QUALITY_STEPS),
              planned - Math.min(half, HEADING_STEPS),
              planned);
      this.pokeStep = pokeStep;
    }

    /** Whether the flight was cut short. */
    public boolean isTerminated() {
      return terminated;
    }

    /**
     * Counts a step.
     *
     * @param ends whether it left the limits of the task
     * @param x position error after the step, m
     * @param y likewise
     * @param z likewise
     */
    public void add(double reward, boolean ends, double x, double y, double z) {
      double planar = x * x + y * y;
      double error = Math.sqrt(planar + z * z);
      if (steps >= planned / 2) {
        secondHalf += error;
        offset[0] += x;
        offset[1] += y;
        offset[2] += z;
      }
      squares += planar + z * z;
      planarSquares += planar;
      max = Math.max(max, error);
      rewards += reward;
      steps++;
      terminated = ends;
      if (error <= SETTLED_M) {
        within++;
      } else {
        unsettled = steps;
      }
    }

    /**
     * Counts how calmly a step was flown; call it beside {@link #add}, or the quality is NaN.
     *
     * @param state after the step, [17][lanes]
     * @param action raw, [4][lanes]
     * @param headingRad where the nose should point, from world x towards world y, rad
     */
    public void addQuality(float[] state, float[] action, int lane, int lanes, double headingRad) {
      quality.add(state, action, lane, lanes, headingRad);
    }

    /** The figures of what was counted. */
    public EpisodeMetrics metrics() {
      int counted = planned - planned / 2;
      boolean settled = !terminated && unsettled < steps;
      return new EpisodeMetrics(
          rewards,
          steps,
          terminated,
          terminated ? Double.NaN : Math.sqrt(squares / steps),
          terminated ? Double.NaN : Math.sqrt(planarSquares / steps),
          max,
          terminated ? Double.NaN : secondHalf / counted,
          settled ? unsettled * Simulator.STEP_S : Double.NaN,
          (double) within / steps,
          settled && pokeStep >= 0 && pokeStep < steps
              ? Math.max(0, unsettled - pokeStep) * Simulator.STEP_S
              : Double.NaN,
          new double[] {offset[0] / counted, offset[1] / counted, offset[2] / counted},
          terminated ? NO_QUALITY : quality.quality());
    }
  }
}
