package dev.raptor.rl.student;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Mlp;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import dev.raptor.rl.optim.LearningRate;
import dev.raptor.rl.teacher.Teacher;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.Arrays;
import java.util.HashMap;
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
public final class Distillation extends StudentTraining {
  private static final int[] ROLLOUT_STEPS = {100, 200, 500};
  private static final double[] ROLLOUT_SHARES = {0.5, 0.3, 0.2};
  private static final float LOSS_MEMORY = 0.95f;

  private final List<SampledQuadrotor> quadrotors;
  private final List<Teacher> teachers;
  private final List<float[]> offsets;
  private final DistillationConfig config;
  private final int groupLanes;
  private final long seed;

  /** Moving share of each quadrotor's episodes that were lost. */
  private final float[] lossShare;

  private final List<Groups> tiles;

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
    super(
        network(config),
        network(config).initialise(RandomStreams.of(seed, 2)),
        1e-7f,
        config.maxGradientNorm(),
        config.updatesPerEpoch(),
        new LearningRate(config.learningRate(), 1, config.epochs() * config.updatesPerEpoch()));
    this.quadrotors = quadrotors;
    this.teachers = teachers;
    this.offsets = offsets;
    this.config = config;
    groupLanes = config.groupLanes();
    this.seed = seed;
    lossShare = new float[teachers.size()];
    Arrays.fill(lossShare, 0.1f);
    tiles = IntStream.range(0, config.tiles()).mapToObj(Groups::new).toList();
  }

  private static RecurrentNetwork network(DistillationConfig config) {
    return new RecurrentNetwork(Environment.STUDENT_ROWS, config.hidden(), 4);
  }

  @Override
  List<Groups> tiles() {
    return tiles;
  }

  @Override
  public Map<String, float[]> state() {
    Map<String, float[]> state = new HashMap<>(super.state());
    state.put("loss_share", lossShare);
    return state;
  }

  /** Groups side by side. */
  private final class Groups extends Tile {
    private final Group[] groups = new Group[config.groups()];

    Groups(int index) {
      super(new UnrolledNetwork(network, config.chunk(), config.groups() * groupLanes), 4);
      Arrays.setAll(groups, g -> new Group(index * config.groups() + g));
    }

    @Override
    void begin() {
      for (Group group : groups) {
        group.begin();
      }
      unrolled.begin();
    }

    /** Gives groups whose rollout is over a new one. */
    @Override
    void renew() {
      unrolled.carryOver();
      for (int g = 0; g < groups.length; g++) {
        if (groups[g].stepsLeft <= 0) {
          groups[g].remember(this);
          groups[g].draw();
          for (int l = 0; l < groupLanes; l++) {
            unrolled.reset(0, g * groupLanes + l);
          }
        }
      }
    }

    @Override
    void flyAndDifferentiate() {
      float share = 2f / (steps * 4 * lanes * tiles.size());
      float[] output = unrolled.outputs();
      float[] dOutput = unrolled.outputGradient();
      for (int t = 0; t < steps; t++) {
        int in = t * network.inputs() * lanes;
        int out = t * 4 * lanes;
        for (int g = 0; g < groups.length; g++) {
          groups[g].observe(unrolled.inputs(), in + g * groupLanes, lanes);
        }
        unrolled.step(parameters, t);
        for (int g = 0; g < groups.length; g++) {
          groups[g].step(output, out + g * groupLanes, this, t, g * groupLanes);
          float[] label = groups[g].label();
          for (int i = 0; i < 4; i++) {
            for (int l = 0; l < groupLanes; l++) {
              int at = out + i * lanes + g * groupLanes + l;
              // What is beyond a motor's limits flies as the limit does, and is held as near to it.
              float flown = Math.clamp(output[at], -1f, 1f);
              float difference = flown - label[i * groupLanes + l];
              loss += difference * difference;
              dOutput[at] = share * difference;
            }
          }
        }
      }
      unrolled.backward(parameters, gradient);
    }
  }

  /** Copies of one quadrotor under its teacher. */
  private final class Group {
    private final int index;
    private final Environment environment = new Environment(groupLanes);
    private final Mlp.Workspace workspace = Teacher.ACTOR.workspace(groupLanes);
    private final float[] teacherObservation = new float[Environment.TEACHER_ROWS * groupLanes];
    private final float[] observation = new float[Environment.STUDENT_ROWS * groupLanes];
    private final float[] action = new float[4 * groupLanes];
    private final float[] reward = new float[groupLanes];
    private final boolean[] terminated = new boolean[groupLanes];
    private int quadrotor = -1;
    private int stepsLeft;
    private int rollout;
    private int rolloutLost;
    private int rolloutEnded;
    private long episodes;

    Group(int index) {
      this.index = index;
    }

    void begin() {
      stepsLeft = 0;
      rollout = 0;
      rolloutEnded = 0;
      rolloutLost = 0;
      episodes = 0;
      quadrotor = -1;
    }

    /** Keeps how the rollout went for the drawing of later ones. */
    void remember(Tile tile) {
      if (quadrotor >= 0 && rolloutEnded > 0) {
        float share = (float) rolloutLost / rolloutEnded;
        lossShare[quadrotor] = LOSS_MEMORY * lossShare[quadrotor] + (1 - LOSS_MEMORY) * share;
      }
      tile.episodes += rolloutEnded;
      tile.lost += rolloutLost;
      rolloutEnded = 0;
      rolloutLost = 0;
    }

    void draw() {
      SplittableRandom random = RandomStreams.of(seed, 3, epoch(), index, rollout++);
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
      for (int lane = 0; lane < groupLanes; lane++) {
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
      SplittableRandom random = RandomStreams.of(seed, 4, epoch(), index, episodes++);
      boolean langevin = random.nextFloat() < config.langevinShare();
      environment.reset(lane, random, langevin ? ReferenceKind.LANGEVIN : ReferenceKind.HOVER);
    }

    /** Writes what the student sees into the tile's block, and asks the teacher. */
    void observe(float[] block, int at, int stride) {
      environment.observe(ObservationKind.RELATIVE, observation);
      for (int row = 0; row < Environment.STUDENT_ROWS; row++) {
        System.arraycopy(observation, row * groupLanes, block, at + row * stride, groupLanes);
      }
      Teacher teacher = teachers.get(quadrotor);
      Teacher.observe(environment, offsets.get(quadrotor), teacherObservation);
      workspace.forward(teacher.parameters(), 0, teacherObservation, 0);
    }

    float[] label() {
      return workspace.output();
    }

    void step(float[] output, int at, Tile tile, int t, int firstLane) {
      if (epoch() < config.forcedEpochs()) {
        System.arraycopy(workspace.output(), 0, action, 0, action.length);
      } else {
        for (int i = 0; i < 4; i++) {
          System.arraycopy(output, at + i * tile.lanes, action, i * groupLanes, groupLanes);
        }
      }
      environment.step(action, reward, terminated);
      for (int lane = 0; lane < groupLanes; lane++) {
        if (terminated[lane]) {
          rolloutLost++;
          rolloutEnded++;
          beginEpisode(lane);
          tile.unrolled.reset(t + 1, firstLane + lane);
        }
      }
      stepsLeft--;
    }
  }
}
