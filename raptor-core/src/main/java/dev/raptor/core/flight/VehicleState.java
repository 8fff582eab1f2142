package dev.raptor.core.flight;

import dev.raptor.core.Observation;

/**
 * The measured state of a vehicle, each part with the time it was measured; owned by one thread. A
 * measurement that cannot be one is not taken: the one before stays, and grows old.
 *
 * <p>Turned into what a policy sees, with p, v, R(q), ω in {@link Frame.Flu} and p_t, v_t, ψ of the
 * target:
 *
 * <pre>
 * position          clip(Rz(−ψ) (p − p_t))
 * rotation          Rz(−ψ) R(q)
 * velocity          clip(Rz(−ψ) (v − v_t))
 * angular velocity  ω
 * </pre>
 *
 * @param <F> the axes that it is given in
 */
public final class VehicleState<F extends Frame> {
  /** Gyroscopes end below a tenth of this, rad/s; what is beyond is not taken. */
  public static final double MAX_ANGULAR_VELOCITY = 1000;

  /** Farther or faster, in m and m/s, is not taken. */
  public static final double MAX_DISTANCE = 1e9;

  /** How far the square of a quaternion's norm may be from 1. */
  private static final double NORM_TOLERANCE = 0.02;

  private final int sign;

  // All in Flu.
  final double[] position = new double[3];
  final double[] velocity = new double[3];
  final double[] rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  private final double[] attitude = {1, 0, 0, 0};
  private final double[] angularVelocity = new double[3];

  final Timestamp positionStamp = new Timestamp();
  final Timestamp velocityStamp = new Timestamp();
  final Timestamp attitudeStamp = new Timestamp();
  final Timestamp angularVelocityStamp = new Timestamp();

  private VehicleState(int sign) {
    this.sign = sign;
  }

  /** A state with z up and the body forward, left, up; nothing is known yet. */
  public static VehicleState<Frame.Flu> flu() {
    return new VehicleState<>(1);
  }

  /** A state in north, east, down and the body forward, right, down; nothing is known yet. */
  public static VehicleState<Frame.Frd> frd() {
    return new VehicleState<>(-1);
  }

  /**
   * Sets the position, world frame, m.
   *
   * @param nanos when it was measured
   * @return whether it was taken: no number is beyond ±{@link #MAX_DISTANCE}
   */
  public boolean position(long nanos, double x, double y, double z) {
    return set(position, positionStamp, nanos, x, y, z);
  }

  /**
   * Sets the velocity, world frame, m/s.
   *
   * @param nanos when it was measured
   * @return whether it was taken: no number is beyond ±{@link #MAX_DISTANCE}
   */
  public boolean velocity(long nanos, double x, double y, double z) {
    return set(velocity, velocityStamp, nanos, x, y, z);
  }

  /**
   * Sets the angular velocity, body frame, rad/s.
   *
   * @param nanos when it was measured
   * @return whether it was taken: no number is beyond ±{@link #MAX_ANGULAR_VELOCITY}
   */
  public boolean angularVelocity(long nanos, double x, double y, double z) {
    return isWithin(MAX_ANGULAR_VELOCITY, x, y, z)
        && set(angularVelocity, angularVelocityStamp, nanos, x, y, z);
  }

  /**
   * Sets the attitude: the quaternion that turns body into world, scalar first, as in PX4, Eigen's
   * constructor and MuJoCo. Either sign will do.
   *
   * @param nanos when it was measured
   * @return whether it was taken: its norm is 1, give or take a hundredth
   */
  public boolean attitudeWxyz(long nanos, double w, double x, double y, double z) {
    double square = w * w + x * x + y * y + z * z;
    if (!(Math.abs(square - 1) <= NORM_TOLERANCE)) {
      return false;
    }
    attitudeStamp.set(nanos);
    double scale = 1 / Math.sqrt(square);
    attitude[0] = w * scale;
    attitude[1] = x * scale;
    attitude[2] = sign * y * scale;
    attitude[3] = sign * z * scale;
    rotate();
    return true;
  }

  /**
   * Sets the attitude: the quaternion that turns body into world, scalar last, as in ROS, SciPy and
   * Eigen's memory. Otherwise as {@link #attitudeWxyz}.
   */
  public boolean attitudeXyzw(long nanos, double x, double y, double z, double w) {
    return attitudeWxyz(nanos, w, x, y, z);
  }

  /** Takes over another state with its times, turned into the axes of this one. */
  public void set(VehicleState<?> other) {
    System.arraycopy(other.position, 0, position, 0, 3);
    System.arraycopy(other.velocity, 0, velocity, 0, 3);
    System.arraycopy(other.rotation, 0, rotation, 0, 9);
    System.arraycopy(other.attitude, 0, attitude, 0, 4);
    System.arraycopy(other.angularVelocity, 0, angularVelocity, 0, 3);
    positionStamp.set(other.positionStamp);
    velocityStamp.set(other.velocityStamp);
    attitudeStamp.set(other.attitudeStamp);
    angularVelocityStamp.set(other.angularVelocityStamp);
  }

  /** Writes the position: x, y, z. */
  public void position(double[] to) {
    get(position, to);
  }

  /** Writes the velocity: x, y, z. */
  public void velocity(double[] to) {
    get(velocity, to);
  }

  /** Writes the angular velocity: x, y, z. */
  public void angularVelocity(double[] to) {
    get(angularVelocity, to);
  }

  /** Writes the attitude: w, x, y, z. */
  public void attitudeWxyz(double[] to) {
    to[0] = attitude[0];
    to[1] = attitude[1];
    to[2] = sign * attitude[2];
    to[3] = sign * attitude[3];
  }

  /** Writes the attitude: x, y, z, w. */
  public void attitudeXyzw(double[] to) {
    to[0] = attitude[1];
    to[1] = sign * attitude[2];
    to[2] = sign * attitude[3];
    to[3] = attitude[0];
  }

  /**
   * Writes the first 18 numbers of an {@link Observation}; the previous action is the caller's.
   * Parts that were never set are zero, or upright. Allocates nothing.
   *
   * @param observation 22 numbers
   */
  public void observe(Target<F> target, ErrorClip clip, float[] observation) {
    if (observation.length != Observation.SIZE) {
      throw new IllegalArgumentException(
          "an observation of %d numbers, allowed are %d"
              .formatted(observation.length, Observation.SIZE));
    }
    write(target, clip, observation);
  }

  void write(Target<?> target, ErrorClip clip, float[] observation) {
    double cos = target.cosYaw;
    double sin = target.sinYaw;
    writeError(position, target.position, cos, sin, clip.positionM(), observation, 0);
    writeError(
        velocity, target.velocity, cos, sin, clip.velocityMS(), observation, Observation.VELOCITY);
    for (int k = 0; k < 3; k++) {
      double x = rotation[k];
      double y = rotation[3 + k];
      observation[Observation.ROTATION + k] = (float) (cos * x + sin * y);
      observation[Observation.ROTATION + 3 + k] = (float) (cos * y - sin * x);
      observation[Observation.ROTATION + 6 + k] = (float) rotation[6 + k];
      observation[Observation.ANGULAR_VELOCITY + k] = (float) angularVelocity[k];
    }
  }

  private static void writeError(
      double[] is, double[] wanted, double cos, double sin, double clip, float[] to, int at) {
    double x = is[0] - wanted[0];
    double y = is[1] - wanted[1];
    double z = is[2] - wanted[2];
    to[at] = (float) Math.clamp(cos * x + sin * y, -clip, clip);
    to[at + 1] = (float) Math.clamp(cos * y - sin * x, -clip, clip);
    to[at + 2] = (float) Math.clamp(z, -clip, clip);
  }

  private void rotate() {
    double w = attitude[0];
    double x = attitude[1];
    double y = attitude[2];
    double z = attitude[3];
    rotation[0] = 1 - 2 * (y * y + z * z);
    rotation[1] = 2 * (x * y - w * z);
    rotation[2] = 2 * (x * z + w * y);
    rotation[3] = 2 * (x * y + w * z);
    rotation[4] = 1 - 2 * (x * x + z * z);
    rotation[5] = 2 * (y * z - w * x);
    rotation[6] = 2 * (x * z - w * y);
    rotation[7] = 2 * (y * z + w * x);
    rotation[8] = 1 - 2 * (x * x + y * y);
  }

  private boolean set(double[] to, Timestamp stamp, long nanos, double x, double y, double z) {
    if (!isWithin(MAX_DISTANCE, x, y, z)) {
      return false;
    }
    stamp.set(nanos);
    to[0] = x;
    to[1] = sign * y;
    to[2] = sign * z;
    return true;
  }

  private void get(double[] from, double[] to) {
    to[0] = from[0];
    to[1] = sign * from[1];
    to[2] = sign * from[2];
  }

  /** Whether no number is beyond ±{@code limit}; one that is not a number is. */
  static boolean isWithin(double limit, double x, double y, double z) {
    return Math.max(Math.max(Math.abs(x), Math.abs(y)), Math.abs(z)) <= limit;
  }
}
