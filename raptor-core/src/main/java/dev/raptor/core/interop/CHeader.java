package dev.raptor.core.interop;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicyExample;
import dev.raptor.core.fixed.FixedFile;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedLayer;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.io.Json;
import dev.raptor.core.network.Dense;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.IntFunction;

/**
 * A policy as one C99 header without a dependency and without a heap, which is C++ too: its
 * parameters, a step, examples and a function that replays them, and around the step what a {@link
 * dev.raptor.core.flight.ControlLoop} has around it: observation, clipped errors, previous action,
 * steps between those of the memory, order and range of the motors. The way to a far target, and
 * the turn to another heading, are the caller's.
 *
 * <p>The step of a {@link FixedPolicy} has no floating-point number, and gives every bit that a
 * {@link dev.raptor.core.fixed.FixedSession} gives. That of a policy in float needs {@code expf}
 * and {@code tanhf} of the C library, and agrees to their last bits.
 */
public final class CHeader {
  private static final int INTEGER_EXAMPLE_STEPS = 32;

  /** Fewer, as differences of last bits grow. */
  private static final int FLOAT_EXAMPLE_STEPS = 10;

  private static final int INTEGERS_PER_LINE = 20;
  private static final int FLOATS_PER_LINE = 7;
  private static final int TEXT_WIDTH = 96;
  private static final String[] LAYERS = {"encoder", "input_gates", "state_gates", "decoder"};

  private final StringBuilder out = new StringBuilder();

  private CHeader() {}

  /** The text of a policy in integers, of ASCII alone. */
  public static String of(FixedPolicy policy, ErrorClip clip) {
    CHeader header = new CHeader();
    header.start(policy, "integers", "from words to words", "stdint.h");
    header.integers(policy);
    header.end(clip);
    return header.out.toString();
  }

  /** The text of a policy in float, of ASCII alone. */
  public static String of(RecurrentPolicy policy, ErrorClip clip) {
    CHeader header = new CHeader();
    header.start(policy, "floats", "from floats to floats", "math.h>\n#include <stdint.h");
    header.floats(policy);
    header.end(clip);
    return header.out.toString();
  }

  private void start(Policy policy, String numbers, String step, String include) {
    out.append(START.formatted(numbers, step));
    out.append(" * How the policy was made:\n");
    String json = Json.write(policy.provenance()).replace("*/", "* /").replaceAll("[^ -~]", "?");
    for (int at = 0; at < json.length(); at += TEXT_WIDTH) {
      String line = json.substring(at, Math.min(json.length(), at + TEXT_WIDTH));
      out.append((" *   " + line).stripTrailing()).append('\n');
    }
    out.append(" */\n#ifndef RAPTOR_POLICY_H\n#define RAPTOR_POLICY_H\n\n");
    out.append("#include <").append(include).append(">\n\n");
    define("INPUTS", policy.observationSize());
    define("HIDDEN", policy.stateSize());
    define("OUTPUTS", policy.actionSize());
  }

  private void integers(FixedPolicy policy) {
    FixedFormat format = policy.format();
    define("WEIGHT_BITS", format.weightBits());
    define("FEATURE_LIMIT", format.featureLimit());
    define("STATE_SHIFT", format.stateShift());
    define("STATE_LIMIT", format.stateLimit());
    define("TABLE_SHIFT", format.tableShift());
    out.append("\n/* A word w of the action stands for w / 2^this. */\n");
    define("ACTION_FRACTION_BITS", policy.actionFractionBits());
    out.append("\n/* A word w of input i stands for w / 2^this[i]. */\n");
    integers("int8_t", "observation_fraction_bits", policy.observationFractionBits());
    integers("int16_t", "tanh_table", policy.table());
    for (int i = 0; i < LAYERS.length; i++) {
      layer(LAYERS[i], policy.layers().get(i), format);
    }
    FixedFile.Example example = FixedFile.Example.of(policy, INTEGER_EXAMPLE_STEPS);
    out.append('\n').append(resource("integers.h")).append('\n');
    define("EXAMPLE_STEPS", INTEGER_EXAMPLE_STEPS);
    integers("int16_t", "example_observations", flat(example.observations()));
    integers("int16_t", "example_actions", flat(example.actions()));
    out.append('\n').append(resource("integers-test.h"));
  }

  private void layer(String name, FixedLayer layer, FixedFormat format) {
    out.append('\n');
    define(name.toUpperCase(Locale.ROOT) + "_PRE_SHIFT", layer.preShift());
    define(name.toUpperCase(Locale.ROOT) + "_BIAS_SHIFT", layer.biasShift());
    integers("uint8_t", name + "_multipliers", layer.multipliers());
    integers("uint8_t", name + "_shifts", layer.shifts());
    integers("int16_t", name + "_biases", layer.biases());
    byte[] weights = FixedFile.packWeights(layer.weights(), format.weightBits());
    array(
        "uint8_t",
        name + "_weights",
        weights.length,
        INTEGERS_PER_LINE,
        i -> Byte.toUnsignedInt(weights[i]));
  }

  private void floats(RecurrentPolicy policy) {
    RecurrentNetwork network = policy.network();
    float[] parameters = policy.parameters();
    Dense gates = network.gru().inputLayer();
    List<Dense> layers =
        List.of(network.encoder(), gates, network.gru().stateLayer(), network.decoder());
    int at = 0;
    for (int i = 0; i < LAYERS.length; i++) {
      Dense layer = layers.get(i);
      out.append('\n');
      floats(LAYERS[i] + "_weights", parameters, at, layer.biasOffset());
      floats(LAYERS[i] + "_biases", parameters, at + layer.biasOffset(), layer.outputs());
      at += layer.parameterCount();
    }
    PolicyExample example = PolicyExample.record(policy, FLOAT_EXAMPLE_STEPS, 1, 0);
    out.append('\n').append(resource("floats.h")).append('\n');
    define("EXAMPLE_STEPS", FLOAT_EXAMPLE_STEPS);
    floats("example_observations", example.inputs(), 0, example.inputs().length);
    floats("example_actions", example.outputs(), 0, example.outputs().length);
    out.append('\n').append(resource("floats-test.h"));
  }

  private void end(ErrorClip clip) {
    out.append("\n/* How large an error this policy may be shown on each axis. */\n");
    define("CLIP_POSITION_M", literal((float) clip.positionM()));
    define("CLIP_VELOCITY_M_S", literal((float) clip.velocityMS()));
    out.append('\n').append(resource("loop.h")).append("\n#endif\n");
  }

  private void define(String name, Object value) {
    out.append("#define RAPTOR_").append(name).append(' ').append(value).append('\n');
  }

  private void integers(String type, String name, int[] values) {
    array(type, name, values.length, INTEGERS_PER_LINE, i -> values[i]);
  }

  private void floats(String name, float[] values, int from, int length) {
    array("float", name, length, FLOATS_PER_LINE, i -> literal(values[from + i]));
  }

  /** A float as C reads it, to the last bit. */
  private static String literal(float value) {
    return value + "f";
  }

  private void array(String type, String name, int length, int perLine, IntFunction<Object> value) {
    StringJoiner numbers = new StringJoiner(", ");
    for (int i = 0; i < length; i++) {
      numbers.add((i % perLine == 0 ? "\n  " : "") + value.apply(i));
    }
    out.append("static const %s raptor_%s[%d] = {%s};\n".formatted(type, name, length, numbers));
  }

  private static int[] flat(short[][] rows) {
    int[] words = new int[rows.length * rows[0].length];
    for (int i = 0; i < words.length; i++) {
      words[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return words;
  }

  private static String resource(String name) {
    try (InputStream stream = CHeader.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String START =
      """
      /* A quadrotor policy in %s, generated by "raptor export --format c-header".
       *
       *   raptor_loop loop;
       *   raptor_loop_reset(&loop);                                  before take-off
       *   raptor_control(&loop, &state, &target, 1, throttles);      every 10 ms
       *
       * or, where observation and motors are yours,
       *
       *   raptor_session session;
       *   raptor_reset(&session);                                    before take-off
       *   raptor_step(&session, observation, action);                every 10 ms, %s
       *
       * raptor_self_test() returns 0 if this compiler's code replays the examples below.
       * C99 or C++; int is to have 32 bits or more. No heap.
       *
       * Observation, world with z up, body forward, left, up:
       *    0 ..  2   position minus target, m, world
       *    3 .. 11   rotation matrix, body to world, row by row
       *   12 .. 14   velocity minus that of the target, m/s, world
       *   15 .. 17   body rates, rad/s, body
       *   18 .. 21   the action of the step before, not clamped; 0 at first
       * where the world is turned about z so that its x is the heading that is wanted.
       *
       * Action, -1 a motor's lowest speed, 1 its highest, to be clamped; seen from above, nose up,
       *    3 cw   0 ccw
       *    2 ccw  1 cw
       *
       * The code is under the Apache License, Version 2.0; the numbers are under the licence of the
       * policy that they are taken from.
       *
      """;
}
