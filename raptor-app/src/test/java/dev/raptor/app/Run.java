package dev.raptor.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** What a command did, run in this process. */
public record Run(int exitCode, String out, String err) {
  public static Run of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine raptor = Raptor.commandLine();
    raptor.setOut(new PrintWriter(out));
    raptor.setErr(new PrintWriter(err));
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int exitCode = raptor.execute(words);
    return new Run(exitCode, out.toString(), err.toString());
  }

  /** In a process of its own, on the class path without any flag, with its output in a file. */
  public static Run inAProcess(Path out, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    String modules = System.getProperty("jdk.module.path", "");
    command.add(modules + File.pathSeparator + System.getProperty("java.class.path"));
    command.add(Raptor.class.getName());
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    return new Run(exitCode, Files.isRegularFile(out) ? Files.readString(out) : "", err);
  }

  public static Run withInput(String input, Object... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return of(arguments);
    } finally {
      System.setIn(before);
    }
  }

  public Run succeeds() {
    assertThat(err).isEmpty();
    assertThat(exitCode).isZero();
    return this;
  }

  /** Bad usage or bad input: exit code 2 and one line, which has all of {@code parts}. */
  public void isRefused(String... parts) {
    assertThat(err).contains(parts).endsWith(System.lineSeparator());
    assertThat(err.strip()).startsWith("raptor").doesNotContain("\n");
    assertThat(exitCode).isEqualTo(2);
  }
}
