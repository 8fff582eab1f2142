package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raptor.app.Run;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.FixedFile;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.fixed.FixedSession;
import dev.raptor.core.fixed.quantise.CalibrationData;
import dev.raptor.core.fixed.quantise.Quantiser;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.interop.CHeader;
import dev.raptor.core.io.FolderLock;
import dev.raptor.core.io.Json;
import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.ScalarIntegerKernels;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.quantise.Calibration;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy in integers, in flight and out of the JVM. */
class FixedPointTest {
  private static final int STEPS = 10_000;
  private static final FixedFormat[] FORMATS = {
    FixedFormat.W8A16, FixedFormat.W8A8, new FixedFormat(6, 12)
  };
  private static CalibrationData recording;

  @TempDir private Path folder;

  @BeforeAll
  static void record() {
    recording = Calibration.fly(RecurrentPolicy.pretrained(), 32, 0);
  }

  private static FixedPolicy quantise(FixedFormat format) {
    RecurrentPolicy policy = RecurrentPolicy.pretrained();
    Quantiser quantiser = new Quantiser(policy, format, recording);
    return quantiser.quantise(policy.parameters(), quantiser.calibrate(), Map.of());
  }

  /** Words of closed-loop flights, {@code observations} and {@code actions} one after the other. */
  private record Flight(ByteBuffer observations, ByteBuffer actions) {
    static Flight of(FixedPolicy policy, Quadrotor quadrotor) {
      FixedSession session = policy.newSession();
      FixedSession scalar = policy.newSession(new ScalarIntegerKernels());
      Environment environment = new Environment(1);
      environment.assign(0, quadrotor, Task.platform(quadrotor));
      environment.reset(0, RandomStreams.of(1, 0), ReferenceKind.MIX);
      ByteBuffer observations = ByteBuffer.allocate(2 * 22 * STEPS).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer actions = ByteBuffer.allocate(2 * 4 * STEPS).order(ByteOrder.LITTLE_ENDIAN);
      float[] observation = new float[22];
      float[] action = new float[4];
      short[] seen = new short[22];
      short[] words = new short[4];
      short[] expected = new short[4];
      float[] reward = new float[1];
      boolean[] terminated = new boolean[1];
      for (int t = 0; t < STEPS; t++) {
        environment.observe(ObservationKind.RELATIVE, observation);
        policy.toWords(observation, seen);
        session.step(seen, words);
        scalar.step(seen, expected);
        assertThat(words).containsExactly(expected);
        for (short word : seen) {
          observations.putShort(word);
        }
        for (short word : words) {
          actions.putShort(word);
        }
        policy.toAction(words, action);
        environment.step(action, reward, terminated);
        if (terminated[0]) {
          // The vehicle begins anew; the memory stays, so that one flight tests all words.
          environment.reset(0, RandomStreams.of(1, t), ReferenceKind.MIX);
        }
      }
      return new Flight(observations, actions);
    }
  }

  /** Scalar kernels, vector kernels and C: the same bits on every platform. */
  @Test
  void everyPlatformIsFlownWithTheSameBitsInJavaAndC() throws Exception {
    assertThat(IntegerKernels.active().name()).startsWith("vector");
    for (FixedFormat format : FORMATS) {
      FixedPolicy policy = quantise(format);
      Path program = compile(policy);
      for (Quadrotor quadrotor : Quadrotors.all()) {
        Flight flight = Flight.of(policy, quadrotor);
        if (program != null) {
          assertThat(run(program, flight.observations.array()))
              .as("%s, %s in C", quadrotor.name(), format)
              .isEqualTo(flight.actions.array());
        }
      }
    }
    assumeThat(cc()).as("a C compiler").isTrue();
  }

  private static boolean cc() {
    try {
      return new ProcessBuilder("cc", "--version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** A program that steps through the words on its input; null without a compiler. */
  private Path compile(FixedPolicy policy) throws Exception {
    if (!cc()) {
      return null;
    }
    Files.writeString(folder.resolve("policy.h"), CHeader.of(policy, new ErrorClip(0.5, 1)));
    Files.writeString(
        folder.resolve("main.c"),
        """
        #include "policy.h"
        #include <stdio.h>
        int main(void) {
          unsigned char in[2 * RAPTOR_INPUTS];
          raptor_session session;
          if (raptor_self_test() != 0) return 1;
          raptor_reset(&session);
          while (fread(in, 1, sizeof in, stdin) == sizeof in) {
            int16_t observation[RAPTOR_INPUTS], action[RAPTOR_OUTPUTS];
            for (int i = 0; i < RAPTOR_INPUTS; i++)
              observation[i] = (int16_t)(in[2 * i] | in[2 * i + 1] << 8);
            raptor_step(&session, observation, action);
            for (int i = 0; i < RAPTOR_OUTPUTS; i++) {
              putchar(action[i] & 0xff);
              putchar(action[i] >> 8 & 0xff);
            }
          }
          return 0;
        }
        """);
    List<String> command =
        List.of(
            "cc",
            "-std=c99",
            "-O2",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-pedantic",
            "-o",
            "main",
            "main.c");
    Path log = folder.resolve("cc.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor()).as(() -> read(log)).isZero();
    return folder.resolve("main");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private byte[] run(Path program, byte[] input) throws Exception {
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    Files.write(in, input);
    Process process =
        new ProcessBuilder(program.toString())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("self-test").isZero();
    return Files.readAllBytes(out);
  }

  /** Ten minutes in one go: the error of the last minute is that of the second one, as in float. */
  @Test
  void tenMinutesDoNotDrift() {
    RecurrentPolicy policy = RecurrentPolicy.pretrained();
    double[] inFloat = hover(policy);
    for (FixedFormat format : List.of(FixedFormat.W8A16, FixedFormat.W8A8)) {
      double[] inIntegers = hover(quantise(format));
      assertThat(inIntegers[9]).isLessThan(inIntegers[1] + 0.01);
      assertThat(inIntegers[9]).isLessThan(inFloat[9] + 0.03);
    }
  }

  /**
   * Mean distance from the reference in each minute, m, over the platforms that stay in the air.
   */
  private static double[] hover(dev.raptor.core.Policy policy) {
    List<Quadrotor> quadrotors = List.of(Quadrotors.named("crazyflie"), Quadrotors.named("mrs"));
    Environment environment = new Environment(quadrotors.size());
    var batch = policy.newBatch(quadrotors.size());
    for (int lane = 0; lane < quadrotors.size(); lane++) {
      Quadrotor quadrotor = quadrotors.get(lane);
      environment.assign(lane, quadrotor, Task.platform(quadrotor).withInitialPositionM(0.1));
      environment.reset(lane, RandomStreams.of(4, lane), ReferenceKind.HOVER);
    }
    float[] observations = new float[22 * quadrotors.size()];
    float[] actions = new float[4 * quadrotors.size()];
    float[] reward = new float[quadrotors.size()];
    boolean[] terminated = new boolean[quadrotors.size()];
    double[] minutes = new double[10];
    for (int t = 0; t < 60_000; t++) {
      environment.observe(ObservationKind.RELATIVE, observations);
      batch.step(observations, actions);
      environment.step(actions, reward, terminated);
      for (int lane = 0; lane < quadrotors.size(); lane++) {
        assertThat(terminated[lane]).as("%s at step %d", quadrotors.get(lane).name(), t).isFalse();
        double x = observations[lane];
        double y = observations[quadrotors.size() + lane];
        double z = observations[2 * quadrotors.size() + lane];
        minutes[t / 6000] += Math.sqrt(x * x + y * y + z * z) / 6000 / quadrotors.size();
      }
    }
    return minutes;
  }

  @Test
  void quantizesAndExports() throws IOException {
    Path fixed = folder.resolve("fixed.raptorfx");
    Path json = folder.resolve("figures.json");
    Run.of(
            "quantize",
            "--activations",
            8,
            "--out",
            fixed,
            "--quads",
            3,
            "--episodes",
            1,
            "--json",
            json)
        .succeeds();
    Map<?, ?> figures = (Map<?, ?>) Json.parse(Files.readString(json));
    assertThat(figures.keySet().toArray())
        .containsExactly("float", "fixed", "flash_bytes", "ram_bytes");
    assertThat((double) figures.get("flash_bytes")).isLessThanOrEqualTo(2600);
    assertThat((double) figures.get("ram_bytes")).isLessThanOrEqualTo(256);
    assertThat(((Map<?, ?>) figures.get("fixed")).get("quads")).isEqualTo(3.0);
    assertThat(FixedFile.read(fixed).format()).isEqualTo(FixedFormat.W8A8);

    Run.of("evaluate", "--policy", fixed, "--quads", 2, "--episodes", 1).succeeds();
    Path header = folder.resolve("policy.h");
    Run.of("export", "--policy", fixed, "--format", "c-header", "--out", header).succeeds();
    assertThat(header)
        .hasContent(
            CHeader.of(FixedFile.read(fixed), ErrorClip.of(FixedFile.read(fixed)).orElseThrow()));
    Path floats = folder.resolve("float.safetensors");
    Run.of("export", "--format", "safetensors", "--out", floats).succeeds();
    assertThat(PolicyFile.read(floats).parameters())
        .containsExactly(RecurrentPolicy.pretrained().parameters());

    Run.of("quantize", "--policy", fixed, "--out", fixed).isRefused("in fixed point, allowed");
    Run.of("export", "--policy", fixed, "--format", "safetensors", "--out", floats)
        .isRefused("in fixed point, allowed");
    Run.of("export", "--format", "pdf", "--out", floats).isRefused("safetensors, c-header");
    Run.of("quantize", "--weights", 9, "--out", fixed).isRefused("9 bits for a weight");
  }

  @Test
  void fineTunesAndSaysWhatItKept() throws IOException {
    Path fixed = folder.resolve("fixed.raptorfx");
    Path json = folder.resolve("figures.json");
    Object[] tune = {
      "quantize", "--activations", 8, "--out", fixed, "--quads", 2, "--episodes", 1, "--json", json
    };
    Run run = Run.of(append(tune, "--fine-tune", 1));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("fine-tuning, epoch 1 of 1: return in integers ");
    Map<?, ?> tuning =
        (Map<?, ?>) ((Map<?, ?>) Json.parse(Files.readString(json))).get("fine_tuning");
    double epochs = (double) tuning.get("epochs");
    assertThat(run.out())
        .contains(epochs == 0 ? "kept calibration alone;" : "kept epoch 1 of 1 of fine-tuning;");
    assertThat((double) tuning.get("return_kept"))
        .isGreaterThanOrEqualTo((double) tuning.get("return_calibrated"));
    assertThat(FixedFile.read(fixed).provenance()).containsEntry("fine_tuning_epochs", epochs);

    Run.of(append(tune, "--fine-tune", -1)).isRefused("--fine-tune is -1, allowed: 0 or more");
  }

  @Test
  void searchesAndGoesOnWhereItWasStopped() throws IOException {
    Path run = folder.resolve("search");
    Path json = folder.resolve("table.json");
    Object[] small = {
      "search", "--run", run, "--updates", 2, "--quads", 2, "--episodes", 1, "--json", json
    };
    Run first = Run.of(append(small, "--trials", 1));
    assertThat(first.exitCode()).as(first.err()).isZero();
    byte[] student;
    try (var files = Files.list(run)) {
      student =
          Files.readAllBytes(files.filter(f -> f.toString().endsWith("tensors")).findAny().get());
    }
    assertThat(student).isNotEmpty();
    assertThat(Run.of(append(small, "--trials", 2)).exitCode()).isZero();
    Map<?, ?> table = (Map<?, ?>) Json.parse(Files.readString(json));
    List<?> rows = (List<?>) table.get("candidates");
    assertThat(rows).hasSize(60);
    assertThat(rows.stream().filter(r -> ((Map<?, ?>) r).get("measured").equals(true))).hasSize(2);
    Run.of("search", "--run", run, "--updates", 3).isRefused("of another configuration");

    Path file = run.resolve("search.json");
    String whole = Files.readString(file);
    for (String damaged :
        List.of("[]", "{\"results\":{}}", whole.replace("flash_bytes", "bytes"))) {
      Files.writeString(file, damaged);
      Run.of("search", "--run", run, "--updates", 2, "--quads", 2, "--episodes", 1)
          .isRefused(file.toString(), "allowed: what a search wrote");
    }
    Files.writeString(file, whole);
    FolderLock lock = FolderLock.of(run, "test runs");
    Run.of("search", "--run", run, "--updates", 2, "--quads", 2, "--episodes", 1)
        .isRefused("another search runs in this folder");
    lock.close();
  }

  /** A search that was killed before its first flight leaves a student of its settings. */
  @Test
  void studentsOfAnotherSearchAreNotTaken() throws IOException {
    Path run = folder.resolve("search");
    Object[] search = {
      "search", "--run", run, "--trials", 1, "--updates", 2, "--quads", 2, "--episodes", 1
    };
    assertThat(Run.of(search).exitCode()).isZero();
    Path student;
    try (Stream<Path> files = Files.list(run)) {
      student = files.filter(f -> f.toString().endsWith(".safetensors")).findFirst().orElseThrow();
    }
    byte[] own = Files.readAllBytes(student);
    Files.delete(run.resolve("search.json"));
    Files.writeString(student, "of another search");
    assertThat(Run.of(search).exitCode()).isZero();
    assertThat(student).hasBinaryContent(own);
  }

  private static Object[] append(Object[] first, Object... more) {
    Object[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
