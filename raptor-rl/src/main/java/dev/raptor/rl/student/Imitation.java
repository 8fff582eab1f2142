package dev.raptor.rl.student;

import dev.raptor.core.Policy;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Adam;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.optim.LearningRate;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A student of another size learns to do what a policy does: {@link Distillation} with one teacher
 * that needs not be told the vehicle. The student flies, after a while in which the teacher does,
 * and the teacher says of each state what it would have done; the mean squared difference of the
 * actions, as motors clamp them, is carried back through {@value #CHUNK} steps at a time.
 *
 * <p>Weights can be pruned on the way: half-way through, the smallest of each row become zero and
 * stay it.
 */
public final class Imitation {
  private static final int LANES = 128;
  private static final int CHUNK = 25;
  private static final float LEARNING_RATE = 3e-3f;
  private static final double TEACHER_FLIES = 0.1;

  private final RecurrentNetwork network;
  private final int updates;
  private final double pruned;
  private final long seed;
  private final PolicyBatch teacher;
  private final List<SampledQuadrotor> quadrotors;
  private final Environment environment = new Environment(LANES);
  private final float[] parameters;
  private final boolean[] zero;
  private int episodes;

  /**
   * A fresh student.
   *
   * @param pruned share of the weights that become zero, in [0, 1)
   */
  public Imitation(Policy policy, int hidden, double pruned, int updates, long seed) {
    this.pruned = pruned;
    this.updates = updates;
    this.seed = seed;
    network = new RecurrentNetwork(policy.observationSize(), hidden, policy.actionSize());
    teacher = policy.newBatch(LANES);
    quadrotors = QuadrotorDistribution.sample(RandomStreams.of(seed, 1).nextLong(), 1000);
    parameters = network.initialise(RandomStreams.of(seed, 2));
    zero = new boolean[parameters.length];
  }

  /** Flies and learns; one seed gives one student. */
  public RecurrentPolicy run(Map<String, Object> provenance) {
    UnrolledNetwork unrolled = new UnrolledNetwork(network, CHUNK, LANES);
    Adam adam = new Adam(parameters.length, 1e-7f);
    LearningRate rate = new LearningRate(LEARNING_RATE, 1, updates);
    float[] gradient = new float[parameters.length];
    float[] observation = new float[Environment.STUDENT_ROWS * LANES];
    float[] label = new float[Environment.ACTION_ROWS * LANES];
    float[] action = new float[label.length];
    float[] reward = new float[LANES];
    boolean[] terminated = new boolean[LANES];
    unrolled.begin();
    for (int lane = 0; lane < LANES; lane++) {
      begin(lane);
    }
    for (int update = 0; update < updates; update++) {
      if (update == updates / 2) {
        prune();
      }
      for (int t = 0; t < CHUNK; t++) {
        environment.observe(ObservationKind.RELATIVE, observation);
        System.arraycopy(
            observation, 0, unrolled.inputs(), t * observation.length, observation.length);
        teacher.step(observation, label);
        unrolled.step(parameters, t);
        compare(unrolled, t, label, action);
        boolean teacherFlies = update < TEACHER_FLIES * updates;
        environment.step(teacherFlies ? label : action, reward, terminated);
        for (int lane = 0; lane < LANES; lane++) {
          if (terminated[lane] || environment.steps(lane) >= 500) {
            begin(lane);
            unrolled.reset(t + 1, lane);
          }
        }
      }
      Arrays.fill(gradient, 0);
      unrolled.backward(parameters, gradient);
      unrolled.carryOver();
      Adam.clip(gradient, 1);
      adam.update(parameters, gradient, (float) rate.at(update));
      for (int i = 0; i < zero.length; i++) {
        parameters[i] = zero[i] ? 0 : parameters[i];
      }
    }
    return new RecurrentPolicy(network, parameters, provenance);
  }

  /** Writes the gradient of the loss, and the student's actions. */
  private static void compare(UnrolledNetwork unrolled, int t, float[] label, float[] action) {
    int at = t * label.length;
    float share = 2f / (CHUNK * label.length);
    System.arraycopy(unrolled.outputs(), at, action, 0, action.length);
    for (int i = 0; i < label.length; i++) {
      float difference = Math.clamp(action[i], -1f, 1f) - Math.clamp(label[i], -1f, 1f);
      unrolled.outputGradient()[at + i] = share * difference;
    }
  }

  private void begin(int lane) {
    var random = RandomStreams.of(seed, 3, episodes++);
    SampledQuadrotor quadrotor = quadrotors.get(random.nextInt(quadrotors.size()));
    environment.assign(lane, quadrotor.quadrotor(), Task.training(quadrotor));
    environment.reset(lane, random, ReferenceKind.MIX);
    teacher.reset(lane);
  }

  private void prune() {
    int h = network.hidden();
    int state = network.gruOffset() + network.gru().inputLayer().parameterCount();
    pruneRows(0, h, network.inputs());
    pruneRows(network.gruOffset(), 3 * h, h);
    pruneRows(state, 3 * h, h);
    pruneRows(network.decoderOffset(), network.outputs(), h);
  }

  private void pruneRows(int at, int rows, int inputs) {
    for (int row = 0; row < rows; row++) {
      int from = at + row * inputs;
      float[] magnitudes = new float[inputs];
      for (int i = 0; i < inputs; i++) {
        magnitudes[i] = Math.abs(parameters[from + i]);
      }
      float[] sorted = magnitudes.clone();
      Arrays.sort(sorted);
      int count = (int) (pruned * inputs);
      for (int i = 0; i < inputs && count > 0; i++) {
        zero[from + i] = magnitudes[i] <= sorted[count - 1];
      }
    }
  }
}
