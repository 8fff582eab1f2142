package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.app.Run;
import dev.raptor.app.TestPolicies;
import dev.raptor.core.Policies;
import dev.raptor.core.PolicyExample;
import dev.raptor.core.interop.RlToolsArchive;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCommandTest {
  private static final int STEPS = 3;
  private static final int SEQUENCES = 2;

  private final RecurrentPolicy policy = TestPolicies.random();
  private final PolicyExample example = PolicyExample.record(policy, STEPS, SEQUENCES, 5);
  @TempDir private Path folder;
  private Path checkpoint;
  private Path out;

  @BeforeEach
  void setUp() {
    checkpoint = folder.resolve("checkpoint.h5");
    out = folder.resolve("policy.safetensors");
  }

  @Test
  void keepsEveryParameterAndTheExample() throws IOException {
    write(checkpoint, 22, "RELU", example.outputs());

    assertThat(Run.of("import", checkpoint, "--out", out).succeeds().out())
        .contains("2084 parameters", "2 x 3 steps", out.toString());

    RecurrentPolicy read = PolicyFile.read(out);
    assertThat(read.parameters()).isEqualTo(policy.parameters());
    assertThat(read.provenance()).containsEntry("checkpoint", "test");
    assertThat(Hdf5Checkpoint.read(checkpoint).example().inputs()).isEqualTo(example.inputs());
  }

  @Test
  void readsTheReleasedCheckpoint() throws IOException {
    Path released = TestPolicies.releasedCheckpoint();

    Run.of("import", released, "--out", out).succeeds();

    Hdf5Checkpoint read = Hdf5Checkpoint.read(released);
    assertThat(read.name()).isEqualTo("logs/2025-04-19_16-16-17");
    assertThat(read.example().steps()).isEqualTo(500);
    assertThat(read.example().sequences()).isEqualTo(2);
    assertThat(read.example().meanDifference(Policies.load(out))).isLessThan(1e-6);
  }

  @Test
  void readsTheArchiveOfPx4ThatExportWrites() throws IOException {
    Path file = folder.resolve("my policy.safetensors");
    Path tar = folder.resolve("policy.tar");
    PolicyFile.write(policy, file);
    assertThat(Run.of("export", "--policy", file, "--format", "px4", "--out", tar).succeeds().out())
        .containsPattern("PX4 will call it 'my policy [0-9a-f]{8}'");

    assertThat(Run.of("import", tar, "--out", out).succeeds().out())
        .contains("my policy ", "2084 parameters", "2 x 500 steps", "mean difference 0.0");
    assertThat(PolicyFile.read(out).parameters()).isEqualTo(policy.parameters());

    Path again = folder.resolve("again.tar");
    Run.of("export", "--policy", out, "--format", "px4", "--out", again).succeeds();
    assertThat(again).hasSameBinaryContentAs(tar);

    Files.write(tar, Arrays.copyOf(Files.readAllBytes(tar), 60_000));
    Run.of("import", tar, "--out", out).isRefused(tar.toString(), "truncated");
  }

  @Test
  void readsTheModelInOnnxThatExportWrites() throws IOException {
    Path file = folder.resolve("policy.safetensors");
    Path onnx = folder.resolve("policy.onnx");
    PolicyFile.write(policy, file);
    assertThat(
            Run.of("export", "--policy", file, "--format", "onnx", "--out", onnx).succeeds().out())
        .contains("observation [vehicles][22]", "next [1][vehicles][16]");
    Run.of("import", onnx, "--out", out).succeeds();
    assertThat(out).hasSameBinaryContentAs(file);

    byte[] damaged = Files.readAllBytes(onnx);
    damaged[2000] ^= 1;
    Files.write(onnx, damaged);
    Run.of("import", onnx, "--out", out).isRefused(onnx.toString(), "damaged");
  }

  @Test
  void exportsTheReleasedCheckpointForPx4() throws IOException {
    Path tar = folder.resolve("policy.tar");
    Path released = TestPolicies.releasedCheckpoint();
    Run.of("import", released, "--out", out).succeeds();
    Run.of("export", "--policy", out, "--format", "px4", "--out", tar).succeeds();
    RlToolsArchive read = RlToolsArchive.parse(Files.readAllBytes(tar), "x");
    assertThat(read.name()).isEqualTo("logs/2025-04-19_16-16-17");
    assertThat(read.parameters()).isEqualTo(Hdf5Checkpoint.read(released).parameters());
  }

  @Test
  void refusesAWrongShape() throws IOException {
    write(checkpoint, 21, "RELU", example.outputs());
    Run.of("import", checkpoint, "--out", out)
        .isRefused(checkpoint.toString(), "weights/parameters", "[16, 21]", "[16, 22]");
    assertThat(out).doesNotExist();
  }

  @Test
  void refusesAnotherActivation() throws IOException {
    write(checkpoint, 22, "TANH", example.outputs());
    Run.of("import", checkpoint, "--out", out).isRefused("activation_function", "TANH", "RELU");
    assertThat(out).doesNotExist();
  }

  @Test
  void refusesExamplesThatDoNotReplay() throws IOException {
    float[] outputs = example.outputs().clone();
    outputs[7] += 1;
    write(checkpoint, 22, "RELU", outputs);
    Run.of("import", checkpoint, "--out", out)
        .isRefused(checkpoint + ": its examples", "difference");
    assertThat(out).doesNotExist();
  }

  @Test
  void refusesParametersThatAreNotFinite() throws IOException {
    float[] outputs = example.outputs().clone();
    outputs[7] = Float.NaN;
    write(checkpoint, 22, "RELU", outputs);
    Run.of("import", checkpoint, "--out", out).isRefused("/example/output", "NaN", "finite");
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99})
  void refusesATruncatedFile(double share) throws IOException {
    write(checkpoint, 22, "RELU", example.outputs());
    byte[] whole = Files.readAllBytes(checkpoint);
    Files.write(checkpoint, Arrays.copyOf(whole, (int) (share * whole.length)));
    Run.of("import", checkpoint, "--out", out).isRefused(checkpoint.toString(), "allowed");
    assertThat(out).doesNotExist();
  }

  /** As other libraries write it when told to write the latest version. */
  @Test
  void saysThatAVersionIsTooNew() throws IOException {
    write(checkpoint, 22, "RELU", example.outputs());
    byte[] newer = Files.readAllBytes(checkpoint);
    newer[8] = 9;
    Files.write(checkpoint, newer);
    Run.of("import", checkpoint, "--out", out)
        .isRefused(checkpoint.toString(), "version = 9", "libver='latest'", "allowed");
  }

  @Test
  void refusesWhatIsNoHdf5() throws IOException {
    Files.writeString(checkpoint, "hello");
    Run.of("import", checkpoint, "--out", out).isRefused(checkpoint.toString(), "HDF5");
    Run.of("import", folder, "--out", out).isRefused("a folder");
    Run.of("import", folder.resolve("none.h5"), "--out", out).isRefused("no such file");
    Run.of("import", checkpoint).isRefused("--out");
    Run.of("import", checkpoint, "--out", folder).isRefused("a folder");
  }

  @Test
  void refusesAnotherHdf5File() throws IOException {
    try (WritableHdfFile file = HdfFile.write(checkpoint)) {
      file.putDataset("numbers", new float[] {1, 2});
    }
    assertThatThrownBy(() -> Hdf5Checkpoint.read(checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/actor is missing");
  }

  /** Writes the policy as the reference implementation does. */
  private void write(Path file, int inputs, String activation, float[] outputs) {
    RecurrentNetwork network = policy.network();
    float[] p = policy.parameters();
    int gru = network.gruOffset();
    int hidden = gru + 48 * 17;
    int decoder = network.decoderOffset();
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      WritableGroup actor = hdf.putGroup("actor");
      actor.putAttribute("type", "sequential");
      actor.putAttribute("checkpoint_name", "test");
      actor.putAttribute("meta", "{}");
      WritableGroup layers = actor.putGroup("layers");
      WritableGroup first = layers.putGroup("0");
      first.putAttribute("type", "dense");
      first.putAttribute("activation_function", activation);
      parameters(first, "weights", matrix(p, 0, 16, inputs));
      parameters(first, "biases", matrix(p, 16 * 22, 1, 16));
      WritableGroup second = layers.putGroup("1");
      second.putAttribute("type", "gru");
      parameters(second, "weights_input", matrix(p, gru, 48, 16));
      parameters(second, "biases_input", Arrays.copyOfRange(p, gru + 48 * 16, hidden));
      parameters(second, "weights_hidden", matrix(p, hidden, 48, 16));
      parameters(second, "biases_hidden", Arrays.copyOfRange(p, hidden + 48 * 16, decoder));
      parameters(second, "initial_hidden_state", new float[16]);
      WritableGroup third = layers.putGroup("2");
      third.putAttribute("type", "dense");
      third.putAttribute("activation_function", "IDENTITY");
      parameters(third, "weights", matrix(p, decoder, 4, 16));
      parameters(third, "biases", matrix(p, decoder + 4 * 16, 1, 4));
      WritableGroup examples = hdf.putGroup("example");
      examples.putDataset("input", block(example.inputs(), 22));
      examples.putDataset("output", block(outputs, 4));
    }
  }

  private static void parameters(WritableGroup layer, String name, Object values) {
    layer.putGroup(name).putDataset("parameters", values);
  }

  private static float[][] matrix(float[] values, int at, int rows, int columns) {
    float[][] matrix = new float[rows][];
    for (int i = 0; i < rows; i++) {
      matrix[i] = Arrays.copyOfRange(values, at + i * columns, at + (i + 1) * columns);
    }
    return matrix;
  }

  private static float[][][] block(float[] values, int width) {
    float[][][] block = new float[STEPS][][];
    for (int t = 0; t < STEPS; t++) {
      block[t] = matrix(values, t * SEQUENCES * width, SEQUENCES, width);
    }
    return block;
  }
}
