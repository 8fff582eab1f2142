package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * A gyroscope behind a low pass of first order, from the true rates at the start:
 *
 * <pre>
 * y_k+1 = y_k + (1 − e^(−dt/τ)) (ω_k+1 − y_k),   y_0 = ω_0
 * </pre>
 *
 * It also takes out of what the effects before it put in, such as {@link GyroVibration}. Call
 * observe once a step. A filter that passes up to f lags by τ = 1/(2π f): 8 ms at 20 Hz.
 *
 * @param timeS τ, s, 0 to 1; 0 is none
 */
public record GyroLag(double timeS) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in [0, 1] s
   */
  public GyroLag {
    Limits.inRange("lag of the gyro in s", timeS, 0, 1);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double share = timeS == 0 ? 1 : -Math.expm1(-Simulator.STEP_S / timeS);
    return new Active() {
      private double[] filtered;

      @Override
      public void observe(float[] observation) {
        boolean first = filtered == null;
        if (first) {
          filtered = new double[3];
        }
        for (int k = 0; k < 3; k++) {
          double rate = observation[Observation.ANGULAR_VELOCITY + k];
          filtered[k] = first || share == 1 ? rate : filtered[k] + share * (rate - filtered[k]);
          observation[Observation.ANGULAR_VELOCITY + k] = (float) filtered[k];
        }
      }
    };
  }
}
