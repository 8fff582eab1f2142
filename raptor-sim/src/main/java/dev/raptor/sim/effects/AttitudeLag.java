package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * An estimated attitude that follows the true one with a lag of first order, along the shortest
 * turn between them, from the true one at the start:
 *
 * <pre>
 * F_k+1 = F_k exp((1 − e^(−dt/τ)) log(F_kᵀ R_k+1)),   F_0 = R_0
 * </pre>
 *
 * Call observe once a step. Estimators of small vehicles lag by 5 to 40 ms.
 *
 * @param timeS τ, s, 0 to 1; 0 is none
 */
public record AttitudeLag(double timeS) implements Effect {
  /**
   * @throws IllegalArgumentException unless it is in [0, 1] s
   */
  public AttitudeLag {
    Limits.inRange("lag of the attitude in s", timeS, 0, 1);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double share = timeS == 0 ? 1 : -Math.expm1(-Simulator.STEP_S / timeS);
    return new Active() {
      private double[] filtered;

      @Override
      public void observe(float[] observation) {
        if (share == 1) {
          return;
        }
        if (filtered == null) {
          filtered = new double[9];
          for (int i = 0; i < 9; i++) {
            filtered[i] = observation[Observation.ROTATION + i];
          }
          return;
        }
        turnTowards(observation, share, filtered);
        for (int i = 0; i < 9; i++) {
          observation[Observation.ROTATION + i] = (float) filtered[i];
        }
      }
    };
  }

  /** Turns F by a share of the turn from it to the attitude of the observation. */
  private static void turnTowards(float[] observation, double share, double[] f) {
    double[] e = new double[9];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 3; k++) {
          e[3 * i + j] += f[3 * k + i] * observation[Observation.ROTATION + 3 * k + j];
        }
      }
    }
    double x = (e[7] - e[5]) / 2;
    double y = (e[2] - e[6]) / 2;
    double z = (e[3] - e[1]) / 2;
    double sine = Math.sqrt(x * x + y * y + z * z);
    double angle = Math.atan2(sine, (e[0] + e[4] + e[8] - 1) / 2);
    double scale = sine < 1e-12 ? share : share * angle / sine;
    Turn.byBody(f, 0, scale * x, scale * y, scale * z);
  }
}
