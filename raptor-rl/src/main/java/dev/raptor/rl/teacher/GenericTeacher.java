package dev.raptor.rl.teacher;

import dev.raptor.core.network.Activation;
import dev.raptor.core.network.Dense;
import dev.raptor.core.network.Mlp;
import dev.raptor.sim.Environment;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Range;

/**
 * One actor for every quadrotor: a {@link Teacher} that is told the vehicle's parameters beside
 * what a teacher sees. For one given vehicle those are constants, and fold into the first layer's
 * biases.
 *
 * @param parameters of {@link #ACTOR}; not copied
 */
public record GenericTeacher(float[] parameters) {
  /** Numbers that describe a vehicle. */
  static final int FEATURES = 7;

  /** A teacher's shape with more inputs. */
  public static final Mlp ACTOR =
      Mlp.of(Activation.TANH, Activation.TANH, Environment.TEACHER_ROWS + FEATURES, 64, 64, 4);

  /** The vehicle's parameters, each brought to about [-1, 1]. */
  static float[] features(Quadrotor quadrotor) {
    return new float[] {
      scaled(quadrotor.thrustToWeight(), QuadrotorDistribution.THRUST_TO_WEIGHT),
      scaled(
          Math.cbrt(quadrotor.massKg()),
          new Range(
              Math.cbrt(QuadrotorDistribution.MASS_KG.min()),
              Math.cbrt(QuadrotorDistribution.MASS_KG.max()))),
      scaled(quadrotor.torqueToInertia(), QuadrotorDistribution.TORQUE_TO_INERTIA),
      scaled(quadrotor.armM() / Math.cbrt(quadrotor.massKg()), new Range(0.095, 0.145)),
      scaled(quadrotor.torqueConstantM(), QuadrotorDistribution.TORQUE_CONSTANT_M),
      scaled(quadrotor.timeConstantRisingS(), QuadrotorDistribution.TIME_CONSTANT_RISING_S),
      scaled(quadrotor.timeConstantFallingS(), QuadrotorDistribution.TIME_CONSTANT_FALLING_S)
    };
  }

  private static float scaled(double value, Range range) {
    return (float) (2 * (value - range.min()) / (range.max() - range.min()) - 1);
  }

  /** The teacher of one vehicle, before any tuning. */
  Teacher teacherOf(int index, Quadrotor quadrotor) {
    return new Teacher(index, fold(ACTOR, parameters, features(quadrotor), Teacher.ACTOR));
  }

  /**
   * A network whose last inputs are constant, as one without them.
   *
   * @param constants the last inputs
   * @param to the same shape with fewer inputs
   */
  static float[] fold(Mlp from, float[] parameters, float[] constants, Mlp to) {
    Dense first = from.layers().get(0);
    Dense folded = to.layers().get(0);
    float[] out = new float[to.parameterCount()];
    for (int o = 0; o < first.outputs(); o++) {
      int row = o * first.inputs();
      System.arraycopy(parameters, row, out, o * folded.inputs(), folded.inputs());
      float bias = parameters[first.biasOffset() + o];
      for (int i = 0; i < constants.length; i++) {
        bias = Math.fma(parameters[row + folded.inputs() + i], constants[i], bias);
      }
      out[folded.biasOffset() + o] = bias;
    }
    System.arraycopy(
        parameters,
        first.parameterCount(),
        out,
        folded.parameterCount(),
        out.length - folded.parameterCount());
    return out;
  }
}
