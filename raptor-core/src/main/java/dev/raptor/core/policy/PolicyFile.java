package dev.raptor.core.policy;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Observation;
import dev.raptor.core.Policies;
import dev.raptor.core.PolicyExample;
import dev.raptor.core.PolicyFormat;
import dev.raptor.core.io.Json;
import dev.raptor.core.io.Safetensors;
import dev.raptor.core.io.Tensor;
import dev.raptor.core.network.RecurrentNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The file of a {@link RecurrentPolicy}, a {@link Safetensors} file:
 *
 * <pre>
 *   encoder.weight [16, 22]  encoder.bias [16]
 *   gru.weight_ih [48, 16]   gru.bias_ih [48]   gru.weight_hh [48, 16]   gru.bias_hh [48]
 *   decoder.weight [4, 16]   decoder.bias [4]   initial_state [16]
 *   example.input [steps, sequences, 22]        example.output [steps, sequences, 4]
 *   metadata: format = raptor-policy, version = 1, provenance = a JSON object
 * </pre>
 *
 * The examples are replayed when a file is read, and a policy that does not reproduce them to a
 * mean difference of 1e-6 is refused rather than flown.
 */
public final class PolicyFile implements PolicyFormat {
  private static final String FORMAT = "raptor-policy";
  private static final String VERSION = "1";
  private static final int EXAMPLE_STEPS = 100;
  private static final int EXAMPLE_SEQUENCES = 2;

  /** The format; {@link java.util.ServiceLoader} finds it for {@link dev.raptor.core.Policies}. */
  public PolicyFile() {}

  /**
   * Reads a policy file and replays its examples.
   *
   * @throws IOException if the file cannot be read
   * @throws InvalidInputException as {@link Policies#load}, and if the policy is not in float
   */
  public static RecurrentPolicy read(Path path) throws IOException {
    if (Policies.load(path) instanceof RecurrentPolicy policy) {
      return policy;
    }
    throw new InvalidInputException(
        path + ": a policy in fixed point, allowed: one in float, from train or import");
  }

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public boolean recognises(byte[] bytes) {
    return bytes.length > Long.BYTES && bytes[Long.BYTES] == '{';
  }

  @Override
  public RecurrentPolicy read(byte[] bytes, String name) {
    return fromFile(Safetensors.parse(bytes, name), name);
  }

  /** Writes a policy file with fresh examples, whole or not at all. */
  public static void write(RecurrentPolicy policy, Path path) throws IOException {
    write(policy, PolicyExample.record(policy, EXAMPLE_STEPS, EXAMPLE_SEQUENCES, 0), path);
  }

  /** Writes a policy file with the given examples, whole or not at all. */
  public static void write(RecurrentPolicy policy, PolicyExample example, Path path)
      throws IOException {
    checkExample(policy, example, path.toString());
    RecurrentNetwork network = policy.network();
    float[] parameters = policy.parameters();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Part part : parts(network)) {
      float[] data = Arrays.copyOfRange(parameters, part.at, part.at + part.size());
      tensors.put(part.name, Tensor.of(data, part.shape));
    }
    tensors.put(
        "example.input",
        Tensor.of(example.inputs(), example.steps(), example.sequences(), network.inputs()));
    tensors.put(
        "example.output",
        Tensor.of(example.outputs(), example.steps(), example.sequences(), network.outputs()));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("version", VERSION);
    metadata.put("provenance", Json.write(policy.provenance()));
    new Safetensors(metadata, tensors).write(path);
  }

  private static RecurrentPolicy fromFile(Safetensors file, String name) {
    try {
      return fromFile(file);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(name + ": " + e.getMessage(), e);
    }
  }

  private static RecurrentPolicy fromFile(Safetensors file) {
    String format = file.metadata().get("format") + " " + file.metadata().get("version");
    if (!format.equals(FORMAT + " " + VERSION)) {
      throw new InvalidInputException(
          "format is '%s', allowed is '%s %s'".formatted(format, FORMAT, VERSION));
    }
    RecurrentNetwork network = new RecurrentNetwork(Observation.SIZE, hiddenUnits(file), 4);
    for (Part part : parts(network)) {
      // All shapes are checked before anything is made as large as a damaged one may ask for.
      file.data(part.name, part.shape);
    }
    float[] parameters = new float[network.parameterCount()];
    for (Part part : parts(network)) {
      System.arraycopy(file.data(part.name, part.shape), 0, parameters, part.at, part.size());
    }
    if (!(Json.parse(file.metadata().getOrDefault("provenance", "{}")) instanceof Map<?, ?> map)) {
      throw new InvalidInputException("provenance is not a JSON object");
    }
    Map<String, Object> provenance = new LinkedHashMap<>();
    map.forEach((key, value) -> provenance.put((String) key, value));
    RecurrentPolicy policy = new RecurrentPolicy(network, parameters, provenance);

    Tensor input = file.tensors().get("example.input");
    if (input == null || input.shape().size() != 3) {
      throw new InvalidInputException("example.input [steps, sequences, 22] is missing");
    }
    int steps = input.shape().get(0);
    int sequences = input.shape().get(1);
    checkExample(
        policy,
        new PolicyExample(
            steps,
            sequences,
            file.data("example.input", steps, sequences, network.inputs()),
            file.data("example.output", steps, sequences, network.outputs())),
        "examples");
    return policy;
  }

  private static int hiddenUnits(Safetensors file) {
    Tensor bias = file.tensors().get("encoder.bias");
    if (bias == null) {
      throw new InvalidInputException(
          "tensor \"encoder.bias\" is missing; there are " + file.tensors().keySet());
    }
    if (bias.shape().size() != 1 || bias.shape().get(0) < 1) {
      throw new InvalidInputException(
          "tensor \"encoder.bias\" has shape %s, allowed is [units]".formatted(bias.shape()));
    }
    return bias.shape().get(0);
  }

  private static void checkExample(RecurrentPolicy policy, PolicyExample example, String what) {
    double difference = example.outputs().length == 0 ? Double.NaN : example.meanDifference(policy);
    if (!(difference < PolicyExample.TOLERANCE)) {
      throw new InvalidInputException(
          "%s: the examples replay with a mean difference of %s, allowed is below %s"
              .formatted(what, difference, PolicyExample.TOLERANCE));
    }
  }

  /** A tensor's place in the flat parameter array. */
  private record Part(String name, int at, Integer... shape) {
    int size() {
      int size = 1;
      for (int side : shape) {
        size *= side;
      }
      return size;
    }
  }

  private static Part[] parts(RecurrentNetwork network) {
    int in = network.inputs();
    int h = network.hidden();
    int out = network.outputs();
    int gru = network.gruOffset();
    int state = gru + 3 * h * (h + 1);
    int decoder = network.decoderOffset();
    return new Part[] {
      new Part("encoder.weight", 0, h, in),
      new Part("encoder.bias", h * in, h),
      new Part("gru.weight_ih", gru, 3 * h, h),
      new Part("gru.bias_ih", gru + 3 * h * h, 3 * h),
      new Part("gru.weight_hh", state, 3 * h, h),
      new Part("gru.bias_hh", state + 3 * h * h, 3 * h),
      new Part("decoder.weight", decoder, out, h),
      new Part("decoder.bias", decoder + out * h, out),
      new Part("initial_state", network.initialStateOffset(), h)
    };
  }
}
