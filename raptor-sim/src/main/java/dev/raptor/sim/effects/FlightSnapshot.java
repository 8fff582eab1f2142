package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/** A vehicle at the start of a step; valid during the call that gets it. */
public final class FlightSnapshot {
  private final double[] state = new double[Simulator.STATE_ROWS];
  private final double[] airMS = new double[3];
  private final double[] rotation = new double[9];
  private double timeS;
  private Quadrotor quadrotor;

  FlightSnapshot() {}

  void set(double timeS, float[] states, int lane, int lanes, Quadrotor quadrotor) {
    this.timeS = timeS;
    this.quadrotor = quadrotor;
    for (int r = 0; r < state.length; r++) {
      state[r] = states[r * lanes + lane];
    }
    double w = state[Simulator.QW];
    double x = state[Simulator.QX];
    double y = state[Simulator.QY];
    double z = state[Simulator.QZ];
    rotation[0] = 1 - 2 * (y * y + z * z);
    rotation[1] = 2 * (x * y - w * z);
    rotation[2] = 2 * (x * z + w * y);
    rotation[3] = 2 * (x * y + w * z);
    rotation[4] = 1 - 2 * (x * x + z * z);
    rotation[5] = 2 * (y * z - w * x);
    rotation[6] = 2 * (x * z - w * y);
    rotation[7] = 2 * (y * z + w * x);
    rotation[8] = 1 - 2 * (x * x + y * y);
    airMS[0] = 0;
    airMS[1] = 0;
    airMS[2] = 0;
  }

  void setQuadrotor(Quadrotor quadrotor) {
    this.quadrotor = quadrotor;
  }

  double[] airMS() {
    return airMS;
  }

  /** Since the start of the flight, s. */
  public double timeS() {
    return timeS;
  }

  /** The vehicle as it is now. */
  public Quadrotor quadrotor() {
    return quadrotor;
  }

  /** A row of the state, see {@link Simulator}. */
  public double state(int row) {
    return state[row];
  }

  /** R(q), body to world, row i and column j. */
  public double rotation(int i, int j) {
    return rotation[3 * i + j];
  }

  /** Velocity through the air, axis k, m/s, world frame. */
  public double airspeed(int k) {
    return state[Simulator.VX + k] - airMS[k];
  }

  /** Thrust of rotor i without any effect, N. */
  public double thrustN(int i) {
    return quadrotor.thrustCurve().thrustN(state[Simulator.N0 + i]);
  }

  /** Adds what a force of f N along body z at rotor i does, without the torque of its drag. */
  public void pushAtRotor(int i, double f, double[] wrench) {
    Vec3 position = quadrotor.rotorPositionsM().get(i);
    for (int k = 0; k < 3; k++) {
      wrench[k] += rotation(k, 2) * f;
    }
    wrench[3] += position.y() * f;
    wrench[4] -= position.x() * f;
  }

  /** Adds what f N more thrust of rotor i do, with the yaw torque of its drag. */
  public void addThrust(int i, double f, double[] wrench) {
    pushAtRotor(i, f, wrench);
    wrench[5] += Quadrotor.yawSign(i) * quadrotor.torqueConstantM() * f;
  }
}
