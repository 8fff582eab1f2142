package dev.raptor.core.fixed;

import dev.raptor.core.InvalidInputException;

/**
 * The bits that a fixed-point policy spends. In every format the words of observations, of the
 * hidden state between steps (Q15), of gates and of actions are int16, and sums are int32;
 * activations are the words that the matrices multiply: what the encoder gives, and the state as
 * the GRU's and the decoder's matrices see it.
 *
 * @param weightBits of a weight, 2 to 8, two's complement; −2^(bits−1) is not used
 * @param activationBits of an activation, 8 to 16; those of the encoder are never negative and use
 *     all bits but, with 16, the sign
 */
public record FixedFormat(int weightBits, int activationBits) {
  /** int8 weights, int16 activations. */
  public static final FixedFormat W8A16 = new FixedFormat(8, 16);

  /** int8 weights, 8 bits of activation. */
  public static final FixedFormat W8A8 = new FixedFormat(8, 8);

  /** The largest magnitude of an int16 word that is used: −32768 is not. */
  public static final int WORD_LIMIT = 32767;

  /**
   * The largest magnitude of a gate's word before the two of a gate are added: with a reset gate of
   * 1, Q15, its product is the largest that 32 bits hold.
   */
  public static final int GATE_LIMIT = 65535;

  /** Checks the sizes. */
  public FixedFormat {
    if (weightBits < 2 || weightBits > 8) {
      throw new InvalidInputException(
          "%d bits for a weight, allowed: 2 to 8".formatted(weightBits));
    }
    if (activationBits < 8 || activationBits > 16) {
      throw new InvalidInputException(
          "%d bits for an activation, allowed: 8 to 16".formatted(activationBits));
    }
  }

  /** The largest magnitude of a weight. */
  public int weightLimit() {
    return (1 << weightBits - 1) - 1;
  }

  /** The largest word that the encoder gives; the smallest is 0. */
  public int featureLimit() {
    return Math.min(WORD_LIMIT, (1 << activationBits) - 1);
  }

  /** Bits by which the state, Q15, is shortened before a matrix multiplies it. */
  public int stateShift() {
    return 16 - activationBits;
  }

  /** The largest magnitude of a state as the matrices see it. */
  public int stateLimit() {
    return (1 << activationBits - 1) - 1;
  }

  /** The bits of a gate's word that interpolate; the others, but for the sign, choose an entry. */
  public int tableShift() {
    return activationBits == 16 ? 8 : 9;
  }

  /** The pieces of the table, between one entry more. */
  public int tableSegments() {
    return 1 << 15 - tableShift();
  }

  @Override
  public String toString() {
    return activationBits + "x" + weightBits;
  }
}
