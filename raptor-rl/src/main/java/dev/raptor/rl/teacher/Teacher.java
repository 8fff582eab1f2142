package dev.raptor.rl.teacher;

import dev.raptor.core.Observation;
import dev.raptor.core.network.Activation;
import dev.raptor.core.network.Mlp;
import dev.raptor.sim.Environment;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.SplittableRandom;

/**
 * A controller for one quadrotor: an MLP {@code 29 → 64 → 64 → 4} whose output is the action, in
 * (-1, 1) by tanh. It sees the teacher's observation (raptor paper, methods): the relative student
 * observation, the rotor speeds, and the disturbing force over mass.
 *
 * @param index of the quadrotor in its draw
 * @param parameters of {@link #ACTOR}; not copied, and not to be changed
 */
public record Teacher(int index, float[] parameters) {
  /** The shape of every teacher. */
  public static final Mlp ACTOR =
      Mlp.of(Activation.TANH, Activation.TANH, Environment.TEACHER_ROWS, 64, 64, 4);

  private static final float POSITION_SCALE = 2;
  private static final float ANGULAR_VELOCITY_SCALE = 0.3f;
  private static final float[] NO_OFFSET = new float[3];

  /** Checks the number of parameters. */
  public Teacher {
    if (parameters.length != ACTOR.parameterCount()) {
      throw new IllegalArgumentException(
          "teacher %d has %d parameters, allowed are %d"
              .formatted(index, parameters.length, ACTOR.parameterCount()));
    }
  }

  /**
   * Orthogonal weights, the last layer's small, and a bias of the output at which the quadrotor
   * hovers: the untrained teacher already carries its weight.
   */
  public static float[] initialise(Quadrotor quadrotor, SplittableRandom random) {
    float[] parameters = new float[ACTOR.parameterCount()];
    ACTOR.initialiseOrthogonal(parameters, 1.4f, 0.01f, random);
    int last = ACTOR.layers().size() - 1;
    int bias = ACTOR.offset(last) + ACTOR.layers().get(last).biasOffset();
    double hover = 2 * quadrotor.hoverThrottle() - 1;
    for (int i = 0; i < ACTOR.outputs(); i++) {
      parameters[bias + i] = (float) (0.5 * Math.log((1 + hover) / (1 - hover)));
    }
    return parameters;
  }

  /**
   * Observes for teachers, with position and angular velocity brought to the scale of the rest.
   *
   * @param offset added to the positions of all lanes, three numbers in m
   */
  public static void observe(Environment environment, float[] offset, float[] out) {
    int lanes = environment.lanes();
    environment.observeTeacher(out);
    for (int k = 0; k < 3; k++) {
      for (int lane = 0; lane < lanes; lane++) {
        out[k * lanes + lane] = POSITION_SCALE * (out[k * lanes + lane] + offset[k]);
        out[(Observation.ANGULAR_VELOCITY + k) * lanes + lane] *= ANGULAR_VELOCITY_SCALE;
      }
    }
  }

  /** Observes vehicles where they are. */
  public static void observe(Environment environment, float[] out) {
    observe(environment, NO_OFFSET, out);
  }

  /** Turns the gradient by what {@link #observe} wrote, in place, into that by what it read. */
  static void observationGradient(int lanes, float[] gradient) {
    for (int i = 0; i < 3 * lanes; i++) {
      gradient[i] *= POSITION_SCALE;
      gradient[Observation.ANGULAR_VELOCITY * lanes + i] *= ANGULAR_VELOCITY_SCALE;
    }
  }
}
