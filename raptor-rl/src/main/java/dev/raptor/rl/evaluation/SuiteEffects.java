package dev.raptor.rl.evaluation;

import dev.raptor.core.Observation;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.FlightSnapshot;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.SplittableRandom;

/** Effects of the flight tests that vehicles and estimators have and the plain simulator lacks. */
final class SuiteEffects {
  private SuiteEffects() {}

  /**
   * Motors of unequal thrust: f_i becomes k_i f_i, the yaw torque with it.
   *
   * @param spread k_i is uniform in 1 ± this
   */
  static Effect unequalMotors(double spread) {
    return (quadrotor, random) -> {
      double[] excess = new double[Quadrotor.ROTORS];
      for (int i = 0; i < excess.length; i++) {
        excess[i] = spread * (2 * random.nextDouble() - 1);
      }
      return new Effect.Active() {
        @Override
        public void push(FlightSnapshot moment, double[] wrench) {
          for (int i = 0; i < excess.length; i++) {
            double more = excess[i] * moment.thrustN(i);
            moment.pushAtRotor(i, more, wrench);
            wrench[5] += Quadrotor.yawSign(i) * moment.quadrotor().torqueConstantM() * more;
          }
        }
      };
    };
  }

  /**
   * An attitude that is a first-order lag behind: R̂ ← R̂ + (1 − e^(−dt/τ)) (R − R̂), with its rows
   * made orthonormal again.
   */
  static Effect attitudeLag(double timeConstantS) {
    double fresh = 1 - Math.exp(-Simulator.STEP_S / timeConstantS);
    return (quadrotor, random) ->
        new Effect.Active() {
          private double[] lagged;

          @Override
          public void observe(float[] observation) {
            int at = Observation.ROTATION;
            if (lagged == null) {
              lagged = new double[9];
              for (int i = 0; i < 9; i++) {
                lagged[i] = observation[at + i];
              }
            }
            for (int i = 0; i < 9; i++) {
              lagged[i] += fresh * (observation[at + i] - lagged[i]);
            }
            orthonormalise(lagged);
            for (int i = 0; i < 9; i++) {
              observation[at + i] = (float) lagged[i];
            }
          }
        };
  }

  /** Gram-Schmidt from the last row, which tells where up is. */
  private static void orthonormalise(double[] r) {
    normalise(r, 6);
    double dot = r[0] * r[6] + r[1] * r[7] + r[2] * r[8];
    for (int k = 0; k < 3; k++) {
      r[k] -= dot * r[6 + k];
    }
    normalise(r, 0);
    r[3] = r[7] * r[2] - r[8] * r[1];
    r[4] = r[8] * r[0] - r[6] * r[2];
    r[5] = r[6] * r[1] - r[7] * r[0];
  }

  private static void normalise(double[] r, int at) {
    double length = Math.sqrt(r[at] * r[at] + r[at + 1] * r[at + 1] + r[at + 2] * r[at + 2]);
    for (int k = 0; k < 3; k++) {
      r[at + k] /= length;
    }
  }

  /** A heading that is known wrongly by {@code angleRad}: R̂ = R_z(angle) R. */
  static Effect headingError(double angleRad) {
    double cos = Math.cos(angleRad);
    double sin = Math.sin(angleRad);
    return (quadrotor, random) ->
        new Effect.Active() {
          @Override
          public void observe(float[] observation) {
            for (int k = 0; k < 3; k++) {
              int x = Observation.ROTATION + k;
              double first = observation[x];
              double second = observation[x + 3];
              observation[x] = (float) (cos * first - sin * second);
              observation[x + 3] = (float) (sin * first + cos * second);
            }
          }
        };
  }

  /**
   * What rotors shake into an unfiltered gyroscope: each rotor a sine of its own speed, sampled at
   * 100 Hz, so that it is folded to anywhere between 0 and 50 Hz. A rotor hovers at 90 Hz (0.25 m /
   * arm)^0.6, which is about 90 Hz for an X500 and 270 Hz for a Crazyflie.
   *
   * @param amplitudeRadS √2 times the standard deviation of an axis
   */
  static Effect vibration(double amplitudeRadS) {
    return (quadrotor, random) -> {
      double perThrottle =
          90
              * Math.pow(0.25 / quadrotor.armM(), 0.6)
              / Math.clamp(quadrotor.hoverThrottle(), 0.05, 1);
      double[] phase = new double[Quadrotor.ROTORS];
      double[] shift = new double[3 * Quadrotor.ROTORS];
      for (int i = 0; i < shift.length; i++) {
        shift[i] = 2 * Math.PI * random.nextDouble();
      }
      return new Effect.Active() {
        @Override
        public void command(FlightSnapshot moment, float[] action) {
          for (int i = 0; i < phase.length; i++) {
            double turns = perThrottle * moment.state(Simulator.N0 + i) * Simulator.STEP_S;
            phase[i] = (phase[i] + 2 * Math.PI * turns) % (2 * Math.PI);
          }
        }

        @Override
        public void observe(float[] observation) {
          for (int axis = 0; axis < 3; axis++) {
            double sum = 0;
            for (int i = 0; i < phase.length; i++) {
              sum += Math.sin(phase[i] + shift[3 * i + axis]);
            }
            observation[Observation.ANGULAR_VELOCITY + axis] += (float) (amplitudeRadS / 2 * sum);
          }
        }
      };
    };
  }

  /** Body rates through a Butterworth low-pass of second order, as flight stacks filter them. */
  static Effect gyroFilter(double cutoffHz) {
    double k = Math.tan(Math.PI * cutoffHz * Simulator.STEP_S);
    double norm = 1 / (1 + Math.sqrt(2) * k + k * k);
    double b = k * k * norm;
    double a1 = 2 * (k * k - 1) * norm;
    double a2 = (1 - Math.sqrt(2) * k + k * k) * norm;
    return (quadrotor, random) ->
        new Effect.Active() {
          private final double[] first = new double[3];
          private final double[] second = new double[3];

          @Override
          public void observe(float[] observation) {
            for (int axis = 0; axis < 3; axis++) {
              double x = observation[Observation.ANGULAR_VELOCITY + axis];
              double y = b * x + first[axis];
              first[axis] = 2 * b * x - a1 * y + second[axis];
              second[axis] = b * x - a2 * y;
              observation[Observation.ANGULAR_VELOCITY + axis] = (float) y;
            }
          }
        };
  }

  /**
   * Blades that flap back in the wind and turn the hub with them: a torque in proportion to the
   * airspeed across the rotors, which raises the side that the wind meets.
   *
   * <pre>M = c arm m g (v_y, −v_x, 0),   v the airspeed in the body frame</pre>
   *
   * @param perMS c, s/m
   */
  static Effect flapping(double perMS) {
    return (quadrotor, random) -> {
      double torque = perMS * quadrotor.armM() * quadrotor.massKg() * Simulator.GRAVITY_MS2;
      return new Effect.Active() {
        @Override
        public void push(FlightSnapshot moment, double[] wrench) {
          double x = 0;
          double y = 0;
          for (int k = 0; k < 3; k++) {
            x += moment.rotation(k, 0) * moment.airspeed(k);
            y += moment.rotation(k, 1) * moment.airspeed(k);
          }
          wrench[3] += torque * y;
          wrench[4] -= torque * x;
        }
      };
    };
  }

  /**
   * Motors of another lag, of any shortness. With u the command and n the speed at the start of a
   * step, the rotor goes to u + (n − u) e^(−dt/τ), and its thrust during the step is its mean. The
   * simulated rotors stand still meanwhile.
   */
  static Effect motorLag(double timeConstantS) {
    double ratio = timeConstantS / Simulator.STEP_S;
    double keep = Math.exp(-1 / ratio);
    double mean = ratio * (1 - keep);
    double meanSquare = ratio / 2 * (1 - keep * keep);
    return (quadrotor, random) ->
        new Effect.Active() {
          private final Quadrotor frozen = withLag(quadrotor, 1000);
          private final double[] speed = new double[Quadrotor.ROTORS];
          private final double[] thrust = new double[Quadrotor.ROTORS];
          private boolean started;

          @Override
          public Quadrotor vehicle(FlightSnapshot moment, Quadrotor now) {
            return frozen;
          }

          @Override
          public void command(FlightSnapshot moment, float[] action) {
            ThrustCurve curve = quadrotor.thrustCurve();
            for (int i = 0; i < speed.length; i++) {
              double n = started ? speed[i] : moment.state(Simulator.N0 + i);
              double u = (Math.clamp(action[i], -1f, 1f) + 1) / 2;
              double d = n - u;
              thrust[i] =
                  curve.c0()
                      + curve.c1() * (u + d * mean)
                      + curve.c2() * (u * u + 2 * u * d * mean + d * d * meanSquare);
              speed[i] = u + d * keep;
            }
            started = true;
          }

          @Override
          public void push(FlightSnapshot moment, double[] wrench) {
            for (int i = 0; i < speed.length; i++) {
              double more = thrust[i] - moment.thrustN(i);
              moment.pushAtRotor(i, more, wrench);
              wrench[5] += Quadrotor.yawSign(i) * quadrotor.torqueConstantM() * more;
            }
          }
        };
  }

  private static Quadrotor withLag(Quadrotor q, double lagS) {
    return new Quadrotor(
        q.name(),
        q.massKg(),
        q.inertiaKgM2(),
        q.inverseInertia(),
        q.rotorPositionsM(),
        q.thrustCurve(),
        q.torqueConstantM(),
        lagS,
        lagS);
  }

  /** The vehicle with its centre of mass moved by a share of its arm, in a random direction. */
  static Quadrotor offBalance(Quadrotor q, double share, SplittableRandom random) {
    double direction = 2 * Math.PI * random.nextDouble();
    double x = share * q.armM() * Math.cos(direction);
    double y = share * q.armM() * Math.sin(direction);
    return new Quadrotor(
        q.name(),
        q.massKg(),
        q.inertiaKgM2(),
        q.inverseInertia(),
        q.rotorPositionsM().stream().map(r -> new Vec3(r.x() - x, r.y() - y, r.z())).toList(),
        q.thrustCurve(),
        q.torqueConstantM(),
        q.timeConstantRisingS(),
        q.timeConstantFallingS());
  }
}
