package dev.raptor.sim;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.kernel.Kernels;
import dev.raptor.sim.kernel.Dynamics;
import dev.raptor.sim.kernel.ScalarDynamics;
import dev.raptor.sim.kernel.Vehicles;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.Arrays;

/**
 * Many quadrotors at once in single precision. Row r of lane l of an array of the shape [rows]
 * [lanes] is at {@code r * lanes + l}. Lanes do not influence each other, and stepping allocates
 * nothing.
 *
 * <p>The equations are those of {@link ReferenceSimulator}. The arithmetic runs on the Vector API
 * where {@code jdk.incubator.vector} is present, with the same results to the last bit; a number of
 * lanes that is a multiple of 16 is fastest.
 */
public final class Simulator {
  /** Gravity, m/s². */
  public static final double GRAVITY_MS2 = Dynamics.GRAVITY_MS2;

  /** The time step, s. */
  public static final double STEP_S = Dynamics.STEP_S;

  /** Positions in m, velocities in m/s and body rates in rad/s are clamped to ± this. */
  public static final double BOUND = Dynamics.BOUND;

  /** First row of the position: m, world frame. */
  public static final int PX = Dynamics.PX;

  /** Position y, m. */
  public static final int PY = Dynamics.PY;

  /** Position z, m. */
  public static final int PZ = Dynamics.PZ;

  /** First row of the attitude: a unit quaternion, body to world. */
  public static final int QW = Dynamics.QW;

  /** Attitude x. */
  public static final int QX = Dynamics.QX;

  /** Attitude y. */
  public static final int QY = Dynamics.QY;

  /** Attitude z. */
  public static final int QZ = Dynamics.QZ;

  /** First row of the velocity: m/s, world frame. */
  public static final int VX = Dynamics.VX;

  /** Velocity y, m/s. */
  public static final int VY = Dynamics.VY;

  /** Velocity z, m/s. */
  public static final int VZ = Dynamics.VZ;

  /** First row of the body rates: rad/s, body frame. */
  public static final int WX = Dynamics.WX;

  /** Body rate y, rad/s. */
  public static final int WY = Dynamics.WY;

  /** Body rate z, rad/s. */
  public static final int WZ = Dynamics.WZ;

  /** First row of the rotor speeds, normalised to [0, 1]: front right. */
  public static final int N0 = Dynamics.N0;

  /** Rotor speed, back right. */
  public static final int N1 = Dynamics.N1;

  /** Rotor speed, back left. */
  public static final int N2 = Dynamics.N2;

  /** Rotor speed, front left. */
  public static final int N3 = Dynamics.N3;

  /** Rows of the state. */
  public static final int STATE_ROWS = Dynamics.STATE_ROWS;

  /** Rows of the disturbance: force in N, world frame, then torque in N m, body frame. */
  public static final int DISTURBANCE_ROWS = 6;

  private static final double MIN_LENGTH = 1e-3;

  private static final String VECTOR = "dev.raptor.sim.kernel.vector.VectorDynamics";

  static final Dynamics DYNAMICS = Kernels.useVectors() ? vector() : new ScalarDynamics();

  private final int lanes;
  private final float[] state;
  private final Vehicles vehicles;
  private final boolean[] assigned;
  private int unassigned;

  /**
   * @throws IllegalArgumentException if {@code lanes} is not above 0
   */
  public Simulator(int lanes) {
    if (lanes < 1) {
      throw new IllegalArgumentException("lanes is %d, allowed: 1 or more".formatted(lanes));
    }
    this.lanes = lanes;
    state = new float[STATE_ROWS * lanes];
    vehicles = Vehicles.of(lanes);
    assigned = new boolean[lanes];
    unassigned = lanes;
    Arrays.fill(state, QW * lanes, (QW + 1) * lanes, 1);
  }

  /** How many vehicles there are. */
  public int lanes() {
    return lanes;
  }

  /**
   * The state, [{@link #STATE_ROWS}][lanes]; live: what is written here is where the next step
   * starts.
   */
  public float[] state() {
    return state;
  }

  /** The disturbance, [{@link #DISTURBANCE_ROWS}][lanes]; live. */
  public float[] disturbance() {
    return vehicles.disturbance();
  }

  Vehicles vehicles() {
    return vehicles;
  }

  /**
   * Makes {@code quadrotor} the vehicle of {@code lane}, at rest at the origin, upright, rotors
   * stopped, undisturbed.
   *
   * @throws IllegalArgumentException if there is no such lane
   */
  public void assign(int lane, Quadrotor quadrotor) {
    replace(lane, quadrotor);
    for (int r = 0; r < STATE_ROWS; r++) {
      state[r * lanes + lane] = r == QW ? 1 : 0;
    }
    for (int r = 0; r < DISTURBANCE_ROWS; r++) {
      vehicles.disturbance()[r * lanes + lane] = 0;
    }
  }

  /**
   * Makes {@code quadrotor} the vehicle of {@code lane}, which goes on from the state that the lane
   * is in, and as disturbed.
   *
   * @throws IllegalArgumentException if there is no such lane
   */
  public void replace(int lane, Quadrotor quadrotor) {
    requireLane(lane);
    Vec3 j = quadrotor.inertiaKgM2();
    Vec3 inverse = quadrotor.inverseInertia();
    ThrustCurve curve = quadrotor.thrustCurve();
    vehicles.set(lane, Dynamics.INVERSE_MASS, 1 / quadrotor.massKg());
    vehicles.set(lane, Dynamics.LIFT, 2 / quadrotor.massKg());
    vehicles.set(lane, Dynamics.C0, curve.c0());
    vehicles.set(lane, Dynamics.C1, curve.c1());
    vehicles.set(lane, Dynamics.C2, curve.c2());
    vehicles.set(lane, Dynamics.RISE_RATE, 1 / quadrotor.timeConstantRisingS());
    vehicles.set(lane, Dynamics.FALL_RATE, 1 / quadrotor.timeConstantFallingS());
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      Vec3 position = quadrotor.rotorPositionsM().get(i);
      vehicles.set(lane, Dynamics.ROLL_GAIN + i, inverse.x() * position.y());
      vehicles.set(lane, Dynamics.PITCH_GAIN + i, -inverse.y() * position.x());
    }
    vehicles.set(lane, Dynamics.YAW_GAIN, inverse.z() * quadrotor.torqueConstantM());
    vehicles.set(lane, Dynamics.GYRO, inverse.x() * (j.y() - j.z()));
    vehicles.set(lane, Dynamics.GYRO + 1, inverse.y() * (j.z() - j.x()));
    vehicles.set(lane, Dynamics.GYRO + 2, inverse.z() * (j.x() - j.y()));
    vehicles.set(lane, Dynamics.INVERSE_INERTIA, inverse.x());
    vehicles.set(lane, Dynamics.INVERSE_INERTIA + 1, inverse.y());
    vehicles.set(lane, Dynamics.INVERSE_INERTIA + 2, inverse.z());
    unassigned -= assigned[lane] ? 0 : 1;
    assigned[lane] = true;
  }

  /**
   * Puts the vehicle of {@code lane} into a state. What is written into {@link #state()} itself is
   * not checked, and makes a lane that is not finite if it is not.
   *
   * @param numbers one for each row; the attitude is normalised
   * @throws IllegalArgumentException if there is no such lane, or the numbers are not {@link
   *     #STATE_ROWS}, finite and within {@link #BOUND}, the attitude's length above 0.001 and the
   *     rotor speeds in [0, 1]
   */
  public void setState(int lane, float[] numbers) {
    requireLane(lane);
    if (numbers.length != STATE_ROWS) {
      throw new IllegalArgumentException(
          "state has %d numbers, allowed: %d".formatted(numbers.length, STATE_ROWS));
    }
    double squares = 0;
    for (int r = 0; r < STATE_ROWS; r++) {
      boolean rotor = r >= N0;
      InvalidInputException.requireRange(
          "row %d of the state".formatted(r), numbers[r], rotor ? 0 : -BOUND, rotor ? 1 : BOUND);
      squares += r >= QW && r <= QZ ? (double) numbers[r] * numbers[r] : 0;
    }
    double length = Math.sqrt(squares);
    InvalidInputException.requireRange("length of the attitude", length, MIN_LENGTH, 2 * BOUND);
    for (int r = 0; r < STATE_ROWS; r++) {
      state[r * lanes + lane] = r >= QW && r <= QZ ? (float) (numbers[r] / length) : numbers[r];
    }
  }

  /**
   * Advances every lane by {@link #STEP_S}.
   *
   * @param action raw motor commands, [4][lanes], clamped to [-1, 1]
   * @throws IllegalArgumentException if a command is not finite or the length is wrong; all states
   *     are then unchanged
   * @throws IllegalStateException if a lane has no quadrotor
   */
  public void step(float[] action) {
    requireAssigned();
    requireActions(action);
    DYNAMICS.step(vehicles, state, action);
  }

  /** By name, so that nothing here links to a vector type. */
  private static Dynamics vector() {
    try {
      return (Dynamics) Class.forName(VECTOR).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot load " + VECTOR, e);
    }
  }

  void requireAssigned() {
    if (unassigned > 0) {
      int lane = 0;
      while (assigned[lane]) {
        lane++;
      }
      throw new IllegalStateException(
          "lane %d of %d has no quadrotor; assign one first".formatted(lane, lanes));
    }
  }

  void requireActions(float[] action) {
    if (action.length != Quadrotor.ROTORS * lanes) {
      throw new IllegalArgumentException(
          "action has %d numbers, allowed: %d for each of %d lanes"
              .formatted(action.length, Quadrotor.ROTORS, lanes));
    }
    if (DYNAMICS.isFinite(action)) {
      return;
    }
    for (int i = 0; i < action.length; i++) {
      if (!(Math.abs(action[i]) <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "action %d of lane %d is %s, allowed: a finite number"
                .formatted(i / lanes, i % lanes, action[i]));
      }
    }
  }

  void requireLane(int lane) {
    if (lane < 0 || lane >= lanes) {
      throw new IllegalArgumentException("lane is %d, allowed: 0 to %d".formatted(lane, lanes - 1));
    }
  }

  void requireBlock(String what, int rows, float[] array, int offset) {
    if (offset < 0 || offset > array.length - rows * lanes) {
      throw new IllegalArgumentException(
          "%s has %d numbers, allowed: %d for each of %d lanes from offset %d"
              .formatted(what, array.length, rows, lanes, offset));
    }
  }
}
