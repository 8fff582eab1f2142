package dev.raptor.core.fixed.quantise;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Observation;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedLayer;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.network.Dense;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The quantiser of policies: a float policy becomes a {@link FixedPolicy} by what it saw and did on
 * recorded flights.
 *
 * <p>Weights: each row has a scale of its own, clipped where the error of the row's sums over the
 * recorded inputs is least, and each weight is rounded to the side on which that error, {@code δᵀ C
 * δ} with the covariance C of the inputs, is less; what remains in the mean goes into the bias.
 *
 * <p>Scales of words ({@link Scales}): from the largest magnitudes recorded, and then changed one
 * after the other as long as the actions over all recorded flights come nearer to those of the
 * float policy.
 */
public final class Quantiser {
  /** Where the groups of an observation begin, and its end: each has one number of bits. */
  private static final int[] GROUPS = {
    Observation.POSITION,
    Observation.ROTATION,
    Observation.VELOCITY,
    Observation.ANGULAR_VELOCITY,
    Observation.PREVIOUS_ACTION,
    Observation.SIZE
  };

  private static final double[] ROW_CLIPS = {1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6};
  private static final double[] GATE_RANGES = {4, 5, 6, 7, 8, 10};
  private static final double[] FEATURE_STEPS = {0.8, 0.9, 0.95, 1.05};
  private static final int SWEEPS = 3;

  private final RecurrentPolicy policy;
  private final RecurrentNetwork network;
  private final FixedFormat format;
  private final CalibrationData recording;
  private final ActivationStatistics observed;
  private final ActivationStatistics features;
  private final ActivationStatistics states;
  private final double[] largestObservations;
  private double largestAction;
  private final float[] actions;

  /**
   * Flies the policy over the recording to see what it comes to.
   *
   * @throws InvalidInputException if the recording is of another shape
   */
  public Quantiser(RecurrentPolicy policy, FixedFormat format, CalibrationData recording) {
    if (recording.inputs() != policy.observationSize() || recording.inputs() != Observation.SIZE) {
      throw new InvalidInputException(
          "a recording of %d inputs for a policy of %d, allowed: %d"
              .formatted(recording.inputs(), policy.observationSize(), Observation.SIZE));
    }
    this.policy = policy;
    this.format = format;
    this.recording = recording;
    network = policy.network();
    observed = new ActivationStatistics(network.inputs());
    features = new ActivationStatistics(network.hidden());
    states = new ActivationStatistics(network.hidden());
    largestObservations = new double[network.inputs()];
    actions = new float[recording.steps() * network.outputs() * recording.lanes()];
    watch();
  }

  private void watch() {
    int lanes = recording.lanes();
    float[] p = policy.parameters();
    UnrolledNetwork unrolled = new UnrolledNetwork(network, 1, lanes);
    for (int t = 0; t < recording.steps(); t++) {
      System.arraycopy(
          recording.observations(),
          t * network.inputs() * lanes,
          unrolled.inputs(),
          0,
          network.inputs() * lanes);
      unrolled.step(p, 0);
      unrolled.carryOver();
      for (int lane = 0; lane < lanes; lane++) {
        if (t < recording.lengths()[lane]) {
          observed.add(unrolled.inputs(), lanes, lane);
          features.add(unrolled.features(), lanes, lane);
          states.add(unrolled.states(), lanes, lane);
          for (int i = 0; i < network.inputs(); i++) {
            largestObservations[i] =
                Math.max(largestObservations[i], Math.abs(unrolled.inputs()[i * lanes + lane]));
          }
          for (int i = 0; i < network.outputs(); i++) {
            largestAction = Math.max(largestAction, Math.abs(unrolled.outputs()[i * lanes + lane]));
          }
        }
      }
      System.arraycopy(
          unrolled.outputs(), 0, actions, t * network.outputs() * lanes, network.outputs() * lanes);
    }
  }

  /** The scales that fly nearest to the float policy. */
  public Scales calibrate() {
    Scales best = initialScales();
    double least = error(best);
    boolean better = true;
    while (better) {
      better = false;
      for (Scales scales : neighbours(best)) {
        double error = error(scales);
        if (error < 0.999 * least) {
          best = scales;
          least = error;
          better = true;
        }
      }
    }
    return best;
  }

  private Scales initialScales() {
    int[] bits = new int[network.inputs()];
    for (int g = 0; g + 1 < GROUPS.length; g++) {
      double largest = 0;
      for (int i = GROUPS[g]; i < GROUPS[g + 1]; i++) {
        largest = Math.max(largest, largestObservations[i]);
      }
      for (int i = GROUPS[g]; i < GROUPS[g + 1]; i++) {
        bits[i] = fractionBits(largest);
      }
    }
    // A vehicle feeds the words of an action back as they are.
    int action = Math.min(fractionBits(largestAction), bits[Observation.PREVIOUS_ACTION]);
    for (int i = Observation.PREVIOUS_ACTION; i < bits.length; i++) {
      bits[i] = action;
    }
    double feature = features.largest() / format.featureLimit();
    return new Scales(bits, action, feature > 0 ? feature : 1, 8);
  }

  /** The most with which a word holds twice the largest magnitude that was seen. */
  private static int fractionBits(double largest) {
    return Math.clamp(
        14 - (largest > 0 ? Math.getExponent(largest) + 1 : 0),
        -FixedPolicy.MAX_FRACTION_BITS,
        FixedPolicy.MAX_FRACTION_BITS);
  }

  private List<Scales> neighbours(Scales scales) {
    List<Scales> out = new ArrayList<>();
    for (double step : FEATURE_STEPS) {
      out.add(scales.withFeature(step * scales.feature()));
    }
    for (double range : GATE_RANGES) {
      out.add(scales.withGateRange(range));
    }
    // The last group goes with the actions.
    for (int g = 0; g + 2 < GROUPS.length; g++) {
      if (scales.observationFractionBits()[GROUPS[g]] > 6 - FixedPolicy.MAX_FRACTION_BITS) {
        out.add(scales.withGroup(GROUPS[g], GROUPS[g + 1], -1));
      }
    }
    return out;
  }

  /** Mean squared difference of the actions, as motors clamp them, over all recorded flights. */
  private double error(Scales scales) {
    FixedPolicy fixed = quantise(policy.parameters(), scales, Map.of());
    int lanes = recording.lanes();
    int in = network.inputs() * lanes;
    int out = network.outputs() * lanes;
    PolicyBatch batch = fixed.newBatch(lanes);
    float[] observation = new float[in];
    float[] action = new float[out];
    double sum = 0;
    long count = 0;
    for (int t = 0; t < recording.steps(); t++) {
      System.arraycopy(recording.observations(), t * in, observation, 0, in);
      batch.step(observation, action);
      for (int i = 0; i < out; i++) {
        if (t < recording.lengths()[i % lanes]) {
          double difference =
              Math.clamp(action[i], -1f, 1f) - Math.clamp(actions[t * out + i], -1f, 1f);
          sum += difference * difference;
          count++;
        }
      }
    }
    return sum / count;
  }

  /** The bits that are spent. */
  FixedFormat format() {
    return format;
  }

  /**
   * A policy of the given parameters in integers.
   *
   * @param p parameters of the network's shape, which may have moved since the recording
   */
  public FixedPolicy quantise(float[] p, Scales scales, Map<String, Object> provenance) {
    return new FixedPolicy(
        network,
        format,
        scales.observationFractionBits(),
        scales.actionFractionBits(),
        layers(p, scales),
        table(scales.gateRange()),
        provenance);
  }

  /**
   * The parameters that the integers of {@code p} stand for. Where only the sum of two biases is
   * seen, the first has it all.
   */
  float[] round(float[] p, Scales scales) {
    float[] rounded = p.clone();
    List<Part> parts = parts(scales);
    List<FixedLayer> layers = layers(p, scales);
    for (int l = 0; l < layers.size(); l++) {
      FixedLayer layer = layers.get(l);
      Part part = parts.get(l);
      int inputs = layer.inputs();
      for (int o = 0; o < layer.outputs(); o++) {
        int shift = layer.preShift() + layer.shifts()[o];
        double sum = Math.scalb(layer.multipliers()[o] * part.out[o], -shift);
        int row = part.at + o * inputs;
        for (int i = 0; i < inputs; i++) {
          rounded[row + i] = (float) (layer.weights()[o * inputs + i] * sum / part.in[i]);
        }
        rounded[part.at + part.shape.biasOffset() + o] =
            (float) (Math.scalb(sum, layer.biasShift()) * layer.biases()[o]);
      }
    }
    return rounded;
  }

  /**
   * A layer of the network.
   *
   * @param at where its parameters begin
   * @param moments of its inputs
   * @param inputLimit the largest magnitude of an input's word
   * @param in what a 1 of each input stands for
   * @param out what a 1 of each output stands for
   */
  private record Part(
      Dense shape,
      int at,
      ActivationStatistics moments,
      int inputLimit,
      double[] in,
      double[] out) {}

  /** Encoder, input gates, state gates and decoder. */
  private List<Part> parts(Scales scales) {
    int h = network.hidden();
    double[] words = new double[network.inputs()];
    for (int i = 0; i < words.length; i++) {
      words[i] = Math.scalb(1.0, -scales.observationFractionBits()[i]);
    }
    double[] feature = filled(h, scales.feature());
    double[] state = filled(h, Math.scalb(1.0, format.stateShift() - 15));
    double[] gates = filled(3 * h, 2 * scales.gateRange() / 32768);
    Arrays.fill(gates, 2 * h, 3 * h, scales.gateRange() / 32768);
    double[] action = filled(network.outputs(), Math.scalb(1.0, -scales.actionFractionBits()));

    Dense inputLayer = network.gru().inputLayer();
    int inputGates = network.gruOffset();
    int stateGates = inputGates + inputLayer.parameterCount();
    int stateLimit = format.stateLimit();
    return List.of(
        new Part(network.encoder(), 0, observed, FixedFormat.WORD_LIMIT + 1, words, feature),
        new Part(inputLayer, inputGates, features, format.featureLimit(), feature, gates),
        new Part(network.gru().stateLayer(), stateGates, states, stateLimit, state, gates),
        new Part(network.decoder(), network.decoderOffset(), states, stateLimit, state, action));
  }

  private List<FixedLayer> layers(float[] p, Scales scales) {
    List<Part> parts = parts(scales);
    List<float[]> biases = parts.stream().map(part -> bias(p, part.at, part.shape)).toList();
    for (int i = 0; i < 2 * network.hidden(); i++) {
      // r and z only see the sum of the two.
      biases.get(1)[i] += biases.get(2)[i];
      biases.get(2)[i] = 0;
    }
    return IntStream.range(0, parts.size())
        .mapToObj(l -> layer(parts.get(l), p, biases.get(l)))
        .toList();
  }

  private int[] table(double range) {
    int[] table = new int[format.tableSegments() + 1];
    for (int k = 0; k < table.length; k++) {
      double step = range / format.tableSegments();
      double tanh = Math.tanh(k * step);
      // A chord lies inside of the curve by f'' h² / 12 in the mean, which its ends make good.
      double lifted = tanh + tanh * (1 - tanh * tanh) * step * step / 6;
      table[k] = (int) Math.min(FixedFormat.WORD_LIMIT, Math.round(32768 * lifted));
    }
    return table;
  }

  private static double[] filled(int size, double value) {
    double[] array = new double[size];
    Arrays.fill(array, value);
    return array;
  }

  private static float[] bias(float[] p, int at, Dense layer) {
    int from = at + layer.biasOffset();
    return Arrays.copyOfRange(p, from, from + layer.outputs());
  }

  private FixedLayer layer(Part part, float[] p, float[] bias) {
    int inputs = part.shape.inputs();
    int outputs = part.shape.outputs();
    double[] in = part.in;
    double[] covariance = new double[inputs * inputs];
    for (int i = 0; i < inputs; i++) {
      for (int j = 0; j < inputs; j++) {
        covariance[i * inputs + j] = part.moments.covariance(i, j) / (in[i] * in[j]);
      }
    }
    int[] weights = new int[inputs * outputs];
    int[] multipliers = new int[outputs];
    int[] totalShifts = new int[outputs];
    double[] sums = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      double[] row = new double[inputs];
      for (int i = 0; i < inputs; i++) {
        row[i] = p[part.at + o * inputs + i] * in[i];
      }
      Row best = null;
      for (double clip : ROW_CLIPS) {
        Row candidate = Row.of(row, part.out[o], clip, format.weightLimit(), covariance, bias[o]);
        if (best == null || candidate.error < best.error) {
          best = candidate;
        }
      }
      System.arraycopy(best.weights, 0, weights, o * inputs, inputs);
      multipliers[o] = best.multiplier;
      totalShifts[o] = best.shift;
      double mean = bias[o];
      for (int i = 0; i < inputs; i++) {
        mean += (row[i] - best.weights[i] * best.scale) * part.moments.mean(i) / in[i];
      }
      sums[o] = best.scale == 0 ? 0 : mean / best.scale;
    }
    return assemble(part.shape, weights, sums, multipliers, totalShifts, part.inputLimit);
  }

  /** Rounds the biases and shares each row's shift between before and after its multiplier. */
  private static FixedLayer assemble(
      Dense shape,
      int[] weights,
      double[] sums,
      int[] multipliers,
      int[] totalShifts,
      int inputLimit) {
    int outputs = shape.outputs();
    int inputs = shape.inputs();
    int biasShift = 0;
    double largestSum = 0;
    for (int o = 0; o < outputs; o++) {
      while (Math.rint(Math.scalb(Math.abs(sums[o]), -biasShift)) > FixedFormat.WORD_LIMIT) {
        biasShift++;
      }
      double sum = Math.abs(sums[o]);
      for (int i = 0; i < inputs; i++) {
        sum += (double) Math.abs(weights[o * inputs + i]) * inputLimit;
      }
      largestSum = Math.max(largestSum, sum);
    }
    largestSum += 1 << biasShift;
    int preShift = 0;
    while (largestSum + (1 << preShift >> 1)
        >= Math.scalb(1.0, FixedLayer.SCALED_BITS + preShift)) {
      preShift++;
    }
    int[] biases = new int[outputs];
    int[] shifts = new int[outputs];
    for (int o = 0; o < outputs; o++) {
      biases[o] = (int) Math.rint(Math.scalb(sums[o], -biasShift));
      shifts[o] = totalShifts[o] - preShift;
      while (shifts[o] > FixedLayer.MAX_SHIFT) {
        multipliers[o] = multipliers[o] + 1 >> 1;
        shifts[o]--;
      }
    }
    return new FixedLayer(
        inputs, outputs, weights, biases, biasShift, preShift, multipliers, shifts);
  }

  /** A row's weights as integers of a scale that a multiplier and a shift make exactly. */
  private record Row(int[] weights, double scale, int multiplier, int shift, double error) {
    static Row of(
        double[] row, double out, double clip, int limit, double[] covariance, double bias) {
      double largest = 0;
      for (double weight : row) {
        largest = Math.max(largest, Math.abs(weight));
      }
      // A row of nothing but a bias still needs a scale.
      largest = Math.max(largest, Math.abs(bias) * 0x1p-20);
      if (largest == 0) {
        return new Row(new int[row.length], 0, 0, FixedLayer.MAX_SHIFT, 0);
      }
      double wanted = clip * largest / limit / out;
      int shift = 7 - Math.getExponent(wanted);
      int multiplier = (int) Math.ceil(Math.scalb(wanted, shift));
      if (multiplier > FixedLayer.MAX_MULTIPLIER) {
        multiplier = 128;
        shift--;
      }
      double scale = Math.scalb((double) multiplier, -shift) * out;
      int[] weights = new int[row.length];
      for (int i = 0; i < row.length; i++) {
        weights[i] = Math.clamp(Math.round(row[i] / scale), -limit, limit);
      }
      return new Row(
          weights,
          scale,
          multiplier,
          shift,
          scale * scale * descend(row, scale, limit, covariance, weights));
    }

    /** Moves weights by one as long as {@code δᵀ C δ} falls; returns what it comes to. */
    private static double descend(
        double[] row, double scale, int limit, double[] covariance, int[] weights) {
      int n = row.length;
      double[] delta = new double[n];
      for (int i = 0; i < n; i++) {
        delta[i] = weights[i] - row[i] / scale;
      }
      for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (int i = 0; i < n; i++) {
          double slope = 0;
          for (int j = 0; j < n; j++) {
            slope += covariance[i * n + j] * delta[j];
          }
          int move = slope > 0 ? -1 : 1;
          double change = 2 * move * slope + covariance[i * n + i];
          // Not further than one from the nearest, so that rare inputs are not forgotten.
          if (change < 0
              && Math.abs(weights[i] + move) <= limit
              && Math.abs(delta[i] + move) <= 1.5) {
            weights[i] += move;
            delta[i] += move;
          }
        }
      }
      double error = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          error += delta[i] * covariance[i * n + j] * delta[j];
        }
      }
      return error;
    }
  }
}
