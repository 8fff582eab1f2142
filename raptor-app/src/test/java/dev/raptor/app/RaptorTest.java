package dev.raptor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RaptorTest {
  @Test
  void needsACommand() {
    Run.of().isRefused("raptor: a command is needed, allowed: fly, ");
  }

  @Test
  void refusesACommandThatItDoesNotHave() {
    Run.of("swim").isRefused("raptor: unknown command 'swim', allowed: fly, ", "search, bench");
  }

  @Test
  void refusesAnOptionThatItDoesNotHave() {
    Run.of("--swim").isRefused("raptor: ", "'--swim'", "--help");
    Run.of("fly", "--platfrom", "soft")
        .isRefused("raptor fly: unknown option '--platfrom', did you mean --platform");
  }

  @Test
  void helps() {
    assertThat(Run.of("--help").succeeds().out())
        .contains("Usage: raptor", "fly", "replay", "bench");
  }

  @Test
  void saysItsVersion() {
    assertThat(Run.of("--version").succeeds().out())
        .startsWith("raptor ")
        .contains(", Java " + Runtime.version().feature());
  }

  @Test
  void failsWhereItsOutputGetsLost() throws IOException, InterruptedException {
    Path full = Path.of("/dev/full");
    assumeThat(full).exists();
    Run run = Run.inAProcess(full, "describe", "mrs");
    assertThat(run.err()).isEqualTo("raptor: the output could not be written\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  static Stream<String> commands() {
    return Raptor.commandLine().getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpsWithEveryCommand(String command) {
    assertThat(Run.of(command, "--help").succeeds().out()).contains("Usage: raptor " + command);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void refusesAnOptionThatACommandDoesNotHave(String command) {
    Run.of(command, "--swim").isRefused("raptor " + command + ": ");
  }
}
