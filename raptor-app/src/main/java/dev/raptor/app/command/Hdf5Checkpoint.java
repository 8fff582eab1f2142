package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.PolicyExample;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.io.Json;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

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
 * @param name what the checkpoint calls itself
 * @param meta JSON that says how it was made
 * @param parameters of {@link RecurrentNetwork#RAPTOR}, in its order
 * @param example what the file says that its policy does, from a cleared memory on
 */
public record Hdf5Checkpoint(String name, String meta, float[] parameters, PolicyExample example) {
  private static final int INPUTS = RecurrentNetwork.RAPTOR.inputs();
  private static final int HIDDEN = RecurrentNetwork.RAPTOR.hidden();
  private static final int OUTPUTS = RecurrentNetwork.RAPTOR.outputs();

  /** What the authors show their policies at most. */
  private static final ErrorClip ERROR_CLIP = new ErrorClip(0.5, 1);

  /**
   * Reads a file.
   *
   * @throws IOException if there is no such file, or it may not be read
   * @throws InvalidInputException if it is not such a checkpoint; the message says the file, what
   *     was found and what is allowed
   */
  public static Hdf5Checkpoint read(Path file) throws IOException {
    // Read whole, because a truncated file that is mapped fails where nobody expects it.
    try (HdfFile hdf =
        HdfFile.fromByteBuffer(ByteBuffer.wrap(Files.readAllBytes(FileArgument.input(file))))) {
      return read(hdf);
    } catch (WrongContent e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    } catch (UnsupportedHdfException e) {
      throw newerFormat(file, e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof UnsupportedHdfException unsupported) {
        throw newerFormat(file, unsupported);
      }
      // jHDF meets damage in many ways.
      throw new InvalidInputException(
          "%s: not a whole HDF5 file (%s), allowed: a checkpoint of the reference implementation"
              .formatted(file, e),
          e);
    }
  }

  private static InvalidInputException newerFormat(Path file, UnsupportedHdfException e) {
    return new InvalidInputException(
        "%s: HDF5 of a version that cannot be read (%s), as libver='latest' writes it, allowed: a checkpoint written with libver='earliest'"
            .formatted(file, e.getMessage()),
        e);
  }

  /** The policy, with where it came from as its provenance. */
  public RecurrentPolicy policy() {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("source", "a checkpoint of the reference implementation");
    provenance.put("checkpoint", name);
    provenance.put("meta", Json.parse(meta));
    provenance.put(ErrorClip.KEY, ERROR_CLIP.toJson("the authors' module for PX4"));
    return new RecurrentPolicy(RecurrentNetwork.RAPTOR, parameters, provenance);
  }

  private static Hdf5Checkpoint read(HdfFile hdf) {
    Group actor = child(hdf, "actor", Group.class);
    requireText(actor, "type", "sequential");
    Group layers = child(actor, "layers", Group.class);
    if (layers.getChildren().size() != 3) {
      throw new WrongContent(
          "%s has %d layers, allowed: 3".formatted(layers.getPath(), layers.getChildren().size()));
    }
    Group encoder = child(layers, "0", Group.class);
    requireText(encoder, "type", "dense");
    requireText(encoder, "activation_function", "RELU");
    Group gru = child(layers, "1", Group.class);
    requireText(gru, "type", "gru");
    Group decoder = child(layers, "2", Group.class);
    requireText(decoder, "type", "dense");
    requireText(decoder, "activation_function", "IDENTITY");
    Group example = child(hdf, "example", Group.class);
    int[] shape = child(example, "input", Dataset.class).getDimensions();
    int steps = shape.length == 3 ? shape[0] : 0;
    int sequences = shape.length == 3 ? shape[1] : 0;
    FloatBuffer parameters = FloatBuffer.allocate(RecurrentNetwork.RAPTOR.parameterCount());
    parameters.put(floats(encoder, "weights/parameters", HIDDEN, INPUTS));
    parameters.put(floats(encoder, "biases/parameters", 1, HIDDEN));
    parameters.put(floats(gru, "weights_input/parameters", 3 * HIDDEN, HIDDEN));
    parameters.put(floats(gru, "biases_input/parameters", 3 * HIDDEN));
    parameters.put(floats(gru, "weights_hidden/parameters", 3 * HIDDEN, HIDDEN));
    parameters.put(floats(gru, "biases_hidden/parameters", 3 * HIDDEN));
    parameters.put(floats(decoder, "weights/parameters", OUTPUTS, HIDDEN));
    parameters.put(floats(decoder, "biases/parameters", 1, OUTPUTS));
    parameters.put(floats(gru, "initial_hidden_state/parameters", HIDDEN));
    return new Hdf5Checkpoint(
        text(actor, "checkpoint_name"),
        text(actor, "meta"),
        parameters.array(),
        new PolicyExample(
            steps,
            sequences,
            floats(example, "input", steps, sequences, INPUTS),
            floats(example, "output", steps, sequences, OUTPUTS)));
  }

  private static float[] floats(Group group, String path, int... shape) {
    Dataset dataset = child(group, path, Dataset.class);
    String where = dataset.getPath();
    int[] found = dataset.getDimensions();
    if (!Arrays.equals(found, shape)) {
      throw new WrongContent(
          "%s has shape %s, allowed: %s"
              .formatted(where, Arrays.toString(found), Arrays.toString(shape)));
    }
    if (dataset.getJavaType() != float.class) {
      throw new WrongContent(
          "%s holds %s, allowed: 32-bit floats".formatted(where, dataset.getJavaType()));
    }
    float[] values = (float[]) dataset.getDataFlat();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new WrongContent(
            "%s has %s at %d, allowed: finite numbers".formatted(where, values[i], i));
      }
    }
    return values;
  }

  private static <T extends Node> T child(Group group, String path, Class<T> kind) {
    Node node = group;
    for (String name : path.split("/")) {
      node = node instanceof Group parent ? parent.getChild(name) : null;
    }
    if (!kind.isInstance(node)) {
      throw new WrongContent(
          "%s%s is missing, allowed: a %s there"
              .formatted(group.getPath(), path, kind.getSimpleName().toLowerCase(Locale.ROOT)));
    }
    return kind.cast(node);
  }

  private static void requireText(Group group, String attribute, String allowed) {
    String found = text(group, attribute);
    if (!found.equals(allowed)) {
      throw new WrongContent(
          "%s has %s '%s', allowed: '%s'".formatted(group.getPath(), attribute, found, allowed));
    }
  }

  private static String text(Group group, String name) {
    Attribute attribute = group.getAttribute(name);
    if (attribute != null && attribute.getData() instanceof String text) {
      return text;
    }
    throw new WrongContent(
        "%s has no text attribute '%s', allowed: one there".formatted(group.getPath(), name));
  }

  /** An HDF5 file, but not this kind. */
  private static final class WrongContent extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongContent(String message) {
      super(message);
    }
  }
}
