package dev.raptor.core.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.RandomFixedPolicy;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The C header on microcontrollers: compiled for them, and run by an emulator that counts
 * instructions. Skipped without Debian's gcc-arm-none-eabi and qemu-system-arm.
 */
class CortexTest {
  private static final ErrorClip CLIP = new ErrorClip(0.4, 2.5);

  /** A core, a machine of the emulator that has it, and the nanoseconds of its timer's tick. */
  private enum Core {
    CORTEX_M4F("mps2-an386", 40, "-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"),
    /** Emulated by a Cortex-M0, which has the same instructions. */
    CORTEX_M0_PLUS("microbit", 62.5, "-mcpu=cortex-m0plus");

    final String machine;
    final double nanoseconds;
    final List<String> flags;

    Core(String machine, double nanoseconds, String... flags) {
      this.machine = machine;
      this.nanoseconds = nanoseconds;
      this.flags = List.of(flags);
    }
  }

  @TempDir private Path folder;

  /** The self-test compares word for word with what Java computed. */
  @Test
  void givesTheSameWordsWithoutFloatingPoint() throws Exception {
    String header = CHeader.of(RandomFixedPolicy.of(FixedFormat.W8A16, 16), CLIP);
    for (Core core : Core.values()) {
      Map<String, Integer> said = run(core, header);
      assertThat(said).as(core.name()).containsEntry("self-test", 0);
      assertThat(said.get("instructions")).as(core.name()).isBetween(10_000, 60_000);
      assertThat(said.get("stack")).as(core.name()).isBetween(100, 1000);
    }
    assertThat(run(Core.CORTEX_M4F, wrong(header))).containsEntry("self-test", 1);
  }

  /** The same examples with another first word of an action. */
  private static String wrong(String header) {
    return header.replaceFirst("(example_actions\\[128\\] = \\{\\s*)", "$1" + "1 + ");
  }

  @Test
  void givesTheSameNumbersInFloats() throws Exception {
    RecurrentNetwork network = RecurrentNetwork.RAPTOR;
    float[] parameters = network.initialise(RandomStreams.of(3));
    String header = CHeader.of(new RecurrentPolicy(network, parameters, Map.of()), CLIP);
    for (Core core : Core.values()) {
      assertThat(run(core, header)).as(core.name()).containsEntry("self-test", 0);
    }
  }

  private Map<String, Integer> run(Core core, String header) throws Exception {
    Files.writeString(folder.resolve("policy.h"), header);
    for (String name : List.of("board.c", "board.ld")) {
      try (InputStream in = CortexTest.class.getResourceAsStream(name)) {
        Files.write(folder.resolve(name), in.readAllBytes());
      }
    }
    List<String> compile = new ArrayList<>(List.of("arm-none-eabi-gcc", "-std=c99", "-O2"));
    compile.addAll(List.of("-Wall", "-Wextra", "-Wconversion", "-Werror", "-mthumb"));
    compile.addAll(core.flags);
    compile.add("-DNANOSECONDS_10=" + Math.round(10 * core.nanoseconds));
    compile.addAll(List.of("-ffunction-sections", "-fdata-sections", "-nostartfiles"));
    compile.addAll(List.of("-T", "board.ld", "-Wl,--gc-sections", "-Wl,--no-warnings"));
    compile.addAll(List.of("-o", "board.elf", "board.c", "-lm", "-lc", "-lgcc", "-lnosys"));
    program(compile);
    String said =
        program(
            List.of(
                "qemu-system-arm",
                "-M",
                core.machine,
                "-nographic",
                "-icount",
                "shift=0",
                "-semihosting-config",
                "enable=on,target=native",
                "-kernel",
                "board.elf"));
    Map<String, Integer> numbers = new HashMap<>();
    said.lines()
        .map(line -> line.split(" "))
        .forEach(words -> numbers.put(words[0], Integer.valueOf(words[1])));
    return numbers;
  }

  private String program(List<String> command) throws InterruptedException, IOException {
    Path log = folder.resolve("log");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      assumeThat(false).as(command.get(0) + " is not there").isTrue();
      throw e;
    }
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(log);
    assertThat(process.exitValue()).as("%s: %s", command, said).isZero();
    return said;
  }
}
