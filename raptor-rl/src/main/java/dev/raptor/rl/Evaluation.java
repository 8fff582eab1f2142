package dev.raptor.rl;

import dev.raptor.core.Policy;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.SampledQuadrotor;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How well a controller flies the training task ({@link Task#training}) over sampled quadrotors.
 *
 * @param returnMean sum of the rewards of an episode, averaged over all
 * @param returnStdOverQuads standard deviation of the quadrotors' mean returns
 * @param lengthMean steps of an episode, 500 at most
 * @param terminatedShare of the episodes that left the task's limits
 * @param steadyStateErrorM mean distance from the reference over the last half of the episodes that
 *     reached the end, m; NaN if none did
 * @param settlingTimeS mean time after which an episode that reached the end stays within {@value
 *     #SETTLED_M} m of its reference, s; over those that do, NaN if none does
 * @param quads number of quadrotors
 * @param episodes of each quadrotor
 * @param seed of the episodes
 * @param offsetM mean position, m, relative to the reference over the same steps
 */
public record Evaluation(
    double returnMean,
    double returnStdOverQuads,
    double lengthMean,
    double terminatedShare,
    double steadyStateErrorM,
    double settlingTimeS,
    int quads,
    int episodes,
    long seed,
    List<Double> offsetM) {
  private static final double SETTLED_M = 0.15;
  private static final int CHUNK = 64;

  /** Evaluates a policy on every quadrotor; the result does not depend on the number of threads. */
  public static Evaluation of(
      Policy policy,
      List<SampledQuadrotor> quadrotors,
      int episodes,
      long seed,
      ObservationKind observation,
      ReferenceKind reference) {
    return run(
        quadrotors, episodes, seed, reference, lanes -> Pilot.of(policy, lanes, observation), true);
  }

  /** Evaluates a teacher on its quadrotor, on the calling thread. */
  public static Evaluation of(
      Teacher teacher,
      SampledQuadrotor quadrotor,
      int episodes,
      long seed,
      ReferenceKind reference) {
    return run(
        List.of(quadrotor), episodes, seed, reference, lanes -> Pilot.of(teacher, lanes), false);
  }

  /** As JSON, under the names of the command line. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("return_mean", returnMean);
    json.put("return_std_over_quads", returnStdOverQuads);
    json.put("length_mean", lengthMean);
    json.put("terminated_share", terminatedShare);
    json.put("steady_state_error_m", steadyStateErrorM);
    json.put("settling_time_s", settlingTimeS);
    json.put("quads", quads);
    json.put("episodes", episodes);
    json.put("seed", seed);
    return json;
  }

  private static Evaluation run(
      List<SampledQuadrotor> quadrotors,
      int episodes,
      long seed,
      ReferenceKind reference,
      IntFunction<Pilot> pilots,
      boolean parallel) {
    if (quadrotors.isEmpty() || episodes < 1) {
      throw new IllegalArgumentException(
          "%d quadrotors x %d episodes; both must be at least 1"
              .formatted(quadrotors.size(), episodes));
    }
    int total = quadrotors.size() * episodes;
    Episode[] results = new Episode[total];
    int chunks = (total + CHUNK - 1) / CHUNK;
    IntStream range = IntStream.range(0, chunks);
    (parallel ? range.parallel() : range)
        .forEach(
            chunk -> {
              int from = chunk * CHUNK;
              int to = Math.min(total, from + CHUNK);
              fly(quadrotors, episodes, seed, reference, pilots, from, to, results);
            });
    return summarise(results, quadrotors.size(), episodes, seed);
  }

  /** What one episode came to. */
  private record Episode(
      double sum,
      int length,
      boolean terminated,
      double error,
      double settlingS,
      double[] offset) {}

  private static void fly(
      List<SampledQuadrotor> quadrotors,
      int episodes,
      long seed,
      ReferenceKind reference,
      IntFunction<Pilot> pilots,
      int from,
      int to,
      Episode[] results) {
    int lanes = to - from;
    Environment environment = new Environment(lanes);
    Pilot pilot = pilots.apply(lanes);
    int steps = 0;
    for (int lane = 0; lane < lanes; lane++) {
      SampledQuadrotor quadrotor = quadrotors.get((from + lane) / episodes);
      Task task = Task.training(quadrotor);
      steps = task.episodeSteps();
      environment.assign(lane, quadrotor.quadrotor(), task);
      environment.reset(
          lane, RandomStreams.of(seed, quadrotor.index(), (from + lane) % episodes), reference);
      pilot.reset(lane);
    }
    float[] action = new float[Environment.ACTION_ROWS * lanes];
    float[] reward = new float[lanes];
    boolean[] terminated = new boolean[lanes];
    int[] length = new int[lanes];
    double[] sum = new double[lanes];
    double[] error = new double[lanes];
    int[] unsettled = new int[lanes];
    double[][] offset = new double[lanes][3];
    boolean[] over = new boolean[lanes];
    int flying = lanes;
    for (int t = 0; t < steps && flying > 0; t++) {
      pilot.act(environment, action);
      for (int lane = 0; lane < lanes; lane++) {
        for (int i = 0; over[lane] && i < Environment.ACTION_ROWS; i++) {
          action[i * lanes + lane] = 0;
        }
      }
      environment.step(action, reward, terminated);
      for (int lane = 0; lane < lanes; lane++) {
        if (over[lane]) {
          continue;
        }
        sum[lane] += reward[lane];
        length[lane]++;
        over[lane] = terminated[lane];
        flying -= terminated[lane] ? 1 : 0;
        double distance = distance(environment, lane, t >= steps / 2 ? offset[lane] : null);
        error[lane] += t >= steps / 2 ? distance : 0;
        unsettled[lane] = distance < SETTLED_M ? unsettled[lane] : t + 1;
      }
    }
    int counted = steps - steps / 2;
    for (int lane = 0; lane < lanes; lane++) {
      for (int k = 0; k < 3; k++) {
        offset[lane][k] /= counted;
      }
      boolean settled = !over[lane] && unsettled[lane] < steps;
      results[from + lane] =
          new Episode(
              sum[lane],
              length[lane],
              over[lane],
              error[lane] / counted,
              settled ? unsettled[lane] * Simulator.STEP_S : Double.NaN,
              offset[lane]);
    }
  }

  private static double distance(Environment environment, int lane, double[] offset) {
    float[] state = environment.simulator().state();
    int lanes = environment.lanes();
    double squares = 0;
    for (int k = 0; k < 3; k++) {
      double difference =
          state[(Simulator.PX + k) * lanes + lane] - environment.reference()[k * lanes + lane];
      squares += difference * difference;
      if (offset != null) {
        offset[k] += difference;
      }
    }
    return Math.sqrt(squares);
  }

  private static Evaluation summarise(Episode[] results, int quads, int episodes, long seed) {
    double[] quadReturns = new double[quads];
    for (int i = 0; i < results.length; i++) {
      quadReturns[i / episodes] += results[i].sum / episodes;
    }
    double mean = Arrays.stream(quadReturns).average().orElseThrow();
    double variance =
        Arrays.stream(quadReturns).map(r -> (r - mean) * (r - mean)).average().orElseThrow();
    List<Episode> whole = Arrays.stream(results).filter(e -> !e.terminated).toList();
    List<Double> offset =
        IntStream.range(0, 3)
            .mapToObj(k -> whole.stream().mapToDouble(e -> e.offset[k]).average().orElse(0))
            .toList();
    return new Evaluation(
        mean,
        Math.sqrt(variance),
        Arrays.stream(results).mapToInt(e -> e.length).average().orElseThrow(),
        1 - (double) whole.size() / results.length,
        whole.stream().mapToDouble(e -> e.error).average().orElse(Double.NaN),
        whole.stream()
            .mapToDouble(e -> e.settlingS)
            .filter(Double::isFinite)
            .average()
            .orElse(Double.NaN),
        quads,
        episodes,
        seed,
        offset);
  }
}
