package dev.raptor.core.interop;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.PolicyExample;
import dev.raptor.core.io.TarArchive;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A policy in the tar archive of the RLtools library, as PX4's module {@code mc_raptor} reads it
 * from {@code raptor/policy.tar} on the memory card. Each group of tensors has a text {@code meta}
 * of lines {@code key: value}; each tensor a {@code meta} with its shape, and its numbers, 32-bit
 * floats, little-endian and row by row, in {@code data}:
 *
 * <pre>
 * actor                    checkpoint_name, type "sequential"
 *   layers/0               activation_function "RELU", type "dense"
 *     weights/parameters                [16][22]
 *     biases/parameters                 [16]
 *   layers/1               type "gru", gates in the order r, z, n
 *     weights_input/parameters          [48][16]
 *     biases_input/parameters           [48]
 *     weights_hidden/parameters         [48][16]
 *     biases_hidden/parameters          [48]
 *     initial_hidden_state/parameters   [16]
 *   layers/2               activation_function "IDENTITY", type "dense"
 *     weights/parameters                [4][16]
 *     biases/parameters                 [4]
 * example
 *   input                               [500][2][22]
 *   output                              [500][2][4]
 * </pre>
 *
 * <p>The module was compiled for these shapes. Before it lets a vehicle arm it replays the first
 * five steps of both sequences of the example, and refuses the file where they differ by 1e-5 or
 * more on average.
 *
 * @param name what the policy calls itself, 1 to {@value #LONGEST_NAME} printable characters of
 *     ASCII; PX4 prints it when it has read the file
 * @param parameters of {@link RecurrentNetwork#RAPTOR}, in its order
 * @param example what the policy does, from a cleared memory on
 */
public record RlToolsArchive(String name, float[] parameters, PolicyExample example) {
  /** The longest name that PX4 keeps. */
  public static final int LONGEST_NAME = 99;

  private static final RecurrentNetwork NETWORK = RecurrentNetwork.RAPTOR;
  private static final int EXAMPLE_STEPS = 500;
  private static final int EXAMPLE_SEQUENCES = 2;
  private static final String ACTIVATION = "activation_function";
  private static final int H = NETWORK.hidden();
  private static final Part INITIAL_STATE = new Part("initial_hidden_state", H);

  /**
   * @throws InvalidInputException if the name is not as said above
   */
  public RlToolsArchive {
    if (!name.matches("[ -~]{1," + LONGEST_NAME + "}")) {
      throw new InvalidInputException(
          "the name '%s', allowed: 1 to %d printable characters of ASCII"
              .formatted(name, LONGEST_NAME));
    }
  }

  /**
   * A policy with a fresh example.
   *
   * @throws InvalidInputException if the name is not as said above, or the policy is not of the
   *     shape that PX4's module was compiled for
   */
  public static RlToolsArchive of(RecurrentPolicy policy, String name) {
    if (!policy.network().equals(NETWORK)) {
      throw new InvalidInputException(
          "a network of %s, allowed: %s, which PX4's module is compiled for"
              .formatted(policy.network(), NETWORK));
    }
    return new RlToolsArchive(
        name,
        policy.parameters(),
        PolicyExample.record(policy, EXAMPLE_STEPS, EXAMPLE_SEQUENCES, 0));
  }

  /** The policy, with where it came from as its provenance. */
  public RecurrentPolicy policy() {
    return new RecurrentPolicy(
        NETWORK,
        parameters,
        Map.of("source", "a checkpoint of the reference implementation", "checkpoint", name));
  }

  /** The file's bytes; the same content gives the same bytes. */
  public byte[] toBytes() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    meta(entries, "actor", "checkpoint_name", name, "type", "sequential");
    FloatBuffer values = FloatBuffer.wrap(parameters);
    for (Layer layer : Layer.values()) {
      for (Part part : layer.parts) {
        String group = layer.group() + '/' + part.name + "/parameters";
        FloatBuffer source = part == INITIAL_STATE ? initialState() : values;
        tensor(entries, group, source, part.shape);
      }
      if (layer.activation == null) {
        meta(entries, layer.group(), "type", layer.type);
      } else {
        meta(entries, layer.group(), ACTIVATION, layer.activation, "type", layer.type);
      }
    }
    int steps = example.steps();
    int sequences = example.sequences();
    FloatBuffer inputs = FloatBuffer.wrap(example.inputs());
    FloatBuffer outputs = FloatBuffer.wrap(example.outputs());
    tensor(entries, "example/input", inputs, steps, sequences, NETWORK.inputs());
    tensor(entries, "example/output", outputs, steps, sequences, NETWORK.outputs());
    return new TarArchive(entries).toBytes();
  }

  /**
   * Reads a file's bytes.
   *
   * @param file begins the message of an error
   * @throws InvalidInputException if they are no such archive or a damaged one, or hold another
   *     network; the message says what was found and what is allowed
   */
  public static RlToolsArchive parse(byte[] bytes, String file) {
    TarArchive archive = TarArchive.parse(bytes, file);
    try {
      return read(archive);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
  }

  private static RlToolsArchive read(TarArchive archive) {
    Map<String, String> actor = attributes(archive, "actor");
    require(actor, "actor", "type", "sequential");
    FloatBuffer parameters = FloatBuffer.allocate(NETWORK.parameterCount());
    float[] initial = null;
    for (Layer layer : Layer.values()) {
      Map<String, String> attributes = attributes(archive, layer.group());
      require(attributes, layer.group(), "type", layer.type);
      if (layer.activation != null) {
        require(attributes, layer.group(), ACTIVATION, layer.activation);
      }
      for (Part part : layer.parts) {
        String group = layer.group() + '/' + part.name + "/parameters";
        float[] values = floats(archive, group, part.shape);
        if (part == INITIAL_STATE) {
          initial = values;
        } else {
          parameters.put(values);
        }
      }
    }
    parameters.put(initial);
    Map<String, String> input = attributes(archive, "example/input");
    int steps = dimension(input, 0);
    int sequences = dimension(input, 1);
    return new RlToolsArchive(
        attribute(actor, "actor", "checkpoint_name"),
        parameters.array(),
        new PolicyExample(
            steps,
            sequences,
            floats(archive, "example/input", steps, sequences, NETWORK.inputs()),
            floats(archive, "example/output", steps, sequences, NETWORK.outputs())));
  }

  /** A tensor of a layer. */
  private record Part(String name, int... shape) {}

  /** The layers in the order of the network's parameters, but for the initial state. */
  private enum Layer {
    ENCODER("dense", "RELU", new Part("weights", H, NETWORK.inputs()), new Part("biases", H)),
    GRU(
        "gru",
        null,
        new Part("weights_input", 3 * H, H),
        new Part("biases_input", 3 * H),
        new Part("weights_hidden", 3 * H, H),
        new Part("biases_hidden", 3 * H),
        INITIAL_STATE),
    DECODER(
        "dense",
        "IDENTITY",
        new Part("weights", NETWORK.outputs(), H),
        new Part("biases", NETWORK.outputs()));

    final String type;
    final String activation;
    final Part[] parts;

    Layer(String type, String activation, Part... parts) {
      this.type = type;
      this.activation = activation;
      this.parts = parts;
    }

    String group() {
      return "actor/layers/" + ordinal();
    }
  }

  private FloatBuffer initialState() {
    return FloatBuffer.wrap(parameters, NETWORK.initialStateOffset(), H);
  }

  private static void meta(Map<String, byte[]> entries, String group, String... keysAndValues) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      lines.append(keysAndValues[i]).append(": ").append(keysAndValues[i + 1]).append('\n');
    }
    entries.put(group + "/meta", lines.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes the next numbers of {@code from}. */
  private static void tensor(
      Map<String, byte[]> entries, String group, FloatBuffer from, int... shape) {
    int size = (int) size(shape);
    ByteBuffer data = ByteBuffer.allocate(Float.BYTES * size).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(from.slice(from.position(), size));
    from.position(from.position() + size);
    StringBuilder lines =
        new StringBuilder("type: tensor\ndtype: float32\nnum_dims: " + shape.length + "\n");
    for (int i = 0; i < shape.length; i++) {
      lines.append("dim_").append(i).append(": ").append(shape[i]).append('\n');
    }
    entries.put(group + "/meta", lines.toString().getBytes(StandardCharsets.US_ASCII));
    entries.put(group + "/data", data.array());
  }

  private static float[] floats(TarArchive archive, String group, int... shape) {
    Map<String, String> attributes = attributes(archive, group);
    require(attributes, group, "type", "tensor");
    require(attributes, group, "dtype", "float32");
    StringJoiner found = new StringJoiner("][", "[", "]");
    StringJoiner allowed = new StringJoiner("][", "[", "]");
    for (int i = 0; attributes.containsKey("dim_" + i); i++) {
      found.add(attributes.get("dim_" + i));
    }
    for (int side : shape) {
      allowed.add(Integer.toString(side));
    }
    if (!found.toString().equals(allowed.toString())) {
      throw new InvalidInputException(
          "'%s' has shape %s, allowed: %s".formatted(group, found, allowed));
    }
    byte[] data = entry(archive, group + "/data");
    if (data.length != Float.BYTES * size(shape)) {
      throw new InvalidInputException(
          "'%s/data' has %d bytes, a tensor of shape %s has %d"
              .formatted(group, data.length, found, Float.BYTES * size(shape)));
    }
    float[] values = new float[data.length / Float.BYTES];
    ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new InvalidInputException(
            "'%s/data' has %s at %d, allowed: finite numbers".formatted(group, values[i], i));
      }
    }
    return values;
  }

  private static long size(int... shape) {
    long size = 1;
    for (int side : shape) {
      size *= side;
    }
    return size;
  }

  private static int dimension(Map<String, String> attributes, int i) {
    String text = attribute(attributes, "example/input", "dim_" + i);
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw new InvalidInputException(
          "'example/input' has dim_%d '%s', allowed: 1 to 999999".formatted(i, text));
    }
    return Integer.parseInt(text);
  }

  private static Map<String, String> attributes(TarArchive archive, String group) {
    Map<String, String> attributes = new LinkedHashMap<>();
    new String(entry(archive, group + "/meta"), StandardCharsets.ISO_8859_1)
        .lines()
        .map(line -> line.split(": ", 2))
        .filter(line -> line.length == 2)
        .forEach(line -> attributes.put(line[0], line[1]));
    return attributes;
  }

  private static byte[] entry(TarArchive archive, String path) {
    byte[] data = archive.entries().get(path);
    if (data == null) {
      throw new InvalidInputException("'%s' is missing, allowed: one there".formatted(path));
    }
    return data;
  }

  private static String attribute(Map<String, String> attributes, String group, String key) {
    String found = attributes.get(key);
    if (found == null) {
      throw new InvalidInputException(
          "'%s/meta' has no line '%s', allowed: one there".formatted(group, key));
    }
    return found;
  }

  private static void require(
      Map<String, String> attributes, String group, String key, String allowed) {
    String found = attribute(attributes, group, key);
    if (!found.equals(allowed)) {
      throw new InvalidInputException(
          "'%s' has %s '%s', allowed: '%s'".formatted(group, key, found, allowed));
    }
  }
}
