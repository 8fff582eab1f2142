package dev.raptor.bench;

import dev.raptor.core.network.Dense;
import dev.raptor.core.policy.RecurrentPolicy;



import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A policy as an ONNX model, written field by field in the encoding of protocol buffers; the
 * numbers are those of onnx.proto. Inputs are {@code observation [lanes][22]} and {@code state
 * [1][lanes][16]}, outputs {@code action [lanes][4]} and {@code next [1][lanes][16]}.
 *
 * <p>ONNX stacks a GRU's gates z, r, n where Raptor stacks r, z, n; {@code linear_before_reset} is
 * the order of multiplications that Raptor has.
 */
final class OnnxModel {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private OnnxModel() {}

  static byte[] of(RecurrentPolicy policy, int lanes) {
    Dense encoder = policy.network().encoder();
    Dense gates = policy.network().gru().inputLayer();
    Dense decoder = policy.network().decoder();
    int hidden = policy.network().hidden();
    float[] p = policy.parameters();
    int gru = policy.network().gruOffset();
    int recurrent = gru + gates.parameterCount();
    int last = policy.network().decoderOffset();
    float[] biases = new float[6 * hidden];
    System.arraycopy(updateFirst(p, gru + gates.biasOffset(), hidden), 0, biases, 0, 3 * hidden);
    System.arraycopy(
        updateFirst(p, recurrent + gates.biasOffset(), hidden), 0, biases, 3 * hidden, 3 * hidden);

    Message graph = new Message();
    graph.add(1, dense(encoder, "observation", "encoder", "sums"));
    graph.add(1, node("Relu", "features", "sums"));
    graph.add(1, node("Reshape", "sequence", "features", "sequence_shape"));
    graph.add(
        1,
        node("GRU", "", "sequence", "gru_w", "gru_r", "gru_b", "", "state")
            .add(2, "next")
            .add(5, attribute("hidden_size", hidden))
            .add(5, attribute("linear_before_reset", 1)));
    graph.add(1, node("Reshape", "memory", "next", "memory_shape"));
    graph.add(1, dense(decoder, "memory", "decoder", "action"));
    graph.add(2, "raptor");
    graph.add(5, floats("encoder_w", p, 0, encoder.outputs(), encoder.inputs()));
    graph.add(5, floats("encoder_b", p, encoder.biasOffset(), encoder.outputs()));
    graph.add(
        5,
        floats("gru_w", updateFirst(p, gru, hidden * hidden), 0, 1, 3 * hidden, gates.inputs()));
    graph.add(
        5, floats("gru_r", updateFirst(p, recurrent, hidden * hidden), 0, 1, 3 * hidden, hidden));
    graph.add(5, floats("gru_b", biases, 0, 1, 6 * hidden));
    graph.add(5, floats("decoder_w", p, last, decoder.outputs(), decoder.inputs()));
    graph.add(5, floats("decoder_b", p, last + decoder.biasOffset(), decoder.outputs()));
    graph.add(5, shape("sequence_shape", 1, lanes, hidden));
    graph.add(5, shape("memory_shape", lanes, hidden));
    graph.add(11, value("observation", lanes, encoder.inputs()));
    graph.add(11, value("state", 1, lanes, hidden));
    graph.add(12, value("action", lanes, decoder.outputs()));
    graph.add(12, value("next", 1, lanes, hidden));

    return new Message()
        .add(1, 8) // ir_version
        .add(7, graph)
        .add(8, new Message().add(2, 13)) // opset_import
        .bytes();
  }

  /** Three parts of {@code size} numbers, r, z, n, in the order z, r, n. */
  private static float[] updateFirst(float[] p, int at, int size) {
    float[] ordered = Arrays.copyOfRange(p, at, at + 3 * size);
    System.arraycopy(p, at + size, ordered, 0, size);
    System.arraycopy(p, at, ordered, size, size);
    return ordered;
  }

  private static Message dense(Dense layer, String from, String name, String to) {
    return node("Gemm", to, from, name + "_w", name + "_b").add(5, attribute("transB", 1));
  }

  private static Message node(String operator, String output, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.add(1, input);
    }
    return node.add(2, output).add(4, operator);
  }

  private static Message attribute(String name, int value) {
    return new Message().add(1, name).add(3, value).add(20, 2);
  }

  private static Message floats(String name, float[] values, int from, int... dimensions) {
    int size = Arrays.stream(dimensions).reduce(1, (a, b) -> a * b);
    ByteBuffer raw = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values, from, size);
    return tensor(name, FLOAT, raw.array(), dimensions);
  }

  private static Message shape(String name, int... values) {
    ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      raw.putLong(value);
    }
    return tensor(name, INT64, raw.array(), values.length);
  }

  private static Message tensor(String name, int type, byte[] raw, int... dimensions) {
    Message tensor = new Message();
    for (int dimension : dimensions) {
      tensor.add(1, dimension);
    }
    return tensor.add(2, type).add(8, name).add(9, raw);
  }

  private static Message value(String name, int... dimensions) {
    Message shape = new Message();
    for (int dimension : dimensions) {
      shape.add(1, new Message().add(1, dimension));
    }
    Message tensor = new Message().add(1, FLOAT).add(2, shape);
    return new Message().add(1, name).add(2, new Message().add(1, tensor));
  }

  /** A message of protocol buffers: fields by number. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message add(int field, int value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    Message add(int field, byte[] value) {
      varint(field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message add(int field, String value) {
      return add(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message add(int field, Message value) {
      return add(field, value.bytes());
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void varint(int value) {
      int rest = value;
      for (; rest >= 128; rest >>>= 7) {
        out.write(rest & 127 | 128);
      }
      out.write(rest);
    }
  }
}
