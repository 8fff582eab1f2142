package dev.raptor.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.Policies;
import dev.raptor.core.PolicyExample;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.io.Safetensors;
import dev.raptor.core.io.Tensor;
import dev.raptor.core.network.RecurrentNetwork;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileTest {
  private static final Map<String, Object> PROVENANCE =
      Map.of("seed", 7.0, "teachers", Map.of("count", 3.0), "by", List.of("é\u001f🚁", "\"\\"));

  @TempDir Path folder;
  private Path path;
  private RecurrentPolicy policy;

  @BeforeEach
  void save() throws IOException {
    RecurrentNetwork network = RecurrentNetwork.RAPTOR;
    policy = new RecurrentPolicy(network, network.initialise(RandomStreams.of(1)), PROVENANCE);
    path = folder.resolve("policy.safetensors");
    // Shorter examples than by default: the tests below read the file some ten thousand times.
    PolicyFile.write(policy, PolicyExample.record(policy, 5, 2, 0), path);
  }

  @Test
  void loadsWhatWasSaved() throws IOException {
    RecurrentPolicy loaded = PolicyFile.read(path);
    assertThat(loaded.network()).isEqualTo(policy.network());
    assertThat(loaded.parameters()).isEqualTo(policy.parameters());
    assertThat(loaded.provenance()).isEqualTo(PROVENANCE);
    assertThat(PolicyExample.record(loaded, 20, 3, 5).outputs())
        .isEqualTo(PolicyExample.record(policy, 20, 3, 5).outputs());
  }

  @Test
  void savesTheSameBytesAgain() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    PolicyFile.write(policy, first);
    PolicyFile.write(PolicyFile.read(first), second);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void keepsOtherNumbersOfUnits() throws IOException {
    RecurrentNetwork network = new RecurrentNetwork(22, 5, 4);
    RecurrentPolicy small =
        new RecurrentPolicy(network, network.initialise(RandomStreams.of(2)), Map.of());
    PolicyFile.write(small, path);
    assertThat(PolicyFile.read(path).network()).isEqualTo(network);
    assertThat(PolicyFile.read(path).parameters()).isEqualTo(small.parameters());
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      for (long length = file.length() - 1; length >= 0; length--) {
        file.setLength(length);
        assertRefused(length + " bytes");
      }
    }
  }

  @Test
  void refusesEveryChangedByte() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      for (int at = 0; at < file.length(); at++) {
        file.seek(at);
        int value = file.read();
        file.seek(at);
        file.write(value ^ 1 << at % 8);
        assertRefused("byte " + at);
        file.seek(at);
        file.write(value);
      }
    }
    assertThat(PolicyFile.read(path).parameters()).isEqualTo(policy.parameters());
  }

  @Test
  void refusesMoreThanAPolicy() throws IOException {
    Files.write(path, new byte[1], StandardOpenOption.APPEND);
    assertRefused("a byte more").contains("end at byte");
  }

  @Test
  void refusesAnotherShape() throws IOException {
    edit((texts, tensors) -> tensors.put("encoder.weight", Tensor.of(new float[21 * 16], 16, 21)));
    assertRefused("shape")
        .endsWith("tensor \"encoder.weight\" has shape [16, 21], allowed is [16, 22]");

    edit((texts, tensors) -> tensors.put("encoder.bias", Tensor.of(new float[16], 4, 4)));
    assertRefused("shape").contains("\"encoder.bias\" has shape [4, 4], allowed is [");
  }

  @Test
  void refusesUnitsBeyondAllMemory() throws IOException {
    edit((texts, tensors) -> tensors.put("encoder.bias", Tensor.of(new float[50_000], 50_000)));
    assertRefused("shape")
        .contains("\"encoder.weight\" has shape [16, 22], allowed is [50000, 22]");
  }

  @Test
  void refusesAnotherType() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Files.write(path, text.replace("F32", "I32").getBytes(StandardCharsets.ISO_8859_1));
    assertRefused("type").endsWith("has dtype I32, allowed is F32");
  }

  @Test
  void refusesEachMissingTensor() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    for (String name : Safetensors.read(path).tensors().keySet()) {
      edit((texts, tensors) -> tensors.remove(name));
      assertRefused(name).contains(name).contains("missing");
      Files.write(path, bytes);
    }
  }

  @Test
  void refusesParametersThatAreNotFinite() throws IOException {
    edit((texts, tensors) -> tensors.get("gru.bias_hh").data()[3] = Float.NaN);
    assertRefused("NaN").endsWith("is NaN, allowed are finite numbers");
  }

  @Test
  void refusesExamplesThatDoNotReplay() throws IOException {
    edit((texts, tensors) -> tensors.get("decoder.bias").data()[0] += 1e-3f);
    assertRefused("another parameter")
        .contains("examples replay with a mean difference of 2.5")
        .endsWith("allowed is below 1.0E-6");
  }

  @Test
  void refusesExamplesThatShowNothing() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    edit((texts, tensors) -> tensors.get("example.output").data()[0] = Float.NaN);
    assertRefused("NaN").contains("mean difference of NaN");

    Files.write(path, bytes);
    edit((texts, tensors) -> tensors.get("example.input").data()[0] = Float.NaN);
    assertRefused("NaN").contains("observation[0] is NaN");

    Files.write(path, bytes);
    edit(
        (texts, tensors) -> {
          tensors.put("example.input", Tensor.of(new float[0], 0, 2, 22));
          tensors.put("example.output", Tensor.of(new float[0], 0, 2, 4));
        });
    assertRefused("none").contains("mean difference of NaN");
  }

  @Test
  void refusesAnotherFormat() throws IOException {
    edit((texts, tensors) -> texts.put("version", "2"));
    assertRefused("version").endsWith("format is 'raptor-policy 2', allowed is 'raptor-policy 1'");
    edit((texts, tensors) -> texts.clear());
    assertRefused("format").contains("allowed is 'raptor-policy 1'");
  }

  @Test
  void refusesProvenanceThatIsNoObject() throws IOException {
    edit((texts, tensors) -> texts.put("provenance", "[1]"));
    assertRefused("provenance").endsWith("provenance is not a JSON object");
  }

  @Test
  void aMissingFileIsNoDamage() {
    assertThatThrownBy(() -> Policies.load(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void refusesAFolder() {
    assertThatThrownBy(() -> Policies.load(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(folder + ": a folder, allowed: the file of a policy");
  }

  @Test
  void savingFailsWhole() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    assertThatThrownBy(() -> PolicyFile.write(policy, path.resolve("below")))
        .isInstanceOf(IOException.class);
    PolicyExample example = PolicyExample.record(policy, 3, 1, 0);
    example.outputs()[0] += 1;
    assertThatThrownBy(() -> PolicyFile.write(policy, example, path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining("allowed is below 1.0E-6");
    assertThat(path).hasBinaryContent(bytes);
    assertThat(folder).isDirectoryNotContaining(other -> !other.equals(path));
  }

  /** Changes the file's content, with a checksum that fits. */
  private void edit(BiConsumer<Map<String, String>, Map<String, Tensor>> change)
      throws IOException {
    Safetensors file = Safetensors.read(path);
    Map<String, String> texts = new LinkedHashMap<>(file.metadata());
    Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors());
    change.accept(texts, tensors);
    new Safetensors(texts, tensors).write(path);
  }

  private AbstractStringAssert<?> assertRefused(String what) {
    return assertThatThrownBy(() -> Policies.load(path))
        .as(what)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(path + ": ")
        .message()
        .hasLineCount(1);
  }
}
