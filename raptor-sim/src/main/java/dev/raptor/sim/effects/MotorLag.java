package dev.raptor.sim.effects;

import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import java.util.SplittableRandom;

/**
 * Motors of another lag than the vehicle's, of any shortness, where Runge-Kutta at 100 Hz stops at
 * 4 ms. With u the command and n a rotor's speed at the start of a step, both in [0, 1], the speed
 * goes exponentially towards u and the thrust of the step is its mean:
 *
 * <pre>
 * n(t) = u + (n − u) e^(−t/τ)
 * f_i  = 1/dt ∫ f(n(t)) dt over the step
 * </pre>
 *
 * The rotors of the simulator stand still meanwhile, so that other effects that read rotor speeds
 * read those of the start.
 *
 * @param timeS τ of rising and falling speeds, s, 0 to 1
 */
public record MotorLag(double timeS) implements Effect {
  /** So slow that nothing moves. */
  private static final double FROZEN_S = 1000;

  /**
   * @throws IllegalArgumentException unless it is in [0, 1] s
   */
  public MotorLag {
    Limits.inRange("lag of the motors in s", timeS, 0, 1);
  }

  @Override
  public Active start(Quadrotor quadrotor, SplittableRandom random) {
    double ratio = timeS / Simulator.STEP_S;
    double keep = Math.exp(-1 / ratio);
    double mean = ratio * (1 - keep);
    double meanSquare = ratio / 2 * (1 - keep * keep);
    return new Active() {
      private final double[] speed = new double[Quadrotor.ROTORS];
      private final double[] target = new double[Quadrotor.ROTORS];
      private boolean started;
      private Quadrotor before;
      private Quadrotor frozen;

      @Override
      public void command(FlightSnapshot moment, float[] action) {
        for (int i = 0; i < speed.length; i++) {
          speed[i] =
              started ? target[i] + (speed[i] - target[i]) * keep : moment.state(Simulator.N0 + i);
          target[i] = (Math.clamp(action[i], -1f, 1f) + 1) / 2;
        }
        started = true;
      }

      @Override
      public Quadrotor vehicle(FlightSnapshot moment, Quadrotor now) {
        if (now != before) {
          before = now;
          frozen = QuadrotorVariants.withLags(now, FROZEN_S, FROZEN_S);
        }
        return frozen;
      }

      @Override
      public void push(FlightSnapshot moment, double[] wrench) {
        ThrustCurve curve = moment.quadrotor().thrustCurve();
        for (int i = 0; i < speed.length; i++) {
          double u = target[i];
          double d = speed[i] - u;
          double thrust =
              curve.c0()
                  + curve.c1() * (u + d * mean)
                  + curve.c2() * (u * u + 2 * u * d * mean + d * d * meanSquare);
          moment.addThrust(i, thrust - moment.thrustN(i), wrench);
        }
      }
    };
  }
}
