package dev.raptor.core.fixed;

import dev.raptor.core.InvalidInputException;

/**
 * A dense layer in integers: {@code y_o = clamp(rsh(rsh(Σ_i w_oi x_i + (b_o << β), p) m_o, n_o))}.
 * What an integer of a row stands for, its scale, is in m and n alone.
 *
 * @param inputs number of inputs
 * @param outputs number of outputs
 * @param weights w, {@code [outputs][inputs]}
 * @param biases b, int16
 * @param biasShift β, 0 to 24
 * @param preShift p, 0 to 24
 * @param multipliers m, 0 to 255
 * @param shifts n, 1 to 24
 */
public record FixedLayer(
    int inputs,
    int outputs,
    int[] weights,
    int[] biases,
    int biasShift,
    int preShift,
    int[] multipliers,
    int[] shifts) {
  /** A pre-shifted sum is below 2 to this power, so that 32 bits hold it times a multiplier. */
  public static final int SCALED_BITS = 23;

  /** The largest multiplier. */
  public static final int MAX_MULTIPLIER = 255;

  /** The largest shift of any kind. */
  public static final int MAX_SHIFT = 24;

  /** Checks the ranges of all but the weights, which {@link #check} does. */
  public FixedLayer {
    requireLength("weights", weights, inputs * outputs);
    requireLength("biases", biases, outputs);
    requireLength("multipliers", multipliers, outputs);
    requireLength("shifts", shifts, outputs);
    requireRange("bias", -FixedFormat.WORD_LIMIT, FixedFormat.WORD_LIMIT, biases);
    requireRange("bias shift", 0, MAX_SHIFT, biasShift);
    requireRange("pre-shift", 0, MAX_SHIFT, preShift);
    requireRange("multiplier", 0, MAX_MULTIPLIER, multipliers);
    requireRange("shift", 1, MAX_SHIFT, shifts);
  }

  /**
   * Checks the weights, and that no input can overflow 32 bits.
   *
   * @param name begins the message of an error
   * @param inputLimit the largest magnitude of an input
   */
  void check(String name, int weightLimit, int inputLimit) {
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        int weight = weights[o * inputs + i];
        if (Math.abs(weight) > weightLimit) {
          throw new InvalidInputException(
              "%s: weight [%d][%d] is %d, allowed: up to ±%d"
                  .formatted(name, o, i, weight, weightLimit));
        }
      }
      long sum = largestSum(o, inputLimit);
      if (sum >> preShift >= 1L << SCALED_BITS || sum > Integer.MAX_VALUE) {
        throw new InvalidInputException(
            "%s: the sum of row %d may reach %d, which its pre-shift %d does not bring below 2^%d"
                .formatted(name, o, sum, preShift, SCALED_BITS));
      }
    }
  }

  /** The largest magnitude that a row's sum, rounded, can take. */
  private long largestSum(int row, int inputLimit) {
    long sum = (Math.abs((long) biases[row]) << biasShift) + (1L << preShift >> 1);
    for (int i = 0; i < inputs; i++) {
      sum += (long) Math.abs(weights[row * inputs + i]) * inputLimit;
    }
    return sum;
  }

  /** Multiplications of a step that are not by zero. */
  int operations() {
    int operations = 0;
    for (int weight : weights) {
      operations += weight == 0 ? 0 : 1;
    }
    return operations;
  }

  private static void requireLength(String what, int[] values, int length) {
    if (values.length != length) {
      throw new InvalidInputException("%d %s, allowed: %d".formatted(values.length, what, length));
    }
  }

  private static void requireRange(String what, int low, int high, int... values) {
    for (int value : values) {
      if (value < low || value > high) {
        throw new InvalidInputException(
            "a %s of %d, allowed: %d to %d".formatted(what, value, low, high));
      }
    }
  }
}
