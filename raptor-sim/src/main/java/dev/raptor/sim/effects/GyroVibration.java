package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * A frame that shakes the gyroscope, alike about each axis, from a phase that is drawn for each
 * flight and axis:
 *
 * <pre>
 * y = ω + A sin(2π f t + φ),   φ ~ U(0, 2π)
 * </pre>
 *
 * It is sampled each 10 ms and not filtered before, so that what is faster than 50 Hz shows folded,
 * as it does in a flight controller without a filter: 87 Hz look like 13. Call observe once a step.
 *
 * @param amplitudeRadS A, rad/s
 * @param frequencyHz f, Hz, up to 1000
 */
public record GyroVibration(double amplitudeRadS, double frequencyHz) implements Effect {
  /**
   * @throws IllegalArgumentException unless both are in [0, 1000]
   */
  public GyroVibration {
    Limits.notNegative("vibration of the gyro in rad/s", amplitudeRadS);
    Limits.notNegative("frequency of the vibration in Hz", frequencyHz);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double[] phase = new double[3];
    for (int k = 0; k < 3; k++) {
      phase[k] = 2 * Math.PI * random.nextDouble();
    }
    double turn = 2 * Math.PI * frequencyHz * Simulator.STEP_S;
    return new Active() {
      private int step;

      @Override
      public void observe(float[] observation) {
        for (int k = 0; k < 3; k++) {
          observation[Observation.ANGULAR_VELOCITY + k] +=
              (float) (amplitudeRadS * Math.sin(turn * step + phase[k]));
        }
        step++;
      }
    };
  }
}
