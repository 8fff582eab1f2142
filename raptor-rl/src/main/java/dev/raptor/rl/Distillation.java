package dev.raptor.rl;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.RecurrentPolicy;
import dev.raptor.core.network.Adam;
import dev.raptor.core.network.Mlp;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.Unrolled;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.SampledQuadrotor;
import dev.raptor.sim.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Meta-imitation (raptor paper, methods): one recurrent student learns to do what the teacher of
 * each quadrotor would do, without being told which quadrotor it flies.
 *
 * <p>The student flies, the teachers label the states it comes to, and every {@code chunk} steps
 * the mean squared difference between the two is carried back through those steps: the forward pass
 * of the flight is that of the learning. At first the teachers fly instead. The student sees
 * positions relative to the reference, as it does when deployed.
 *
 * <p>A teacher that hovers beside the reference would teach its offset too. So each teacher is
 * asked what it would do at the position plus its mean offset, where it is content when the student
 * is at the reference.
 */
public final class Distillation implements StudentTraining {
  private static final int LANES = DistillationConfig.GROUP_LANES;
  private static final int[] ROLLOUT_STEPS = {100, 200, 500};
  private static final double[] ROLLOUT_SHARES = {0.5, 0.3, 0.2};
  private static final float LOSS_MEMORY = 0.95f;

  private final List<SampledQuadrotor> quadrotors;
  private final List<Teacher> teachers;
  private final List<float[]> offsets;
  private final DistillationConfig config;
  private final long seed;
  private final RecurrentNetwork network;

  private final float[] parameters;
  private final Adam adam;

  /** Moving share of each quadrotor's episodes that were lost. */
  private final float[] lossShare;

  private int epoch;
  private final Tile[] tiles;
  private final float[] gradient;

  /**
   * A fresh student.
   *
   * @param quadrotors of the teachers, in the same order
   * @param offsets each teacher's mean steady-state position, m, three numbers
   */
  public Distillation(
      List<SampledQuadrotor> quadrotors,
      List<Teacher> teachers,
      List<float[]> offsets,
      DistillationConfig config,
      long seed) {
    this.quadrotors = quadrotors;
    this.teachers = teachers;
    this.offsets = offsets;
    this.config = config;
    this.seed = seed;
    network = new RecurrentNetwork(Environment.STUDENT_ROWS, config.hidden(), 4);
    parameters = network.initialise(RandomStreams.of(seed, 2));
    adam = new Adam(parameters.length, 1e-7f);
    lossShare = new float[teachers.size()];
    Arrays.fill(lossShare, 0.1f);
    gradient = new float[parameters.length];
    tiles = new Tile[config.tiles()];
    Arrays.setAll(tiles, Tile::new);
  }

  @Override
  public int epoch() {
    return epoch;
  }

  @Override
  public float[] parameters() {
    return parameters;
  }

  @Override
  public Adam adam() {
    return adam;
  }

  @Override
  public Map<String, float[]> state() {
    return Map.of(
        "parameters",
        parameters,
        "adam.m",
        adam.moments()[0],
        "adam.v",
        adam.moments()[1],
        "loss_share",
        lossShare);
  }

  @Override
  public void restore(int epochs) {
    epoch = epochs;
  }

  @Override
  public RecurrentPolicy student(float[] weights, Map<String, Object> provenance) {
    return new RecurrentPolicy(network, weights, provenance);
  }

  @Override
  public Progress runEpoch() {
    for (Tile tile : tiles) {
      tile.begin();
    }
    int updates = config.epochs() * config.updatesPerEpoch();
    double rate = 0;
    for (int i = 0; i < config.updatesPerEpoch(); i++) {
      for (Tile tile : tiles) {
        tile.renew();
      }
      IntStream.range(0, tiles.length).parallel().forEach(t -> tiles[t].flyAndDifferentiate());
      Arrays.fill(gradient, 0);
      for (Tile tile : tiles) {
        for (int p = 0; p < gradient.length; p++) {
          gradient[p] += tile.gradient[p];
        }
      }
      double done = (double) (epoch * config.updatesPerEpoch() + i) / updates;
      rate = config.learningRate() * 0.5 * (1 + Math.cos(Math.PI * done));
      Adam.clip(gradient, config.maxGradientNorm());
      adam.update(parameters, gradient, (float) rate);
    }
    epoch++;
    double loss = 0;
    long ended = 0;
    long lost = 0;
    for (Tile tile : tiles) {
      loss += tile.squares;
      for (Group group : tile.groups) {
        ended += group.ended;
        lost += group.lost;
      }
    }
    loss /= (double) config.updatesPerEpoch() * tiles.length * tiles[0].outputCount();
    return new Progress(epoch, loss, ended == 0 ? Double.NaN : (double) lost / ended, rate);
  }

  /** Lanes that one thread flies and differentiates. */
  private final class Tile {
    private final int lanes = config.groups() * LANES;
    private final Unrolled unrolled = new Unrolled(network, config.chunk(), lanes);
    private final Group[] groups = new Group[config.groups()];
    private final float[] gradient = new float[parameters.length];
    private double squares;

    Tile(int index) {
      Arrays.setAll(groups, g -> new Group(index * config.groups() + g));
    }

    int outputCount() {
      return config.chunk() * 4 * lanes;
    }

    void begin() {
      squares = 0;
      for (Group group : groups) {
        group.begin();
      }
      unrolled.begin();
    }

    /** Gives groups whose rollout is over a new one; on the calling thread, in order. */
    void renew() {
      unrolled.carryOver();
      for (int g = 0; g < groups.length; g++) {
        if (groups[g].stepsLeft <= 0) {
          groups[g].remember();
          groups[g].draw();
          for (int l = 0; l < LANES; l++) {
            unrolled.reset(0, g * LANES + l);
          }
        }
      }
    }

    void flyAndDifferentiate() {
      int chunk = config.chunk();
      float share = 2f / (outputCount() * tiles.length);
      float[] output = unrolled.outputs();
      float[] dOutput = unrolled.outputGradient();
      for (int t = 0; t < chunk; t++) {
        int in = t * network.inputs() * lanes;
        int out = t * 4 * lanes;
        for (int g = 0; g < groups.length; g++) {
          groups[g].observe(unrolled.inputs(), in + g * LANES, lanes);
        }
        unrolled.step(parameters, t);
        for (int g = 0; g < groups.length; g++) {
          groups[g].step(output, out + g * LANES, lanes, this, t, g * LANES);
          float[] label = groups[g].label();
          for (int i = 0; i < 4; i++) {
            for (int l = 0; l < LANES; l++) {
              int at = out + i * lanes + g * LANES + l;
              // What is beyond a motor's limits flies as the limit does, and is held as near to it.
              float flown = Math.clamp(output[at], -1f, 1f);
              float difference = flown - label[i * LANES + l];
              squares += difference * difference;
              dOutput[at] = share * difference;
            }
          }
        }
      }
      Arrays.fill(gradient, 0);
      unrolled.backward(parameters, gradient);
    }

    void resetAfter(int t, int lane) {
      if (t + 1 < config.chunk()) {
        unrolled.reset(t + 1, lane);
      } else {
        unrolled.forget(lane);
      }
    }
  }

  /** Copies of one quadrotor under its teacher. */
  private final class Group {
    private final int index;
    private final Environment environment = new Environment(LANES);
    private final Mlp.Workspace workspace = Teacher.ACTOR.workspace(LANES);
    private final float[] teacherObservation = new float[Environment.TEACHER_ROWS * LANES];
    private final float[] observation = new float[Environment.STUDENT_ROWS * LANES];
    private final float[] action = new float[4 * LANES];
    private final float[] reward = new float[LANES];
    private final boolean[] terminated = new boolean[LANES];
    private int quadrotor = -1;
    private int stepsLeft;
    private int rollout;
    private int rolloutLost;
    private int rolloutEnded;
    private long episodes;
    private long ended;
    private long lost;

    Group(int index) {
      this.index = index;
    }

    void begin() {
      stepsLeft = 0;
      rollout = 0;
      rolloutEnded = 0;
      rolloutLost = 0;
      episodes = 0;
      ended = 0;
      lost = 0;
      quadrotor = -1;
    }

    /** Keeps how the rollout went for the drawing of later ones. */
    void remember() {
      if (quadrotor >= 0 && rolloutEnded > 0) {
        float share = (float) rolloutLost / rolloutEnded;
        lossShare[quadrotor] = LOSS_MEMORY * lossShare[quadrotor] + (1 - LOSS_MEMORY) * share;
      }
      ended += rolloutEnded;
      lost += rolloutLost;
      rolloutEnded = 0;
      rolloutLost = 0;
    }

    void draw() {
      SplittableRandom random = RandomStreams.of(seed, 3, epoch, index, rollout++);
      quadrotor =
          random.nextFloat() < config.hardShare() ? hard(random) : random.nextInt(teachers.size());
      double u = random.nextDouble();
      int length = 0;
      while (length < ROLLOUT_SHARES.length - 1 && u >= ROLLOUT_SHARES[length]) {
        u -= ROLLOUT_SHARES[length++];
      }
      stepsLeft = ROLLOUT_STEPS[length];
      SampledQuadrotor sampled = quadrotors.get(quadrotor);
      Task task = Task.training(sampled);
      for (int lane = 0; lane < LANES; lane++) {
        environment.assign(lane, sampled.quadrotor(), task);
        beginEpisode(lane);
        rolloutEnded++;
      }
    }

    private int hard(SplittableRandom random) {
      double total = 0;
      for (float share : lossShare) {
        total += share;
      }
      double u = random.nextDouble() * total;
      for (int i = 0; i < lossShare.length; i++) {
        u -= lossShare[i];
        if (u < 0) {
          return i;
        }
      }
      return lossShare.length - 1;
    }

    private void beginEpisode(int lane) {
      SplittableRandom random = RandomStreams.of(seed, 4, epoch, index, episodes++);
      boolean langevin = random.nextFloat() < config.langevinShare();
      environment.reset(lane, random, langevin ? ReferenceKind.LANGEVIN : ReferenceKind.HOVER);
    }

    /** Writes what the student sees into the tile's block, and asks the teacher. */
    void observe(float[] block, int at, int stride) {
      environment.observe(ObservationKind.RELATIVE, observation);
      for (int row = 0; row < Environment.STUDENT_ROWS; row++) {
        System.arraycopy(observation, row * LANES, block, at + row * stride, LANES);
      }
      Teacher teacher = teachers.get(quadrotor);
      Teacher.observe(environment, offsets.get(quadrotor), teacherObservation);
      workspace.forward(teacher.parameters(), 0, teacherObservation, 0);
    }

    float[] label() {
      return workspace.output();
    }

    void step(float[] output, int at, int stride, Tile tile, int t, int firstLane) {
      if (epoch < config.forcedEpochs()) {
        System.arraycopy(workspace.output(), 0, action, 0, action.length);
      } else {
        for (int i = 0; i < 4; i++) {
          System.arraycopy(output, at + i * stride, action, i * LANES, LANES);
        }
      }
      environment.step(action, reward, terminated);
      for (int lane = 0; lane < LANES; lane++) {
        if (terminated[lane]) {
          rolloutLost++;
          rolloutEnded++;
          beginEpisode(lane);
          tile.resetAfter(t, firstLane + lane);
        }
      }
      stepsLeft--;
    }
  }
}
