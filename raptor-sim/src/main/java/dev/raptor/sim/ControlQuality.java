package dev.raptor.sim;

import dev.raptor.sim.vehicle.Quadrotor;

/**
 * The calmness with which a vehicle is held, over the last seconds of a flight.
 *
 * @param rateRmsRadS root of the mean square of the body rate, rad/s; a vehicle that hovers calmly
 *     is below 0.1
 * @param oscillation root of the mean square of what the motor commands hold above 2 Hz, the four
 *     together, commands being in [-1, 1]
 * @param actionChange mean length of the change of the motor commands from step to step
 * @param saturatedShare of the commands that ask for the least or the most, in [0, 1]
 * @param headingErrorRad mean size of the angle, about world z, between the nose and where it
 *     should point, rad
 */
public record ControlQuality(
    double rateRmsRadS,
    double oscillation,
    double actionChange,
    double saturatedShare,
    double headingErrorRad) {
  /** Above this rms of body rates a vehicle that should stand still oscillates, rad/s. */
  public static final double OSCILLATION_RAD_S = 0.1;

  /** Where the spectrum of the commands begins to count as oscillation, Hz. */
  public static final double OSCILLATION_HZ = 2;

  /** Whether the body rates are those of a vehicle that oscillates. */
  public boolean oscillates() {
    return rateRmsRadS > OSCILLATION_RAD_S;
  }

  /**
   * A flight while it is flown. The commands pass a Butterworth high-pass of second order from the
   * start on; figures are taken between two steps.
   */
  public static final class Tally {
    private static final double K = Math.tan(Math.PI * OSCILLATION_HZ * Simulator.STEP_S);
    private static final double NORM = 1 / (1 + Math.sqrt(2) * K + K * K);
    private static final double A1 = 2 * (K * K - 1) * NORM;
    private static final double A2 = (1 - Math.sqrt(2) * K + K * K) * NORM;

    private final int firstStep;
    private final int headingFrom;
    private final int headingTo;
    private final double[] first = new double[Quadrotor.ROTORS];
    private final double[] second = new double[Quadrotor.ROTORS];
    private final double[] before = new double[Quadrotor.ROTORS];
    private int steps;
    private int counted;
    private int headings;
    private double rateSquares;
    private double highSquares;
    private double change;
    private int saturated;
    private double heading;

    /**
     * Figures from {@code firstStep} on, of the heading in {@code [headingFrom, headingTo)}; steps
     * are counted from 0.
     */
    public Tally(int firstStep, int headingFrom, int headingTo) {
      this.firstStep = firstStep;
      this.headingFrom = headingFrom;
      this.headingTo = headingTo;
    }

    /**
     * Counts a step.
     *
     * @param state after the step, [17][lanes]
     * @param action raw, [4][lanes]
     * @param targetHeadingRad where the nose should point, from world x towards world y, rad
     */
    public void add(float[] state, float[] action, int lane, int lanes, double targetHeadingRad) {
      boolean counts = steps >= firstStep && steps > 0;
      double squares = 0;
      for (int i = 0; i < Quadrotor.ROTORS; i++) {
        double raw = action[i * lanes + lane];
        double command = Math.clamp(raw, -1.0, 1.0);
        if (steps == 0) {
          // As if the first command had stood for ever, of which a high-pass shows nothing.
          first[i] = -NORM * command;
          second[i] = NORM * command;
          before[i] = command;
        }
        double high = NORM * command + first[i];
        first[i] = -2 * NORM * command - A1 * high + second[i];
        second[i] = NORM * command - A2 * high;
        double difference = command - before[i];
        before[i] = command;
        squares += difference * difference;
        if (counts) {
          highSquares += high * high;
          saturated += Math.abs(raw) >= 1 ? 1 : 0;
        }
      }
      if (counts) {
        counted++;
        change += Math.sqrt(squares);
        for (int k = 0; k < 3; k++) {
          double rate = state[(Simulator.WX + k) * lanes + lane];
          rateSquares += rate * rate;
        }
      }
      if (steps >= headingFrom && steps < headingTo) {
        heading += Math.abs(headingError(state, lane, lanes, targetHeadingRad));
        headings++;
      }
      steps++;
    }

    private static double headingError(float[] s, int lane, int lanes, double target) {
      double w = s[Simulator.QW * lanes + lane];
      double x = s[Simulator.QX * lanes + lane];
      double y = s[Simulator.QY * lanes + lane];
      double z = s[Simulator.QZ * lanes + lane];
      double heading = Math.atan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z));
      return Math.IEEEremainder(heading - target, 2 * Math.PI);
    }

    /** The figures so far; NaN where no step counts. */
    public ControlQuality quality() {
      return new ControlQuality(
          Math.sqrt(rateSquares / counted),
          Math.sqrt(highSquares / counted),
          change / counted,
          (double) saturated / (Quadrotor.ROTORS * counted),
          heading / headings);
    }
  }
}
