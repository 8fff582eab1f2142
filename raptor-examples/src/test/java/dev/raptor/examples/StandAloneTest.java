package dev.raptor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A page copied into an empty project compiles. */
class StandAloneTest {
  private static final Path PAGES = Path.of("src/main/java/dev/raptor/examples");

  @TempDir Path empty;

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(file -> !file.endsWith("package-info.java")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void compilesByItself(Path page) throws IOException {
    Path copy = Files.copy(page, empty.resolve(page.getFileName()));
    Path examples = Path.of("target/classes").toAbsolutePath();
    String libraries =
        Stream.of("jdk.module.path", "java.class.path")
            .flatMap(key -> Arrays.stream(System.getProperty(key, "").split(File.pathSeparator)))
            .filter(place -> !place.isEmpty() && !Path.of(place).toAbsolutePath().equals(examples))
            .collect(Collectors.joining(File.pathSeparator));
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int exitCode =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                out,
                out,
                "-proc:none",
                "-implicit:none",
                "-sourcepath",
                empty.resolve("nothing").toString(),
                "-d",
                empty.toString(),
                "-cp",
                libraries,
                copy.toString());
    assertThat(said.toString()).isEmpty();
    assertThat(exitCode).isZero();
  }
}
