package dev.raptor.sim.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is generated is what its source says now. */
class VectorTwinsTest {
  @ParameterizedTest
  @ValueSource(strings = {"Stages", "Adjoint"})
  void isMadeOfItsPlainTwin(String name) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "src/generator/VectorTwins.java", name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String made = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    Path twin = Path.of("src/main/java/dev/raptor/sim/kernel/vector/Vector" + name + ".java");
    assertThat(tokens(Files.readString(twin)))
        .as("run: java raptor-sim/src/generator/VectorTwins.java && ./mvnw spotless:apply")
        .isEqualTo(tokens(made));
  }

  /** The formatter sets line ends and the stars of comments. */
  private static String tokens(String source) {
    return source.replaceAll("[\\s*]", "");
  }
}
