package dev.raptor.core.policy;

import dev.raptor.core.kernel.Kernels;
import dev.raptor.core.kernel.PaddedArrays;
import dev.raptor.core.network.Dense;
import dev.raptor.core.network.Gru;
import dev.raptor.core.network.RecurrentNetwork;

/** A network's parameters in the order that the kernels of a policy read them in. */
final class PackedParameters {
  private final RecurrentNetwork network;
  private final float[] parameters;

  PackedParameters(RecurrentNetwork network, float[] parameters) {
    this.network = network;
    this.parameters = parameters;
  }

  /**
   * For {@link Kernels#denseSingle}, {@link Kernels#gruSingle} and {@link Kernels#stateProducts}:
   * the encoder from 0, the input gates from {@link #gatesAt}, and from {@link #readAt} the decoder
   * and the state gates. What stands for no unit and no output is zero.
   */
  float[] single() {
    Gru gru = network.gru();
    int hidden = network.hidden();
    int encoderRows = 1 + network.inputs();
    int rows = 1 + hidden;
    float[] to = PaddedArrays.floats(readAt(network) + readSize(network) * rows);
    for (int u = 0; u < hidden; u++) {
      int at = Kernels.singleIndex(u, 0, Kernels.SINGLE_GROUP, encoderRows);
      place(network.encoder(), 0, u, to, at, Kernels.SINGLE_GROUP);
      for (int gate = 0; gate < 3; gate++) {
        int row = gate * hidden + u;
        at = gatesAt(network) + Kernels.singleIndex(u, gate, Kernels.GATES_GROUP, rows);
        place(gru.inputLayer(), network.gruOffset(), row, to, at, Kernels.GATES_GROUP);
        at = readAt(network) + Kernels.singleIndex(u, 1 + gate, Kernels.READ_GROUP, rows);
        place(gru.stateLayer(), stateLayerOffset(), row, to, at, Kernels.READ_GROUP);
      }
    }
    for (int o = 0; o < network.outputs(); o++) {
      int at = readAt(network) + Kernels.singleIndex(o, 0, Kernels.READ_GROUP, rows);
      place(network.decoder(), network.decoderOffset(), o, to, at, Kernels.READ_GROUP);
    }
    return to;
  }

  /** Where in {@link #single} the input gates begin. */
  static int gatesAt(RecurrentNetwork network) {
    return Kernels.singleWidth(network.hidden()) * (1 + network.inputs());
  }

  /** Where in {@link #single} that begins which reads the state. */
  static int readAt(RecurrentNetwork network) {
    return gatesAt(network) + 3 * Kernels.singleWidth(network.hidden()) * (1 + network.hidden());
  }

  /** The width of {@link Kernels#stateProducts}. */
  static int readWidth(RecurrentNetwork network) {
    return Kernels.singleWidth(Math.max(network.hidden(), network.outputs()));
  }

  /** The numbers that {@link Kernels#stateProducts} makes. */
  static int readSize(RecurrentNetwork network) {
    return readWidth(network) / Kernels.SINGLE_GROUP * Kernels.READ_GROUP;
  }

  /**
   * For {@link Kernels#densePanel}: encoder, input gates, state gates, decoder; of each layer, for
   * each group of outputs, the biases, then the weights of each input. A layer's last group is
   * filled up with zeros.
   *
   * @param rows outputs in a group
   */
  float[] panels(int rows) {
    Gru gru = network.gru();
    float[] to =
        PaddedArrays.floats(
            size(network.encoder(), rows)
                + size(gru.inputLayer(), rows)
                + size(gru.stateLayer(), rows)
                + size(network.decoder(), rows));
    int at = panels(network.encoder(), 0, rows, to, 0);
    at = panels(gru.inputLayer(), network.gruOffset(), rows, to, at);
    at = panels(gru.stateLayer(), stateLayerOffset(), rows, to, at);
    panels(network.decoder(), network.decoderOffset(), rows, to, at);
    return to;
  }

  /** Packs a layer to {@code at} and tells where the next one begins. */
  private int panels(Dense layer, int from, int rows, float[] to, int at) {
    for (int o = 0; o < layer.outputs(); o++) {
      int bias = at + o / rows * rows * (1 + layer.inputs()) + o % rows;
      place(layer, from, o, to, bias, rows);
    }
    return at + size(layer, rows);
  }

  private static int size(Dense layer, int rows) {
    return Kernels.padded(layer.outputs(), rows) * (1 + layer.inputs());
  }

  private int stateLayerOffset() {
    return network.gruOffset() + network.gru().inputLayer().parameterCount();
  }

  /**
   * Copies the bias of a layer's output to {@code at} and its weights behind it, {@code stride}
   * apart.
   *
   * @param from where the layer's parameters begin
   */
  private void place(Dense layer, int from, int output, float[] to, int at, int stride) {
    to[at] = parameters[from + layer.biasOffset() + output];
    for (int i = 0; i < layer.inputs(); i++) {
      to[at + (1 + i) * stride] = parameters[from + output * layer.inputs() + i];
    }
  }
}
