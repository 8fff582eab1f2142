package dev.raptor.core.fixed.quantise;

/**
 * The real values that the words of a fixed-point policy stand for, as far as it is free to choose.
 *
 * @param observationFractionBits of each input
 * @param actionFractionBits of the actions
 * @param feature what a 1 of the encoder's output stands for
 * @param gateRange R: a word of the candidate's gate covers ±R, one of the others ±2R
 */
public record Scales(
    int[] observationFractionBits, int actionFractionBits, double feature, double gateRange) {
  Scales withFeature(double scale) {
    return new Scales(observationFractionBits, actionFractionBits, scale, gateRange);
  }

  Scales withGateRange(double range) {
    return new Scales(observationFractionBits, actionFractionBits, feature, range);
  }

  /** With {@code difference} more fraction bits for the inputs of a group. */
  Scales withGroup(int from, int to, int difference) {
    int[] bits = observationFractionBits.clone();
    for (int i = from; i < to; i++) {
      bits[i] += difference;
    }
    return new Scales(bits, actionFractionBits, feature, gateRange);
  }
}
