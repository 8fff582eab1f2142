package dev.raptor.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What flies goes into other people's applications: with or without flags, modules and images. */
class EmbeddingTest {
  private static final Path CORE = Path.of("../raptor-core/target/classes").toAbsolutePath();
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
  private static final String FLAG = "--add-modules=jdk.incubator.vector";
  private static final int LARGEST_JAR = 350_000;

  private static final String MODULE = "module app { requires dev.raptor.core; }";
  private static final String MAIN =
      """
      package app;
      public class Main {
        public static void main(String[] arguments) throws Exception {
          var policy = dev.raptor.core.Policies.load(java.nio.file.Path.of(arguments[0]));
          float[] action = new float[4];
          policy.newSession().step(new float[22], action);
          System.out.println(java.util.Arrays.toString(action));
        }
      }
      """;

  @TempDir private Path folder;
  private String app;
  private String policy;

  @BeforeEach
  void compile() throws IOException, InterruptedException {
    Path main = Files.writeString(folder.resolve("Main.java"), MAIN);
    Path module = Files.writeString(folder.resolve("module-info.java"), MODULE);
    app = folder.resolve("app").toString();
    policy = TestPolicies.saveRandom(folder).toString();
    run("javac", "-d", app, "-p", CORE, main, module);
  }

  @Test
  void fliesTheSameHoweverItIsEmbedded() throws IOException, InterruptedException {
    String path = CORE + File.pathSeparator + app;
    List<String> plain = run("java", "-cp", path, "app.Main", policy);
    assertThat(plain).hasSize(3);
    String action = plain.getLast();
    assertThat(action).startsWith("[");
    assertThat(plain.get(1)).contains("scalar kernels").contains(FLAG.replace('=', ' '));

    List<String> flagged = run("java", FLAG, "-cp", path, "app.Main", policy);
    assertThat(flagged).endsWith(action).anyMatch(line -> line.contains(" kernels: jdk.incub"));

    List<String> forced =
        run("java", FLAG, "-Ddev.raptor.kernels=scalar", "-cp", path, "app.Main", policy);
    assertThat(forced)
        .endsWith(action)
        .anyMatch(line -> line.contains("scalar kernels: -Ddev.raptor.kernels=scalar"));

    assertThat(run("java", "-p", path, "-m", "app/app.Main", policy)).endsWith(action);
    assertThat(run("java", FLAG, "-p", path, "-m", "app/app.Main", policy)).endsWith(action);
  }

  @Test
  void anImageNeedsTheBaseModuleAlone() throws IOException, InterruptedException {
    Path image = folder.resolve("image");
    String path = CORE + File.pathSeparator + app;
    run("jlink", "-p", path, "--add-modules", "app", "--output", image);
    Path java = image.resolve("bin").resolve("java");
    assertThat(run(java, "--list-modules"))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("dev.raptor.core"));
    assertThat(run(java, "-m", "app/app.Main", policy)).hasSize(3);
  }

  @Test
  void theJarStaysSmall() throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(OutputStream.nullOutputStream());
        Stream<Path> files = Files.walk(CORE)) {
      long size = 0;
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        ZipEntry entry = new ZipEntry(file.toString());
        zip.putNextEntry(entry);
        Files.copy(file, zip);
        zip.closeEntry();
        size += entry.getCompressedSize() + 2L * file.toString().length() + 100;
      }
      assertThat(size).isBetween(50_000L, (long) LARGEST_JAR);
    }
  }

  private static List<String> run(Object program, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(BIN.resolve(program.toString()).toString());
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, out).isZero();
    return out.lines().toList();
  }
}
