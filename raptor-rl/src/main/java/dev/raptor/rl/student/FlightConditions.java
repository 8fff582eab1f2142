package dev.raptor.rl.student;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.flight.ErrorClip;

/**
 * What a student meets in {@link PolicyGradientRefinement} beyond a plain flight. Each flight draws
 * for itself which of these it has, and how much; a share of 0 leaves one out.
 *
 * <p>Forces are in shares of the weight m g, torques in shares of arm times weight about the body's
 * x and y and of torque constant times weight about z, so that all vehicles feel the same.
 *
 * @param plainShare of the flights that have none of what follows but the clip
 * @param clip the largest errors that the student ever sees
 * @param far flights to a point that begin so far off per axis, m, where the clip hides the
 *     distance
 * @param turned flights that begin with a heading off by so much to either side, rad
 * @param compass flights whose heading is measured wrong by so much to either side, rad: position
 *     and velocity appear turned about the vertical
 * @param push a steady force, as of wind, in weights; nor more than half of the thrust that is left
 *     beside the weight
 * @param torque a steady torque, as of unequal motors
 * @param gusts forces and torques that change
 * @param noise white noise on all that is measured, times the largest of it
 * @param vibration a gyroscope that shakes with a frequency of its own, root mean square, rad/s
 * @param lags slow sensors
 * @param dropShare of the flights whose position and velocity now and then stand still for up to
 *     0.2 s
 * @param delay motors that get the action late, whole steps of 10 ms
 * @param balance vehicles whose centre of mass is off along x and y, arms
 * @param fastShare of the vehicles whose motors are faster than any of {@link
 *     dev.raptor.sim.vehicle.QuadrotorDistribution}, down to 4 ms
 * @param strongShare of the vehicles that are given a thrust to weight of up to 12
 */
public record FlightConditions(
    float plainShare,
    ErrorClip clip,
    Chance far,
    Chance turned,
    Chance compass,
    Chance push,
    Chance torque,
    Gusts gusts,
    Chance noise,
    Chance vibration,
    Lags lags,
    float dropShare,
    Chance delay,
    Chance balance,
    float fastShare,
    float strongShare) {

  /**
   * A condition.
   *
   * @param share of the flights that have it
   * @param most of it
   */
  public record Chance(float share, float most) {
    /** No flight has it. */
    public static final Chance NEVER = new Chance(0, 0);

    /**
     * @throws InvalidInputException unless the share is in [0, 1] and the most finite and not
     *     negative
     */
    public Chance {
      requireShare("share", share);
      if (!(most >= 0 && most <= Float.MAX_VALUE)) {
        throw new InvalidInputException(
            "most is %s, allowed: finite numbers from 0".formatted(most));
      }
    }
  }

  /**
   * A force and a torque that change at random: Ornstein-Uhlenbeck processes of 0.1 to 2 s.
   *
   * @param share of the flights that have them
   * @param force largest standard deviation per axis, in weights
   * @param torque largest standard deviation per axis
   */
  public record Gusts(float share, float force, float torque) {
    /** No flight has them. */
    public static final Gusts NEVER = new Gusts(0, 0, 0);
  }

  /**
   * First-order lags of sensors.
   *
   * @param share of the flights that have one, for each sensor by itself
   * @param positionS largest time constant of position and velocity, s
   * @param attitudeS of the attitude, s
   * @param gyroS of the body rates, s
   */
  public record Lags(float share, float positionS, float attitudeS, float gyroS) {
    /** No flight has them. */
    public static final Lags NEVER = new Lags(0, 0, 0, 0);
  }

  /** Plain flights alone, whose errors are hardly ever clipped. */
  public static final FlightConditions NONE =
      new FlightConditions(
          1,
          new ErrorClip(1000, 1000),
          Chance.NEVER,
          Chance.NEVER,
          Chance.NEVER,
          Chance.NEVER,
          Chance.NEVER,
          Gusts.NEVER,
          Chance.NEVER,
          Chance.NEVER,
          Lags.NEVER,
          0,
          Chance.NEVER,
          Chance.NEVER,
          0,
          0);

  /** What the policy in the jar was trained with. */
  public static final FlightConditions DEFAULT =
      new FlightConditions(
          0.45f,
          new ErrorClip(0.5, 2),
          new Chance(0.2f, 2),
          new Chance(0.15f, 1.8f),
          new Chance(0.25f, 0.65f),
          new Chance(0.2f, 0.8f),
          new Chance(0.3f, 0.15f),
          new Gusts(0.15f, 0.12f, 0.06f),
          new Chance(0.2f, 1),
          new Chance(0.03f, 2),
          new Lags(0.2f, 0.05f, 0.06f, 0.015f),
          0.05f,
          new Chance(0.35f, 2),
          new Chance(0.2f, 0.2f),
          0.1f,
          0.1f);

  /**
   * @throws InvalidInputException if a share is not in [0, 1]
   */
  public FlightConditions {
    requireShare("plainShare", plainShare);
    requireShare("dropShare", dropShare);
    requireShare("fastShare", fastShare);
    requireShare("strongShare", strongShare);
  }

  static void requireShare(String what, float share) {
    if (!(share >= 0 && share <= 1)) {
      throw new InvalidInputException("%s is %s, allowed: 0 to 1".formatted(what, share));
    }
  }
}
