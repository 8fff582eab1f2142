package dev.raptor.core.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.PolicyExample;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.io.TarArchive;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RlToolsArchiveTest {
  private final RecurrentPolicy policy = random(RecurrentNetwork.RAPTOR);
  private final RlToolsArchive archive = RlToolsArchive.of(policy, "some name");

  private static RecurrentPolicy random(RecurrentNetwork network) {
    return new RecurrentPolicy(network, network.initialise(RandomStreams.of(3)), Map.of());
  }

  /** Sizes and texts as in the archive that PX4 comes with, which lacks the zeros at the end. */
  @Test
  void hasTheEntriesOfTheOneThatPx4ComesWith() {
    Map<String, byte[]> entries = TarArchive.parse(archive.toBytes(), "x").entries();
    assertThat(entries).hasSize(26);
    assertThat(archive.toBytes().length).isEqualTo(136_192 + 1024);
    assertThat(text(entries, "actor/meta"))
        .isEqualTo("checkpoint_name: some name\ntype: sequential\n");
    assertThat(text(entries, "actor/layers/0/meta"))
        .isEqualTo("activation_function: RELU\ntype: dense\n");
    assertThat(text(entries, "actor/layers/1/meta")).isEqualTo("type: gru\n");
    assertThat(text(entries, "actor/layers/2/meta"))
        .isEqualTo("activation_function: IDENTITY\ntype: dense\n");
    assertThat(text(entries, "actor/layers/1/weights_hidden/parameters/meta"))
        .isEqualTo("type: tensor\ndtype: float32\nnum_dims: 2\ndim_0: 48\ndim_1: 16\n");
    assertThat(text(entries, "example/input/meta"))
        .isEqualTo("type: tensor\ndtype: float32\nnum_dims: 3\ndim_0: 500\ndim_1: 2\ndim_2: 22\n");
    assertThat(entries.get("example/output/data")).hasSize(4 * 500 * 2 * 4);
  }

  @Test
  void keepsEveryParameterAndTheExample() {
    RlToolsArchive read = RlToolsArchive.parse(archive.toBytes(), "x");
    assertThat(read.name()).isEqualTo("some name");
    assertThat(read.parameters()).isEqualTo(policy.parameters());
    assertThat(read.example().inputs()).isEqualTo(archive.example().inputs());
    assertThat(read.example().outputs()).isEqualTo(archive.example().outputs());
    assertThat(read.example().meanDifference(read.policy())).isZero();
    assertThat(read.policy().provenance()).containsEntry("checkpoint", "some name");
    assertThat(read.toBytes()).isEqualTo(archive.toBytes());
  }

  /** PX4 reads at most 256 bytes of this text, and keeps 99 characters of the name. */
  @Test
  void theLongestNameFits() {
    String name = "n".repeat(RlToolsArchive.LONGEST_NAME);
    byte[] bytes = RlToolsArchive.of(policy, name).toBytes();
    assertThat(TarArchive.parse(bytes, "x").entries().get("actor/meta"))
        .hasSizeLessThanOrEqualTo(256);
    assertThat(RlToolsArchive.parse(bytes, "x").name()).isEqualTo(name);
    assertThatThrownBy(() -> RlToolsArchive.of(policy, name + "n")).hasMessageContaining("1 to 99");
    assertThatThrownBy(() -> RlToolsArchive.of(policy, "a\nb")).hasMessageContaining("printable");
  }

  /**
   * What PX4 does before it lets a vehicle arm, in another order of sums and in double precision.
   */
  @Test
  void passesTheCheckOfPx4() {
    assertThat(differenceOnPx4(archive)).isLessThan(1e-5 / 3);
    float[] other = policy.parameters();
    other[700] += 0.1f;
    assertThat(differenceOnPx4(new RlToolsArchive("n", other, archive.example())))
        .isGreaterThan(1e-5);
  }

  private static double differenceOnPx4(RlToolsArchive archive) {
    PolicyExample example = archive.example();
    double sum = 0;
    for (int sequence = 0; sequence < 2; sequence++) {
      double[] state = new double[16];
      for (int t = 0; t < 5; t++) {
        int at = t * 2 + sequence;
        double[] action = step(archive.parameters(), example.inputs(), 22 * at, state);
        for (int i = 0; i < 4; i++) {
          sum += Math.abs(action[i] - example.outputs()[4 * at + i]);
        }
      }
    }
    return sum / 40;
  }

  private static double[] step(float[] p, float[] observation, int at, double[] state) {
    double[] in = new double[22];
    for (int i = 0; i < 22; i++) {
      in[i] = observation[at + i];
    }
    double[] features = dense(p, 0, 16, in);
    for (int i = 0; i < 16; i++) {
      features[i] = Math.max(0, features[i]);
    }
    double[] x = dense(p, 368, 48, features);
    double[] h = dense(p, 368 + 816, 48, state);
    for (int i = 0; i < 16; i++) {
      double r = 1 / (1 + Math.exp(-x[i] - h[i]));
      double z = 1 / (1 + Math.exp(-x[16 + i] - h[16 + i]));
      double n = Math.tanh(x[32 + i] + r * h[32 + i]);
      state[i] = z * state[i] + (1 - z) * n;
    }
    return dense(p, 2000, 4, state);
  }

  private static double[] dense(float[] p, int at, int rows, double[] x) {
    double[] out = new double[rows];
    for (int row = 0; row < rows; row++) {
      for (int i = x.length - 1; i >= 0; i--) {
        out[row] += p[at + row * x.length + i] * x[i];
      }
      out[row] += p[at + rows * x.length + row];
    }
    return out;
  }

  @Test
  void refusesOtherNetworks() {
    assertThatThrownBy(() -> RlToolsArchive.of(random(new RecurrentNetwork(22, 32, 4)), "n"))
        .hasMessageContaining("22-32-4")
        .hasMessageContaining("22-16-4");
  }

  @Test
  void refusesWhatIsNotAsItShouldBe() {
    refuses("actor/meta", "type: mlp\n", "'actor' has type 'mlp', allowed: 'sequential'");
    refuses("actor/layers/0/meta", "type: dense\nactivation_function: TANH\n", "'TANH'");
    refuses("actor/layers/1/meta", "type: lstm\n", "allowed: 'gru'");
    refuses("actor/layers/1/meta", null, "'actor/layers/1/meta' is missing");
    refuses("actor/layers/2/biases/parameters/data", "abc", "has 3 bytes");
    refuses(
        "actor/layers/2/biases/parameters/meta",
        "type: tensor\ndtype: float64\nnum_dims: 1\ndim_0: 4\n",
        "dtype 'float64'");
    refuses(
        "actor/layers/2/biases/parameters/meta",
        "type: tensor\ndtype: float32\nnum_dims: 1\ndim_0: 5\n",
        "shape [5], allowed: [4]");
    refuses("example/input/meta", "type: tensor\ndim_0: -1\n", "'-1', allowed: 1 to 999999");
    refuses(
        "example/input/meta",
        "type: tensor\ndtype: float32\ndim_0: 999999\ndim_1: 999999\ndim_2: 22\n",
        "has 88000 bytes");
    ByteBuffer nan = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putFloat(8, Float.NaN);
    refuses(
        "actor/layers/2/biases/parameters/data",
        new String(nan.array(), StandardCharsets.ISO_8859_1),
        "NaN at 2, allowed: finite");
  }

  private void refuses(String path, String content, String message) {
    Map<String, byte[]> entries =
        new LinkedHashMap<>(TarArchive.parse(archive.toBytes(), "x").entries());
    if (content == null) {
      entries.remove(path);
    } else {
      entries.put(path, content.getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] bytes = new TarArchive(entries).toBytes();
    assertThatThrownBy(() -> RlToolsArchive.parse(bytes, "file"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("file: ")
        .hasMessageContaining(message);
  }

  private static String text(Map<String, byte[]> entries, String path) {
    return new String(entries.get(path), StandardCharsets.US_ASCII);
  }
}
