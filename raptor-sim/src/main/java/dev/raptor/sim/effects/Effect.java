package dev.raptor.sim.effects;

import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * A disturbance that the plain simulator leaves out. Immutable; a flight's share of it is Active.
 */
public interface Effect {
  /**
   * Starts it for one flight.
   *
   * @param quadrotor the vehicle as it takes off
   * @param random of this effect in this flight alone
   */
  Active start(Quadrotor quadrotor, SplittableRandom random);

  /** An effect in one flight. Each method does nothing unless the effect says what. */
  interface Active {
    /** The vehicle as it is now, made of what the effects before this one have made of it. */
    default Quadrotor vehicle(FlightSnapshot moment, Quadrotor quadrotor) {
      return quadrotor;
    }

    /** Adds to the velocity of the air, m/s, world frame. */
    default void blow(FlightSnapshot moment, double[] airMS) {}

    /** Adds to the force in N, world frame, and after it the torque in N m, body frame. */
    default void push(FlightSnapshot moment, double[] wrench) {}

    /** Changes the motor commands on their way to the motors. */
    default void command(FlightSnapshot moment, float[] action) {}

    /** Changes the 22 numbers of an observation on their way to the controller. */
    default void observe(float[] observation) {}
  }
}
