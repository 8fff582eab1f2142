package dev.raptor.core.network;

import dev.raptor.core.kernel.Kernels;

/** The optimiser Adam (Kingma and Ba, 2015) over one flat parameter array. */
public final class Adam {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;

  private final float epsilon;
  private final float[] m;
  private final float[] v;
  private long step;

  /** An optimiser of {@code size} parameters; {@code epsilon} keeps the division finite. */
  public Adam(int size, float epsilon) {
    this.epsilon = epsilon;
    m = new float[size];
    v = new float[size];
  }

  /** Moves the parameters against the gradient; the gradient is left as it is. */
  public void update(float[] parameters, float[] gradient, float learningRate) {
    step++;
    double correction1 = 1 - Math.pow(BETA1, step);
    double correction2 = 1 - Math.pow(BETA2, step);
    Kernels.active()
        .adam(
            m.length,
            parameters,
            gradient,
            m,
            v,
            BETA1,
            BETA2,
            (float) (learningRate / correction1),
            (float) (1 / correction2),
            epsilon);
  }

  /** The number of updates so far. */
  public long steps() {
    return step;
  }

  /** The running means of gradient and squared gradient, live, for a checkpoint. */
  public float[][] moments() {
    return new float[][] {m, v};
  }

  /** Goes on after {@code steps} updates; the moments are restored through {@link #moments}. */
  public void restore(long steps) {
    step = steps;
  }

  /** Scales a gradient down, in place, to at most {@code limit} in the 2-norm; returns its norm. */
  public static float clip(float[] gradient, float limit) {
    double squares = 0;
    for (float g : gradient) {
      squares += (double) g * g;
    }
    float norm = (float) Math.sqrt(squares);
    if (norm > limit) {
      float scale = limit / norm;
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= scale;
      }
    }
    return norm;
  }
}
