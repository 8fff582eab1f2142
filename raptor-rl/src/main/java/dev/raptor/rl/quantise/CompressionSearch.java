package dev.raptor.rl.quantise;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Observation;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.FolderLock;
import dev.raptor.core.io.Json;
import dev.raptor.core.io.TextFile;
import dev.raptor.core.math.RidgeRegression;
import dev.raptor.core.math.RidgeRegression.Sample;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.rl.run.RunListener;
import dev.raptor.rl.student.Imitation;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Searches hidden units, bits and pruning together, as APQ (Wang et al., 2020) and SimQ-NAS
 * (Sridhar et al., 2023) do: a few candidates are distilled, quantised and flown; a ridge
 * regression on them predicts the flight error of all others; and the next to be flown is the one
 * that is predicted to push the Pareto front of error and bytes furthest. Most are never trained.
 *
 * <p>Students are shared by all formats of one size and pruning. The folder keeps students and
 * results, so that a search that was stopped goes on; one seed gives one table.
 */
public final class CompressionSearch {
  private static final int[] HIDDEN = {8, 12, 16, 20, 24};
  private static final int[] WEIGHT_BITS = {4, 6, 8};
  private static final int[] ACTIVATION_BITS = {8, 16};
  private static final double[] PRUNED = {0, 0.3};
  private static final int FIRST = 6;
  private static final double RIDGE = 0.1;
  private static final double BEST_RETURN = 500 * 1.5;

  /**
   * How much to spend.
   *
   * @param trials candidates to fly
   * @param updates of each student
   * @param quads to scale a candidate by, and to fly it with
   * @param episodes of each quadrotor
   */
  public record Config(int trials, int updates, int quads, int episodes, long seed) {
    /** Checks the sizes. */
    public Config {
      if (trials < 1 || updates < 1 || quads < 1 || episodes < 1) {
        throw new InvalidInputException(
            "%d trials, %d updates, %d quadrotors, %d episodes; all must be at least 1"
                .formatted(trials, updates, quads, episodes));
      }
    }

    private Map<String, Object> toJson(RecurrentPolicy policy) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("updates", updates);
      json.put("quads", quads);
      json.put("episodes", episodes);
      json.put("seed", seed);
      json.put("policy", Arrays.hashCode(policy.parameters()));
      return json;
    }
  }

  /**
   * A point of the space.
   *
   * @param hidden units
   * @param format bits
   * @param pruned share of the weights that are zero
   */
  public record Candidate(int hidden, FixedFormat format, double pruned) {
    private String student() {
      return "student-%d-%.0f.safetensors".formatted(hidden, 100 * pruned);
    }

    private String key() {
      return "%d %s %.0f".formatted(hidden, format, 100 * pruned);
    }

    private double[] features() {
      double h = (hidden - 16) / 8.0;
      double w = (format.weightBits() - 6) / 2.0;
      double a = (format.activationBits() - 12) / 4.0;
      double p = pruned / 0.3;
      return new double[] {h, h * h, w, w * w, a, p, h * w, w * a, h * p};
    }

    /** Bytes of flash by the format's layout. */
    int bytes() {
      return FixedPolicy.flashBytes(new RecurrentNetwork(Observation.SIZE, hidden, 4), format);
    }
  }

  /**
   * A candidate and its flight error: one minus the share of the best return there is.
   *
   * @param measured whether it was flown; otherwise the error is predicted and the rest is not
   *     known
   * @param error 0 is perfect
   * @param flashBytes of the step
   * @param operations multiplications by weights that are not zero
   * @param evaluation of the flights, as {@link Evaluation#toJson}
   * @param pareto whether nothing that was flown is better in one of error, bytes and operations
   *     and no worse in the others
   */
  public record Row(
      Candidate candidate,
      boolean measured,
      double error,
      int flashBytes,
      int operations,
      Map<String, Object> evaluation,
      boolean pareto) {}

  private final Path folder;
  private final RecurrentPolicy policy;
  private final Config config;
  private final RunListener listener;
  private final Map<String, Object> results = new LinkedHashMap<>();

  /** A search in {@code folder} for students of {@code policy}. */
  public CompressionSearch(
      Path folder, RecurrentPolicy policy, Config config, RunListener listener) {
    this.folder = folder;
    this.policy = policy;
    this.config = config;
    this.listener = listener;
  }

  /**
   * Goes on until the trials are flown.
   *
   * @return every candidate, the measured ones first, by bytes
   * @throws InvalidInputException if the folder holds a search of another configuration or a
   *     damaged one, or another process searches in it
   */
  public List<Row> run() throws IOException {
    Files.createDirectories(folder);
    FolderLock lock = FolderLock.of(folder, "search runs");
    try {
      return runAlone();
    } finally {
      lock.close();
    }
  }

  private List<Row> runAlone() throws IOException {
    if (Files.exists(folder.resolve("search.json"))) {
      restore();
    } else {
      // Before there is a student, so that none is taken for one of another configuration.
      for (Candidate candidate : space()) {
        Files.deleteIfExists(folder.resolve(candidate.student()));
      }
      save();
    }
    List<Candidate> space = space();
    List<Candidate> shuffled = new ArrayList<>(space);
    Collections.shuffle(shuffled, new Random(config.seed()));
    int trials = Math.min(config.trials(), space.size());
    while (results.size() < trials) {
      Candidate next = results.size() < FIRST ? shuffled.get(results.size()) : mostPromising(space);
      listener.progress((double) results.size() / trials, next.key());
      results.put(next.key(), fly(next));
      save();
    }
    listener.progress(1, "done");
    return table(space);
  }

  static List<Candidate> space() {
    List<Candidate> space = new ArrayList<>();
    for (int hidden : HIDDEN) {
      for (int weights : WEIGHT_BITS) {
        for (int activations : ACTIVATION_BITS) {
          for (double pruned : PRUNED) {
            space.add(new Candidate(hidden, new FixedFormat(weights, activations), pruned));
          }
        }
      }
    }
    return space;
  }

  private Map<String, Object> fly(Candidate candidate) throws IOException {
    Path file = folder.resolve(candidate.student());
    if (!Files.exists(file)) {
      Imitation imitation =
          new Imitation(
              policy, candidate.hidden(), candidate.pruned(), config.updates(), config.seed());
      PolicyFile.write(imitation.run(Map.of("made_by", "raptor search")), file);
    }
    RecurrentPolicy student = PolicyFile.read(file);
    FixedPolicy fixed =
        Calibration.quantise(student, candidate.format(), config.quads(), config.seed());
    Evaluation evaluation =
        Evaluation.of(
            fixed,
            QuadrotorDistribution.sample(config.seed(), config.quads()),
            config.episodes(),
            config.seed(),
            ObservationKind.RELATIVE,
            ReferenceKind.HOVER);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("error", 1 - evaluation.returnMean() / BEST_RETURN);
    result.put("flash_bytes", (double) fixed.flashBytes());
    result.put("operations", (double) fixed.operations());
    result.put("evaluation", evaluation.toJson());
    return result;
  }

  /** The one whose predicted error is least against the best flown with no more bytes. */
  private Candidate mostPromising(List<Candidate> space) {
    RidgeRegression line = fit(space);
    return space.stream()
        .filter(c -> !results.containsKey(c.key()))
        .min(Comparator.comparingDouble(c -> predict(line, c) / bestUpTo(space, c.bytes())))
        .orElseThrow();
  }

  private double bestUpTo(List<Candidate> space, int bytes) {
    return space.stream()
        .filter(c -> results.containsKey(c.key()) && c.bytes() <= bytes)
        .mapToDouble(this::error)
        .min()
        .orElse(1);
  }

  private double error(Candidate candidate) {
    return number(candidate, "error");
  }

  private double number(Candidate candidate, String what) {
    return (double) ((Map<?, ?>) results.get(candidate.key())).get(what);
  }

  private static double predict(RidgeRegression line, Candidate candidate) {
    return Math.exp(line.predict(candidate.features()));
  }

  /** The logarithm of the error as a line of the features. */
  private RidgeRegression fit(List<Candidate> space) {
    return RidgeRegression.fit(
        space.stream()
            .filter(c -> results.containsKey(c.key()))
            .map(c -> new Sample(c.features(), Math.log(Math.max(1e-3, error(c)))))
            .toList(),
        RIDGE);
  }

  private List<Row> table(List<Candidate> space) {
    RidgeRegression line = fit(space);
    List<Row> rows = new ArrayList<>();
    for (Candidate candidate : space) {
      rows.add(
          results.containsKey(candidate.key())
              ? measured(candidate, space)
              : new Row(
                  candidate,
                  false,
                  predict(line, candidate),
                  candidate.bytes(),
                  0,
                  Map.of(),
                  false));
    }
    rows.sort(Comparator.comparing(Row::measured).reversed().thenComparing(Row::flashBytes));
    return rows;
  }

  private Row measured(Candidate candidate, List<Candidate> space) {
    boolean dominated =
        space.stream()
            .filter(c -> c != candidate && results.containsKey(c.key()))
            .anyMatch(c -> dominates(c, candidate));
    Map<String, Object> evaluation = new LinkedHashMap<>();
    ((Map<?, ?>) ((Map<?, ?>) results.get(candidate.key())).get("evaluation"))
        .forEach((key, value) -> evaluation.put((String) key, value));
    return new Row(
        candidate,
        true,
        error(candidate),
        (int) number(candidate, "flash_bytes"),
        (int) number(candidate, "operations"),
        evaluation,
        !dominated);
  }

  private boolean dominates(Candidate a, Candidate b) {
    boolean better = false;
    for (String what : new String[] {"error", "flash_bytes", "operations"}) {
      if (number(a, what) > number(b, what)) {
        return false;
      }
      better |= number(a, what) < number(b, what);
    }
    return better;
  }

  private void restore() throws IOException {
    Path file = folder.resolve("search.json");
    Object parsed;
    try {
      parsed = Json.parse(TextFile.read(file));
    } catch (InvalidInputException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
    if (!(parsed instanceof Map<?, ?> json
        && json.get("configuration") instanceof Map<?, ?> configuration
        && json.get("results") instanceof Map<?, ?> flown
        && flown.values().stream().allMatch(CompressionSearch::isResult))) {
      throw new InvalidInputException(
          file + ": damaged, allowed: what a search wrote, or a folder without it");
    }
    String found = Json.write(configuration);
    String wanted = Json.write(Json.parse(Json.write(config.toJson(policy))));
    if (!found.equals(wanted)) {
      throw new InvalidInputException(
          "%s: a search of another configuration, %s, allowed here: %s"
              .formatted(folder, found, wanted));
    }
    flown.forEach((key, value) -> results.put((String) key, value));
  }

  private static boolean isResult(Object value) {
    return value instanceof Map<?, ?> result
        && result.get("error") instanceof Double
        && result.get("flash_bytes") instanceof Double
        && result.get("operations") instanceof Double
        && result.get("evaluation") instanceof Map<?, ?>;
  }

  private void save() throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("configuration", config.toJson(policy));
    json.put("results", results);
    AtomicFile.write(
        folder.resolve("search.json"), Json.writePretty(json).getBytes(StandardCharsets.UTF_8));
  }
}
