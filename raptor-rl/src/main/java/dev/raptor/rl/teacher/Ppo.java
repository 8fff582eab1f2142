package dev.raptor.rl.teacher;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Activation;
import dev.raptor.core.network.Adam;
import dev.raptor.core.network.Mlp;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Proximal policy optimisation (Schulman et al., 2017) of one {@link Teacher}, with generalised
 * advantage estimation. The policy is normal around the actor's output with a learned standard
 * deviation that does not depend on the state. The critic sees what the actor sees.
 *
 * <p>The reward is the task's, scaled by {@value #REWARD_SCALE}, with one change that makes it
 * easier to learn from: the change of action is charged on the actor's output, not on the noise
 * around it.
 *
 * <p>Trains on one thread; a seed and a quadrotor give one teacher, bit for bit.
 */
public final class Ppo {
  private static final float REWARD_SCALE = 0.1f;

  /** Of so many vehicles drawn, the weakest is taken in a share of the cases. */
  static final int WEAKEST_OF = 3;

  private static final int ROWS = Environment.TEACHER_ROWS;
  private static final Mlp CRITIC = critic(ROWS);

  /** The shape of the critic that is told a vehicle's parameters. */
  public static final Mlp GENERIC_CRITIC = critic(GenericTeacher.ACTOR.inputs());

  private static final int EPISODE_STEPS = 500;
  private static final int ACTIONS = Environment.ACTION_ROWS;

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
      double entropy,
      double approxKl,
      double clipFraction,
      double explainedVariance,
      double std) {
    /** As scalars under the tags that are common. */
    public Map<String, Double> scalars() {
      Map<String, Double> scalars = new LinkedHashMap<>();
      scalars.put("charts/episodic_return", episodicReturn);
      scalars.put("charts/episodic_length", episodicLength);
      scalars.put("losses/policy_loss", policyLoss);
      scalars.put("losses/value_loss", valueLoss);
      scalars.put("losses/entropy", entropy);
      scalars.put("losses/approx_kl", approxKl);
      scalars.put("losses/clipfrac", clipFraction);
      scalars.put("losses/explained_variance", explainedVariance);
      scalars.put("charts/std", std);
      return scalars;
    }
  }

  /** What PPO learned for all vehicles: where the training of one begins. */
  public record Generic(GenericTeacher actor, float[] critic) {}

  private final PpoConfig config;
  private final Mlp actorNet;
  private final Mlp criticNet;
  private final List<SampledQuadrotor> vehicles;
  private final SplittableRandom random;
  private final long seed;
  private final long stream;
  private final int lanes;
  private final int horizon;

  private final Environment environment;
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

  private final float[] seen;
  private final float[] input;
  private final float[] action;
  private final float[] lastAction;
  private final float[] lastMean;
  private final float[] stepReward;
  private final boolean[] terminated;
  private final double[] episodeReturn;

  /** Steps after which an episode is cut; a lane's first episode is shorter than the others. */
  private final int[] cut;

  private long episodes;
  private final float[] ratio;
  private final float[] slope;
  private final float[] inverseStd = new float[ACTIONS];

  private double endedReturn;
  private double endedLength;
  private int ended;

  private Ppo(
      Mlp actorNet,
      float[] network,
      Mlp criticNet,
      float[] critic,
      List<SampledQuadrotor> vehicles,
      PpoConfig config,
      long seed,
      SplittableRandom random,
      long stream) {
    this.actorNet = actorNet;
    this.criticNet = criticNet;
    this.critic = critic;
    this.vehicles = vehicles;
    this.config = config;
    this.seed = seed;
    this.random = random;
    this.stream = stream;
    lanes = config.environments();
    horizon = config.horizon();

    actor = Arrays.copyOf(network, network.length + ACTIONS);
    Arrays.fill(actor, network.length, actor.length, (float) Math.log(config.initialStd()));
    actorGradient = new float[actor.length];
    criticGradient = new float[critic.length];
    actorAdam = new Adam(actor.length, 1e-5f);
    criticAdam = new Adam(critic.length, 1e-5f);
    actorBlock = actorNet.workspace(lanes);
    criticBlock = criticNet.workspace(lanes);

    int rows = actorNet.inputs();
    int samples = lanes * horizon;
    observations = new float[samples * rows];
    actions = new float[samples * ACTIONS];
    logProbabilities = new float[samples];
    values = new float[samples + lanes];
    rewards = new float[samples];
    ends = new boolean[samples];
    advantages = new float[samples];
    returns = new float[samples];
    seen = new float[ROWS * lanes];
    input = new float[rows * lanes];
    action = new float[ACTIONS * lanes];
    lastAction = new float[ACTIONS * lanes];
    lastMean = new float[ACTIONS * lanes];
    stepReward = new float[lanes];
    terminated = new boolean[lanes];
    episodeReturn = new double[lanes];
    cut = new int[lanes];
    ratio = new float[lanes];
    slope = new float[lanes];

    environment = new Environment(lanes);
    for (int lane = 0; lane < lanes; lane++) {
      beginEpisode(lane);
      // Ends apart, so that a step of all lanes shows all parts of an episode.
      cut[lane] = 1 + random.nextInt(EPISODE_STEPS);
    }
  }

  private static Mlp critic(int rows) {
    return Mlp.of(Activation.TANH, Activation.IDENTITY, rows, 64, 64, 1);
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
    float[] network = Teacher.initialise(quadrotor.quadrotor(), random);
    float[] critic = new float[CRITIC.parameterCount()];
    CRITIC.initialiseOrthogonal(critic, 1.4f, 1, random);
    return train(quadrotor, network, critic, config, seed, random, listener);
  }

  /** Trains a teacher from what was learned for all vehicles. */
  public static Teacher tune(
      Generic generic,
      SampledQuadrotor quadrotor,
      PpoConfig config,
      long seed,
      Consumer<Progress> listener) {
    float[] features = GenericTeacher.features(quadrotor.quadrotor());
    float[] critic = GenericTeacher.fold(GENERIC_CRITIC, generic.critic, features, CRITIC);
    Teacher start = generic.actor.teacherOf(quadrotor.index(), quadrotor.quadrotor());
    SplittableRandom random = RandomStreams.of(seed, 8, quadrotor.index());
    return train(quadrotor, start.parameters(), critic, config, seed, random, listener);
  }

  private static Teacher train(
      SampledQuadrotor quadrotor,
      float[] network,
      float[] critic,
      PpoConfig config,
      long seed,
      SplittableRandom random,
      Consumer<Progress> listener) {
    Ppo ppo =
        new Ppo(
            Teacher.ACTOR,
            network,
            CRITIC,
            critic,
            List.of(quadrotor),
            config,
            seed,
            random,
            quadrotor.index());
    ppo.run(listener);
    return new Teacher(quadrotor.index(), Arrays.copyOf(ppo.actor, network.length));
  }

  /**
   * Trains one actor for all vehicles, told each vehicle's parameters.
   *
   * @param pool the vehicles that it learns on
   */
  public static Generic trainGeneric(
      List<SampledQuadrotor> pool, PpoConfig config, long seed, Consumer<Progress> listener) {
    SplittableRandom random = RandomStreams.of(seed, 9);
    float[] network = new float[GenericTeacher.ACTOR.parameterCount()];
    GenericTeacher.ACTOR.initialiseOrthogonal(network, 1.4f, 0.01f, random);
    float[] critic = new float[GENERIC_CRITIC.parameterCount()];
    GENERIC_CRITIC.initialiseOrthogonal(critic, 1.4f, 1, random);
    Ppo ppo =
        new Ppo(
            GenericTeacher.ACTOR, network, GENERIC_CRITIC, critic, pool, config, seed, random, -1);
    ppo.run(listener);
    return new Generic(new GenericTeacher(Arrays.copyOf(ppo.actor, network.length)), critic);
  }

  private void run(Consumer<Progress> listener) {
    long samples = (long) lanes * horizon;
    long iterations = Math.max(1, config.totalSteps() / samples);
    for (long i = 0; i < iterations; i++) {
      collect();
      estimateAdvantages();
      float left = 1 - (float) i / iterations;
      float rate = config.finalLearningRate() + (1 - config.finalLearningRate()) * left;
      listener.accept(update(rate, (i + 1) * samples));
    }
  }

  private void beginEpisode(int lane) {
    SplittableRandom episode = RandomStreams.of(seed, stream, 1, episodes++);
    if (vehicles.size() > 1 || cut[lane] == 0) {
      SampledQuadrotor sampled = draw(vehicles, config.weakShare(), episode);
      environment.assign(lane, sampled.quadrotor(), Task.training(sampled));
      for (int i = ROWS; i < actorNet.inputs(); i++) {
        input[i * lanes + lane] = GenericTeacher.features(sampled.quadrotor())[i - ROWS];
      }
    }
    cut[lane] = EPISODE_STEPS;
    boolean langevin = episode.nextFloat() < config.langevinShare();
    environment.reset(lane, episode, langevin ? ReferenceKind.LANGEVIN : ReferenceKind.HOVER);
    for (int i = 0; i < ACTIONS; i++) {
      lastAction[i * lanes + lane] = 0;
      lastMean[i * lanes + lane] = 0;
    }
    episodeReturn[lane] = 0;
  }

  /** Any of the vehicles; in a share of the draws the weakest of some. */
  static SampledQuadrotor draw(
      List<SampledQuadrotor> vehicles, float weakShare, SplittableRandom random) {
    SampledQuadrotor drawn = vehicles.get(random.nextInt(vehicles.size()));
    if (random.nextFloat() < weakShare) {
      for (int i = 1; i < WEAKEST_OF; i++) {
        SampledQuadrotor other = vehicles.get(random.nextInt(vehicles.size()));
        if (other.quadrotor().torqueToInertia() < drawn.quadrotor().torqueToInertia()) {
          drawn = other;
        }
      }
    }
    return drawn;
  }

  /** What the networks are shown now, to {@link #input}. */
  private void observe() {
    Teacher.observe(environment, seen);
    System.arraycopy(seen, 0, input, 0, seen.length);
  }

  private void collect() {
    endedReturn = 0;
    endedLength = 0;
    ended = 0;
    for (int t = 0; t < horizon; t++) {
      observe();
      System.arraycopy(input, 0, observations, t * input.length, input.length);
      actorBlock.forward(actor, 0, input, 0);
      criticBlock.forward(critic, 0, input, 0);
      System.arraycopy(criticBlock.output(), 0, values, t * lanes, lanes);
      act(t);
      environment.step(action, stepReward, terminated);
      settle(t);
    }
    observe();
    criticBlock.forward(critic, 0, input, 0);
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
    return actor[actorNet.parameterCount() + i];
  }

  /** Rewards the step that was just made, and starts new episodes where one is over. */
  private void settle(int t) {
    float[] mean = actorBlock.output();
    boolean bootstrapped = false;
    for (int lane = 0; lane < lanes; lane++) {
      episodeReturn[lane] += stepReward[lane];
      float reward = stepReward[lane];
      if (!terminated[lane]) {
        reward += change(action, lastAction, lane) - change(mean, lastMean, lane);
      }
      rewards[t * lanes + lane] = REWARD_SCALE * reward;
      boolean truncated = !terminated[lane] && environment.steps(lane) >= cut[lane];
      ends[t * lanes + lane] = terminated[lane] || truncated;
      if (truncated && !bootstrapped) {
        observe();
        criticBlock.forward(critic, 0, input, 0);
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
    // The samples of one step, one of each lane, stay together: they are of unrelated episodes.
    int[] order = new int[horizon];
    Arrays.setAll(order, t -> t);
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
    double entropy = 0;
    for (int i = 0; i < ACTIONS; i++) {
      entropy += logStd(i) + 0.5 * Math.log(2 * Math.PI * Math.E);
    }
    return new Progress(
        steps,
        ended == 0 ? Double.NaN : endedReturn / ended,
        ended == 0 ? Double.NaN : endedLength / ended,
        sums.policyLoss / count,
        sums.valueLoss / count,
        entropy,
        sums.kl / count,
        sums.clipped / count,
        explainedVariance(),
        Math.exp(logStd(0)));
  }

  /** 1 - Var(R - V)/Var(R) of the returns R and what the critic had foretold of them, V. */
  private double explainedVariance() {
    double sum = 0;
    double squares = 0;
    double error = 0;
    double errorSquares = 0;
    for (int i = 0; i < returns.length; i++) {
      sum += returns[i];
      squares += returns[i] * returns[i];
      error += advantages[i];
      errorSquares += advantages[i] * advantages[i];
    }
    double n = returns.length;
    return 1 - (errorSquares - error * error / n) / Math.max(1e-12, squares - sum * sum / n);
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
    double sum = 0;
    double squares = 0;
    for (int block = from; block < to; block++) {
      int first = order[block] * lanes;
      for (int at = first; at < first + lanes; at++) {
        sum += advantages[at];
        squares += advantages[at] * advantages[at];
      }
    }
    int size = config.minibatch();
    double mean = sum / size;
    double variance = Math.max(0, squares / size - mean * mean);
    float scale = (float) (1 / (Math.sqrt(variance) + 1e-8));

    Arrays.fill(actorGradient, 0);
    Arrays.fill(criticGradient, 0);
    double klBefore = sums.kl;
    for (int block = from; block < to; block++) {
      int at = order[block] * input.length;
      actorBlock.forward(actor, 0, observations, at);
      criticBlock.forward(critic, 0, observations, at);
      differentiate(order[block], (float) mean, scale, sums);
      actorBlock.backward(actor, 0, actorGradient, 0, null);
      criticBlock.backward(critic, 0, criticGradient, 0, null);
    }
    for (int i = 0; i < ACTIONS; i++) {
      actorGradient[actorNet.parameterCount() + i] -= config.entropyCoefficient();
    }
    Adam.clip(actorGradient, config.maxGradientNorm());
    Adam.clip(criticGradient, config.maxGradientNorm());
    actorAdam.update(actor, actorGradient, rate * config.actorLearningRate());
    criticAdam.update(critic, criticGradient, rate * config.criticLearningRate());
    return (sums.kl - klBefore) / size < config.targetKl();
  }

  /**
   * The gradients of the clipped surrogate and of the value's squared error, by outputs, for the
   * samples of step {@code t}.
   */
  private void differentiate(int t, float mean, float scale, Sums sums) {
    float share = 1f / config.minibatch();
    compareWithFlight(t);
    float[] value = criticBlock.output();
    float[] dValue = criticBlock.outputGradient();
    float low = 1 - config.clip();
    float high = 1 + config.clip();
    for (int l = 0; l < lanes; l++) {
      int sample = t * lanes + l;
      float logRatio = ratio[l];
      float r = (float) Math.exp(logRatio);
      float advantage = (advantages[sample] - mean) * scale;
      boolean clipped = advantage > 0 ? r > high : r < low;
      slope[l] = clipped ? 0 : -advantage * r * share;
      float error = value[l] - returns[sample];
      dValue[l] = error * share;

      sums.policyLoss -= Math.min(r * advantage, Math.clamp(r, low, high) * advantage);
      sums.valueLoss += 0.5 * error * error;
      sums.kl += r - 1 - logRatio;
      sums.clipped += r > high || r < low ? 1 : 0;
    }
    sums.samples += lanes;
    float[] output = actorBlock.output();
    float[] dOutput = actorBlock.outputGradient();
    for (int i = 0; i < ACTIONS; i++) {
      int at = (t * ACTIONS + i) * lanes;
      float inverse = inverseStd[i];
      float dLogStd = 0;
      for (int l = 0; l < lanes; l++) {
        float z = (actions[at + l] - output[i * lanes + l]) * inverse;
        dOutput[i * lanes + l] = slope[l] * z * inverse;
        dLogStd += slope[l] * (z * z - 1);
      }
      actorGradient[actorNet.parameterCount() + i] += dLogStd;
    }
  }

  /** The logarithm of how much likelier the flown actions are now than then, to {@link #ratio}. */
  private void compareWithFlight(int t) {
    float[] output = actorBlock.output();
    float logStds = 0;
    for (int i = 0; i < ACTIONS; i++) {
      inverseStd[i] = (float) Math.exp(-logStd(i));
      logStds += logStd(i);
    }
    for (int l = 0; l < lanes; l++) {
      ratio[l] = -logStds - logProbabilities[t * lanes + l];
    }
    for (int i = 0; i < ACTIONS; i++) {
      int at = (t * ACTIONS + i) * lanes;
      float inverse = inverseStd[i];
      for (int l = 0; l < lanes; l++) {
        float z = (actions[at + l] - output[i * lanes + l]) * inverse;
        ratio[l] -= 0.5f * z * z;
      }
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
