package dev.raptor.sim.kernel;

/**
 * The step of many vehicles and its adjoint. Two providers implement it, one in plain Java and one
 * on the Vector API, and agree bit for bit. Arrays are structures of arrays, row r of lane l at
 * {@code r * lanes + l}, and trusted: the classes above check them.
 *
 * <p>The equations are those of {@link dev.raptor.sim.ReferenceSimulator}. What depends on the
 * rotors alone, body rates alone and attitude alone is integrated in that order, with the constants
 * of a vehicle multiplied out beforehand:
 *
 * <pre>
 * ω̇x = Mx/Jxx + Σ (y_i/Jxx) f_i + (Jyy−Jzz)/Jxx ωy ωz       and likewise y, z
 * v̇  = (2/m) Σ f_i (xz + wy, yz − wx, ½ − x² − y²) + F/m − (0, 0, g)
 * p' = p + dt (v + dt/6 (v̇1 + v̇2 + v̇3))                     what Runge-Kutta makes of ṗ = v
 * </pre>
 *
 * <p>Vehicles are worked on in tiles. What passes between the parts of the work is kept in scratch
 * rows of a tile's width, which stay in the first-level cache; stage j, counted from 0, of a group
 * of k rows begins at row k j.
 */
public interface Dynamics {
  /**
   * Lanes that are worked on together. Each method checks the bounds of its rows once for a tile,
   * so that wide tiles are faster, until scratch no longer fits the first-level cache.
   */
  int TILE = 64;

  /** First row of the position: m, world frame. */
  int PX = 0;

  /** Position y. */
  int PY = 1;

  /** Position z. */
  int PZ = 2;

  /** First row of the attitude: a unit quaternion, body to world. */
  int QW = 3;

  /** Attitude x. */
  int QX = 4;

  /** Attitude y. */
  int QY = 5;

  /** Attitude z. */
  int QZ = 6;

  /** First row of the velocity: m/s, world frame. */
  int VX = 7;

  /** Velocity y. */
  int VY = 8;

  /** Velocity z. */
  int VZ = 9;

  /** First row of the body rates: rad/s, body frame. */
  int WX = 10;

  /** Body rate y. */
  int WY = 11;

  /** Body rate z. */
  int WZ = 12;

  /** First row of the rotor speeds, normalised to [0, 1]. */
  int N0 = 13;

  /** Second rotor. */
  int N1 = 14;

  /** Third rotor. */
  int N2 = 15;

  /** Fourth rotor. */
  int N3 = 16;

  /** Rows of the state. */
  int STATE_ROWS = 17;

  /** Constant: 1/m. */
  int INVERSE_MASS = 0;

  /** Constant: 2/m. */
  int LIFT = 1;

  /** Constant: Thrust of a rotor, constant part, N. */
  int C0 = 2;

  /** Constant: Linear part, N. */
  int C1 = 3;

  /** Constant: Quadratic part, N. */
  int C2 = 4;

  /** Constant: 1/τ of rotors that speed up. */
  int RISE_RATE = 5;

  /** Constant: 1/τ of rotors that slow down. */
  int FALL_RATE = 6;

  /** Constant: y_i/Jxx of each rotor. */
  int ROLL_GAIN = 7;

  /** Constant: −x_i/Jyy of each rotor. */
  int PITCH_GAIN = 11;

  /** Constant: c_m/Jzz. */
  int YAW_GAIN = 15;

  /** Constant: (Jyy−Jzz)/Jxx, (Jzz−Jxx)/Jyy, (Jxx−Jyy)/Jzz. */
  int GYRO = 16;

  /** Constant: 1/Jxx, 1/Jyy, 1/Jzz. */
  int INVERSE_INERTIA = 19;

  /** Constants of a vehicle. */
  int CONSTANTS = 22;

  /** Scratch: rotor speeds, 4 for each stage. */
  int ROTOR = 0;

  /** Scratch: twice the thrust per mass. */
  int THRUST = ROTOR + 16 * TILE;

  /** Scratch: angular acceleration without the gyroscopic part, 3 for each stage. */
  int TORQUE = THRUST + 4 * TILE;

  /** Scratch: body rates, 3 for each stage. */
  int RATE = TORQUE + 12 * TILE;

  /** Scratch: attitudes, 4 for each stage. */
  int ATTITUDE = RATE + 12 * TILE;

  /** Scratch: the state after the step, before it is clamped and normalised. */
  int END = ATTITUDE + 16 * TILE;

  /** Scratch: the gradient by {@link #END}. */
  int GRADIENT = END + 17 * TILE;

  /** Scratch: the adjoint of {@link #THRUST}. */
  int THRUST_ADJOINT = GRADIENT + 17 * TILE;

  /** Scratch: the part of the adjoint of {@link #ATTITUDE} that comes through the thrust. */
  int ATTITUDE_ADJOINT = THRUST_ADJOINT + 4 * TILE;

  /** Scratch: the part of the adjoint of {@link #RATE} that comes through the attitude. */
  int RATE_ADJOINT = ATTITUDE_ADJOINT + 16 * TILE;

  /** Scratch: the adjoint of {@link #TORQUE}. */
  int TORQUE_ADJOINT = RATE_ADJOINT + 12 * TILE;

  /** Numbers of scratch. */
  int SCRATCH = TORQUE_ADJOINT + 12 * TILE;

  /** dt, s. */
  double STEP_S = 0.01;

  /** g, m/s². */
  double GRAVITY_MS2 = 9.81;

  /** Positions, velocities and body rates are clamped to ± this. */
  double BOUND = 1e5;

  /** dt. */
  float STEP = (float) STEP_S;

  /** dt/2. */
  float HALF_STEP = STEP / 2;

  /** dt/4, which is half a step of 2 q̇. */
  float QUARTER_STEP = STEP / 4;

  /** dt/6. */
  float SIXTH_STEP = STEP / 6;

  /** dt/3. */
  float THIRD_STEP = STEP / 3;

  /** dt/12. */
  float TWELFTH_STEP = STEP / 12;

  /** −dt/2. */
  float MINUS_HALF_STEP = -HALF_STEP;

  /** −dt/4. */
  float MINUS_QUARTER_STEP = -QUARTER_STEP;

  /** −dt/12. */
  float MINUS_TWELFTH_STEP = -TWELFTH_STEP;

  /** −g. */
  float MINUS_G = (float) -GRAVITY_MS2;

  /** {@link #BOUND}. */
  float LIMIT = (float) BOUND;

  /** −{@link #LIMIT}. */
  float MINUS_LIMIT = -LIMIT;

  /** Whether none of {@code numbers} is infinite or NaN. */
  boolean isFinite(float[] numbers);

  /**
   * Advances every lane by one step.
   *
   * @param state [17][lanes]
   * @param action raw, [4][lanes]
   */
  void step(Vehicles vehicles, float[] state, float[] action);

  /**
   * Advances every episode by one step, in one pass over the lanes: the reward, the step, whether
   * it is over, the reference. What else there is of an episode is left to the caller.
   *
   * @param state [17][lanes]
   * @param action raw, [4][lanes]
   * @param reward [lanes], written
   * @param terminated [lanes], written
   */
  void advance(
      Vehicles vehicles,
      Episodes episodes,
      float[] state,
      float[] action,
      float[] reward,
      boolean[] terminated);

  /**
   * The rotation matrices of the attitudes, row by row.
   *
   * @param state [17][lanes]
   * @param out [9][lanes] from {@code to}, written
   */
  void rotations(int lanes, float[] state, float[] out, int to);

  /**
   * The adjoint of {@link #step}; {@link dev.raptor.sim.SimulatorGradient} has the equations.
   *
   * @param state before the step, [17][lanes] from {@code stateOffset}
   * @param action raw, [4][lanes] from {@code actionOffset}
   * @param after gradient by the state after the step, [17][lanes]
   * @param before gradient by the state before the step, [17][lanes], written; may be {@code after}
   * @param actionGradient [4][lanes], added to
   */
  void stepAdjoint(
      Vehicles vehicles,
      float[] state,
      int stateOffset,
      float[] action,
      int actionOffset,
      float[] after,
      float[] before,
      float[] actionGradient);
}
