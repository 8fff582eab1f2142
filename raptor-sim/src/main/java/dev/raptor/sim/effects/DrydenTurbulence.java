package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * Dryden's turbulence at low altitude, of MIL-F-8785C. With the height h in feet and W the wind at
 * 20 feet, the intensities and lengths are
 *
 * <pre>
 * σ_w = 0.1 W            σ_u = σ_v = σ_w / (0.177 + 0.000823 h)^0.4
 * L_w = h                L_u = L_v = h / (0.177 + 0.000823 h)^1.2
 * </pre>
 *
 * and white noise becomes wind through
 *
 * <pre>
 * H_u(s) = σ_u √(2T_u) / (1 + T_u s)                           T = L/V
 * H_v,w(s) = σ √T (1 + √3 T s) / (1 + T s)²
 * </pre>
 *
 * A vehicle that hovers meets the turbulence at the speed of the wind that carries it, so V = W,
 * but at least 1 m/s. The second filter is kept as two lags in a row with y = √3 x_1 + (1 − √3)
 * x_2, where dx_1 = −x_1/T dt + noise and dx_2 = (x_1 − x_2)/T dt; both filters step exactly and
 * are stationary from the start. u blows along world x, v along y, w along z. It acts through the
 * drags, as {@link ConstantWind} does, and does not bring W itself.
 *
 * @param windMS W, m/s; 15 knots (7.7 m/s) is light turbulence, 30 moderate and 45 severe
 * @param heightM h in m, 3 to 300
 */
public record DrydenTurbulence(double windMS, double heightM) implements Effect {
  /** Light turbulence at 6 m. */
  public static final DrydenTurbulence DEFAULT = new DrydenTurbulence(7.7, 6);

  private static final double FOOT_M = 0.3048;

  /**
   * @throws IllegalArgumentException unless the wind is in [0, 1000] m/s and the height in [3, 300]
   *     m
   */
  public DrydenTurbulence {
    Limits.notNegative("wind of the turbulence in m/s", windMS);
    Limits.inRange("height of the turbulence in m", heightM, 3, 300);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double feet = heightM / FOOT_M;
    double base = 0.177 + 0.000823 * feet;
    double speed = Math.max(1, windMS);
    double verticalStd = 0.1 * windMS;
    double levelStd = verticalStd / Math.pow(base, 0.4);
    double levelS = heightM / Math.pow(base, 1.2) / speed;
    Lag along = new Lag(levelStd, levelS, random);
    TwoLags across = new TwoLags(levelStd, levelS, random);
    TwoLags up = new TwoLags(verticalStd, heightM / speed, random);
    return new Active() {
      @Override
      public void blow(FlightSnapshot moment, double[] airMS) {
        airMS[0] += along.next();
        airMS[1] += across.next();
        airMS[2] += up.next();
      }
    };
  }

  /** H_u. */
  private static final class Lag {
    private final SplittableRandom random;
    private final double keep;
    private final double fresh;
    private double x;

    Lag(double std, double timeS, SplittableRandom random) {
      this.random = random;
      keep = Math.exp(-Simulator.STEP_S / timeS);
      fresh = std * Math.sqrt(1 - keep * keep);
      x = std * random.nextGaussian();
    }

    double next() {
      double now = x;
      x = keep * x + fresh * random.nextGaussian();
      return now;
    }
  }

  /** H_v and H_w. In units of σ²/2 the stationary covariance of x is (1, ½; ½, ½). */
  private static final class TwoLags {
    private final SplittableRandom random;
    private final double size;
    private final double keep;
    private final double pass;

    /** Cholesky factor of the noise's covariance. */
    private final double a;

    private final double b;
    private final double c;
    private double x1;
    private double x2;

    TwoLags(double std, double timeS, SplittableRandom random) {
      this.random = random;
      double h = Simulator.STEP_S / timeS;
      size = std / Math.sqrt(2);
      keep = Math.exp(-h);
      pass = keep * h;
      // P − Φ P Φᵀ with Φ = (keep, 0; pass, keep).
      double q11 = 1 - keep * keep;
      double q12 = 0.5 - keep * (pass + keep / 2);
      double q22 = 0.5 - (pass * pass + pass * keep + keep * keep / 2);
      a = Math.sqrt(q11);
      b = q12 / a;
      c = Math.sqrt(Math.max(0, q22 - b * b));
      x1 = random.nextGaussian();
      x2 = x1 / 2 + random.nextGaussian() / 2;
    }

    double next() {
      double now = size * (Math.sqrt(3) * x1 + (1 - Math.sqrt(3)) * x2);
      double e1 = random.nextGaussian();
      double e2 = random.nextGaussian();
      x2 = pass * x1 + keep * x2 + b * e1 + c * e2;
      x1 = keep * x1 + a * e1;
      return now;
    }
  }
}
