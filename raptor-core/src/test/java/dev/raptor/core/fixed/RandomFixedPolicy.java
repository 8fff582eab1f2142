package dev.raptor.core.fixed;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.RecurrentNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A policy drawn as integers, the same on every machine. */
public final class RandomFixedPolicy {
  private RandomFixedPolicy() {}

  public static FixedPolicy of(FixedFormat format, int hidden) {
    return of(format, hidden, 4);
  }

  public static FixedPolicy of(FixedFormat format, int hidden, int outputs) {
    SplittableRandom random = RandomStreams.of(5);
    RecurrentNetwork network = new RecurrentNetwork(22, hidden, outputs);
    int[] fractions = new int[22];
    Arrays.fill(fractions, 12);
    int[] table = new int[format.tableSegments() + 1];
    for (int k = 0; k < table.length; k++) {
      table[k] =
          (int)
              StrictMath.min(
                  32767,
                  StrictMath.rint(32768 * StrictMath.tanh(8.0 * k / format.tableSegments())));
    }
    return new FixedPolicy(
        network,
        format,
        fractions,
        12,
        List.of(
            layer(
                random, format, 22, hidden, 32768, StrictMath.min(12, format.activationBits() - 2)),
            layer(random, format, hidden, 3 * hidden, format.featureLimit(), 12),
            layer(random, format, hidden, 3 * hidden, format.stateLimit(), 12),
            layer(random, format, hidden, outputs, format.stateLimit(), 12)),
        table,
        Map.of("made_by", "a test"));
  }

  /** Random weights and biases, and shifts that give words of some {@code outputBits} bits. */
  private static FixedLayer layer(
      SplittableRandom random,
      FixedFormat format,
      int inputs,
      int outputs,
      int inputLimit,
      int outputBits) {
    int[] weights = new int[inputs * outputs];
    Arrays.setAll(weights, i -> random.nextInt(-format.weightLimit(), format.weightLimit() + 1));
    int[] biases = new int[outputs];
    Arrays.setAll(biases, o -> random.nextInt(-32767, 32768));
    int[] multipliers = new int[outputs];
    Arrays.setAll(multipliers, o -> random.nextInt(128, 256));
    long largest = (long) inputs * format.weightLimit() * inputLimit;
    int bits = 64 - Long.numberOfLeadingZeros(largest);
    int preShift = Math.max(0, bits + 1 - FixedLayer.SCALED_BITS);
    int[] shifts = new int[outputs];
    Arrays.fill(shifts, Math.clamp(bits - 3 - preShift + 7 - outputBits, 1, 24));
    return new FixedLayer(
        inputs, outputs, weights, biases, Math.max(0, bits - 17), preShift, multipliers, shifts);
  }
}
