package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * Gusts as an Ornstein-Uhlenbeck process, the same law for each axis, which forgets within τ and
 * has the standard deviation σ from the start:
 *
 * <pre>
 * dw = −w/τ dt + σ √(2/τ) dW
 * w(t + dt) = φ w(t) + σ √(1 − φ²) ξ,   φ = e^(−dt/τ)      exact for any dt
 * </pre>
 *
 * Uhlenbeck and Ornstein 1930; the exact step is Gillespie's, Phys. Rev. E 54, 1996. It acts
 * through the drags, as {@link ConstantWind} does.
 *
 * @param stdMS σ, m/s
 * @param correlationS τ, s
 */
public record Gusts(double stdMS, double correlationS) implements Effect {
  /** A breeze: 1 m/s that turns within a second. */
  public static final Gusts DEFAULT = new Gusts(1, 1);

  /**
   * @throws IllegalArgumentException unless the deviation is in [0, 1000] m/s and the time in
   *     [0.01, 1e6] s
   */
  public Gusts {
    Limits.notNegative("gusts in m/s", stdMS);
    Limits.inRange("correlation time of gusts in s", correlationS, 0.01, 1e6);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double keep = Math.exp(-Simulator.STEP_S / correlationS);
    double fresh = stdMS * Math.sqrt(1 - keep * keep);
    double[] w = new double[3];
    for (int k = 0; k < 3; k++) {
      w[k] = stdMS * random.nextGaussian();
    }
    return new Active() {
      @Override
      public void blow(FlightSnapshot moment, double[] airMS) {
        for (int k = 0; k < 3; k++) {
          airMS[k] += w[k];
          w[k] = keep * w[k] + fresh * random.nextGaussian();
        }
      }
    };
  }
}
