package dev.raptor.core.flight;

import java.util.Arrays;

/**
 * Guidance: leads a vehicle to its target by a setpoint that moves there, so that a policy, which
 * was trained near its setpoint, is never far from it.
 *
 * <p>With p_t, v_t and ψ_t of the target, the setpoint is
 *
 * <pre>
 * p_s = p_t + d          v_s = v_t + ḋ          ψ_s = ψ_t + η
 * </pre>
 *
 * <p>A jump of the target changes d, ḋ and η by as much, so that the setpoint stays where it is,
 * and then they go to zero: d on a straight line at up to the speed limit V and the acceleration
 * limit A, η at up to the rate limit Ω. With L = ‖d‖ the wished speed is
 *
 * <pre>
 * min(V, √(A L), L / 0.5 s) · min(1, 2 − 2 e / E)      e = ‖p − p_s‖
 * </pre>
 *
 * which falls to zero as the vehicle lags behind by E, half a metre or the clip: the setpoint waits
 * for it. If the vehicle is farther from it than E, as in a gust, or turned by more than 60 degrees
 * from it, the setpoint is drawn along.
 *
 * <p>A target that moves on as its velocity says does not jump, and is followed as it is.
 */
final class Guidance {
  /** Smaller jumps of the target are followed at once, m. */
  private static final double SMALL_JUMP_M = 0.1;

  /** Smaller jumps of the heading are followed at once, rad. */
  private static final double SMALL_TURN_RAD = Math.toRadians(5);

  /** The largest heading error that is shown, rad. */
  private static final double MAX_HEADING_ERROR_RAD = Math.toRadians(60);

  /** How far from its vehicle a setpoint may be, m; a shorter leash holds up one that swings. */
  private static final double LEASH_M = 0.5;

  /** With which the setpoint comes to rest, s. */
  private static final double LAST_S = 0.5;

  /** So near and slow it has come to rest, m and m/s. */
  private static final double AT_REST = 1e-3;

  private final double speedMS;
  private final double accelerationMS2;
  private final double rateRadS;
  private final double leashM;
  private final boolean follows;

  private final double[] aim = new double[3];
  private final double[] aimVelocity = new double[3];
  private double aimYaw;
  private double sinceAimS;
  private final double[] offset = new double[3];
  private final double[] drift = new double[3];
  private final double[] wished = new double[3];
  private double turn;
  private boolean started;

  private final Target<?> setpoint = Target.flu();

  Guidance(GuidanceLimits limits, ErrorClip clip) {
    follows = limits.equals(GuidanceLimits.NONE);
    speedMS = Math.min(limits.speedMS(), clip.velocityMS());
    accelerationMS2 = limits.accelerationMS2();
    rateRadS = limits.headingRateRadS();
    leashM = Math.max(LEASH_M, clip.positionM());
  }

  /** Forgets the way so far; the next one begins where the vehicle is. */
  void reset() {
    started = false;
  }

  /** What the policy is to fly to now; live, in {@link Frame.Flu}. */
  Target<?> setpoint() {
    return setpoint;
  }

  /**
   * Moves the setpoint on.
   *
   * @param seconds since the call before
   */
  void lead(double seconds, VehicleState<?> state, Target<?> target) {
    double yaw = Math.atan2(target.sinYaw, target.cosYaw);
    if (!started) {
      start(state, target, yaw);
    } else {
      notice(seconds, target, yaw);
    }
    if (follows) {
      Arrays.fill(offset, 0);
      Arrays.fill(drift, 0);
      turn = 0;
    } else {
      keepNear(state);
      travel(seconds, state);
      turn -= Math.clamp(turn, -rateRadS * seconds, rateRadS * seconds);
    }
    keepTurned(state, yaw);
    for (int k = 0; k < 3; k++) {
      setpoint.position[k] = aim[k] + offset[k];
      setpoint.velocity[k] = aimVelocity[k] + drift[k];
    }
    if (turn == 0) {
      setpoint.cosYaw = target.cosYaw;
      setpoint.sinYaw = target.sinYaw;
    } else {
      setpoint.cosYaw = Math.cos(yaw + turn);
      setpoint.sinYaw = Math.sin(yaw + turn);
    }
  }

  /** The setpoint begins where the vehicle is, unless that is near enough. */
  private void start(VehicleState<?> state, Target<?> target, double yaw) {
    started = true;
    double distance = distance(state.position, target.position);
    double speed = Math.min(1, speedMS / Math.max(1e-9, distance(state.velocity, target.velocity)));
    boolean far = distance > SMALL_JUMP_M;
    for (int k = 0; k < 3; k++) {
      offset[k] = far ? state.position[k] - target.position[k] : 0;
      drift[k] = far ? speed * (state.velocity[k] - target.velocity[k]) : 0;
    }
    turn = Math.IEEEremainder(heading(state, yaw) - yaw, 2 * Math.PI);
    turn = Math.abs(turn) > SMALL_TURN_RAD ? turn : 0;
    remember(target, yaw);
  }

  private void notice(double seconds, Target<?> target, double yaw) {
    sinceAimS += seconds;
    boolean same = yaw == aimYaw;
    double squares = 0;
    for (int k = 0; k < 3; k++) {
      same &= target.position[k] == aim[k] && target.velocity[k] == aimVelocity[k];
      double jump = target.position[k] - aim[k] - aimVelocity[k] * sinceAimS;
      squares += jump * jump;
    }
    if (same) {
      return;
    }
    if (squares > SMALL_JUMP_M * SMALL_JUMP_M) {
      for (int k = 0; k < 3; k++) {
        offset[k] += aim[k] - target.position[k];
        drift[k] += aimVelocity[k] - target.velocity[k];
      }
    }
    double turned = Math.IEEEremainder(aimYaw - yaw, 2 * Math.PI);
    if (Math.abs(turned) > SMALL_TURN_RAD) {
      turn = Math.IEEEremainder(turn + turned, 2 * Math.PI);
    }
    remember(target, yaw);
  }

  private void remember(Target<?> target, double yaw) {
    System.arraycopy(target.position, 0, aim, 0, 3);
    System.arraycopy(target.velocity, 0, aimVelocity, 0, 3);
    aimYaw = yaw;
    sinceAimS = 0;
  }

  /** Draws the setpoint along where the vehicle is too far from it. */
  private void keepNear(VehicleState<?> state) {
    double lag = lag(state);
    if (lag > leashM) {
      for (int k = 0; k < 3; k++) {
        double error = state.position[k] - aim[k] - offset[k];
        offset[k] += error * (1 - leashM / lag);
      }
    }
  }

  /** Draws the heading along where the vehicle is turned too far from it. */
  private void keepTurned(VehicleState<?> state, double yaw) {
    double error = Math.IEEEremainder(heading(state, yaw + turn) - yaw - turn, 2 * Math.PI);
    turn += error - Math.clamp(error, -MAX_HEADING_ERROR_RAD, MAX_HEADING_ERROR_RAD);
  }

  private void travel(double seconds, VehicleState<?> state) {
    double left = length(offset);
    double room = Math.min(1, 2 - 2 * Math.min(1, lag(state) / leashM));
    double speed =
        room * Math.min(Math.min(speedMS, Math.sqrt(accelerationMS2 * left)), left / LAST_S);
    double squares = 0;
    for (int k = 0; k < 3; k++) {
      wished[k] = left > 0 ? -speed * offset[k] / left : 0;
      squares += (wished[k] - drift[k]) * (wished[k] - drift[k]);
    }
    double most = accelerationMS2 * seconds;
    double share = squares > most * most ? most / Math.sqrt(squares) : 1;
    for (int k = 0; k < 3; k++) {
      drift[k] += share * (wished[k] - drift[k]);
      offset[k] += drift[k] * seconds;
    }
    if (length(offset) < AT_REST && length(drift) < AT_REST) {
      for (int k = 0; k < 3; k++) {
        offset[k] = 0;
        drift[k] = 0;
      }
    }
  }

  /** How far the vehicle is from the setpoint, m. */
  private double lag(VehicleState<?> state) {
    double x = state.position[0] - aim[0] - offset[0];
    double y = state.position[1] - aim[1] - offset[1];
    double z = state.position[2] - aim[2] - offset[2];
    return Math.sqrt(x * x + y * y + z * z);
  }

  /** Where the nose points; {@code otherwise} if that is up or down. */
  private static double heading(VehicleState<?> state, double otherwise) {
    double cos = state.rotation[0];
    double sin = state.rotation[3];
    return Math.hypot(cos, sin) > 0.1 ? Math.atan2(sin, cos) : otherwise;
  }

  private static double distance(double[] a, double[] b) {
    double x = a[0] - b[0];
    double y = a[1] - b[1];
    double z = a[2] - b[2];
    return Math.sqrt(x * x + y * y + z * z);
  }

  private static double length(double[] a) {
    return Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
  }
}
