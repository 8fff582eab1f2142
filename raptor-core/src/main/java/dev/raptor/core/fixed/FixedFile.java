package dev.raptor.core.fixed;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.PolicyFormat;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.core.network.RecurrentNetwork;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * The file of a {@link FixedPolicy}. All numbers are little-endian, signed ones two's complement.
 *
 * <pre>
 *   offset   bytes  what
 *   0        8      magic, the letters RAPTORFX
 *   8        1      version, 1
 *   9        1      bits of a weight, B, 2 to 8
 *   10       1      bits of an activation, 8 to 16
 *   11       1      inputs I
 *   12       1      hidden units H
 *   13       1      outputs O
 *   14       4      bytes of the whole file
 *   18       I      fraction bits of the observation's words, int8, −24 to 24
 *   18+I     1      fraction bits of the action's words, int8, −24 to 24
 *   19+I            encoder      a layer of I inputs and H outputs
 *                   input gates  a layer of H inputs and 3H outputs, stacked r, z, n
 *                   state gates  a layer of H inputs and 3H outputs
 *                   decoder      a layer of H inputs and O outputs
 *            2(S+1) table of tanh, uint16, S = 128 if activations have 16 bits, else 64
 *   --- so far what a step needs; from here on what proves it ---
 *            2      steps N of the example
 *            2 N I  words of the observations, int16, step by step, from a cleared state on
 *            2 N O  words of the actions, int16
 *            4      bytes of the provenance
 *                   provenance, a JSON object, UTF-8
 *            4      CRC-32 (that of zip and Ethernet) of everything before
 *
 *   a layer of n inputs and m outputs:
 *            1      pre-shift p, 0 to 24
 *            1      bias shift β, 0 to 24
 *            m      multipliers, uint8
 *            m      shifts, uint8, 1 to 24
 *            2m     biases, int16, within ±32767
 *            ⌈mnB/8⌉  weights, row by row, B bits each, the first in the lowest bits of the first
 *                   byte; unused bits at the end are 0
 * </pre>
 *
 * A reader refuses a file whose length or checksum is wrong, in which a number is out of its range
 * or a sum could overflow 32 bits, or whose examples do not replay word for word.
 */
public final class FixedFile implements PolicyFormat {
  private static final byte[] MAGIC = "RAPTORFX".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int LENGTH_AT = 14;
  private static final int EXAMPLE_STEPS = 64;

  /** The format; {@link java.util.ServiceLoader} finds it for {@link dev.raptor.core.Policies}. */
  public FixedFile() {}

  /**
   * Words in, and the words that a policy gave, from a cleared state on.
   *
   * @param observations {@code [steps][inputs]}
   * @param actions {@code [steps][outputs]}
   */
  public record Example(short[][] observations, short[][] actions) {
    /** Random words, among them both ends. */
    public static Example of(FixedPolicy policy, int steps) {
      SplittableRandom random = RandomStreams.of(0);
      short[][] observations = new short[steps][policy.observationSize()];
      for (short[] observation : observations) {
        for (int i = 0; i < observation.length; i++) {
          int shift = random.nextInt(17);
          observation[i] = (short) (random.nextInt(-32767, 32768) >> shift);
        }
      }
      Arrays.fill(observations[steps / 2], Short.MAX_VALUE);
      Arrays.fill(observations[steps / 2 + 1], Short.MIN_VALUE);
      return new Example(observations, replay(policy, observations));
    }

    static short[][] replay(FixedPolicy policy, short[][] observations) {
      FixedSession session = policy.newSession();
      short[][] actions = new short[observations.length][policy.actionSize()];
      for (int t = 0; t < observations.length; t++) {
        session.step(observations[t], actions[t]);
      }
      return actions;
    }
  }

  @Override
  public String name() {
    return "fixed point";
  }

  @Override
  public boolean recognises(byte[] bytes) {
    return hasMagic(bytes);
  }

  private static boolean hasMagic(byte[] bytes) {
    return bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Writes the file, whole or not at all. */
  public static void write(FixedPolicy policy, Path path) throws IOException {
    AtomicFile.write(path, toBytes(policy));
  }

  /**
   * Reads a file and replays its examples.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidInputException if it is not such a file or was damaged; the message begins with
   *     the path
   */
  public static FixedPolicy read(Path path) throws IOException {
    return new FixedFile().read(Files.readAllBytes(path), path.toString());
  }

  @Override
  public FixedPolicy read(byte[] bytes, String name) {
    try {
      return parse(bytes);
    } catch (BufferUnderflowException e) {
      throw new InvalidInputException(name + ": truncated within what its header promises", e);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(name + ": " + e.getMessage(), e);
    }
  }

  /** The file's bytes; the same policy gives the same bytes. */
  public static byte[] toBytes(FixedPolicy policy) {
    RecurrentNetwork network = policy.network();
    byte[] provenance = Json.write(policy.provenance()).getBytes(StandardCharsets.UTF_8);
    Example example = Example.of(policy, EXAMPLE_STEPS);
    int size =
        LENGTH_AT
            + 4
            + policy.flashBytes()
            + 2
            + 2 * EXAMPLE_STEPS * (network.inputs() + network.outputs())
            + 4
            + provenance.length
            + 4;
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) VERSION);
    out.put((byte) policy.format().weightBits()).put((byte) policy.format().activationBits());
    out.put((byte) network.inputs()).put((byte) network.hidden()).put((byte) network.outputs());
    out.putInt(size);
    for (int bits : policy.observationFractionBits()) {
      out.put((byte) bits);
    }
    out.put((byte) policy.actionFractionBits());
    for (FixedLayer layer : policy.layers()) {
      putLayer(out, layer, policy.format().weightBits());
    }
    for (int entry : policy.table()) {
      out.putShort((short) entry);
    }
    out.putShort((short) EXAMPLE_STEPS);
    putWords(out, example.observations());
    putWords(out, example.actions());
    out.putInt(provenance.length).put(provenance);
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  private static FixedPolicy parse(byte[] bytes) {
    if (!hasMagic(bytes)) {
      throw new InvalidInputException("not a fixed-point policy: it does not begin RAPTORFX");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < LENGTH_AT + 8 || in.getInt(LENGTH_AT) != bytes.length) {
      throw new InvalidInputException(
          "truncated or damaged: %d bytes, its header says %s"
              .formatted(
                  bytes.length, bytes.length < LENGTH_AT + 8 ? "more" : in.getInt(LENGTH_AT)));
    }
    if (in.getInt(bytes.length - 4) != checksum(bytes, bytes.length - 4)) {
      throw new InvalidInputException("damaged: its content does not match its checksum");
    }
    in.position(MAGIC.length);
    int version = in.get();
    if (version != VERSION) {
      throw new InvalidInputException("version %d, allowed: %d".formatted(version, VERSION));
    }
    FixedFormat format = new FixedFormat(in.get(), in.get());
    int inputs = size(in, "inputs");
    int hidden = size(in, "hidden units");
    int outputs = size(in, "outputs");
    in.position(LENGTH_AT + 4);
    int[] observationBits = new int[inputs];
    for (int i = 0; i < inputs; i++) {
      observationBits[i] = in.get();
    }
    int actionBits = in.get();
    List<FixedLayer> layers = new ArrayList<>();
    layers.add(layer(in, inputs, hidden, format.weightBits()));
    layers.add(layer(in, hidden, 3 * hidden, format.weightBits()));
    layers.add(layer(in, hidden, 3 * hidden, format.weightBits()));
    layers.add(layer(in, hidden, outputs, format.weightBits()));
    int[] table = new int[format.tableSegments() + 1];
    for (int k = 0; k < table.length; k++) {
      table[k] = Short.toUnsignedInt(in.getShort());
    }
    int steps = Short.toUnsignedInt(in.getShort());
    short[][] observations = words(in, steps, inputs);
    short[][] actions = words(in, steps, outputs);
    int textLength = in.getInt();
    if (textLength != in.remaining() - 4) {
      throw new InvalidInputException(
          "a provenance of %d bytes, allowed: %d".formatted(textLength, in.remaining() - 4));
    }
    byte[] text = new byte[textLength];
    in.get(text);
    FixedPolicy policy =
        new FixedPolicy(
            new RecurrentNetwork(inputs, hidden, outputs),
            format,
            observationBits,
            actionBits,
            layers,
            table,
            provenance(text));
    if (steps == 0 || !Arrays.deepEquals(Example.replay(policy, observations), actions)) {
      throw new InvalidInputException("the examples do not replay word for word");
    }
    return policy;
  }

  private static int size(ByteBuffer in, String what) {
    int size = Byte.toUnsignedInt(in.get());
    if (size == 0) {
      throw new InvalidInputException(
          "0 %s, allowed: 1 to %d".formatted(what, FixedPolicy.MAX_SIZE));
    }
    return size;
  }

  private static Map<String, Object> provenance(byte[] text) {
    if (!(Json.parse(new String(text, StandardCharsets.UTF_8)) instanceof Map<?, ?> map)) {
      throw new InvalidInputException("provenance is not a JSON object");
    }
    Map<String, Object> provenance = new LinkedHashMap<>();
    map.forEach((key, value) -> provenance.put((String) key, value));
    return provenance;
  }

  /** The bytes of a layer. */
  static int layerBytes(int inputs, int outputs, FixedFormat format) {
    return 2 + 4 * outputs + weightBytes(inputs * outputs, format.weightBits());
  }

  private static int weightBytes(int count, int bits) {
    return (count * bits + 7) / 8;
  }

  private static void putLayer(ByteBuffer out, FixedLayer layer, int bits) {
    out.put((byte) layer.preShift()).put((byte) layer.biasShift());
    for (int multiplier : layer.multipliers()) {
      out.put((byte) multiplier);
    }
    for (int shift : layer.shifts()) {
      out.put((byte) shift);
    }
    for (int bias : layer.biases()) {
      out.putShort((short) bias);
    }
    out.put(packWeights(layer.weights(), bits));
  }

  /** Weights of {@code bits} bits each, the first in the lowest bits of the first byte. */
  public static byte[] packWeights(int[] weights, int bits) {
    byte[] bytes = new byte[weightBytes(weights.length, bits)];
    for (int i = 0; i < weights.length; i++) {
      for (int b = 0; b < bits; b++) {
        int at = i * bits + b;
        bytes[at / 8] |= (byte) ((weights[i] >> b & 1) << at % 8);
      }
    }
    return bytes;
  }

  private static FixedLayer layer(ByteBuffer in, int inputs, int outputs, int bits) {
    int preShift = in.get();
    int biasShift = in.get();
    int[] multipliers = new int[outputs];
    Arrays.setAll(multipliers, o -> Byte.toUnsignedInt(in.get()));
    int[] shifts = new int[outputs];
    Arrays.setAll(shifts, o -> in.get());
    int[] biases = new int[outputs];
    Arrays.setAll(biases, o -> in.getShort());
    int[] weights = new int[outputs * inputs];
    byte[] packed = new byte[weightBytes(weights.length, bits)];
    in.get(packed);
    for (int i = 0; i < weights.length; i++) {
      int weight = 0;
      for (int b = 0; b < bits; b++) {
        int at = i * bits + b;
        weight |= (packed[at / 8] >> at % 8 & 1) << b;
      }
      weights[i] = weight << 32 - bits >> 32 - bits;
    }
    return new FixedLayer(
        inputs, outputs, weights, biases, biasShift, preShift, multipliers, shifts);
  }

  private static void putWords(ByteBuffer out, short[][] rows) {
    for (short[] row : rows) {
      for (short word : row) {
        out.putShort(word);
      }
    }
  }

  private static short[][] words(ByteBuffer in, int steps, int size) {
    short[][] rows = new short[steps][size];
    for (short[] row : rows) {
      for (int i = 0; i < size; i++) {
        row[i] = in.getShort();
      }
    }
    return rows;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
