package dev.raptor.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raptor.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  private static final Path RELEASED =
      Path.of("../../shared/reference/released-policy/checkpoint.h5");

  @TempDir private Path folder;

  @Test
  void writesTheFiguresUnderTheirNames() throws IOException {
    Map<?, ?> figures = evaluate(TestPolicies.saveRandom(folder), "--quads", 3, "--episodes", 2);

    assertThat(figures.keySet().toArray())
        .containsExactly(
            "return_mean",
            "return_std_over_quads",
            "length_mean",
            "terminated_share",
            "steady_state_error_m",
            "settling_time_s",
            "quads",
            "episodes",
            "seed");
    assertThat(figures.get("quads")).isEqualTo(3.0);
    assertThat(figures.get("episodes")).isEqualTo(2.0);
  }

  @Test
  void oneSeedGivesOneResult() throws IOException {
    Path policy = TestPolicies.saveRandom(folder);
    Object[] options = {"--quads", 3, "--episodes", 2, "--seed", 5};

    assertThat((Object) evaluate(policy, options)).isEqualTo(evaluate(policy, options));
    assertThat((Object) evaluate(policy, "--quads", 3, "--episodes", 2, "--seed", 6))
        .isNotEqualTo(evaluate(policy, options));
  }

  /** The simulator is the reference's: the released policy gets the reference's own figures. */
  @Test
  void theReleasedPolicyFliesAsItDidForItsAuthors() throws IOException {
    assumeThat(RELEASED).as("the released policy, which is not part of this project").exists();
    Path policy = folder.resolve("released.safetensors");
    Run.of("import", RELEASED, "--out", policy).succeeds();
    Object[] training = {"--quads", 1000, "--quad-seed", 0, "--seed", 1, "--reference", "mix"};

    Map<?, ?> absolute = evaluate(policy, append(training, "--observation", "absolute"));
    Map<?, ?> relative = evaluate(policy, append(training, "--observation", "relative"));

    assertThat((double) absolute.get("return_mean")).isCloseTo(618.5, Offset.offset(4.0));
    assertThat((double) absolute.get("length_mean")).isCloseTo(483, Offset.offset(1.5));
    assertThat((double) absolute.get("terminated_share")).isCloseTo(0.042, Offset.offset(0.004));
    assertThat((double) relative.get("return_mean")).isCloseTo(636.7, Offset.offset(4.0));
  }

  @Test
  void refusesWhatIsNotAllowed() {
    Run.of("evaluate", "--quads", 0).isRefused("--quads is 0, allowed: 1 or more");
    Run.of("evaluate", "--observation", "sideways").isRefused("RELATIVE, ABSOLUTE");
    Run.of("train", "--preset", "huge").isRefused("SMOKE, LAPTOP, FULL");
  }

  private Map<?, ?> evaluate(Path policy, Object... options) throws IOException {
    Path json = folder.resolve("e.json");
    Object[] fixed = {"evaluate", "--policy", policy, "--json", json};
    Run.of(append(fixed, options)).succeeds();
    return (Map<?, ?>) Json.parse(Files.readString(json));
  }

  private static Object[] append(Object[] first, Object... more) {
    Object[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
