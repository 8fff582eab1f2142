package dev.raptor.rl;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Activation;
import dev.raptor.core.network.Adam;
import dev.raptor.core.network.Mlp;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.SampledQuadrotor;
import dev.raptor.sim.Task;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Proximal policy optimisation (Schulman et al., 2017) of one {@link Teacher}, with generalised
 * advantage estimation. The policy is normal around the actor's output with a learned standard
 * deviation that does not depend on the state. The critic sees what the actor sees.
 *
 * <p>The reward is the task's with two changes that make it easier to learn from: the change of
 * action is charged on the actor's output, not on the noise around it, and a termination costs
 * {@value #TERMINATION_REWARD}, since the return of the steps that are lost is a cost already. All
 * of it is scaled by {@value #REWARD_SCALE}.
 *
 * <p>Trains on one thread; a seed and a quadrotor give one teacher, bit for bit.
 */
public final class Ppo {
  private static final float TERMINATION_REWARD = -10;
  private static final float REWARD_SCALE = 0.1f;
  private static final int ROWS = Environment.TEACHER_ROWS;
  private static final Mlp CRITIC = Mlp.of(Activation.TANH, Activation.IDENTITY, ROWS, 64, 64, 1);
  private static final int ACTIONS = Environment.ACTION_ROWS;
  private static final int TILE = PpoConfig.TILE;

  /**
   * What an iteration did, under the field's names.
   *
   * @param steps environment steps so far
   * @param episodicReturn mean of the episodes that ended in this iteration, in the task's reward;
   *     NaN if none did
   * @param episodicLength their mean length in steps
   */
  public record Progress(
      long steps,
      double episodicReturn,
      double episodicLength,
      double policyLoss,
      double valueLoss,
      double approxKl,
      double clipFraction,
      double std) {}

  private final PpoConfig config;
  private final SampledQuadrotor quadrotor;
  private final Task task;
  private final SplittableRandom random;
  private final long seed;
  private final int lanes;
  private final int horizon;

  private final Environment environment;
  private final float[] actor;
  private final float[] critic = new float[CRITIC.parameterCount()];
  private final float[] actorGradient;
  private final float[] criticGradient = new float[critic.length];
  private final Adam actorAdam;
  private final Adam criticAdam;
  private final Mlp.Workspace actorFlight;
  private final Mlp.Workspace criticFlight;
  private final Mlp.Workspace actorTile = Teacher.ACTOR.workspace(TILE);
  private final Mlp.Workspace criticTile = CRITIC.workspace(TILE);

  private final float[] observations;
  private final float[] actions;
  private final float[] logProbabilities;
  private final float[] values;
  private final float[] rewards;
  private final boolean[] ends;
  private final float[] advantages;
  private final float[] returns;

  private final float[] blockObservation;
  private final float[] action;
  private final float[] lastAction;
  private final float[] lastMean;
  private final float[] stepReward;
  private final boolean[] terminated;
  private final double[] episodeReturn;
  private long episodes;

  private final float[] tileObservation = new float[ROWS * TILE];

  private double endedReturn;
  private double endedLength;
  private int ended;

  private Ppo(SampledQuadrotor quadrotor, PpoConfig config, long seed) {
    this.config = config;
    this.quadrotor = quadrotor;
    this.seed = seed;
    random = RandomStreams.of(seed, quadrotor.index());
    lanes = config.environments();
    horizon = config.horizon();

    float[] network = Teacher.initialise(quadrotor.quadrotor(), random);
    actor = Arrays.copyOf(network, network.length + ACTIONS);
    Arrays.fill(actor, network.length, actor.length, (float) Math.log(config.initialStd()));
    CRITIC.initialiseOrthogonal(critic, 1.4f, 1, random);
    actorGradient = new float[actor.length];
    actorAdam = new Adam(actor.length, 1e-5f);
    criticAdam = new Adam(critic.length, 1e-5f);
    actorFlight = Teacher.ACTOR.workspace(lanes);
    criticFlight = CRITIC.workspace(lanes);

    int samples = lanes * horizon;
    observations = new float[samples * ROWS];
    actions = new float[samples * ACTIONS];
    logProbabilities = new float[samples];
    values = new float[samples + lanes];
    rewards = new float[samples];
    ends = new boolean[samples];
    advantages = new float[samples];
    returns = new float[samples];
    blockObservation = new float[ROWS * lanes];
    action = new float[ACTIONS * lanes];
    lastAction = new float[ACTIONS * lanes];
    lastMean = new float[ACTIONS * lanes];
    stepReward = new float[lanes];
    terminated = new boolean[lanes];
    episodeReturn = new double[lanes];

    environment = new Environment(lanes);
    task = Task.training(quadrotor);
    for (int lane = 0; lane < lanes; lane++) {
      environment.assign(lane, quadrotor.quadrotor(), task);
      beginEpisode(lane);
    }
  }

  /**
   * Trains a teacher from scratch.
   *
   * @param seed together with the quadrotor's index it fixes the result
   * @param listener is told after every iteration
   */
  public static Teacher train(
      SampledQuadrotor quadrotor, PpoConfig config, long seed, Consumer<Progress> listener) {
    Ppo ppo = new Ppo(quadrotor, config, seed);
    long samples = (long) ppo.lanes * ppo.horizon;
    long iterations = Math.max(1, config.totalSteps() / samples);
    for (long i = 0; i < iterations; i++) {
      ppo.collect();
      ppo.estimateAdvantages();
      float left = 1 - (float) i / iterations;
      float rate = config.finalLearningRate() + (1 - config.finalLearningRate()) * left;
      listener.accept(ppo.update(rate, (i + 1) * samples));
    }
    return new Teacher(quadrotor.index(), Arrays.copyOf(ppo.actor, Teacher.ACTOR.parameterCount()));
  }

  private void beginEpisode(int lane) {
    SplittableRandom episode = RandomStreams.of(seed, quadrotor.index(), 1, episodes++);
    boolean langevin = episode.nextFloat() < config.langevinShare();
    environment.reset(lane, episode, langevin ? ReferenceKind.LANGEVIN : ReferenceKind.HOVER);
    for (int i = 0; i < ACTIONS; i++) {
      lastAction[i * lanes + lane] = 0;
      lastMean[i * lanes + lane] = 0;
    }
    episodeReturn[lane] = 0;
  }

  private void collect() {
    endedReturn = 0;
    endedLength = 0;
    ended = 0;
    for (int t = 0; t < horizon; t++) {
      Teacher.observe(environment, blockObservation);
      System.arraycopy(
          blockObservation, 0, observations, t * blockObservation.length, blockObservation.length);
      actorFlight.forward(actor, 0, blockObservation, 0);
      criticFlight.forward(critic, 0, blockObservation, 0);
      System.arraycopy(criticFlight.output(), 0, values, t * lanes, lanes);
      act(t);
      environment.step(action, stepReward, terminated);
      settle(t);
    }
    Teacher.observe(environment, blockObservation);
    criticFlight.forward(critic, 0, blockObservation, 0);
    System.arraycopy(criticFlight.output(), 0, values, horizon * lanes, lanes);
  }

  private void act(int t) {
    float[] mean = actorFlight.output();
    Arrays.fill(logProbabilities, t * lanes, (t + 1) * lanes, 0);
    for (int i = 0; i < ACTIONS; i++) {
      float logStd = logStd(i);
      float std = (float) Math.exp(logStd);
      for (int lane = 0; lane < lanes; lane++) {
        int at = i * lanes + lane;
        float noise = (float) random.nextGaussian();
        action[at] = mean[at] + std * noise;
        logProbabilities[t * lanes + lane] -= 0.5f * noise * noise + logStd;
      }
    }
    System.arraycopy(action, 0, actions, t * action.length, action.length);
  }

  private float logStd(int i) {
    return actor[Teacher.ACTOR.parameterCount() + i];
  }

  /** Rewards the step that was just made, and starts new episodes where one is over. */
  private void settle(int t) {
    float[] mean = actorFlight.output();
    boolean bootstrapped = false;
    for (int lane = 0; lane < lanes; lane++) {
      episodeReturn[lane] += stepReward[lane];
      float reward = TERMINATION_REWARD;
      if (!terminated[lane]) {
        reward = stepReward[lane] + change(action, lastAction, lane) - change(mean, lastMean, lane);
      }
      rewards[t * lanes + lane] = REWARD_SCALE * reward;
      boolean truncated = !terminated[lane] && environment.steps(lane) >= task.episodeSteps();
      ends[t * lanes + lane] = terminated[lane] || truncated;
      if (truncated && !bootstrapped) {
        Teacher.observe(environment, blockObservation);
        criticFlight.forward(critic, 0, blockObservation, 0);
        bootstrapped = true;
      }
      if (truncated) {
        rewards[t * lanes + lane] += config.gamma() * criticFlight.output()[lane];
      }
    }
    System.arraycopy(action, 0, lastAction, 0, action.length);
    System.arraycopy(mean, 0, lastMean, 0, mean.length);
    for (int lane = 0; lane < lanes; lane++) {
      if (ends[t * lanes + lane]) {
        ended++;
        endedReturn += episodeReturn[lane];
        endedLength += environment.steps(lane);
        beginEpisode(lane);
      }
    }
  }

  private float change(float[] now, float[] before, int lane) {
    float sum = 0;
    for (int i = 0; i < ACTIONS; i++) {
      float difference = now[i * lanes + lane] - before[i * lanes + lane];
      sum += difference * difference;
    }
    return (float) Math.sqrt(sum);
  }

  /** Generalised advantage estimation, backward over the horizon. */
  private void estimateAdvantages() {
    for (int lane = 0; lane < lanes; lane++) {
      float advantage = 0;
      for (int t = horizon - 1; t >= 0; t--) {
        int at = t * lanes + lane;
        float next = ends[at] ? 0 : config.gamma() * values[at + lanes];
        float delta = rewards[at] + next - values[at];
        float carried = ends[at] ? 0 : config.gamma() * config.lambda() * advantage;
        advantage = delta + carried;
        advantages[at] = advantage;
        returns[at] = advantage + values[at];
      }
    }
  }

  private Progress update(float rate, long steps) {
    int samples = lanes * horizon;
    int[] order = new int[samples];
    for (int i = 0; i < samples; i++) {
      order[i] = i;
    }
    Sums sums = new Sums();
    boolean goOn = true;
    for (int epoch = 0; epoch < config.epochs() && goOn; epoch++) {
      shuffle(order);
      for (int from = 0; from < samples && goOn; from += config.minibatch()) {
        goOn = minibatch(order, from, rate, sums);
      }
    }
    double count = Math.max(1, sums.samples);
    return new Progress(
        steps,
        ended == 0 ? Double.NaN : endedReturn / ended,
        ended == 0 ? Double.NaN : endedLength / ended,
        sums.policyLoss / count,
        sums.valueLoss / count,
        sums.kl / count,
        sums.clipped / count,
        Math.exp(logStd(0)));
  }

  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }

  /** One update; false if the policy has moved as far as one batch may carry it. */
  private boolean minibatch(int[] order, int from, float rate, Sums sums) {
    int size = config.minibatch();
    float mean = 0;
    for (int i = from; i < from + size; i++) {
      mean += advantages[order[i]];
    }
    mean /= size;
    float variance = 0;
    for (int i = from; i < from + size; i++) {
      float difference = advantages[order[i]] - mean;
      variance += difference * difference;
    }
    float scale = 1 / ((float) Math.sqrt(variance / size) + 1e-8f);

    Arrays.fill(actorGradient, 0);
    Arrays.fill(criticGradient, 0);
    double klBefore = sums.kl;
    for (int tile = from; tile < from + size; tile += TILE) {
      gather(order, tile);
      actorTile.forward(actor, 0, tileObservation, 0);
      criticTile.forward(critic, 0, tileObservation, 0);
      differentiate(order, tile, mean, scale, sums);
      actorTile.backward(actor, 0, tileObservation, 0, actorGradient, 0, null);
      criticTile.backward(critic, 0, tileObservation, 0, criticGradient, 0, null);
    }
    for (int i = 0; i < ACTIONS; i++) {
      actorGradient[Teacher.ACTOR.parameterCount() + i] -= config.entropyCoefficient();
    }
    Adam.clip(actorGradient, config.maxGradientNorm());
    Adam.clip(criticGradient, config.maxGradientNorm());
    actorAdam.update(actor, actorGradient, rate * config.actorLearningRate());
    criticAdam.update(critic, criticGradient, rate * config.criticLearningRate());
    return (sums.kl - klBefore) / size < config.targetKl();
  }

  private void gather(int[] order, int from) {
    for (int i = 0; i < TILE; i++) {
      int sample = order[from + i];
      int at = sample / lanes * ROWS * lanes + sample % lanes;
      for (int row = 0; row < ROWS; row++) {
        tileObservation[row * TILE + i] = observations[at + row * lanes];
      }
    }
  }

  /** The gradients of the clipped surrogate and of the value's squared error, by outputs. */
  private void differentiate(int[] order, int from, float mean, float scale, Sums sums) {
    float[] output = actorTile.output();
    float[] dOutput = actorTile.outputGradient();
    float[] value = criticTile.output();
    float[] dValue = criticTile.outputGradient();
    int logStdAt = Teacher.ACTOR.parameterCount();
    float share = 1f / config.minibatch();
    float[] inverseStd = new float[ACTIONS];
    for (int i = 0; i < ACTIONS; i++) {
      inverseStd[i] = (float) Math.exp(-logStd(i));
    }
    for (int l = 0; l < TILE; l++) {
      int sample = order[from + l];
      int at = sample / lanes * ACTIONS * lanes + sample % lanes;
      float logProbability = 0;
      for (int i = 0; i < ACTIONS; i++) {
        float z = (actions[at + i * lanes] - output[i * TILE + l]) * inverseStd[i];
        logProbability -= 0.5f * z * z + logStd(i);
      }
      float logRatio = logProbability - logProbabilities[sample];
      float ratio = (float) Math.exp(logRatio);
      float advantage = (advantages[sample] - mean) * scale;
      boolean clipped = advantage > 0 ? ratio > 1 + config.clip() : ratio < 1 - config.clip();
      float slope = clipped ? 0 : -advantage * ratio * share;
      for (int i = 0; i < ACTIONS; i++) {
        float z = (actions[at + i * lanes] - output[i * TILE + l]) * inverseStd[i];
        dOutput[i * TILE + l] = slope * z * inverseStd[i];
        actorGradient[logStdAt + i] += slope * (z * z - 1);
      }
      float error = value[l] - returns[sample];
      dValue[l] = error * share;

      float bounded = Math.clamp(ratio, 1 - config.clip(), 1 + config.clip());
      sums.samples++;
      sums.policyLoss -= Math.min(ratio * advantage, bounded * advantage);
      sums.valueLoss += 0.5 * error * error;
      sums.kl += ratio - 1 - logRatio;
      sums.clipped += Math.abs(ratio - 1) > config.clip() ? 1 : 0;
    }
  }

  private static final class Sums {
    long samples;
    double policyLoss;
    double valueLoss;
    double kl;
    double clipped;
  }
}
