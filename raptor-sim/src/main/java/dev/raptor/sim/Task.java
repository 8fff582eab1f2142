package dev.raptor.sim;

import dev.raptor.sim.vehicle.Allowed;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.SampledQuadrotor;

/**
 * What an episode starts from, what it is worth and when it is over.
 *
 * <p>Start: with probability {@code guidanceProbability} at rest at the origin. Otherwise each axis
 * of position, velocity and body rate is uniform in ± its limit, and the attitude is a turn about
 * an axis uniform on the sphere by an angle uniform in [0, {@code initialAngleRad}]. In all
 * episodes the rotors start uniform in [0, 0.5], and a force constant in the world, normal per
 * axis, pushes the vehicle.
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
 * @param initialPositionM m per axis
 * @param initialAngleRad rad
 * @param initialSpeedMS m/s per axis
 * @param initialRateRadS rad/s per axis
 * @param guidanceProbability in [0, 1]
 * @param terminationPositionM m per axis
 * @param terminationSpeedMS m/s per axis
 * @param terminationRateRadS rad/s per axis
 * @param disturbanceForceStdN standard deviation per axis, N
 * @param episodeSteps after which an episode that is not over is cut by whoever runs it
 */
public record Task(
    double rewardConstant,
    double initialPositionM,
    double initialAngleRad,
    double initialSpeedMS,
    double initialRateRadS,
    double guidanceProbability,
    double terminationPositionM,
    double terminationSpeedMS,
    double terminationRateRadS,
    double disturbanceForceStdN,
    int episodeSteps) {
  /** The reward of a step into a terminated state, whatever else it did. */
  public static final double TERMINATION_REWARD = -100;

  /** Weight of the yaw-like term of the reward, 1/rad. */
  static final double YAW_WEIGHT = 0.1;

  /** Rotors start in [0, this]. */
  static final double INITIAL_ROTOR_SPEED = 0.5;

  /** Where Runge-Kutta at 100 Hz has long lost the motion. */
  private static final double MAX_RATE_RAD_S = 1000;

  private static final Task DEFAULT = new Task(0.5, 0.5, 1, 1, 1, 0.1, 1, 2, 35, 0, 500);

  /**
   * @throws IllegalArgumentException if a number is out of range; the message says which, what was
   *     given and what is allowed
   */
  public Task {
    Allowed.range("rewardConstant", rewardConstant, -Simulator.BOUND, Simulator.BOUND);
    Allowed.range("initialPositionM", initialPositionM, 0, Simulator.BOUND);
    Allowed.range("initialAngleRad", initialAngleRad, 0, Math.PI);
    Allowed.range("initialSpeedMS", initialSpeedMS, 0, Simulator.BOUND);
    Allowed.range("initialRateRadS", initialRateRadS, 0, MAX_RATE_RAD_S);
    Allowed.range("guidanceProbability", guidanceProbability, 0, 1);
    requireLimit("terminationPositionM", terminationPositionM);
    requireLimit("terminationSpeedMS", terminationSpeedMS);
    requireLimit("terminationRateRadS", terminationRateRadS);
    Allowed.range("disturbanceForceStdN", disturbanceForceStdN, 0, Simulator.BOUND);
    if (episodeSteps < 1) {
      throw new IllegalArgumentException(
          "episodeSteps is %d, allowed: 1 or more".formatted(episodeSteps));
    }
  }

  /**
   * The task of the reference's distillation: starts within 0.5 m, over at 20 arms from the origin,
   * C = 1.5.
   */
  public static Task training(SampledQuadrotor sampled) {
    return new Task(
        1.5,
        0.5,
        1,
        1,
        1,
        0.1,
        20 * sampled.quadrotor().armM(),
        2,
        35,
        sampled.disturbanceForceStdN(),
        500);
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
    return withTerminationPositionM(Math.max(2, terminationPositionM))
        .withTerminationSpeedMS(Math.max(4, terminationSpeedMS));
  }

  /** This task with starts up to {@code metres} from the origin per axis. */
  public Task withInitialPositionM(double metres) {
    return new Task(
        rewardConstant,
        metres,
        initialAngleRad,
        initialSpeedMS,
        initialRateRadS,
        guidanceProbability,
        terminationPositionM,
        terminationSpeedMS,
        terminationRateRadS,
        disturbanceForceStdN,
        episodeSteps);
  }

  /** This task with starts tilted by up to {@code radians}. */
  public Task withInitialAngleRad(double radians) {
    return new Task(
        rewardConstant,
        initialPositionM,
        radians,
        initialSpeedMS,
        initialRateRadS,
        guidanceProbability,
        terminationPositionM,
        terminationSpeedMS,
        terminationRateRadS,
        disturbanceForceStdN,
        episodeSteps);
  }

  /** This task with that share of starts at rest at the origin. */
  public Task withGuidanceProbability(double probability) {
    return new Task(
        rewardConstant,
        initialPositionM,
        initialAngleRad,
        initialSpeedMS,
        initialRateRadS,
        probability,
        terminationPositionM,
        terminationSpeedMS,
        terminationRateRadS,
        disturbanceForceStdN,
        episodeSteps);
  }

  /** This task, over at {@code metres} from the origin on any axis. */
  public Task withTerminationPositionM(double metres) {
    return new Task(
        rewardConstant,
        initialPositionM,
        initialAngleRad,
        initialSpeedMS,
        initialRateRadS,
        guidanceProbability,
        metres,
        terminationSpeedMS,
        terminationRateRadS,
        disturbanceForceStdN,
        episodeSteps);
  }

  /** This task, over at {@code metresPerSecond} on any axis. */
  public Task withTerminationSpeedMS(double metresPerSecond) {
    return new Task(
        rewardConstant,
        initialPositionM,
        initialAngleRad,
        initialSpeedMS,
        initialRateRadS,
        guidanceProbability,
        terminationPositionM,
        metresPerSecond,
        terminationRateRadS,
        disturbanceForceStdN,
        episodeSteps);
  }

  /** This task with disturbing forces of that standard deviation per axis. */
  public Task withDisturbanceForceStdN(double newtons) {
    return new Task(
        rewardConstant,
        initialPositionM,
        initialAngleRad,
        initialSpeedMS,
        initialRateRadS,
        guidanceProbability,
        terminationPositionM,
        terminationSpeedMS,
        terminationRateRadS,
        newtons,
        episodeSteps);
  }

  /** This task with episodes of {@code steps} steps. */
  public Task withEpisodeSteps(int steps) {
    return new Task(
        rewardConstant,
        initialPositionM,
        initialAngleRad,
        initialSpeedMS,
        initialRateRadS,
        guidanceProbability,
        terminationPositionM,
        terminationSpeedMS,
        terminationRateRadS,
        disturbanceForceStdN,
        steps);
  }

  private static void requireLimit(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: a number above 0".formatted(name, value));
    }
  }
}
