package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * A gyroscope behind a Butterworth low-pass of second order, as flight stacks filter it, which lags
 * more than {@link GyroLag} of the same cutoff and damps more of what is faster. With K = tan(π f
 * dt), by the bilinear transform,
 *
 * <pre>
 * y_k = b (x_k + 2 x_(k−1) + x_(k−2)) − a_1 y_(k−1) − a_2 y_(k−2)
 * b = K²/D,  a_1 = 2 (K² − 1)/D,  a_2 = (1 − √2 K + K²)/D,   D = 1 + √2 K + K²
 * </pre>
 *
 * from the true rates at the start, as if they had always been so. It filters what it is given each
 * 10 ms, so that what is faster than 50 Hz has been folded before. Call observe once a step.
 *
 * @param cutoffHz f, where half of the power passes, 0.1 to 45 Hz
 */
public record GyroFilter(double cutoffHz) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in [0.1, 45] Hz
   */
  public GyroFilter {
    Limits.inRange("cutoff of the gyro's filter in Hz", cutoffHz, 0.1, 45);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double k = Math.tan(Math.PI * cutoffHz * Simulator.STEP_S);
    double d = 1 + Math.sqrt(2) * k + k * k;
    double b = k * k / d;
    double a1 = 2 * (k * k - 1) / d;
    double a2 = (1 - Math.sqrt(2) * k + k * k) / d;
    return new Active() {
      private final double[] first = new double[3];
      private final double[] second = new double[3];
      private boolean started;

      @Override
      public void observe(float[] observation) {
        for (int axis = 0; axis < 3; axis++) {
          double x = observation[Observation.ANGULAR_VELOCITY + axis];
          if (!started) {
            first[axis] = (1 - b) * x;
            second[axis] = (b - a2) * x;
          }
          double y = b * x + first[axis];
          first[axis] = 2 * b * x - a1 * y + second[axis];
          second[axis] = b * x - a2 * y;
          observation[Observation.ANGULAR_VELOCITY + axis] = (float) y;
        }
        started = true;
      }
    };
  }
}
