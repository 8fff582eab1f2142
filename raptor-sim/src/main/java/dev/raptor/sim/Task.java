package dev.raptor.sim;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.SampledQuadrotor;

/**
 * The start, the reward and the end of episodes.
 *
 * <p>Start: with the probability of guidance at rest at the origin. Otherwise each axis of
 * position, velocity and body rate is uniform in ± its limit, and the attitude is a turn about an
 * axis uniform on the sphere by an angle uniform in [0, its limit]. In all episodes the rotors
 * start uniform in [0, 0.5], and a force constant in the world, normal per axis, pushes the
 * vehicle.
 *
 * <p>Reward of a step from state s by action a to state s':
 *
 * <pre>
 * −100                                                    if s' is beyond a limit
 * C − ‖p − p_ref‖ − 0.1 · 2 arccos(1 − |q_z|) − ‖a − a_last‖     otherwise, the last at most 1e9
 * </pre>
 *
 * <p>Over when any axis of position (absolute, not relative to the reference), velocity or body
 * rate is beyond its limit. Limits may be infinite.
 *
 * @param rewardConstant C, the reward of a step without fault
 * @param initial where episodes start, and what pushes them
 * @param limits beyond which they are over
 * @param episodeSteps after which an episode that is not over is cut by whoever runs it
 */
public record Task(double rewardConstant, InitialStates initial, Limits limits, int episodeSteps) {
  /** The reward of a step into a terminated state, whatever else it did. */
  public static final double TERMINATION_REWARD = -100;

  /** Weight of the yaw-like term of the reward, 1/rad. */
  static final double YAW_WEIGHT = 0.1;

  /** Rotors start in [0, this]. */
  static final double INITIAL_ROTOR_SPEED = 0.5;

  private static final InitialStates NEAR = new InitialStates(0.5, 1, 1, 1, 0.1, 0);

  private static final Task DEFAULT = new Task(0.5, NEAR, new Limits(1, 2, 35), 500);

  /**
   * The states that episodes start from, and the force that pushes them.
   *
   * @param positionM m per axis
   * @param angleRad rad
   * @param speedMS m/s per axis
   * @param rateRadS rad/s per axis
   * @param guidanceProbability share of starts at rest at the origin, in [0, 1]
   * @param disturbanceForceStdN standard deviation per axis, N
   */
  public record InitialStates(
      double positionM,
      double angleRad,
      double speedMS,
      double rateRadS,
      double guidanceProbability,
      double disturbanceForceStdN) {
    /** Where Runge-Kutta at 100 Hz has long lost the motion. */
    private static final double MAX_RATE_RAD_S = 1000;

    /**
     * @throws InvalidInputException if a number is out of range; the message says which, what was
     *     given and what is allowed
     */
    public InitialStates {
      InvalidInputException.requireRange("initialPositionM", positionM, 0, Simulator.BOUND);
      InvalidInputException.requireRange("initialAngleRad", angleRad, 0, Math.PI);
      InvalidInputException.requireRange("initialSpeedMS", speedMS, 0, Simulator.BOUND);
      InvalidInputException.requireRange("initialRateRadS", rateRadS, 0, MAX_RATE_RAD_S);
      InvalidInputException.requireRange("guidanceProbability", guidanceProbability, 0, 1);
      InvalidInputException.requireRange(
          "disturbanceForceStdN", disturbanceForceStdN, 0, Simulator.BOUND);
    }
  }

  /**
   * Where an episode is over.
   *
   * @param positionM m per axis, from the origin
   * @param speedMS m/s per axis
   * @param rateRadS rad/s per axis
   */
  public record Limits(double positionM, double speedMS, double rateRadS) {
    /** No limits. */
    public static final Limits NONE =
        new Limits(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    /**
     * @throws InvalidInputException if one is not above 0
     */
    public Limits {
      requireLimit("terminationPositionM", positionM);
      requireLimit("terminationSpeedMS", speedMS);
      requireLimit("terminationRateRadS", rateRadS);
    }

    private static void requireLimit(String name, double value) {
      if (!(value > 0)) {
        throw new InvalidInputException(
            "%s is %s, allowed: a number above 0".formatted(name, value));
      }
    }
  }

  /**
   * @throws InvalidInputException if a number is out of range; the message says which, what was
   *     given and what is allowed
   */
  public Task {
    InvalidInputException.requireRange(
        "rewardConstant", rewardConstant, -Simulator.BOUND, Simulator.BOUND);
    if (episodeSteps < 1) {
      throw new InvalidInputException(
          "episodeSteps is %d, allowed: 1 or more".formatted(episodeSteps));
    }
  }

  /**
   * The task of the reference's distillation: starts within 0.5 m, over at 20 arms from the origin,
   * C = 1.5.
   */
  public static Task training(SampledQuadrotor sampled) {
    return new Task(1.5, NEAR, new Limits(20 * sampled.quadrotor().armM(), 2, 35), 500)
        .withDisturbanceForceStdN(sampled.disturbanceForceStdN());
  }

  /**
   * The task of the reference's default environment, which named platforms are judged by: over at 1
   * m from the origin, no disturbance, C = 0.5. It is the same for every platform.
   */
  public static Task platform(Quadrotor quadrotor) {
    return DEFAULT;
  }

  /**
   * This task for a vehicle that follows a figure, or that something pushes about: over at 2 m from
   * the origin at the nearest, and at 4 m/s at the slowest.
   */
  public Task widened() {
    return withTerminationPositionM(Math.max(2, limits.positionM))
        .withTerminationSpeedMS(Math.max(4, limits.speedMS));
  }

  private Task with(InitialStates states) {
    return new Task(rewardConstant, states, limits, episodeSteps);
  }

  /** This task with starts up to {@code metres} from the origin per axis. */
  public Task withInitialPositionM(double metres) {
    InitialStates s = initial;
    return with(
        new InitialStates(
            metres,
            s.angleRad,
            s.speedMS,
            s.rateRadS,
            s.guidanceProbability,
            s.disturbanceForceStdN));
  }

  /** This task with starts tilted by up to {@code radians}. */
  public Task withInitialAngleRad(double radians) {
    InitialStates s = initial;
    return with(
        new InitialStates(
            s.positionM,
            radians,
            s.speedMS,
            s.rateRadS,
            s.guidanceProbability,
            s.disturbanceForceStdN));
  }

  /** This task with that share of starts at rest at the origin. */
  public Task withGuidanceProbability(double probability) {
    InitialStates s = initial;
    return with(
        new InitialStates(
            s.positionM, s.angleRad, s.speedMS, s.rateRadS, probability, s.disturbanceForceStdN));
  }

  /** This task with disturbing forces of that standard deviation per axis. */
  public Task withDisturbanceForceStdN(double newtons) {
    InitialStates s = initial;
    return with(
        new InitialStates(
            s.positionM, s.angleRad, s.speedMS, s.rateRadS, s.guidanceProbability, newtons));
  }

  /** This task, over beyond {@code limits}. */
  public Task withLimits(Limits limits) {
    return new Task(rewardConstant, initial, limits, episodeSteps);
  }

  /** This task, over at {@code metres} from the origin on any axis. */
  public Task withTerminationPositionM(double metres) {
    return withLimits(new Limits(metres, limits.speedMS, limits.rateRadS));
  }

  /** This task, over at {@code metresPerSecond} on any axis. */
  public Task withTerminationSpeedMS(double metresPerSecond) {
    return withLimits(new Limits(limits.positionM, metresPerSecond, limits.rateRadS));
  }

  /** This task with episodes of {@code steps} steps. */
  public Task withEpisodeSteps(int steps) {
    return new Task(rewardConstant, initial, limits, steps);
  }
}
