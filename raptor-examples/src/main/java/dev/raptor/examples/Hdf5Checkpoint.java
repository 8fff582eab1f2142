package dev.raptor.examples;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The tensors of a checkpoint that the reference implementation of RAPTOR wrote as HDF5:
 *
 * <pre>
 * /actor                    type "sequential", checkpoint_name, meta
 *   layers/0                type "dense", activation_function "RELU"
 *     weights/parameters                [16][22]
 *     biases/parameters                 [1][16]
 *   layers/1                type "gru", gates in the order r, z, n
 *     weights_input/parameters          [48][16]
 *     biases_input/parameters           [48]
 *     weights_hidden/parameters         [48][16]
 *     biases_hidden/parameters          [48]
 *     initial_hidden_state/parameters   [16]
 *   layers/2                type "dense", activation_function "IDENTITY"
 *     weights/parameters                [4][16]
 *     biases/parameters                 [1][4]
 * /example
 *   input                               [steps][sequences][22]
 *   output                              [steps][sequences][4]
 * </pre>
 *
 * Arrays are flat, the last index fastest.
 *
 * @param name what the checkpoint calls itself
 * @param meta JSON that says how it was made
 * @param encoderWeights [16][22]
 * @param encoderBiases [16]
 * @param gruInputWeights [48][16]
 * @param gruInputBiases [48]
 * @param gruHiddenWeights [48][16]
 * @param gruHiddenBiases [48]
 * @param initialState [16]
 * @param decoderWeights [4][16]
 * @param decoderBiases [4]
 * @param exampleSteps steps of the example, which starts from the initial state
 * @param exampleSequences independent sequences of the example
 * @param exampleInput [steps][sequences][22]
 * @param exampleOutput [steps][sequences][4]
 */
public record Hdf5Checkpoint(
    String name,
    String meta,
    float[] encoderWeights,
    float[] encoderBiases,
    float[] gruInputWeights,
    float[] gruInputBiases,
    float[] gruHiddenWeights,
    float[] gruHiddenBiases,
    float[] initialState,
    float[] decoderWeights,
    float[] decoderBiases,
    int exampleSteps,
    int exampleSequences,
    float[] exampleInput,
    float[] exampleOutput) {
  /** Inputs of the network. */
  public static final int INPUTS = 22;

  /** Hidden units. */
  public static final int HIDDEN = 16;

  /** Outputs of the network. */
  public static final int OUTPUTS = 4;

  /**
   * Reads a file.
   *
   * @throws IOException if there is no such file, or it may not be read
   * @throws IllegalArgumentException if it is not such a checkpoint; the message says the file,
   *     what was found and what is allowed
   */
  public static Hdf5Checkpoint read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + ": not a file, allowed: an HDF5 checkpoint");
    }
    // Read whole, because a truncated file that is mapped fails where nobody expects it.
    try (HdfFile hdf = HdfFile.fromByteBuffer(ByteBuffer.wrap(Files.readAllBytes(file)))) {
      return read(hdf);
    } catch (HdfException | IllegalStateException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "%s: not a whole HDF5 file (%s), allowed: a checkpoint of the reference implementation"
              .formatted(file, e.getMessage()),
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static Hdf5Checkpoint read(HdfFile hdf) {
    Group actor = group(hdf, "/actor");
    requireText(actor, "type", "sequential");
    Group encoder = group(hdf, "/actor/layers/0");
    requireText(encoder, "type", "dense");
    requireText(encoder, "activation_function", "RELU");
    Group gru = group(hdf, "/actor/layers/1");
    requireText(gru, "type", "gru");
    Group decoder = group(hdf, "/actor/layers/2");
    requireText(decoder, "type", "dense");
    requireText(decoder, "activation_function", "IDENTITY");
    if (hdf.getByPath("/actor/layers") instanceof Group layers
        && layers.getChildren().size() != 3) {
      throw new IllegalArgumentException(
          "/actor/layers has %d layers, allowed: 3".formatted(layers.getChildren().size()));
    }
    Dataset input = dataset(hdf, "/example/input");
    int[] shape = input.getDimensions();
    int steps = shape.length == 3 ? shape[0] : 0;
    int sequences = shape.length == 3 ? shape[1] : 0;
    return new Hdf5Checkpoint(
        text(actor, "checkpoint_name"),
        text(actor, "meta"),
        parameters(hdf, encoder, "weights", HIDDEN, INPUTS),
        parameters(hdf, encoder, "biases", 1, HIDDEN),
        parameters(hdf, gru, "weights_input", 3 * HIDDEN, HIDDEN),
        parameters(hdf, gru, "biases_input", 3 * HIDDEN),
        parameters(hdf, gru, "weights_hidden", 3 * HIDDEN, HIDDEN),
        parameters(hdf, gru, "biases_hidden", 3 * HIDDEN),
        parameters(hdf, gru, "initial_hidden_state", HIDDEN),
        parameters(hdf, decoder, "weights", OUTPUTS, HIDDEN),
        parameters(hdf, decoder, "biases", 1, OUTPUTS),
        steps,
        sequences,
        floats(hdf, "/example/input", steps, sequences, INPUTS),
        floats(hdf, "/example/output", steps, sequences, OUTPUTS));
  }

  private static float[] parameters(HdfFile hdf, Group layer, String name, int... shape) {
    return floats(hdf, layer.getPath() + name + "/parameters", shape);
  }

  private static float[] floats(HdfFile hdf, String path, int... shape) {
    Dataset dataset = dataset(hdf, path);
    if (!Arrays.equals(dataset.getDimensions(), shape)
        || Arrays.stream(shape).anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException(
          "%s has shape %s, allowed: %s"
              .formatted(path, Arrays.toString(dataset.getDimensions()), Arrays.toString(shape)));
    }
    if (dataset.getJavaType() != float.class) {
      throw new IllegalArgumentException(
          "%s holds %s, allowed: 32-bit floats".formatted(path, dataset.getJavaType()));
    }
    float[] values = (float[]) dataset.getDataFlat();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s has %s at %d, allowed: finite numbers".formatted(path, values[i], i));
      }
    }
    return values;
  }

  private static Group group(HdfFile hdf, String path) {
    if (node(hdf, path) instanceof Group group) {
      return group;
    }
    throw new IllegalArgumentException(path + " is missing, allowed: a group there");
  }

  private static Dataset dataset(HdfFile hdf, String path) {
    if (node(hdf, path) instanceof Dataset dataset) {
      return dataset;
    }
    throw new IllegalArgumentException(path + " is missing, allowed: a dataset there");
  }

  /** The node, or null. jHDF throws where a part of the path is missing. */
  private static Node node(HdfFile hdf, String path) {
    Node at = hdf;
    for (String part : path.substring(1).split("/")) {
      at = at instanceof Group group ? group.getChild(part) : null;
    }
    return at;
  }

  private static void requireText(Group group, String attribute, String allowed) {
    String found = text(group, attribute);
    if (!found.equals(allowed)) {
      throw new IllegalArgumentException(
          "%s has %s '%s', allowed: '%s'".formatted(group.getPath(), attribute, found, allowed));
    }
  }

  private static String text(Group group, String name) {
    Attribute attribute = group.getAttribute(name);
    if (attribute != null && attribute.getData() instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(
        "%s has no text attribute '%s', allowed: one there".formatted(group.getPath(), name));
  }
}
