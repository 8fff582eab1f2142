package dev.raptor.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.core.io.Json;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What one starts from an IDE or with jbang starts, and every example can be started so. */
class RunConfigurationsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String FLAG = "--add-modules jdk.incubator.vector";

  @Test
  void intelliJHasEveryMain() throws Exception {
    Set<String> mains = new TreeSet<>();
    for (Path file : files(ROOT.resolve(".run"), ".run.xml")) {
      NodeList options =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getElementsByTagName("option");
      String flags = "";
      for (int i = 0; i < options.getLength(); i++) {
        Element option = (Element) options.item(i);
        if (option.getAttribute("name").equals("MAIN_CLASS_NAME")) {
          mains.add(option.getAttribute("value"));
        } else if (option.getAttribute("name").equals("VM_PARAMETERS")) {
          flags = option.getAttribute("value");
        }
      }
      assertThat(flags).as(file.toString()).isEqualTo(FLAG);
    }
    assertThat(mains).isEqualTo(mains());
  }

  @Test
  void visualStudioCodeHasEveryMain() throws IOException {
    String launch = Files.readString(ROOT.resolve(".vscode/launch.json"));
    List<?> configurations = (List<?>) ((Map<?, ?>) Json.parse(launch)).get("configurations");
    Set<String> mains = new TreeSet<>();
    for (Object configuration : configurations) {
      Map<?, ?> described = (Map<?, ?>) configuration;
      assertThat(described.get("vmArgs")).isEqualTo(FLAG);
      mains.add(described.get("mainClass").toString().replaceFirst(".*/", ""));
    }
    assertThat(mains).isEqualTo(mains());
  }

  @Test
  void theFileForJbangFlies() throws IOException, InterruptedException {
    Path hover = ROOT.resolve("examples/Hover.java");
    String version =
        Files.readString(ROOT.resolve("pom.xml"))
            .replaceFirst("(?s).*?<artifactId>raptor-parent.*?<version>(.*?)</version>.*", "$1");
    assertThat(hover).content().contains("//DEPS dev.raptor:raptor-sim:" + version + "\n");
    String modules =
        ROOT.resolve("raptor-core/target/classes")
            + File.pathSeparator
            + ROOT.resolve("raptor-sim/target/classes");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "-cp", modules, hover.toString(), "mrs")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(out.lines()).hasSize(7).last().asString().startsWith("3.0 s: x ");
  }

  /** The classes of the command and of the examples that have a main method. */
  private static Set<String> mains() throws IOException {
    Set<String> mains = new TreeSet<>();
    for (String module : List.of("raptor-app", "raptor-examples")) {
      Path sources = ROOT.resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          if (Files.readString(file).contains("public static void main(")) {
            String path = sources.relativize(file).toString().replace(".java", "");
            mains.add(path.replace(File.separatorChar, '.'));
          }
        }
      }
    }
    return mains;
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .collect(Collectors.toUnmodifiableList());
    }
  }
}
