package dev.raptor.core.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.fixed.FixedSession;
import dev.raptor.core.fixed.RandomFixedPolicy;
import dev.raptor.core.flight.ControlLoop;
import dev.raptor.core.flight.ControlLoopConfig;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.flight.Frame;
import dev.raptor.core.flight.GuidanceLimits;
import dev.raptor.core.flight.MotorOrder;
import dev.raptor.core.flight.Motors;
import dev.raptor.core.flight.Target;
import dev.raptor.core.flight.ThrottleRange;
import dev.raptor.core.flight.VehicleState;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compilers without mercy, and the same numbers as in Java. Skipped where there is no compiler. */
class CHeaderTest {
  private static final List<String> STRICT =
      List.of("-O1", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror");
  private static final String SANITIZERS = "-fsanitize=undefined,address";
  private static final ErrorClip CLIP = new ErrorClip(0.4, 2.5);
  private static final Motors MOTORS = new Motors(MotorOrder.PX4, ThrottleRange.unit(0.05));
  private static final int STEPS = 400;

  @TempDir private Path folder;

  @BeforeEach
  void needsACompiler() {
    assumeThat(isThere("cc")).as("a C compiler").isTrue();
  }

  private static RecurrentPolicy floats() {
    RecurrentNetwork network = RecurrentNetwork.RAPTOR;
    return new RecurrentPolicy(
        network,
        network.initialise(RandomStreams.of(3)),
        Map.of("made_by", "a \u00e9 comment */ that ends"));
  }

  private static FixedPolicy integers() {
    return RandomFixedPolicy.of(FixedFormat.W8A16, 16);
  }

  private static String header(Policy policy) {
    return policy instanceof FixedPolicy fixed
        ? CHeader.of(fixed, CLIP)
        : CHeader.of((RecurrentPolicy) policy, CLIP);
  }

  /** Steps through what stands on its input, with the self-test first. */
  private static final String STEP =
      """
      #define RAPTOR_STEP_ONLY
      #include "policy.h"
      #include <stdio.h>
      int main(void) {
        NUMBER observation[RAPTOR_INPUTS], action[RAPTOR_OUTPUTS];
        raptor_session session;
        if (raptor_self_test() != 0) return 1;
        raptor_reset(&session);
        while (fread(observation, sizeof observation, 1, stdin) == 1) {
          raptor_step(&session, observation, action);
          if (fwrite(action, sizeof action, 1, stdout) != 1) return 2;
        }
        return 0;
      }
      """;

  @Test
  void stepsInIntegersToTheLastBit() throws Exception {
    for (FixedFormat format :
        List.of(FixedFormat.W8A16, FixedFormat.W8A8, new FixedFormat(5, 12))) {
      FixedPolicy policy = RandomFixedPolicy.of(format, 16);
      ByteBuffer in = little(2 * 22 * STEPS);
      ByteBuffer out = little(2 * 4 * STEPS);
      FixedSession session = policy.newSession();
      RandomGenerator random = RandomStreams.of(1);
      short[] observation = new short[22];
      short[] action = new short[4];
      for (int t = 0; t < STEPS; t++) {
        for (int i = 0; i < 22; i++) {
          observation[i] = (short) random.nextInt();
          in.putShort(observation[i]);
        }
        session.step(observation, action);
        for (short word : action) {
          out.putShort(word);
        }
      }
      for (List<String> compiler : compilers()) {
        byte[] actual =
            run(policy, STEP.replace("NUMBER", "int16_t"), compiler, List.of(), in.array());
        assertThat(actual).as("%s, %s", format, compiler).isEqualTo(out.array());
      }
    }
  }

  @Test
  void stepsInFloats() throws Exception {
    RecurrentPolicy policy = floats();
    PolicySession session = policy.newSession();
    RandomGenerator random = RandomStreams.of(1);
    ByteBuffer in = little(4 * 22 * STEPS);
    float[][] actions = new float[STEPS][4];
    float[] observation = new float[22];
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < 22; i++) {
        observation[i] = (float) random.nextGaussian();
        in.putFloat(observation[i]);
      }
      session.step(observation, actions[t]);
    }
    for (List<String> compiler : compilers()) {
      ByteBuffer out =
          ByteBuffer.wrap(
                  run(policy, STEP.replace("NUMBER", "float"), compiler, List.of(), in.array()))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (float[] action : actions) {
        for (float expected : action) {
          assertThat(out.getFloat()).isCloseTo(expected, within(5e-6f));
        }
      }
    }
  }

  /** From states and targets to throttles, one call after the other. */
  private static final String LOOP =
      """
      #include "policy.h"
      #include <stdio.h>
      int main(void) {
        raptor_state state;
        raptor_target target;
        raptor_loop loop;
        float in[20], throttles[4];
        if (raptor_self_test() != 0) return 1;
        raptor_loop_reset(&loop);
        for (int call = 0; fread(in, sizeof in, 1, stdin) == 1; call++) {
          for (int i = 0; i < 3; i++) {
            state.position[i] = in[i];
            state.velocity[i] = in[3 + i];
            state.rates[i] = in[10 + i];
            target.position[i] = in[13 + i];
            target.velocity[i] = in[16 + i];
          }
          for (int i = 0; i < 4; i++) state.attitude[i] = in[6 + i];
          target.yaw = in[19];
          if (raptor_control(&loop, &state, &target, call % 4 == 0, throttles)) return 3;
          if (fwrite(throttles, sizeof throttles, 1, stdout) != 1) return 2;
        }
        /* What is no state changes nothing. */
        float before = throttles[2];
        state.attitude[0] = 2.0f;
        if (raptor_control(&loop, &state, &target, 1, throttles) != 1) return 4;
        state.attitude[0] = in[6];
        state.rates[1] = 0.0f / (in[0] - in[0]);
        if (raptor_control(&loop, &state, &target, 1, throttles) != 1) return 5;
        return throttles[2] == before ? 0 : 6;
      }
      """;

  @Test
  void doesWhatAControlLoopDoes() throws Exception {
    for (Policy policy : List.of(floats(), integers())) {
      for (boolean frd : new boolean[] {false, true}) {
        ByteBuffer in = little(4 * 20 * STEPS);
        double[][] throttles =
            frd
                ? fly(policy, VehicleState.frd(), Target.frd(), in)
                : fly(policy, VehicleState.flu(), Target.flu(), in);
        List<String> flags =
            List.of(
                "-DRAPTOR_ORDER=RAPTOR_ORDER_PX4",
                "-DRAPTOR_IDLE=0.05f",
                "-DRAPTOR_FRD=" + (frd ? 1 : 0));
        for (List<String> compiler : compilers()) {
          ByteBuffer out =
              ByteBuffer.wrap(run(policy, LOOP, compiler, flags, in.array()))
                  .order(ByteOrder.LITTLE_ENDIAN);
          double mean = 0;
          for (double[] call : throttles) {
            for (double expected : call) {
              float actual = out.getFloat();
              // A word may fall to the other side, after sums in another precision.
              assertThat((double) actual).isCloseTo(expected, within(0.01));
              mean += Math.abs(actual - expected) / 4 / STEPS;
            }
          }
          assertThat(mean).as("%s, %s", policy, compiler).isLessThan(1e-4);
        }
      }
    }
  }

  private static <F extends Frame> double[][] fly(
      Policy policy, VehicleState<F> state, Target<F> target, ByteBuffer in) {
    ControlLoop loop =
        new ControlLoop(
            policy,
            MOTORS,
            ControlLoopConfig.at(400)
                .withGuidance(GuidanceLimits.NONE)
                .withSteps(true, 4)
                .withErrorClip(CLIP));
    RandomGenerator random = RandomStreams.of(2);
    double[][] throttles = new double[STEPS][4];
    float[] x = new float[20];
    for (int call = 0; call < STEPS; call++) {
      for (int i = 0; i < 20; i++) {
        x[i] = (float) random.nextGaussian();
      }
      float norm = (float) Math.sqrt(x[6] * x[6] + x[7] * x[7] + x[8] * x[8] + x[9] * x[9]);
      for (int i = 6; i < 10; i++) {
        x[i] /= norm;
      }
      // Within what the loop shows of a heading error.
      double heading =
          Math.atan2(2 * (x[6] * x[9] + x[7] * x[8]), 1 - 2 * (x[8] * x[8] + x[9] * x[9]));
      x[19] = (float) (heading + Math.clamp(x[19] / 3, -1, 1));
      for (int i = 0; i < 20; i++) {
        in.putFloat(x[i]);
      }
      long now = 2_500_000L * call;
      state.position(now, x[0], x[1], x[2]);
      state.velocity(now, x[3], x[4], x[5]);
      state.attitudeWxyz(now, x[6], x[7], x[8], x[9]);
      state.angularVelocity(now, x[10], x[11], x[12]);
      target.track(now, x[13], x[14], x[15], x[16], x[17], x[18], x[19]);
      loop.step(now, state, target, throttles[call]);
    }
    return throttles;
  }

  @Test
  void saysWhatItIs() {
    for (Policy policy : List.of(floats(), integers())) {
      assertThat(header(policy))
          .contains("rotation matrix", "Apache License", "made_by")
          .contains("RAPTOR_CLIP_POSITION_M 0.4f", "RAPTOR_CLIP_VELOCITY_M_S 2.5f")
          .matches(text -> text.chars().allMatch(c -> c < 128 && c != '\t'), "plain ASCII");
    }
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** C99 with sanitizers, and C++ where there is a compiler for it. */
  private static List<List<String>> compilers() {
    List<List<String>> compilers = new ArrayList<>();
    compilers.add(List.of("cc", "-std=c99", SANITIZERS));
    if (isThere("c++")) {
      compilers.add(List.of("c++", "-std=c++11", "-x", "c++"));
    }
    return compilers;
  }

  private static boolean isThere(String program) {
    try {
      return new ProcessBuilder(program, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private byte[] run(
      Policy policy, String main, List<String> compiler, List<String> flags, byte[] input)
      throws Exception {
    Files.writeString(folder.resolve("policy.h"), header(policy));
    Files.writeString(folder.resolve("main.c"), main);
    List<String> command = new ArrayList<>(compiler);
    command.addAll(STRICT);
    command.addAll(flags);
    command.addAll(List.of("-o", "main", "main.c", "-lm"));
    Path log = folder.resolve("log");
    Process build =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(build.waitFor()).as("%s: %s", command, Files.readString(log)).isZero();
    Path in = Files.write(folder.resolve("in"), input);
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(folder.resolve("main").toString())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(log.toFile())
            .start();
    assertThat(process.waitFor()).as("%s: %s", command, Files.readString(log)).isZero();
    return Files.readAllBytes(out);
  }
}
