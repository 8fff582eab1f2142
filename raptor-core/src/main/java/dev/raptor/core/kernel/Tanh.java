package dev.raptor.core.kernel;

/**
 * The hyperbolic tangent as {@code x P(x²) / Q(x²)} with P and Q of degree 3, x clamped to ±7. The
 * coefficients are a minimax fit of our own; the largest error in float is 1.1e-6, and the
 * magnitude stays below 1. NaN gives NaN. The logistic function is {@code σ(x) = ½ + ½ tanh(x /
 * 2)}.
 */
public final class Tanh {
  /** Where the fit ends. */
  public static final float CLAMP = 7f;

  /** Coefficients of P, lowest first. */
  public static final float P0 = 0.9999957084655762f,
      P1 = 0.12302202731370926f,
      P2 = 0.0022770047653466463f,
      P3 = 3.93007394450251e-06f;

  /** Coefficients of Q above its constant term 1, lowest first. */
  public static final float Q1 = 0.4563405215740204f,
      Q2 = 0.021072259172797203f,
      Q3 = 0.00014235242269933224f;

  private Tanh() {}

  /** tanh(x). */
  public static float tanh(float x) {
    float c = x > CLAMP ? CLAMP : x < -CLAMP ? -CLAMP : x;
    float u = c * c;
    float p = Math.fma(Math.fma(Math.fma(P3, u, P2), u, P1), u, P0);
    float q = Math.fma(Math.fma(Math.fma(Q3, u, Q2), u, Q1), u, 1f);
    return c * p / q;
  }

  /** σ(x), the logistic function. */
  public static float sigmoid(float x) {
    return Math.fma(0.5f, tanh(0.5f * x), 0.5f);
  }
}
