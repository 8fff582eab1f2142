package dev.raptor.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.core.Policies;
import dev.raptor.core.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policies in the jar fly, and say how they were made. */
class PretrainedPolicyTest {
  @TempDir private Path folder;

  @Test
  void fliesTheNamedPlatforms() throws IOException {
    Path json = folder.resolve("f.json");
    Run.of("fly", "--seed", 0, "--json", json, "--html", folder.resolve("f.html")).succeeds();

    List<?> flights = (List<?>) read(json).get("flights");
    assertThat(flights).hasSize(9);
    assertThat(flights)
        .filteredOn(f -> ((Map<?, ?>) f).get("terminated").equals(true))
        .hasSizeLessThan(3);
  }

  @Test
  void fliesQuadrotorsThatItWasNotTrainedOn() throws IOException {
    Path json = folder.resolve("e.json");
    Run.of("evaluate", "--quads", 200, "--episodes", 10, "--seed", 7, "--json", json).succeeds();

    assertThat((double) read(json).get("terminated_share")).isLessThan(0.025);
    assertThat((double) read(json).get("steady_state_error_m")).isLessThan(0.04);
  }

  @Test
  void saysHowItWasMade() {
    Map<String, Object> provenance = Policies.pretrained().provenance();

    assertThat(provenance).containsKeys("made_by", "configuration", "metrics");
    assertThat((Map<?, ?>) provenance.get("configuration"))
        .extracting("seed", "quadrotors", "method")
        .doesNotContainNull();
  }

  @Test
  void theOneThatOnlyImitatesFliesAndSaysSo() throws IOException {
    Path json = folder.resolve("i.json");
    Run.of("evaluate", "--policy", "imitated", "--quads", 200, "--seed", 7, "--json", json)
        .succeeds();

    // Of these 200 the authors' policy loses 7 %.
    assertThat((double) read(json).get("terminated_share")).isLessThan(0.06);
    assertThat((double) read(json).get("steady_state_error_m")).isLessThan(0.05);
    Map<?, ?> made = (Map<?, ?>) Policies.imitated().provenance().get("configuration");
    assertThat(made.get("method")).isEqualTo("ppo");
    assertThat(((Map<?, ?>) made.get("refinement")).get("epochs")).isEqualTo(0.0);
  }

  private static Map<?, ?> read(Path json) throws IOException {
    return (Map<?, ?>) Json.parse(Files.readString(json));
  }
}
