package dev.raptor.rl.evaluation;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ErrorClipAnalysis;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The tests that a pilot cares for, flown by policies on vehicles that no training has seen.
 * Whoever flies it meets the same vehicles, starts and effects, so that policies may be compared
 * flight by flight. Immutable; what comes out depends on the seed alone, and on the number of
 * sampled vehicles, never on the number of threads or on what else was flown.
 *
 * @param seed draws the sampled vehicles, the starts and what is random in effects; {@link
 *     #QUOTED_SEED} is for figures that are published, any other for choosing between policies
 * @param vehicles which sets to fly
 * @param sampled how many vehicles to draw
 * @param tests names of those to fly, out of {@link #testNames()}
 */
public record FlightSuite(long seed, Set<VehicleSet> vehicles, int sampled, Set<String> tests) {
  /** The seed of published figures; whoever tunes a policy takes another. */
  public static final long QUOTED_SEED = 1;

  /** A flight is lost this much further from the reference than it started, m. */
  public static final double LOST_M = 2;

  /** A flight is lost above this body rate about any axis, rad/s. */
  public static final double LOST_RAD_S = 35;

  /** Oscillation, changes of commands and saturation are those of the last so many seconds. */
  public static final double QUALITY_S = 10;

  /** The heading is that of the second that ends so many seconds after the start. */
  public static final double HEADING_S = 20;

  private static final int CHUNK = 64;

  // For a policy that flies with none; the released one's on PX4.
  private static final ErrorClip RELEASED_CLIP = new ErrorClip(0.5, 1);
  private static final double NEAR_M = 0.2;
  private static final double NEAR_RAD = Math.toRadians(20);
  private static final double NEAR_M_S = 0.2;
  private static final double NEAR_RAD_S = 0.2;
  private static final double STEEPEST_START_RAD = Math.toRadians(30);

  // Lanes are judged here, relative to their references.
  private static final Task ENDLESS =
      new Task(
          0,
          new Task.InitialStates(NEAR_M, NEAR_RAD, NEAR_M_S, NEAR_RAD_S, 0, 0),
          Task.Limits.NONE,
          1);

  /**
   * @throws InvalidInputException if there are no vehicles, or there is no such test
   */
  public FlightSuite {
    vehicles = Set.copyOf(vehicles);
    tests = Set.copyOf(tests);
    for (String test : tests) {
      if (!testNames().contains(test)) {
        throw new InvalidInputException(
            "unknown test '%s', allowed: %s".formatted(test, String.join(", ", testNames())));
      }
    }
    if (vehicles.isEmpty() || sampled < 1) {
      throw new InvalidInputException(
          "%d sets of vehicles, %d sampled vehicles, allowed: at least 1 of both"
              .formatted(vehicles.size(), sampled));
    }
  }

  /** All tests on these vehicles. */
  public FlightSuite(long seed, Set<VehicleSet> vehicles, int sampled) {
    this(seed, vehicles, sampled, Set.copyOf(testNames()));
  }

  /** The names of all tests, in the order of the table. */
  public static List<String> testNames() {
    return FlightTest.all().stream().map(FlightTest::name).toList();
  }

  /** One entrant in one test on one set of vehicles. */
  private record Job(
      FlightTest test, VehicleSet set, SuitePilot.Entrant entrant, FlightScore[] scores) {}

  private record Chunk(Job job, List<Quadrotor> vehicles, int from, int lanes) {}

  /**
   * Flies it, on all threads. The {@link ErrorClip} of a policy that comes with none is measured.
   *
   * @param policies by name, in the order of the table; the first is what the others are held
   *     against
   * @throws InvalidInputException if there are none
   */
  public FlightSuiteResults run(Map<String, ? extends Policy> policies) {
    return run(policies, Map.of());
  }

  /**
   * Flies it with policies and with controllers beside them, on all threads. A controller is told
   * the vehicle as it should be, also where a test makes it another one.
   *
   * @param policies by name, in the order of the table; the first is what all others are held
   *     against
   * @param controllers by name, in the order of the table, after the policies
   * @throws InvalidInputException if there are no policies, or a name stands for two
   */
  public FlightSuiteResults run(
      Map<String, ? extends Policy> policies,
      Map<String, Function<Quadrotor, Controller>> controllers) {
    if (policies.isEmpty()) {
      throw new InvalidInputException("no policies, allowed: at least 1");
    }
    Map<String, SuitePilot.Entrant> entrants = new LinkedHashMap<>();
    policies.forEach(
        (name, policy) -> entrants.put(name, SuitePilot.Entrant.of(policy, errorClip(policy))));
    controllers.forEach(
        (name, controller) -> {
          if (entrants.put(name, SuitePilot.Entrant.of(controller)) != null) {
            throw new InvalidInputException(
                "'%s' names a policy and a controller, allowed: a name of its own for each"
                    .formatted(name));
          }
        });
    List<Chunk> chunks = new ArrayList<>();
    Map<VehicleSet, Map<FlightTest, Map<String, FlightScore[]>>> scores = new LinkedHashMap<>();
    for (VehicleSet set : VehicleSet.values()) {
      if (!vehicles.contains(set)) {
        continue;
      }
      List<Quadrotor> quads = set.vehicles(seed, sampled);
      int flights = quads.size() * set.starts();
      scores.put(set, new LinkedHashMap<>());
      for (FlightTest test : FlightTest.all()) {
        if (!tests.contains(test.name())) {
          continue;
        }
        Map<String, FlightScore[]> byPolicy = new LinkedHashMap<>();
        scores.get(set).put(test, byPolicy);
        entrants.forEach(
            (name, entrant) -> {
              Job job = new Job(test, set, entrant, new FlightScore[flights]);
              byPolicy.put(name, job.scores);
              for (int from = 0; from < flights; from += CHUNK) {
                chunks.add(new Chunk(job, quads, from, Math.min(CHUNK, flights - from)));
              }
            });
      }
    }
    IntStream.range(0, chunks.size()).parallel().forEach(i -> fly(chunks.get(i)));
    return FlightSuiteResults.of(
        seed, List.copyOf(entrants.keySet()), scores, MemoryTest.run(policies, seed));
  }

  /** That of the policy, measured if it has none. */
  private ErrorClip errorClip(Policy policy) {
    boolean flies = FlightTest.all().stream().anyMatch(t -> t.loop() && tests.contains(t.name()));
    return ErrorClip.of(policy)
        .or(() -> flies ? ErrorClipAnalysis.measure(policy) : Optional.empty())
        .orElse(RELEASED_CLIP);
  }

  private void fly(Chunk chunk) {
    FlightTest test = chunk.job.test;
    int lanes = chunk.lanes;
    int steps = test.steps();
    Environment environment = new Environment(lanes);
    Surroundings surroundings = new Surroundings(environment);
    ControlQuality.Tally[] tallies = new ControlQuality.Tally[lanes];
    double[] squares = new double[lanes];
    boolean[] lost = new boolean[lanes];
    int heading = Math.min(steps, (int) Math.round(HEADING_S / Simulator.STEP_S));
    int second = (int) Math.round(1 / Simulator.STEP_S);
    int quality = (int) Math.round(QUALITY_S / Simulator.STEP_S);
    for (int lane = 0; lane < lanes; lane++) {
      start(chunk, lane, surroundings);
      tallies[lane] =
          new ControlQuality.Tally(Math.max(0, steps - quality), heading - second, heading);
    }
    SuitePilot pilot =
        chunk.job.entrant.board(
            test,
            IntStream.range(chunk.from, chunk.from + lanes)
                .mapToObj(flight -> chunk.vehicles.get(flight / chunk.job.set.starts()))
                .toList());
    float[] action = new float[Environment.ACTION_ROWS * lanes];
    float[] reward = new float[lanes];
    boolean[] over = new boolean[lanes];
    int flying = lanes;
    double limit = test.startDistanceM() + LOST_M;
    for (int t = 0; t < steps && flying > 0; t++) {
      pilot.act(t, surroundings, action);
      for (int lane = 0; lane < lanes; lane++) {
        for (int i = 0; lost[lane] && i < Environment.ACTION_ROWS; i++) {
          action[i * lanes + lane] = 0;
        }
      }
      surroundings.step(action, reward, over);
      float[] state = environment.simulator().state();
      for (int lane = 0; lane < lanes; lane++) {
        if (lost[lane]) {
          continue;
        }
        double distance = distance(environment, lane);
        lost[lane] = !(distance <= limit) || !turnsSlowly(state, lane, lanes);
        flying -= lost[lane] ? 1 : 0;
        squares[lane] += t >= steps / 2 ? distance * distance : 0;
        tallies[lane].add(state, action, lane, lanes, FlightTest.headingRad(test.turnRad(), t));
      }
    }
    for (int lane = 0; lane < lanes; lane++) {
      chunk.job.scores[chunk.from + lane] =
          lost[lane]
              ? new FlightScore(false, limit, null)
              : new FlightScore(
                  true, Math.sqrt(squares[lane] / (steps - steps / 2)), tallies[lane].quality());
    }
  }

  private void start(Chunk chunk, int lane, Surroundings surroundings) {
    FlightTest test = chunk.job.test;
    int flight = chunk.from + lane;
    // By the letters of the name, so that a new test leaves the others as they are.
    SplittableRandom random =
        RandomStreams.of(seed, test.name().hashCode(), chunk.job.set.ordinal(), flight);
    Quadrotor quadrotor = chunk.vehicles.get(flight / chunk.job.set.starts());
    Environment environment = surroundings.environment();
    environment.assign(lane, quadrotor, ENDLESS);
    environment.reset(lane, random, test.reference());
    float[] state = environment.simulator().state();
    int lanes = environment.lanes();
    if (test.startDistanceM() > 0) {
      placeAside(state, lane, lanes, test.startDistanceM(), random);
    }
    double throttle = Math.clamp(quadrotor.hoverThrottle(), 0.0, 1.0);
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      state[(Simulator.N0 + i) * lanes + lane] = (float) throttle;
      environment.previousAction()[i * lanes + lane] = (float) (2 * throttle - 1);
    }
    surroundings.start(
        lane, quadrotor, test.effects().effects(quadrotor, random), random.nextLong());
  }

  /** At rest, upright, {@code metres} from the reference. */
  private static void placeAside(
      float[] state, int lane, int lanes, double metres, SplittableRandom random) {
    double azimuth = 2 * Math.PI * random.nextDouble();
    double elevation = STEEPEST_START_RAD * (2 * random.nextDouble() - 1);
    for (int r = 0; r < Simulator.N0; r++) {
      state[r * lanes + lane] = r == Simulator.QW ? 1 : 0;
    }
    double level = metres * Math.cos(elevation);
    state[Simulator.PX * lanes + lane] = (float) (level * Math.cos(azimuth));
    state[Simulator.PY * lanes + lane] = (float) (level * Math.sin(azimuth));
    state[Simulator.PZ * lanes + lane] = (float) (metres * Math.sin(elevation));
  }

  private static double distance(Environment environment, int lane) {
    int lanes = environment.lanes();
    double squares = 0;
    for (int k = 0; k < 3; k++) {
      double error =
          environment.simulator().state()[(Simulator.PX + k) * lanes + lane]
              - environment.reference()[k * lanes + lane];
      squares += error * error;
    }
    return Math.sqrt(squares);
  }

  private static boolean turnsSlowly(float[] state, int lane, int lanes) {
    return Arrays.stream(new int[] {Simulator.WX, Simulator.WY, Simulator.WZ})
        .allMatch(row -> Math.abs(state[row * lanes + lane]) <= LOST_RAD_S);
  }
}
