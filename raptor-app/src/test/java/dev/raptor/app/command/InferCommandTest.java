package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.app.Run;
import dev.raptor.app.TestPolicies;
import dev.raptor.core.PolicyExample;
import dev.raptor.core.PolicySession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InferCommandTest {
  private final PolicyExample example = PolicyExample.record(TestPolicies.random(), 4, 1, 3);
  @TempDir private Path folder;
  private Path policy;

  @BeforeEach
  void setUp() throws IOException {
    policy = TestPolicies.saveRandom(folder);
  }

  @Test
  void answersEveryLineWithTheFloatsOfTheSession() {
    String input = lines(example, 0, " ") + "\n" + lines(example, 0, ", ");

    Run run = Run.withInput(input, "infer", "--policy", policy).succeeds();

    PolicySession session = TestPolicies.random().newSession();
    float[] action = new float[4];
    List<String> answers = run.out().lines().toList();
    assertThat(answers).hasSize(8);
    for (int i = 0; i < 8; i++) {
      if (i == 4) {
        session.reset();
      }
      session.step(Arrays.copyOfRange(example.inputs(), i % 4 * 22, i % 4 * 22 + 22), action);
      assertThat(numbers(answers.get(i))).isEqualTo(action);
    }
  }

  @Test
  void readsCarriageReturnsAndALastLineWithoutAnEnd() {
    String line = lines(example, 0, " ").lines().findFirst().orElseThrow();
    Run run = Run.withInput("  " + line + " \r\n" + line, "infer", "--policy", policy).succeeds();
    assertThat(run.out().lines()).hasSize(2);
  }

  @Test
  void saysNothingToNothing() {
    assertThat(Run.withInput("", "infer", "--policy", policy).succeeds().out()).isEmpty();
    assertThat(Run.withInput("\n\n", "infer", "--policy", policy).succeeds().out()).isEmpty();
  }

  @Test
  void reproducesTheReleasedExample() throws IOException {
    Path checkpoint = TestPolicies.releasedCheckpoint();
    Path released = folder.resolve("released.safetensors");
    Run.of("import", checkpoint, "--out", released).succeeds();
    PolicyExample stored = Hdf5Checkpoint.read(checkpoint).example();

    String input = lines(stored, 0, " ") + "\n" + lines(stored, 1, " ");
    Run run = Run.withInput(input, "infer", "--policy", released).succeeds();

    List<String> answers = run.out().lines().toList();
    assertThat(answers).hasSize(1000);
    double sum = 0;
    for (int i = 0; i < 1000; i++) {
      float[] answer = numbers(answers.get(i));
      for (int k = 0; k < 4; k++) {
        int at = (i % 500 * 2 + i / 500) * 4 + k;
        sum += Math.abs((double) answer[k] - stored.outputs()[at]);
      }
    }
    assertThat(sum / 4000).isLessThan(1e-6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "1e99", "0x1p3", "1f", "one", "1..2", "-"})
  void refusesWhatIsNoFiniteNumber(String word) {
    String good = lines(example, 0, " ").lines().findFirst().orElseThrow();
    String bad = good.replaceFirst(" \\S+ ", " " + word + " ");
    Run run = Run.withInput(good + "\n" + bad, "infer", "--policy", policy);
    run.isRefused("line 2", "number 2", "'" + word + "'", "finite");
    assertThat(run.out().lines()).hasSize(1);
  }

  @Test
  void refusesALineOfAnotherLength() {
    String good = lines(example, 0, " ").lines().findFirst().orElseThrow();
    String tooShort = good.substring(0, good.lastIndexOf(' '));
    Run.withInput(tooShort, "infer", "--policy", policy).isRefused("line 1", "21 numbers", "22");
    Run.withInput(good + " 1", "infer", "--policy", policy).isRefused("line 1", "23 numbers", "22");
    Run.withInput(good + ",", "infer", "--policy", policy).isRefused("line 1", "23 numbers", "22");
  }

  @Test
  void refusesAPolicyThatIsNotThere() {
    Run.withInput("", "infer", "--policy", folder.resolve("none"))
        .isRefused("none", "no such file", "pretrained");
    Run.withInput("", "infer", "--policy", folder).isRefused("a folder");
  }

  private static String lines(PolicyExample example, int sequence, String separator) {
    return IntStream.range(0, example.steps())
        .mapToObj(t -> (t * example.sequences() + sequence) * 22)
        .map(
            at ->
                IntStream.range(at, at + 22)
                    .mapToObj(i -> Float.toString(example.inputs()[i]))
                    .collect(Collectors.joining(separator)))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private static float[] numbers(String line) {
    String[] words = line.split(" ");
    float[] numbers = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      numbers[i] = Float.parseFloat(words[i]);
    }
    return numbers;
  }
}
