package dev.raptor.core.interop;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Observation;
import dev.raptor.core.io.Json;
import dev.raptor.core.io.ProtobufMessage;
import dev.raptor.core.network.Dense;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A policy as a model of the Open Neural Network Exchange (ONNX), operators of version 13, for any
 * number of vehicles at once. The memory is given and returned, so that whoever runs the model owns
 * it; zeros are the memory before a flight.
 *
 * <pre>
 *   in    observation [vehicles][22]   state [1][vehicles][hidden]
 *   out   action      [vehicles][4]    next  [1][vehicles][hidden]
 *
 *   observation - Gemm - Relu - Unsqueeze - GRU - Squeeze - Gemm - action
 *                                     state /  \ next
 *   metadata: format = raptor-policy, version = 1, provenance = a JSON object,
 *             crc32 = that of the parameters in the order of {@link RecurrentNetwork}
 * </pre>
 *
 * <p>ONNX stacks a GRU's gates z, r, n where {@link dev.raptor.core.network.Gru} stacks r, z, n;
 * {@code linear_before_reset} is the order of multiplications that it has. The numbers of fields
 * are those of onnx.proto.
 */
public final class OnnxModel {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int IR_VERSION = 8;
  private static final int OPERATORS = 13;
  private static final String VEHICLES = "vehicles";
  private static final String FORMAT = "raptor-policy";
  private static final String VERSION = "1";
  private static final String CHECKSUM = "crc32";
  private static final String ABOUT =
      "A quadrotor policy, one step of 10 ms. observation: position minus target (3, m, world, z"
          + " up), rotation matrix body to world row by row (9), velocity minus that of the target"
          + " (3, m/s, world), body rates (3, rad/s; x forward, y left, z up), the action of the"
          + " step before (4). action: commands of the motors front right, back right, back left,"
          + " front left, -1 lowest to 1 highest speed, to be clamped. state: zeros before a"
          + " flight, then next of the step before.";

  private OnnxModel() {}

  /** The model's bytes; the same policy gives the same bytes. */
  public static byte[] of(RecurrentPolicy policy) {
    RecurrentNetwork network = policy.network();
    Dense encoder = network.encoder();
    Dense decoder = network.decoder();
    Dense gates = network.gru().inputLayer();
    int hidden = network.hidden();
    int gru = network.gruOffset();
    int recurrent = gru + gates.parameterCount();
    int last = network.decoderOffset();
    float[] p = policy.parameters();
    float[] biases = new float[6 * hidden];
    System.arraycopy(swapped(p, gru + gates.biasOffset(), hidden), 0, biases, 0, 3 * hidden);
    System.arraycopy(
        swapped(p, recurrent + gates.biasOffset(), hidden), 0, biases, 3 * hidden, 3 * hidden);

    ProtobufMessage graph =
        new ProtobufMessage()
            .add(1, dense("observation", "encoder", "sums"))
            .add(1, node("Relu", "features", "sums"))
            .add(1, node("Unsqueeze", "sequence", "features", "first_axis"))
            .add(
                1,
                node("GRU", "", "sequence", "gru_w", "gru_r", "gru_b", "", "state")
                    .add(2, "next")
                    .add(5, attribute("hidden_size", hidden))
                    .add(5, attribute("linear_before_reset", 1)))
            .add(1, node("Squeeze", "memory", "next", "first_axis"))
            .add(1, dense("memory", "decoder", "action"))
            .add(2, "raptor")
            .add(5, floats("encoder_w", p, 0, hidden, network.inputs()))
            .add(5, floats("encoder_b", p, encoder.biasOffset(), hidden))
            .add(5, floats("gru_w", swapped(p, gru, hidden * hidden), 0, 1, 3 * hidden, hidden))
            .add(
                5,
                floats("gru_r", swapped(p, recurrent, hidden * hidden), 0, 1, 3 * hidden, hidden))
            .add(5, floats("gru_b", biases, 0, 1, 6 * hidden))
            .add(5, floats("decoder_w", p, last, network.outputs(), hidden))
            .add(5, floats("decoder_b", p, last + decoder.biasOffset(), network.outputs()))
            .add(5, tensor("first_axis", INT64, new byte[Long.BYTES], 1))
            .add(10, ABOUT)
            .add(11, value("observation", vehicles(), side(network.inputs())))
            .add(11, value("state", side(1), vehicles(), side(hidden)))
            .add(12, value("action", vehicles(), side(network.outputs())))
            .add(12, value("next", side(1), vehicles(), side(hidden)));

    return new ProtobufMessage()
        .add(1, IR_VERSION)
        .add(2, "raptor")
        .add(6, ABOUT)
        .add(7, graph)
        .add(8, new ProtobufMessage().add(2, OPERATORS))
        .add(14, entry("format", FORMAT))
        .add(14, entry("version", VERSION))
        .add(14, entry("provenance", Json.write(policy.provenance())))
        .add(14, entry(CHECKSUM, checksum(p)))
        .toBytes();
  }

  /** Whether the bytes begin as a model that {@link #of} wrote does. */
  public static boolean isOne(byte[] bytes) {
    byte[] start = new ProtobufMessage().add(1, IR_VERSION).toBytes();
    return Arrays.mismatch(start, bytes) == start.length;
  }

  /**
   * Reads a model that {@link #of} wrote, and nobody changed since.
   *
   * @param file begins the message of an error
   * @throws InvalidInputException if it is another model, or damaged
   */
  public static RecurrentPolicy parse(byte[] bytes, String file) {
    try {
      return parse(bytes);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
  }

  private static RecurrentPolicy parse(byte[] bytes) {
    ProtobufMessage model = ProtobufMessage.parse(bytes);
    Map<String, String> metadata = new LinkedHashMap<>();
    for (ProtobufMessage entry : model.messages(14)) {
      metadata.put(entry.text(1), entry.text(2));
    }
    String format = metadata.get("format") + " " + metadata.get("version");
    if (!format.equals(FORMAT + " " + VERSION)) {
      throw new InvalidInputException(
          "the metadata's format is '%s', allowed: '%s %s', a model that export wrote"
              .formatted(format, FORMAT, VERSION));
    }
    Map<String, ProtobufMessage> tensors = new LinkedHashMap<>();
    for (ProtobufMessage graph : model.messages(7)) {
      graph.messages(5).forEach(tensor -> tensors.put(tensor.text(8), tensor));
    }
    ProtobufMessage bias = tensors.get("encoder_b");
    List<Long> shape = bias == null ? List.of() : bias.numbers(1);
    if (shape.size() != 1 || shape.get(0) < 1 || shape.get(0) > bytes.length) {
      throw new InvalidInputException("the tensor encoder_b [units] is missing");
    }
    int hidden = shape.get(0).intValue();
    RecurrentNetwork network = new RecurrentNetwork(Observation.SIZE, hidden, 4);
    int part = hidden * hidden;
    float[] biases = read(tensors, "gru_b", 1, 6 * hidden);
    // Every size was checked against the file before this is made.
    float[] encoder = read(tensors, "encoder_w", hidden, network.inputs());
    float[] inputs = read(tensors, "gru_w", 1, 3 * hidden, hidden);
    float[] states = read(tensors, "gru_r", 1, 3 * hidden, hidden);
    FloatBuffer parameters = FloatBuffer.allocate(network.parameterCount());
    parameters.put(encoder).put(read(tensors, "encoder_b", hidden));
    parameters.put(swapped(inputs, 0, part)).put(swapped(biases, 0, hidden));
    parameters.put(swapped(states, 0, part)).put(swapped(biases, 3 * hidden, hidden));
    parameters.put(read(tensors, "decoder_w", network.outputs(), hidden));
    parameters.put(read(tensors, "decoder_b", network.outputs()));
    if (!checksum(parameters.array()).equals(metadata.get(CHECKSUM))) {
      throw new InvalidInputException("damaged: its parameters do not match their checksum");
    }
    if (!(Json.parse(metadata.getOrDefault("provenance", "{}")) instanceof Map<?, ?> map)) {
      throw new InvalidInputException("provenance is not a JSON object");
    }
    Map<String, Object> provenance = new LinkedHashMap<>();
    map.forEach((key, value) -> provenance.put((String) key, value));
    return new RecurrentPolicy(network, parameters.array(), provenance);
  }

  private static float[] read(Map<String, ProtobufMessage> tensors, String name, int... shape) {
    ProtobufMessage tensor = tensors.get(name);
    List<Long> allowed = Arrays.stream(shape).asLongStream().boxed().toList();
    if (tensor == null || !tensor.numbers(1).equals(allowed) || tensor.number(2) != FLOAT) {
      throw new InvalidInputException(
          "the tensor %s of floats, %s, is missing".formatted(name, allowed));
    }
    byte[] raw = tensor.bytes(9);
    long size = allowed.stream().reduce(1L, (a, b) -> a * b);
    if (raw.length != Float.BYTES * size) {
      throw new InvalidInputException(
          "the tensor %s has %d bytes, one of %s has %d"
              .formatted(name, raw.length, allowed, Float.BYTES * size));
    }
    float[] values = new float[(int) size];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  /** Three parts of {@code size} numbers, the first and second exchanged. */
  private static float[] swapped(float[] p, int at, int size) {
    float[] ordered = Arrays.copyOfRange(p, at, at + 3 * size);
    System.arraycopy(p, at + size, ordered, 0, size);
    System.arraycopy(p, at, ordered, size, size);
    return ordered;
  }

  private static String checksum(float[] parameters) {
    CRC32 crc = new CRC32();
    crc.update(raw(parameters, 0, parameters.length));
    return "%08x".formatted(crc.getValue());
  }

  private static byte[] raw(float[] values, int from, int size) {
    ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * size).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values, from, size);
    return raw.array();
  }

  private static ProtobufMessage dense(String from, String name, String to) {
    return node("Gemm", to, from, name + "_w", name + "_b").add(5, attribute("transB", 1));
  }

  private static ProtobufMessage node(String operator, String output, String... inputs) {
    ProtobufMessage node = new ProtobufMessage();
    for (String input : inputs) {
      node.add(1, input);
    }
    return node.add(2, output).add(4, operator);
  }

  private static ProtobufMessage attribute(String name, int value) {
    return new ProtobufMessage().add(1, name).add(3, value).add(20, 2);
  }

  private static ProtobufMessage floats(String name, float[] values, int from, int... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return tensor(name, FLOAT, raw(values, from, size), shape);
  }

  private static ProtobufMessage tensor(String name, int type, byte[] raw, int... shape) {
    ProtobufMessage tensor = new ProtobufMessage();
    for (int side : shape) {
      tensor.add(1, side);
    }
    return tensor.add(2, type).add(8, name).add(9, raw);
  }

  private static ProtobufMessage side(int length) {
    return new ProtobufMessage().add(1, length);
  }

  private static ProtobufMessage vehicles() {
    return new ProtobufMessage().add(2, VEHICLES);
  }

  private static ProtobufMessage value(String name, ProtobufMessage... sides) {
    ProtobufMessage shape = new ProtobufMessage();
    for (ProtobufMessage side : sides) {
      shape.add(1, side);
    }
    ProtobufMessage tensor = new ProtobufMessage().add(1, FLOAT).add(2, shape);
    return new ProtobufMessage().add(1, name).add(2, new ProtobufMessage().add(1, tensor));
  }

  private static ProtobufMessage entry(String key, String value) {
    return new ProtobufMessage().add(1, key).add(2, value);
  }
}
