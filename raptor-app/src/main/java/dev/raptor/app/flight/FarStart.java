package dev.raptor.app.flight;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.flight.GuidanceLimits;
import dev.raptor.sim.Environment;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;

/**
 * A start at rest, far from the target, which is the origin; the nose looks along world x.
 *
 * @param fromM where, world frame, m, up to 1000 per axis
 * @param headingRad where the nose shall look at the target, rad from world x towards world y
 * @param speedMS how fast to go there at most, m/s
 */
public record FarStart(Vec3 fromM, double headingRad, double speedMS) {
  private static final double MAX_M = 1000;

  /** Beside twice the time that the way takes, so that the second half is spent there, s. */
  private static final double SETTLING_S = 10;

  /** How far beyond the start, and how fast, a vehicle is lost, m and m/s. */
  private static final double ROOM_M = 5;

  private static final double LOST_MS = 10;

  /**
   * @throws InvalidInputException if a number is not within
   */
  public FarStart {
    for (double metres : new double[] {fromM.x(), fromM.y(), fromM.z()}) {
      if (!(Math.abs(metres) <= MAX_M)) {
        throw new InvalidInputException(
            "--from has %s m, allowed: up to %s m per axis".formatted(metres, MAX_M));
      }
    }
    if (!Double.isFinite(headingRad)) {
      throw new InvalidInputException(
          "--heading is %s, allowed: a finite number".formatted(Math.toDegrees(headingRad)));
    }
  }

  /** How long a flight takes if nobody says, s. */
  public double seconds() {
    return Math.ceil(2 * distanceM() / speedMS + SETTLING_S);
  }

  /** The limits of the way. */
  public GuidanceLimits limits() {
    return GuidanceLimits.DEFAULT.withSpeedMS(speedMS);
  }

  private double distanceM() {
    return Math.hypot(Math.hypot(fromM.x(), fromM.y()), fromM.z());
  }

  Task task(Quadrotor quadrotor) {
    return Task.platform(quadrotor)
        .withTerminationPositionM(distanceM() + ROOM_M)
        .withTerminationSpeedMS(LOST_MS);
  }

  /** Puts the vehicle of a lane there, its rotors as fast as they are at hover. */
  void place(Environment environment, int lane, Quadrotor quadrotor) {
    float[] state = new float[Simulator.STATE_ROWS];
    state[Simulator.PX] = (float) fromM.x();
    state[Simulator.PY] = (float) fromM.y();
    state[Simulator.PZ] = (float) fromM.z();
    state[Simulator.QW] = 1;
    float hover = (float) quadrotor.hoverThrottle();
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      state[Simulator.N0 + i] = hover;
      environment.previousAction()[i * environment.lanes() + lane] = 2 * hover - 1;
    }
    environment.simulator().setState(lane, state);
  }
}
