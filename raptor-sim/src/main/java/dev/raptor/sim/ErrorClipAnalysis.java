package dev.raptor.sim;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The analysis of the cruise, from which a policy's {@link ErrorClip} follows.
 *
 * <p>A far target shows a policy the full position error p_c, on one axis or on several, and so the
 * vehicle speeds up until what the policy makes of its velocity outweighs that. The acceleration
 * a(p_c, v) vanishes at the speed of the cruise, v*. The policy sees velocities clipped at v_c:
 *
 * <pre>
 * v* &lt; v_c   the vehicle cruises at v*, and a gust that makes it faster is seen and braked
 * v* ≥ v_c   a(p_c, v) &gt; 0 at all speeds that the policy can see: the vehicle runs away
 * </pre>
 *
 * <p>It is measured, as v* differs from policy to policy, from vehicle to vehicle and with the
 * direction: each vehicle flies from rest for {@value #STEPS} steps in each of the 26 directions
 * (x, y, z) of {−1, 0, 1}³ that are one, and the last half counts.
 */
public final class ErrorClipAnalysis {
  /** How far the velocity clip has to be above the fastest cruise. */
  public static final double MARGIN = 1.25;

  /** The largest tilt of a cruise that {@link #measure} settles for, rad: 45 degrees. */
  public static final double MAX_TILT_RAD = Math.PI / 4;

  /** The position clips that {@link #measure} tries, m. */
  private static final double[] POSITION_CLIPS_M = {0.5, 0.4, 0.3, 0.2, 0.1};

  /** The share of vehicles, each an oddity, that is not worth going slower with all. */
  private static final double TOLERATED = 0.02;

  private static final int STEPS = 1500;
  private static final int SAMPLED = 100;
  private static final int SAMPLED_SEED = 4242;

  /** A velocity clip that nothing reaches, m/s. */
  private static final double NONE_MS = 1000;

  /** What is faster is no cruise, m/s; ten times what policies are trained at. */
  private static final double LOST_MS = 20;

  /** Any place beyond all position clips, m. */
  private static final float FAR_M = 1;

  private static final int[][] DIRECTIONS =
      IntStream.range(0, 27)
          .filter(i -> i != 13)
          .mapToObj(i -> new int[] {i / 9 - 1, i / 3 % 3 - 1, i % 3 - 1})
          .toArray(int[][]::new);

  private static final Task TASK =
      new Task(1, new Task.InitialStates(0, 0, 0, 0, 1, 0), new Task.Limits(1e9, 1e9, 1e9), STEPS);

  private ErrorClipAnalysis() {}

  /**
   * How a vehicle flies towards a target that stays far away; the worst of all directions.
   *
   * @param quadrotor the vehicle
   * @param speedMS the largest speed along an axis in the second half, or until it was lost, m/s
   * @param tiltRad the largest tilt at any time, rad
   */
  public record Cruise(Quadrotor quadrotor, double speedMS, double tiltRad) {
    /** Whether the vehicle stays upright, and its speed finite. */
    public boolean isFlight() {
      return speedMS < LOST_MS && tiltRad < Math.PI / 2;
    }

    /** Whether it is a flight with no more tilt than {@link #MAX_TILT_RAD}. */
    boolean isUpright() {
      return isFlight() && tiltRad <= MAX_TILT_RAD;
    }

    /** Whether the vehicle cruises with {@code clip}, by a {@linkplain #MARGIN margin}. */
    public boolean isWithin(ErrorClip clip) {
      return isFlight() && speedMS * MARGIN <= clip.velocityMS();
    }
  }

  /** Whether {@code quadrotor} cruises with this policy and clip, and does not run away. */
  public static boolean isSafe(Policy policy, ErrorClip clip, Quadrotor quadrotor) {
    return cruises(policy, clip, List.of(quadrotor)).get(0).isWithin(clip);
  }

  /**
   * The cruise of each vehicle, in their order; on all threads, with one result whatever their
   * number.
   *
   * @throws IllegalArgumentException if the policy does not map 22 numbers to 4
   */
  public static List<Cruise> cruises(Policy policy, ErrorClip clip, List<Quadrotor> vehicles) {
    return vehicles.parallelStream().map(vehicle -> cruise(policy, clip, vehicle)).toList();
  }

  /**
   * The clip of a policy, from the platforms and 100 sampled vehicles: the largest position clip of
   * 0.5, 0.4, 0.3, 0.2 and 0.1 m at which at most 2 in 100 more vehicles tilt by above 45 degrees
   * or are lost than at a smaller one, and a velocity clip that is {@value #MARGIN} times the
   * fastest cruise, rounded up to 0.1 m/s. Takes a few seconds.
   *
   * @return empty if there is none, as the policy does not fly half of the vehicles
   * @throws IllegalArgumentException if the policy does not map 22 numbers to 4
   */
  public static Optional<ErrorClip> measure(Policy policy) {
    return measure(policy, vehicles());
  }

  /** The clip of a policy, from vehicles of the caller's own; otherwise as above. */
  public static Optional<ErrorClip> measure(Policy policy, List<Quadrotor> vehicles) {
    List<List<Cruise>> all = new ArrayList<>();
    for (double positionM : POSITION_CLIPS_M) {
      all.add(cruises(policy, new ErrorClip(positionM, NONE_MS), vehicles));
    }
    long most = all.stream().mapToLong(ErrorClipAnalysis::upright).max().orElse(0);
    for (int i = 0; i < POSITION_CLIPS_M.length && 2 * most >= vehicles.size(); i++) {
      if (upright(all.get(i)) >= most - TOLERATED * vehicles.size()) {
        double fastest =
            all.get(i).stream()
                .filter(Cruise::isUpright)
                .mapToDouble(Cruise::speedMS)
                .max()
                .orElseThrow();
        return Optional.of(
            new ErrorClip(POSITION_CLIPS_M[i], Math.ceil(10 * MARGIN * fastest) / 10));
      }
    }
    return Optional.empty();
  }

  /**
   * The same policy with the clip that {@link #measure} finds in its provenance, which goes into
   * its file, and with how it was found; unchanged if there is none.
   *
   * @throws IllegalArgumentException as {@link #measure}
   */
  public static RecurrentPolicy withErrorClip(RecurrentPolicy policy) {
    Optional<ErrorClip> clip = measure(policy);
    if (clip.isEmpty()) {
      return policy;
    }
    Map<String, Object> provenance = new LinkedHashMap<>(policy.provenance());
    provenance.put(
        ErrorClip.KEY,
        clip.get()
            .toJson(
                "cruise of %d platforms and %d sampled quadrotors of seed %d in 26 directions"
                    .formatted(Quadrotors.all().size(), SAMPLED, SAMPLED_SEED)));
    return new RecurrentPolicy(policy.network(), policy.parameters(), provenance);
  }

  private static List<Quadrotor> vehicles() {
    return Stream.concat(
            Quadrotors.all().stream(),
            QuadrotorDistribution.sample(SAMPLED_SEED, SAMPLED).stream()
                .map(SampledQuadrotor::quadrotor))
        .toList();
  }

  private static long upright(List<Cruise> cruises) {
    return cruises.stream().filter(Cruise::isUpright).count();
  }

  private static Cruise cruise(Policy policy, ErrorClip clip, Quadrotor quadrotor) {
    int lanes = DIRECTIONS.length;
    Environment world = new Environment(lanes);
    world.setErrorClip(clip.positionM(), clip.velocityMS());
    float[] state = world.simulator().state();
    float hover = (float) quadrotor.hoverThrottle();
    for (int lane = 0; lane < lanes; lane++) {
      world.assign(lane, quadrotor, TASK);
      world.reset(lane, new SplittableRandom(0), ReferenceKind.HOVER);
      for (int i = 0; i < Quadrotor.ROTORS; i++) {
        state[(Simulator.N0 + i) * lanes + lane] = hover;
        world.previousAction()[i * lanes + lane] = 2 * hover - 1;
      }
    }
    PolicyBatch pilots = policy.newBatch(lanes);
    float[] observation = new float[Environment.STUDENT_ROWS * lanes];
    float[] action = new float[Environment.ACTION_ROWS * lanes];
    float[] reward = new float[lanes];
    boolean[] terminated = new boolean[lanes];
    double speed = 0;
    double upright = 1;
    for (int t = 0; t < STEPS && upright > 0 && speed < LOST_MS; t++) {
      for (int lane = 0; lane < lanes; lane++) {
        for (int k = 0; k < 3; k++) {
          state[(Simulator.PX + k) * lanes + lane] = -FAR_M * DIRECTIONS[lane][k];
        }
      }
      world.observe(ObservationKind.RELATIVE, observation);
      pilots.step(observation, action);
      world.step(action, reward, terminated);
      speed = t == STEPS / 2 ? 0 : speed;
      for (int lane = 0; lane < lanes; lane++) {
        double x = state[Simulator.QX * lanes + lane];
        double y = state[Simulator.QY * lanes + lane];
        upright = Math.min(upright, 1 - 2 * (x * x + y * y));
        for (int k = 0; k < 3; k++) {
          speed = Math.max(speed, Math.abs(state[(Simulator.VX + k) * lanes + lane]));
        }
      }
    }
    return new Cruise(quadrotor, speed, Math.acos(Math.clamp(upright, -1.0, 1.0)));
  }
}
