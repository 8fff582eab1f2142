package dev.raptor.core.fixed;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.IntegerLayer;
import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.network.RecurrentNetwork;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The student in integers. With words x of the observation and the state h, Q15, between steps:
 *
 * <pre>
 *   e  = encoder(x)                    words from 0 to {@link FixedFormat#featureLimit}
 *   h₈ = clamp(rsh(h, 16 − bits))      the state as the matrices see it, of activationBits
 *   gi = inputGates(e)                 stacked r, z, n, clamped to ±65535
 *   gh = stateGates(h₈)                the same
 *   h' = as {@link IntegerKernels#gruGates}
 *   a  = decoder(h₈')                  clamped to ±32767
 * </pre>
 *
 * <p>A gate's word w stands for {@code w R / 32768} of the candidate and {@code w 2R / 32768} of r
 * and z, where R is the range of the table: {@code t_k = tanh(k R / segments)}, Q15. A logistic
 * function is taken as {@code ½ + ½ tanh(x / 2)}, so that one table serves all.
 *
 * <p>A float observation becomes words by {@code clamp(rint(x 2^f))}, f of each input its own; NaN
 * becomes 0. A word of the action stands for {@code a 2^-f}.
 *
 * <p>The file format and all ranges are in {@link FixedFile}; {@code docs/fixed-point.md} tells the
 * whole.
 */
public final class FixedPolicy implements Policy {
  /** The most inputs, hidden units or outputs: what a byte of the file counts. */
  static final int MAX_SIZE = 255;

  /** The largest number of fraction bits of an observation or action. */
  public static final int MAX_FRACTION_BITS = 24;

  private final RecurrentNetwork network;
  private final FixedFormat format;
  private final int[] observationFractionBits;
  private final int actionFractionBits;
  private final List<FixedLayer> layers;
  private final int[] table;
  private final Map<String, Object> provenance;

  private final List<IntegerLayer> packed;
  private final int[] packedTable;
  private final float[] observationScales;
  private final float actionScale;

  /**
   * Copies nothing; the arrays are not to be changed.
   *
   * @param observationFractionBits f of each input, −24 to 24
   * @param actionFractionBits f of the actions, −24 to 24
   * @param layers encoder, input gates, state gates, decoder
   * @param table of tanh, Q15, from 0 up, never falling
   * @param provenance how it was made; values as JSON knows them
   * @throws InvalidInputException if a shape is wrong, a number out of range, or an overflow of 32
   *     bits possible; the message says which
   */
  public FixedPolicy(
      RecurrentNetwork network,
      FixedFormat format,
      int[] observationFractionBits,
      int actionFractionBits,
      List<FixedLayer> layers,
      int[] table,
      Map<String, Object> provenance) {
    this.network = network;
    this.format = format;
    this.observationFractionBits = observationFractionBits;
    this.actionFractionBits = actionFractionBits;
    this.layers = List.copyOf(layers);
    this.table = table;
    this.provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    check();
    packed =
        List.of(
            pack(0, 0, format.featureLimit(), Kernels.SINGLE_GROUP),
            pack(1, -FixedFormat.GATE_LIMIT, FixedFormat.GATE_LIMIT, Kernels.GATES_GROUP),
            pack(2, -FixedFormat.GATE_LIMIT, FixedFormat.GATE_LIMIT, Kernels.GATES_GROUP),
            pack(3, -FixedFormat.WORD_LIMIT, FixedFormat.WORD_LIMIT, IntegerKernels.FEW_GROUP));
    packedTable = pack(table);
    observationScales = new float[network.inputs()];
    for (int i = 0; i < observationScales.length; i++) {
      observationScales[i] = Math.scalb(1f, observationFractionBits[i]);
    }
    actionScale = Math.scalb(1f, -actionFractionBits);
  }

  private void check() {
    int h = network.hidden();
    if (Math.max(h, Math.max(network.inputs(), network.outputs())) > MAX_SIZE) {
      throw new InvalidInputException(
          "a network of %s, allowed: up to %d inputs, hidden units and outputs in integers"
              .formatted(network, MAX_SIZE));
    }
    checkLayer("encoder", 0, network.inputs(), h, FixedFormat.WORD_LIMIT + 1);
    checkLayer("input gates", 1, h, 3 * h, format.featureLimit());
    checkLayer("state gates", 2, h, 3 * h, format.stateLimit());
    checkLayer("decoder", 3, h, network.outputs(), format.stateLimit());
    if (observationFractionBits.length != network.inputs()) {
      throw new InvalidInputException(
          "fraction bits of %d inputs, allowed: %d"
              .formatted(observationFractionBits.length, network.inputs()));
    }
    for (int bits : observationFractionBits) {
      checkFraction(bits);
    }
    checkFraction(actionFractionBits);
    if (table.length != format.tableSegments() + 1) {
      throw new InvalidInputException(
          "a table of %d entries, allowed: %d".formatted(table.length, format.tableSegments() + 1));
    }
    for (int k = 0; k < table.length; k++) {
      int before = k == 0 ? 0 : table[k - 1];
      if (table[k] < before || table[k] > FixedFormat.WORD_LIMIT) {
        throw new InvalidInputException(
            "entry %d of the table is %d, allowed: %d to %d"
                .formatted(k, table[k], before, FixedFormat.WORD_LIMIT));
      }
    }
  }

  private void checkLayer(String name, int index, int inputs, int outputs, int inputLimit) {
    FixedLayer layer = layers.get(index);
    if (layer.inputs() != inputs || layer.outputs() != outputs) {
      throw new InvalidInputException(
          "%s of %d inputs and %d outputs, allowed: %d and %d"
              .formatted(name, layer.inputs(), layer.outputs(), inputs, outputs));
    }
    layer.check(name, format.weightLimit(), inputLimit);
  }

  private static void checkFraction(int bits) {
    if (Math.abs(bits) > MAX_FRACTION_BITS) {
      throw new InvalidInputException(
          "%d fraction bits, allowed: up to ±%d".formatted(bits, MAX_FRACTION_BITS));
    }
  }

  private IntegerLayer pack(int index, int low, int high, int group) {
    FixedLayer layer = layers.get(index);
    int[] biases = layer.biases().clone();
    for (int o = 0; o < biases.length; o++) {
      biases[o] <<= layer.biasShift();
    }
    return IntegerLayer.of(
        layer.inputs(),
        layer.weights(),
        biases,
        layer.preShift(),
        layer.multipliers(),
        layer.shifts(),
        low,
        high,
        group);
  }

  /**
   * The table as {@link IntegerKernels} wants it: a segment is cut into as many pieces as there are
   * more entries, and of a piece all is twice as large where there is but one, so that both kinds
   * of table are read alike.
   */
  private static int[] pack(int[] table) {
    int[] packed = new int[IntegerKernels.TABLE];
    int pieces = packed.length / (table.length - 1);
    for (int k = 0; k < packed.length; k++) {
      int t = table[k / pieces];
      int rise = table[k / pieces + 1] - t;
      packed[k] = rise * 2 / pieces << 16 | 2 * t + 1 + k % pieces * rise;
    }
    return packed;
  }

  /** Encoder, input gates, state gates or decoder as {@link IntegerKernels} wants it. */
  IntegerLayer packed(int layer) {
    return packed.get(layer);
  }

  /** The table as {@link IntegerKernels} wants it. */
  int[] packedTable() {
    return packedTable;
  }

  /** The shape of the network. */
  public RecurrentNetwork network() {
    return network;
  }

  /** The bits that it spends. */
  public FixedFormat format() {
    return format;
  }

  /** The fraction bits of each input: a word w stands for {@code w 2^-f}. */
  public int[] observationFractionBits() {
    return observationFractionBits.clone();
  }

  /** The fraction bits of the actions: a word w stands for {@code w 2^-f}. */
  public int actionFractionBits() {
    return actionFractionBits;
  }

  /** Encoder, input gates, state gates and decoder. */
  public List<FixedLayer> layers() {
    return layers;
  }

  /** The table of tanh. */
  public int[] table() {
    return table.clone();
  }

  /** The bytes that must be in flash for a step: weights, biases, scales and the table. */
  public int flashBytes() {
    return flashBytes(network, format);
  }

  /** The {@link #flashBytes()} of any policy of that network in that format. */
  public static int flashBytes(RecurrentNetwork network, FixedFormat format) {
    int hidden = network.hidden();
    return network.inputs()
        + 1
        + FixedFile.layerBytes(network.inputs(), hidden, format)
        + 2 * FixedFile.layerBytes(hidden, 3 * hidden, format)
        + FixedFile.layerBytes(hidden, network.outputs(), format)
        + 2 * (format.tableSegments() + 1);
  }

  /**
   * The bytes of memory that one vehicle takes, with those that its step works in, as {@link
   * dev.raptor.core.interop.CHeader} does it: state, next state and, where it is another, the state
   * as the matrices see it, the encoder's output, observation and action.
   */
  public int ramBytes() {
    int states = format.stateShift() == 0 ? 2 : 3;
    return 2 * ((states + 1) * network.hidden() + network.inputs() + network.outputs());
  }

  /** Multiplications of a step by weights that are not zero. */
  public int operations() {
    return layers.stream().mapToInt(FixedLayer::operations).sum();
  }

  /** Writes an observation's words: saturated at ±32767, NaN as 0. */
  public void toWords(float[] observation, short[] words) {
    IntegerKernels.active().quantise(words.length, observation, observationScales, words);
  }

  /** What the words of an action stand for, nominally in [-1, 1]. */
  public void toAction(short[] words, float[] action) {
    for (int i = 0; i < action.length; i++) {
      action[i] = words[i] * actionScale;
    }
  }

  /** What an observation's numbers are multiplied by, live. */
  float[] observationScales() {
    return observationScales;
  }

  float actionScale() {
    return actionScale;
  }

  @Override
  public int observationSize() {
    return network.inputs();
  }

  @Override
  public int actionSize() {
    return network.outputs();
  }

  @Override
  public int stateSize() {
    return network.hidden();
  }

  @Override
  public Map<String, Object> provenance() {
    return provenance;
  }

  /** A session that also steps from words to words. */
  @Override
  public FixedSession newSession() {
    return newSession(IntegerKernels.active());
  }

  /**
   * A session on the given kernels, where those of {@link IntegerKernels#active} are not wanted.
   */
  public FixedSession newSession(IntegerKernels kernels) {
    return FixedSession.of(this, kernels);
  }

  @Override
  public PolicyBatch newBatch(int lanes) {
    return new FixedBatch(this, lanes);
  }

  /** The kind of policy and its shape, for people. */
  @Override
  public String toString() {
    return "policy of %s in integers, %s".formatted(network, format());
  }
}
