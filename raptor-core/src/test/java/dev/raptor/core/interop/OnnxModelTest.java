package dev.raptor.core.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.PolicyBatch;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.io.ProtobufMessage;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime itself is asked in the benchmarks, with {@code -Ppeers}. */
class OnnxModelTest {
  private static RecurrentPolicy random(int hidden) {
    RecurrentNetwork network = new RecurrentNetwork(22, hidden, 4);
    return new RecurrentPolicy(
        network, network.initialise(RandomStreams.of(hidden)), Map.of("made_by", "test"));
  }

  /** Each step from the policy's own memory, so that differences do not add up. */
  @ParameterizedTest
  @ValueSource(ints = {16, 5})
  void computesWhatThePolicyDoes(int hidden) {
    RecurrentPolicy policy = random(hidden);
    Interpreter model = new Interpreter(OnnxModel.of(policy));
    int vehicles = 3;
    PolicyBatch batch = policy.newBatch(vehicles);
    RandomGenerator random = RandomStreams.of(9);
    float[] observations = new float[22 * vehicles];
    float[] actions = new float[4 * vehicles];
    double[] state = new double[hidden * vehicles];
    float[] memory = new float[hidden];
    for (int t = 0; t < 50; t++) {
      double[] given = new double[22 * vehicles];
      for (int i = 0; i < given.length; i++) {
        float value = (float) random.nextGaussian();
        given[i] = value;
        observations[i % 22 * vehicles + i / 22] = value;
      }
      batch.step(observations, actions);
      Map<String, double[]> out = model.run(vehicles, Map.of("observation", given, "state", state));
      for (int lane = 0; lane < vehicles; lane++) {
        for (int i = 0; i < 4; i++) {
          assertThat(out.get("action")[4 * lane + i])
              .isCloseTo(actions[i * vehicles + lane], within(2e-6));
        }
        batch.readMemory(lane, memory);
        for (int i = 0; i < hidden; i++) {
          assertThat(out.get("next")[hidden * lane + i]).isCloseTo(memory[i], within(1e-6));
          state[hidden * lane + i] = memory[i];
        }
      }
    }
  }

  @Test
  void keepsEveryParameterAndHowTheyWereMade() {
    RecurrentPolicy policy = random(7);
    byte[] bytes = OnnxModel.of(policy);
    assertThat(OnnxModel.isOne(bytes)).isTrue();
    assertThat(OnnxModel.isOne(new byte[] {8})).isFalse();
    RecurrentPolicy read = OnnxModel.parse(bytes, "x");
    assertThat(read.parameters()).isEqualTo(policy.parameters());
    assertThat(read.provenance()).isEqualTo(policy.provenance());
    assertThat(OnnxModel.of(read)).isEqualTo(bytes);
  }

  @Test
  void refusesOtherModelsAndDamage() {
    byte[] whole = OnnxModel.of(random(4));
    for (int length = 0; length < whole.length; length += 97) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> OnnxModel.parse(cut, "file"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("file: ");
    }
    int changed = 0;
    for (int at = 0; at < whole.length; at += 13) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x41;
      try {
        assertThat(OnnxModel.parse(flipped, "file").parameters()).isEqualTo(random(4).parameters());
        changed++;
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("file: ");
      }
    }
    // Names, texts and nodes may change, as long as no parameter does.
    assertThat(changed).isLessThan(whole.length / 13);
    assertThatThrownBy(() -> OnnxModel.parse(new ProtobufMessage().add(1, 8).toBytes(), "file"))
        .hasMessageContaining("format is 'null null', allowed: 'raptor-policy 1'");
  }

  /**
   * The operators that models use, one by one as the ONNX documentation defines them, in double
   * precision.
   */
  private static final class Interpreter {
    private final Map<String, double[]> initial = new HashMap<>();
    private final List<ProtobufMessage> nodes;
    private final List<String> outputs;

    Interpreter(byte[] bytes) {
      ProtobufMessage graph = ProtobufMessage.parse(bytes).messages(7).getFirst();
      nodes = graph.messages(1);
      outputs = graph.messages(12).stream().map(value -> value.text(1)).toList();
      for (ProtobufMessage tensor : graph.messages(5)) {
        if (tensor.number(2) == 1) {
          initial.put(tensor.text(8), floats(tensor.bytes(9)));
        } else {
          // The one other tensor: the axis that is put in front.
          assertThat(tensor.bytes(9)).containsOnly(0).hasSize(8);
        }
      }
    }

    private static double[] floats(byte[] raw) {
      float[] values = new float[raw.length / 4];
      ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      double[] wide = new double[values.length];
      Arrays.setAll(wide, i -> values[i]);
      return wide;
    }

    Map<String, double[]> run(int vehicles, Map<String, double[]> inputs) {
      Map<String, double[]> values = new HashMap<>(initial);
      values.putAll(inputs);
      for (ProtobufMessage node : nodes) {
        List<String> in = node.texts(1);
        List<String> out = node.texts(2);
        double[] first = values.get(in.get(0));
        switch (node.text(4)) {
          case "Gemm" -> {
            assertThat(attribute(node, "transB")).isOne();
            values.put(
                out.get(0), gemm(vehicles, first, values.get(in.get(1)), values.get(in.get(2))));
          }
          case "Relu" ->
              values.put(out.get(0), Arrays.stream(first).map(x -> Math.max(0, x)).toArray());
          case "Squeeze", "Unsqueeze" -> {
            assertThat(in.get(1)).isEqualTo("first_axis");
            values.put(out.get(0), first);
          }
          case "GRU" -> {
            assertThat(attribute(node, "linear_before_reset")).isOne();
            assertThat(in.get(4)).isEmpty();
            assertThat(out.get(0)).isEmpty();
            int hidden = (int) attribute(node, "hidden_size");
            values.put(
                out.get(1),
                gru(
                    vehicles,
                    hidden,
                    first,
                    values.get(in.get(1)),
                    values.get(in.get(2)),
                    values.get(in.get(3)),
                    values.get(in.get(5))));
          }
          default -> throw new AssertionError(node.text(4));
        }
      }
      values.keySet().retainAll(outputs);
      return values;
    }

    private static long attribute(ProtobufMessage node, String name) {
      return node.messages(5).stream()
          .filter(a -> a.text(1).equals(name))
          .findAny()
          .orElseThrow()
          .number(3);
    }

    private static double[] gemm(int rows, double[] a, double[] b, double[] c) {
      int inner = a.length / rows;
      int columns = c.length;
      double[] y = new double[rows * columns];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double sum = c[j];
          for (int k = 0; k < inner; k++) {
            sum += a[i * inner + k] * b[j * inner + k];
          }
          y[i * columns + j] = sum;
        }
      }
      return y;
    }

    private static double[] gru(
        int rows, int hidden, double[] x, double[] w, double[] r, double[] b, double[] h) {
      double[] fromInput = gemm(rows, x, w, Arrays.copyOf(b, 3 * hidden));
      double[] fromState = gemm(rows, h, r, Arrays.copyOfRange(b, 3 * hidden, 6 * hidden));
      double[] next = new double[rows * hidden];
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < hidden; i++) {
          int z = row * 3 * hidden + i;
          int reset = z + hidden;
          int candidate = reset + hidden;
          double zt = 1 / (1 + Math.exp(-fromInput[z] - fromState[z]));
          double rt = 1 / (1 + Math.exp(-fromInput[reset] - fromState[reset]));
          double ht = Math.tanh(fromInput[candidate] + rt * fromState[candidate]);
          next[row * hidden + i] = (1 - zt) * ht + zt * h[row * hidden + i];
        }
      }
      return next;
    }
  }
}
