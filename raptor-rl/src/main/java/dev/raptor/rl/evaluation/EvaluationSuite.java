package dev.raptor.rl.evaluation;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.reference.Reference;
import dev.raptor.sim.rollout.BatchController;
import dev.raptor.sim.rollout.EpisodeMetrics;
import dev.raptor.sim.rollout.Rollout;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Episodes of many vehicles that controllers are put to. Whoever flies a suite meets the same
 * starts, references and disturbances, so that two outcomes may be compared episode by episode.
 * Immutable; an outcome depends neither on the number of threads nor on what else was flown.
 */
public final class EvaluationSuite {
  /** More results than these would not fit into the memory of most. */
  private static final int MAX_EPISODES = 10_000_000;

  private static final int CHUNK = 64;

  // What a deployment shows the policy at most, so that far targets do not upset it.
  private static final double ERROR_CLIP_M = 0.5;
  private static final double ERROR_CLIP_MS = 1;

  private final List<Entrant> entrants;
  private final int episodes;
  private final long seed;
  private final Start start;
  private final Function<Quadrotor, List<Effect>> effects;

  /** A vehicle, and the number that its episodes are drawn by. */
  private record Entrant(int index, Quadrotor quadrotor, Task task) {}

  /** Starts the episode of a lane. */
  private interface Start {
    void reset(Environment environment, int lane, SplittableRandom random);
  }

  private EvaluationSuite(
      List<Entrant> entrants,
      int episodes,
      long seed,
      Start start,
      Function<Quadrotor, List<Effect>> effects) {
    if (entrants.isEmpty() || episodes < 1) {
      throw new InvalidInputException(
          "%d quadrotors x %d episodes; both must be at least 1"
              .formatted(entrants.size(), episodes));
    }
    if ((long) entrants.size() * episodes > MAX_EPISODES) {
      throw new InvalidInputException(
          "%d quadrotors x %d episodes, allowed: up to %d episodes in all"
              .formatted(entrants.size(), episodes, MAX_EPISODES));
    }
    this.entrants = entrants;
    this.episodes = episodes;
    this.seed = seed;
    this.start = start;
    this.effects = effects;
  }

  /**
   * Quadrotors of the distribution in the {@linkplain Task#training training task}, at hover.
   *
   * @throws InvalidInputException if there are none, or no episodes
   */
  public static EvaluationSuite sampled(
      List<SampledQuadrotor> quadrotors, int episodes, long seed) {
    return hover(
        quadrotors.stream()
            .map(q -> new Entrant(q.index(), q.quadrotor(), Task.training(q)))
            .toList(),
        episodes,
        seed);
  }

  /**
   * Named platforms in the {@linkplain Task#platform task of platforms}, at hover.
   *
   * @throws InvalidInputException if there are none, or no episodes
   */
  public static EvaluationSuite platforms(List<Quadrotor> platforms, int episodes, long seed) {
    return hover(
        platforms.stream()
            .map(q -> new Entrant(Quadrotors.names().indexOf(q.name()), q, Task.platform(q)))
            .toList(),
        episodes,
        seed);
  }

  private static EvaluationSuite hover(List<Entrant> entrants, int episodes, long seed) {
    return new EvaluationSuite(
        entrants, episodes, seed, drawing(ReferenceKind.HOVER), none -> List.of());
  }

  private static Start drawing(ReferenceKind kind) {
    return (environment, lane, random) -> environment.reset(lane, random, kind);
  }

  /** This suite with references of that kind. */
  public EvaluationSuite following(ReferenceKind kind) {
    return new EvaluationSuite(entrants, episodes, seed, drawing(kind), effects);
  }

  /**
   * This suite, following {@code reference} for {@code steps} from rest at the origin: with the
   * errors that the policy sees clipped to 0.5 m and 1 m/s as a deployment does, and limits that
   * are {@linkplain Task#widened wide enough}.
   */
  public EvaluationSuite following(Reference reference, int steps) {
    return new EvaluationSuite(
        tasks(task -> task.widened().withGuidanceProbability(1).withEpisodeSteps(steps)),
        episodes,
        seed,
        (environment, lane, random) -> {
          environment.setErrorClip(ERROR_CLIP_M, ERROR_CLIP_MS);
          environment.reset(lane, random, reference);
        },
        effects);
  }

  /** This suite under {@code effects}, with limits that are {@linkplain Task#widened wider}. */
  public EvaluationSuite under(Function<Quadrotor, List<Effect>> effects) {
    return new EvaluationSuite(tasks(Task::widened), episodes, seed, start, effects);
  }

  private List<Entrant> tasks(UnaryOperator<Task> change) {
    return entrants.stream()
        .map(e -> new Entrant(e.index, e.quadrotor, change.apply(e.task)))
        .toList();
  }

  /** This suite with episodes of so many steps. */
  public EvaluationSuite lasting(int steps) {
    return new EvaluationSuite(
        tasks(task -> task.withEpisodeSteps(steps)), episodes, seed, start, effects);
  }

  /** How many steps an episode has that is not cut short. */
  public int steps() {
    return entrants.get(0).task.episodeSteps();
  }

  /** A policy flies it, on all threads. */
  public EpisodeResults fly(Policy policy, ObservationKind observation) {
    int size = policy.observationSize();
    return fly(
        (first, lanes) -> BatchController.of(policy.newBatch(lanes), size, observation), true);
  }

  /** A controller flies it, on all threads, made for each vehicle that it flies. */
  public EpisodeResults fly(Function<Quadrotor, Controller> controller) {
    return fly(
        (first, lanes) ->
            BatchController.of(
                IntStream.range(first, first + lanes)
                    .mapToObj(i -> controller.apply(entrants.get(i / episodes).quadrotor))
                    .toList()),
        true);
  }

  /** Someone flies it; on the calling thread alone unless {@code parallel}. */
  EpisodeResults fly(BatchController.Factory controllers, boolean parallel) {
    EpisodeMetrics[] results = new EpisodeMetrics[entrants.size() * episodes];
    IntStream chunks = IntStream.range(0, (results.length + CHUNK - 1) / CHUNK);
    (parallel ? chunks.parallel() : chunks)
        .forEach(
            chunk -> {
              int from = chunk * CHUNK;
              int lanes = Math.min(results.length - from, CHUNK);
              List<EpisodeMetrics> flown = fly(controllers.create(from, lanes), from, lanes);
              for (int lane = 0; lane < lanes; lane++) {
                results[from + lane] = flown.get(lane);
              }
            });
    return new EpisodeResults(List.of(results), entrants.size(), episodes, seed);
  }

  private List<EpisodeMetrics> fly(BatchController controller, int from, int lanes) {
    Environment environment = new Environment(lanes);
    Surroundings surroundings = new Surroundings(environment);
    for (int lane = 0; lane < lanes; lane++) {
      Entrant entrant = entrants.get((from + lane) / episodes);
      int episode = (from + lane) % episodes;
      environment.assign(lane, entrant.quadrotor, entrant.task);
      start.reset(environment, lane, RandomStreams.of(seed, entrant.index, episode));
      surroundings.start(
          lane,
          entrant.quadrotor,
          effects.apply(entrant.quadrotor),
          RandomStreams.of(seed, entrant.index, episode, 1).nextLong());
    }
    return Rollout.fly(surroundings, controller, steps(), EpisodeMetrics.NO_POKE, 0, () -> {});
  }
}
