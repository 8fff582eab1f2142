package dev.raptor.core.network;

import dev.raptor.core.kernel.Kernels;
import java.util.random.RandomGenerator;

/**
 * A dense layer, {@code y = f(W x + b)}: its shape and its arithmetic over a block of lanes. The
 * parameters are a stretch of a flat array: W row by row, {@code [outputs][inputs]}, then b.
 */
public record Dense(int inputs, int outputs, Activation activation) {
  /** Checks the shape. */
  public Dense {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "a dense layer of %d inputs and %d outputs; both must be at least 1"
              .formatted(inputs, outputs));
    }
  }

  /** The number of weights and biases. */
  public int parameterCount() {
    return outputs * (inputs + 1);
  }

  /** Where the biases begin, counted from the first weight. */
  public int biasOffset() {
    return outputs * inputs;
  }

  /** Draws weights and biases from U(-1/√inputs, 1/√inputs). */
  public void initialise(float[] parameters, int at, RandomGenerator random) {
    float bound = (float) (1 / Math.sqrt(inputs));
    for (int i = at; i < at + parameterCount(); i++) {
      parameters[i] = random.nextFloat(-bound, bound);
    }
  }

  /** The forward pass: blocks of y from as many blocks of x. */
  public void forward(
      Kernels kernels,
      float[] p,
      int at,
      int lanes,
      int blocks,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    kernels.dense(
        outputs,
        inputs,
        lanes,
        blocks,
        p,
        at,
        p,
        at + biasOffset(),
        x,
        xo,
        y,
        yo,
        activation == Activation.RELU);
    if (activation == Activation.TANH) {
      kernels.tanh(blocks * outputs * lanes, y, yo, y, yo);
    }
  }

  /** Turns the gradient of y, in place, into that of the sums {@code W x + b}. */
  public void activationBackward(
      Kernels kernels, int lanes, int blocks, float[] y, int yo, float[] dy, int dyo) {
    int n = blocks * outputs * lanes;
    if (activation == Activation.RELU) {
      kernels.reluBackward(n, y, yo, dy, dyo);
    } else if (activation == Activation.TANH) {
      kernels.tanhBackward(n, y, yo, dy, dyo);
    }
  }

  /** The gradient of x from that of the sums; adds to {@code dx} if asked to. */
  public void inputGradient(
      Kernels kernels,
      float[] p,
      int at,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      boolean add) {
    kernels.denseInputGradient(outputs, inputs, lanes, blocks, p, at, dy, dyo, dx, dxo, add);
  }

  /**
   * Adds the gradient of the parameters to {@code gradient} from {@code at} on, over {@code blocks}
   * blocks that follow each other in both arrays.
   */
  public void weightGradient(
      Kernels kernels,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      float[] x,
      int xo,
      float[] gradient,
      int at) {
    kernels.denseWeightGradient(
        outputs, inputs, lanes, blocks, dy, dyo, x, xo, gradient, at, gradient, at + biasOffset());
  }
}
