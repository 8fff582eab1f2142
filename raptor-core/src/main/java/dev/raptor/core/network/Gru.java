package dev.raptor.core.network;

import java.util.random.RandomGenerator;

/**
 * A gated recurrent unit (raptor paper, methods; the convention of PyTorch):
 *
 * <pre>
 *   r  = σ(Wi_r e + bi_r + Wh_r h + bh_r)
 *   z  = σ(Wi_z e + bi_z + Wh_z h + bh_z)
 *   c  = tanh(Wi_n e + bi_n + r ⊙ (Wh_n h + bh_n))
 *   h' = (1 - z) ⊙ c + z ⊙ h
 * </pre>
 *
 * The parameters are a stretch of a flat array: Wi {@code [3 hidden][inputs]}, bi, Wh {@code [3
 * hidden][hidden]}, bh, the rows stacked r, z, n.
 */
public record Gru(int inputs, int hidden) {
  /** Checks the shape. */
  public Gru {
    if (inputs < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "a GRU of %d inputs and %d units; both must be at least 1".formatted(inputs, hidden));
    }
  }

  /** Wi and bi, as a layer of its own. */
  public Dense inputLayer() {
    return new Dense(inputs, 3 * hidden, Activation.IDENTITY);
  }

  /** Wh and bh, as a layer of its own; its parameters follow those of the input layer. */
  public Dense stateLayer() {
    return new Dense(hidden, 3 * hidden, Activation.IDENTITY);
  }

  /** The number of weights and biases. */
  public int parameterCount() {
    return inputLayer().parameterCount() + stateLayer().parameterCount();
  }

  /** Draws all parameters from U(-1/√hidden, 1/√hidden). */
  public void initialise(float[] parameters, int at, RandomGenerator random) {
    float bound = (float) (1 / Math.sqrt(hidden));
    for (int i = at; i < at + parameterCount(); i++) {
      parameters[i] = random.nextFloat(-bound, bound);
    }
  }
}
