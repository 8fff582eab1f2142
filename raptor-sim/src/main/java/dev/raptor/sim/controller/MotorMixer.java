package dev.raptor.sim.controller;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.math.LinearSystem;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.Arrays;

/**
 * The motor commands for a wished thrust and torque, by the inverse of what the vehicle makes of
 * commands. With rotor i at (x_i, y_i), yaw sign d_i and torque constant c_m:
 *
 * <pre>
 *     ⎡  1       1       1       1    ⎤
 * A = ⎢  y_0     y_1     y_2     y_3  ⎥      (T, τ) = A f,  f = A⁻¹ (T, τ)
 *     ⎢ −x_0    −x_1    −x_2    −x_3  ⎥
 *     ⎣ d_0c_m  d_1c_m  d_2c_m  d_3c_m⎦
 * </pre>
 *
 * <p>Where a rotor cannot give its share f_i, roll and pitch come before thrust, and thrust before
 * yaw: roll and pitch are scaled to the span that a rotor has, thrust is moved until they fit, and
 * yaw gets what is left.
 *
 * <p>n_i* is where the thrust curve gives f_i. The motor's lag τ is known too, and shortened to T:
 * with n̂ the speed that the commands so far have led to, the command is the one that gets the lag
 * as far in one step as a motor of lag T would get by itself,
 *
 * <pre>
 * u_i = n̂_i + (n_i* − n̂_i) (1 − e^(−dt/T)) / (1 − e^(−dt/τ)),   clamped to [0, 1]
 * n̂_i ← n̂_i + (u_i − n̂_i) (1 − e^(−dt/τ))
 * </pre>
 *
 * T is 20 ms unless a controller says otherwise, or τ where that is less.
 */
final class MotorMixer {
  private static final double RESPONSE_S = 0.02;

  /** More than any vehicle gives, N and N m; keeps the sums finite. */
  private static final double MAX_WISH = 1e9;

  /** A shorter one turns nothing, m; keeps the inverse finite. */
  private static final double MIN_LEVER_M = 1e-9;

  /** Of rows brought to a size of 1. */
  private static final double MIN_PIVOT = 1e-9;

  private final Quadrotor quadrotor;
  private final double[][] inverse;
  private final ThrustCurve curve;
  private final double turn;
  private final double minThrottle;
  private final double maxThrottle;
  private final double minThrustN;
  private final double maxThrustN;
  private final double riseShare;
  private final double fallShare;
  private final double riseLead;
  private final double fallLead;
  private final double[] speed = new double[Quadrotor.ROTORS];
  private final double[] tilt = new double[Quadrotor.ROTORS];
  private final double responseS;
  private boolean started;
  private boolean thrustLimited;
  private boolean tiltLimited;
  private boolean yawLimited;

  /**
   * @throws InvalidInputException if the rotors cannot turn the vehicle about each axis
   */
  MotorMixer(Quadrotor quadrotor) {
    this(quadrotor, RESPONSE_S);
  }

  /**
   * @param responseS T, s, above 0
   * @throws IllegalArgumentException if the rotors cannot turn the vehicle about each axis
   */
  MotorMixer(Quadrotor quadrotor, double responseS) {
    this.quadrotor = quadrotor;
    inverse = inverse(allocation(quadrotor), quadrotor.name());
    curve = quadrotor.thrustCurve();
    // Where the curve turns, only the branch on which thrust rises with speed is of use.
    turn = curve.c2() == 0 ? 0 : Math.clamp(-curve.c1() / (2 * curve.c2()), 0.0, 1.0);
    minThrottle = curve.c2() > 0 ? turn : 0;
    maxThrottle = curve.c2() < 0 ? turn : 1;
    minThrustN = Math.max(0, curve.thrustN(minThrottle));
    maxThrustN = curve.thrustN(maxThrottle);
    this.responseS =
        Math.min(
            responseS, Math.max(quadrotor.timeConstantRisingS(), quadrotor.timeConstantFallingS()));
    riseShare = share(quadrotor.timeConstantRisingS());
    fallShare = share(quadrotor.timeConstantFallingS());
    riseLead = share(Math.min(responseS, quadrotor.timeConstantRisingS())) / riseShare;
    fallLead = share(Math.min(responseS, quadrotor.timeConstantFallingS())) / fallShare;
  }

  /** The larger time constant that is left of the motors' two, s. */
  double responseS() {
    return responseS;
  }

  /** The share of the thrust that each rotor gives where there is no torque. */
  double[] hoverShares() {
    return Arrays.stream(inverse).mapToDouble(row -> row[0]).toArray();
  }

  /** Largest thrust of all rotors, N. */
  double maxThrustN() {
    return Quadrotor.ROTORS * maxThrustN;
  }

  /**
   * By how much the rotors can turn a hovering vehicle faster about an axis, either way, rad/s²:
   * the change of each is the least that is left of its thrust, up or down, but at least a tenth of
   * it.
   */
  double maxAngularAcceleration(int axis) {
    double hover = quadrotor.massKg() * Simulator.GRAVITY_MS2 / Quadrotor.ROTORS;
    double span = Math.max(0.1 * hover, Math.min(hover - minThrustN, maxThrustN - hover));
    double lever = 0;
    for (Vec3 r : quadrotor.rotorPositionsM()) {
      lever +=
          switch (axis) {
            case 0 -> Math.abs(r.y());
            case 1 -> Math.abs(r.x());
            default -> quadrotor.torqueConstantM();
          };
    }
    Vec3 inverse = quadrotor.inverseInertia();
    return lever
        * span
        * switch (axis) {
          case 0 -> inverse.x();
          case 1 -> inverse.y();
          default -> inverse.z();
        };
  }

  /** Whether the rotors could not give the thrust last wished for. */
  boolean isThrustLimited() {
    return thrustLimited;
  }

  /** Whether the rotors could not give the torque last wished for about an axis. */
  boolean isTorqueLimited(int axis) {
    return axis == 2 ? yawLimited : tiltLimited;
  }

  void reset() {
    started = false;
  }

  /** Before the first step of a flight the previous action says how fast the rotors turn. */
  void start(float[] previousAction, int offset) {
    if (started) {
      return;
    }
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      speed[i] = (Math.clamp(previousAction[offset + i], -1.0, 1.0) + 1) / 2;
    }
    started = true;
  }

  /**
   * What the rotors give at the speeds that the commands so far have led to: thrust in N, then
   * torque in N m, body frame.
   */
  void wrench(double[] wrench) {
    Arrays.fill(wrench, 0);
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      double f = curve.thrustN(speed[i]);
      Vec3 r = quadrotor.rotorPositionsM().get(i);
      wrench[0] += f;
      wrench[1] += r.y() * f;
      wrench[2] -= r.x() * f;
      wrench[3] += Quadrotor.yawSign(i) * quadrotor.torqueConstantM() * f;
    }
  }

  /** Writes the commands, and remembers where they lead. */
  void mix(
      double thrustN,
      double rollNm,
      double pitchNm,
      double yawNm,
      float[] previousAction,
      int offset,
      float[] action) {
    start(previousAction, offset);
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      tilt[i] = inverse[i][1] * limited(rollNm) + inverse[i][2] * limited(pitchNm);
      least = Math.min(least, tilt[i]);
      most = Math.max(most, tilt[i]);
    }
    double scale = Math.min(1, (maxThrustN - minThrustN) / Math.max(most - least, 1e-30));
    double lowest = Double.NEGATIVE_INFINITY;
    double highest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      tilt[i] *= scale;
      // A rotor that is to push down for the balance, far from the others, has no say here.
      if (inverse[i][0] > 1e-9) {
        lowest = Math.max(lowest, (minThrustN - tilt[i]) / inverse[i][0]);
        highest = Math.min(highest, (maxThrustN - tilt[i]) / inverse[i][0]);
      }
    }
    double thrust = Math.max(lowest, Math.min(highest, limited(thrustN)));
    tiltLimited = scale < 1;
    thrustLimited = thrust != thrustN;
    double yawScale = 1;
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      double f = inverse[i][0] * thrust + tilt[i];
      double yaw = inverse[i][3] * limited(yawNm);
      // Below 0 by rounding, where roll and pitch take all.
      double room = Math.max(0, yaw > 0 ? maxThrustN - f : f - minThrustN);
      if (Math.abs(yaw) > room) {
        yawScale = Math.min(yawScale, room / Math.abs(yaw));
      }
    }
    yawLimited = yawScale < 1;
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      double f = inverse[i][0] * thrust + tilt[i] + yawScale * inverse[i][3] * limited(yawNm);
      action[i] = (float) (2 * command(i, Math.clamp(f, minThrustN, maxThrustN)) - 1);
    }
  }

  private double command(int i, double thrustN) {
    double wanted = throttle(thrustN);
    double lead = wanted >= speed[i] ? riseLead : fallLead;
    double command = Math.clamp(speed[i] + (wanted - speed[i]) * lead, 0.0, 1.0);
    speed[i] += (command - speed[i]) * (command >= speed[i] ? riseShare : fallShare);
    return command;
  }

  private double throttle(double thrustN) {
    if (thrustN <= curve.thrustN(minThrottle)) {
      return minThrottle;
    }
    if (thrustN >= maxThrustN) {
      return maxThrottle;
    }
    double throttle = curve.throttleFor(thrustN);
    // Next to where the curve turns, rounding may leave it without a root.
    return Double.isNaN(throttle) ? turn : throttle;
  }

  private static double limited(double wish) {
    return Math.clamp(wish, -MAX_WISH, MAX_WISH);
  }

  /** How much of the way a first-order lag goes in one step. */
  private static double share(double timeConstantS) {
    return -Math.expm1(-Simulator.STEP_S / timeConstantS);
  }

  private static double[][] allocation(Quadrotor quadrotor) {
    double[][] a = new double[4][Quadrotor.ROTORS];
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      Vec3 position = quadrotor.rotorPositionsM().get(i);
      a[0][i] = 1;
      a[1][i] = position.y();
      a[2][i] = -position.x();
      a[3][i] = Quadrotor.yawSign(i) * quadrotor.torqueConstantM();
    }
    return a;
  }

  private static double[][] inverse(double[][] a, String name) {
    int n = a.length;
    double[][] equations = new double[n][2 * n];
    for (int r = 0; r < n; r++) {
      if (Arrays.stream(a[r]).map(Math::abs).max().orElseThrow() < MIN_LEVER_M) {
        throw cannotTurn(name);
      }
      System.arraycopy(a[r], 0, equations[r], 0, n);
      equations[r][n + r] = 1;
    }
    if (!(LinearSystem.solve(equations) >= MIN_PIVOT)) {
      throw cannotTurn(name);
    }
    double[][] result = new double[n][];
    for (int r = 0; r < n; r++) {
      result[r] = Arrays.copyOfRange(equations[r], n, 2 * n);
    }
    return result;
  }

  private static InvalidInputException cannotTurn(String name) {
    return new InvalidInputException(
        "%s cannot be turned about each axis by its rotors, allowed: rotors around the centre of mass and a torque_constant_m above 0"
            .formatted(name));
  }
}
