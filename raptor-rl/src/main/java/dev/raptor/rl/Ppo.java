package dev.raptor.rl;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Activation;
import dev.raptor.core.network.Adam;
import dev.raptor.core.network.Mlp;
import dev.raptor.sim.Environment;
import dev.raptor.sim.QuadrotorDistribution;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.SampledQuadrotor;
import dev.raptor.sim.Task;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Proximal policy optimisation (Schulman et al., 2017) of {@link Teacher}s, with generalised
 * advantage estimation. The policy is normal around the actor's output with a learned standard
 * deviation that does not depend on the state. The critic sees what the actor sees.
 *
 * <p>A teacher begins from scratch, or as a generic actor and critic that were told the parameters
 * of the vehicles they flew; for one vehicle, these fold into biases.
 *
 * <p>A minibatch is some time steps of all episodes, so that it needs no gathering.
 *
 * <p>The reward is the task's with two changes that make it easier to learn from: the change of
 * action is charged on the actor's output, not on the noise around it, and a termination costs
 * {@value #TERMINATION_REWARD}, since the return of the steps that are lost is a cost already. All
 * of it is scaled by {@value #REWARD_SCALE}.
 *
 * <p>Trains on one thread; the same arguments give the same bits.
 */
public final class Ppo {
  private static final float TERMINATION_REWARD = -10;
  private static final float REWARD_SCALE = 0.1f;
  private static final int SEEN = Environment.TEACHER_ROWS;
  private static final Mlp CRITIC = Mlp.of(Activation.TANH, Activation.IDENTITY, SEEN, 64, 64, 1);
  private static final int ACTIONS = Environment.ACTION_ROWS;

  /** Vehicles for the generic networks come from a draw of their own. */
  private static final long POOL_SEED_OFFSET = 31_337;

  private static final int POOL = 4000;

  /** Actor and critic of every quadrotor, which are told its parameters; not copied. */
  record Generic(float[] actor, float[] critic) {
    /** The shape of the critic. */
    static final Mlp CRITIC =
        Mlp.of(Activation.TANH, Activation.IDENTITY, GenericTeacher.ACTOR.inputs(), 64, 64, 1);
  }

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

  private final List<SampledQuadrotor> quadrotors;
  private final PpoConfig config;
  private final Mlp actorShape;
  private final Mlp criticShape;
  private final int rows;
  private final SplittableRandom random;
  private final long seed;
  private final long stream;
  private final int lanes;
  private final int horizon;

  private final Environment environment;

  /** The actor's parameters, then the logarithms of the standard deviations. */
  private final float[] actor;

  private final float[] critic;
  private final float[] actorGradient;
  private final float[] criticGradient;
  private final Adam actorAdam;
  private final Adam criticAdam;
  private final Mlp.Workspace actorBlock;
  private final Mlp.Workspace criticBlock;

  private final float[] observations;
  private final float[] actions;
  private final float[] logProbabilities;
  private final float[] values;
  private final float[] rewards;
  private final boolean[] ends;
  private final float[] advantages;
  private final float[] returns;

  private final int[] limit;
  private final float[] features;
  private final float[] seen;
  private final float[] block;
  private final float[] action;
  private final float[] lastAction;
  private final float[] lastMean;
  private final float[] stepReward;
  private final boolean[] terminated;
  private final float[] slopes;
  private final double[] episodeReturn;
  private long episodes;

  private double endedReturn;
  private double endedLength;
  private int ended;

  /**
   * @param actor its parameters, live
   * @param critic its parameters, live
   * @param stream sets trainings under one seed apart
   */
  private Ppo(
      List<SampledQuadrotor> quadrotors,
      Mlp actorShape,
      float[] actor,
      Mlp criticShape,
      float[] critic,
      PpoConfig config,
      long seed,
      long stream) {
    this.quadrotors = quadrotors;
    this.actorShape = actorShape;
    this.criticShape = criticShape;
    this.critic = critic;
    this.config = config;
    this.seed = seed;
    this.stream = stream;
    random = RandomStreams.of(seed, 9, stream);
    rows = actorShape.inputs();
    lanes = config.environments();
    horizon = config.horizon();

    this.actor = Arrays.copyOf(actor, actor.length + ACTIONS);
    Arrays.fill(this.actor, actor.length, this.actor.length, (float) Math.log(config.initialStd()));
    actorGradient = new float[this.actor.length];
    criticGradient = new float[critic.length];
    actorAdam = new Adam(actorGradient.length, 1e-5f);
    criticAdam = new Adam(criticGradient.length, 1e-5f);
    actorBlock = actorShape.workspace(lanes);
    criticBlock = criticShape.workspace(lanes);

    int samples = lanes * horizon;
    observations = new float[samples * rows];
    actions = new float[samples * ACTIONS];
    logProbabilities = new float[samples];
    values = new float[samples + lanes];
    rewards = new float[samples];
    ends = new boolean[samples];
    advantages = new float[samples];
    returns = new float[samples];
    limit = new int[lanes];
    features = new float[(rows - SEEN) * lanes];
    seen = new float[SEEN * lanes];
    block = new float[rows * lanes];
    action = new float[ACTIONS * lanes];
    lastAction = new float[ACTIONS * lanes];
    lastMean = new float[ACTIONS * lanes];
    stepReward = new float[lanes];
    terminated = new boolean[lanes];
    slopes = new float[lanes];
    episodeReturn = new double[lanes];

    environment = new Environment(lanes);
    for (int lane = 0; lane < lanes; lane++) {
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
    SplittableRandom random = RandomStreams.of(seed, quadrotor.index());
    float[] actor = Teacher.initialise(quadrotor.quadrotor(), random);
    float[] critic = new float[CRITIC.parameterCount()];
    CRITIC.initialiseOrthogonal(critic, 1.4f, 1, random);
    return train(quadrotor, actor, critic, config, seed, listener);
  }

  /** Trains a teacher that begins as the generic one. */
  static Teacher tune(
      Generic generic,
      SampledQuadrotor quadrotor,
      PpoConfig config,
      long seed,
      Consumer<Progress> listener) {
    float[] told = GenericTeacher.features(quadrotor.quadrotor());
    return train(
        quadrotor,
        GenericTeacher.fold(GenericTeacher.ACTOR, generic.actor(), told, Teacher.ACTOR),
        GenericTeacher.fold(Generic.CRITIC, generic.critic(), told, CRITIC),
        config,
        seed,
        listener);
  }

  private static Teacher train(
      SampledQuadrotor quadrotor,
      float[] actor,
      float[] critic,
      PpoConfig config,
      long seed,
      Consumer<Progress> listener) {
    Ppo ppo =
        new Ppo(
            List.of(quadrotor),
            Teacher.ACTOR,
            actor,
            CRITIC,
            critic,
            config,
            seed,
            quadrotor.index());
    return new Teacher(quadrotor.index(), ppo.run(listener));
  }

  /**
   * Trains actor and critic for the whole distribution; its vehicles are none of those of {@code
   * seed}.
   */
  static Generic trainGeneric(PpoConfig config, long seed, Consumer<Progress> listener) {
    SplittableRandom random = RandomStreams.of(seed, 10);
    float[] actor = new float[GenericTeacher.ACTOR.parameterCount()];
    float[] critic = new float[Generic.CRITIC.parameterCount()];
    GenericTeacher.ACTOR.initialiseOrthogonal(actor, 1.4f, 0.01f, random);
    Generic.CRITIC.initialiseOrthogonal(critic, 1.4f, 1, random);
    Ppo ppo =
        new Ppo(
            QuadrotorDistribution.sample(seed + POOL_SEED_OFFSET, POOL),
            GenericTeacher.ACTOR,
            actor,
            Generic.CRITIC,
            critic,
            config,
            seed,
            -1);
    return new Generic(ppo.run(listener), critic);
  }

  /** Trains, and returns the actor's parameters. */
  private float[] run(Consumer<Progress> listener) {
    long samples = (long) lanes * horizon;
    long iterations = Math.max(1, config.totalSteps() / samples);
    for (long i = 0; i < iterations; i++) {
      collect();
      estimateAdvantages();
      float left = 1 - (float) i / iterations;
      float rate = config.finalLearningRate() + (1 - config.finalLearningRate()) * left;
      listener.accept(update(rate, (i + 1) * samples));
    }
    return Arrays.copyOf(actor, actorShape.parameterCount());
  }

  private void beginEpisode(int lane) {
    SplittableRandom episode = RandomStreams.of(seed, 11, stream, episodes++);
    SampledQuadrotor sampled = quadrotors.get(episode.nextInt(quadrotors.size()));
    // A vehicle stays in its lane where there is but one.
    if (quadrotors.size() > 1 || episodes <= lanes) {
      Task task = Task.training(sampled);
      limit[lane] = task.episodeSteps();
      environment.assign(lane, sampled.quadrotor(), task);
    }
    if (features.length > 0) {
      float[] told = GenericTeacher.features(sampled.quadrotor());
      for (int i = 0; i < told.length; i++) {
        features[i * lanes + lane] = told[i];
      }
    }
    boolean langevin = episode.nextFloat() < config.langevinShare();
    environment.reset(lane, episode, langevin ? ReferenceKind.LANGEVIN : ReferenceKind.HOVER);
    for (int i = 0; i < ACTIONS; i++) {
      lastAction[i * lanes + lane] = 0;
      lastMean[i * lanes + lane] = 0;
    }
    episodeReturn[lane] = 0;
  }

  private void observe() {
    Teacher.observe(environment, seen);
    System.arraycopy(seen, 0, block, 0, seen.length);
    System.arraycopy(features, 0, block, seen.length, features.length);
  }

  private void collect() {
    endedReturn = 0;
    endedLength = 0;
    ended = 0;
    for (int t = 0; t < horizon; t++) {
      observe();
      System.arraycopy(block, 0, observations, t * block.length, block.length);
      actorBlock.forward(actor, 0, block, 0);
      criticBlock.forward(critic, 0, block, 0);
      System.arraycopy(criticBlock.output(), 0, values, t * lanes, lanes);
      act(t);
      environment.step(action, stepReward, terminated);
      settle(t);
    }
    observe();
    criticBlock.forward(critic, 0, block, 0);
    System.arraycopy(criticBlock.output(), 0, values, horizon * lanes, lanes);
  }

  private void act(int t) {
    float[] mean = actorBlock.output();
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
    return actor[actorShape.parameterCount() + i];
  }

  /** Rewards the step that was just made, and starts new episodes where one is over. */
  private void settle(int t) {
    float[] mean = actorBlock.output();
    boolean bootstrapped = false;
    for (int lane = 0; lane < lanes; lane++) {
      episodeReturn[lane] += stepReward[lane];
      float reward = TERMINATION_REWARD;
      if (!terminated[lane]) {
        reward = stepReward[lane] + change(action, lastAction, lane) - change(mean, lastMean, lane);
      }
      rewards[t * lanes + lane] = REWARD_SCALE * reward;
      boolean truncated = !terminated[lane] && environment.steps(lane) >= limit[lane];
      ends[t * lanes + lane] = terminated[lane] || truncated;
      if (truncated && !bootstrapped) {
        observe();
        criticBlock.forward(critic, 0, block, 0);
        bootstrapped = true;
      }
      if (truncated) {
        rewards[t * lanes + lane] += config.gamma() * criticBlock.output()[lane];
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
    int[] order = new int[horizon];
    for (int t = 0; t < horizon; t++) {
      order[t] = t;
    }
    int blocks = config.minibatch() / lanes;
    Sums sums = new Sums();
    boolean goOn = true;
    for (int epoch = 0; epoch < config.epochs() && goOn; epoch++) {
      shuffle(order);
      for (int from = 0; from < horizon && goOn; from += blocks) {
        goOn = minibatch(order, from, from + blocks, rate, sums);
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
  private boolean minibatch(int[] order, int from, int to, float rate, Sums sums) {
    int size = config.minibatch();
    double sum = 0;
    double squares = 0;
    for (int b = from; b < to; b++) {
      for (int i = order[b] * lanes; i < (order[b] + 1) * lanes; i++) {
        sum += advantages[i];
        squares += advantages[i] * advantages[i];
      }
    }
    double mean = sum / size;
    double variance = Math.max(0, squares / size - mean * mean);
    float scale = (float) (1 / (Math.sqrt(variance) + 1e-8));

    Arrays.fill(actorGradient, 0);
    Arrays.fill(criticGradient, 0);
    double klBefore = sums.kl;
    for (int b = from; b < to; b++) {
      int at = order[b] * block.length;
      actorBlock.forward(actor, 0, observations, at);
      criticBlock.forward(critic, 0, observations, at);
      differentiate(order[b], (float) mean, scale, sums);
      actorBlock.backward(actor, 0, observations, at, actorGradient, 0, null);
      criticBlock.backward(critic, 0, observations, at, criticGradient, 0, null);
    }
    for (int i = 0; i < ACTIONS; i++) {
      actorGradient[actorShape.parameterCount() + i] -= config.entropyCoefficient();
    }
    Adam.clip(actorGradient, config.maxGradientNorm());
    Adam.clip(criticGradient, config.maxGradientNorm());
    actorAdam.update(actor, actorGradient, rate * config.actorLearningRate());
    criticAdam.update(critic, criticGradient, rate * config.criticLearningRate());
    return (sums.kl - klBefore) / size < config.targetKl();
  }

  /** The gradients of the clipped surrogate and of the value's squared error, by outputs. */
  private void differentiate(int t, float mean, float scale, Sums sums) {
    float[] output = actorBlock.output();
    float[] dOutput = actorBlock.outputGradient();
    float[] value = criticBlock.output();
    float[] dValue = criticBlock.outputGradient();
    int logStdAt = actorShape.parameterCount();
    int first = t * lanes;
    float share = 1f / config.minibatch();
    float logStds = 0;
    Arrays.fill(slopes, 0);
    for (int i = 0; i < ACTIONS; i++) {
      float inverseStd = (float) Math.exp(-logStd(i));
      logStds += logStd(i);
      int row = i * lanes;
      for (int lane = 0; lane < lanes; lane++) {
        float z = (actions[first * ACTIONS + row + lane] - output[row + lane]) * inverseStd;
        dOutput[row + lane] = z;
        slopes[lane] += z * z;
      }
    }
    for (int lane = 0; lane < lanes; lane++) {
      int sample = first + lane;
      float logProbability = -0.5f * slopes[lane] - logStds;
      float logRatio = logProbability - logProbabilities[sample];
      float ratio = (float) Math.exp(logRatio);
      float advantage = (advantages[sample] - mean) * scale;
      boolean clipped = advantage > 0 ? ratio > 1 + config.clip() : ratio < 1 - config.clip();
      slopes[lane] = clipped ? 0 : -advantage * ratio * share;
      float error = value[lane] - returns[sample];
      dValue[lane] = error * share;

      float bounded = Math.clamp(ratio, 1 - config.clip(), 1 + config.clip());
      sums.policyLoss -= Math.min(ratio * advantage, bounded * advantage);
      sums.valueLoss += 0.5 * error * error;
      sums.kl += ratio - 1 - logRatio;
      sums.clipped += Math.abs(ratio - 1) > config.clip() ? 1 : 0;
    }
    sums.samples += lanes;
    for (int i = 0; i < ACTIONS; i++) {
      float inverseStd = (float) Math.exp(-logStd(i));
      int row = i * lanes;
      float sum = 0;
      for (int lane = 0; lane < lanes; lane++) {
        float z = dOutput[row + lane];
        float slope = slopes[lane];
        dOutput[row + lane] = slope * z * inverseStd;
        sum += slope * (z * z - 1);
      }
      actorGradient[logStdAt + i] += sum;
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
