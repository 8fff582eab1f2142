package dev.raptor.rl.teacher;

import dev.raptor.core.Observation;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.Adam;
import dev.raptor.core.network.Mlp;
import dev.raptor.rl.optim.FlightCost;
import dev.raptor.rl.optim.LearningRate;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.SimulatorGradient;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;

/**
 * Teachers by the analytic policy gradient: the cost of a flight is differentiated through policy
 * and physics, step by step backwards, and the actor descends. There is no critic and no
 * exploration. {@link FlightCost} is what it descends.
 *
 * <p>Trains on one thread; the same arguments give the same bits.
 */
public final class Apg {
  private static final double POSITION_LIMIT_SHARE = 0.85;
  private static final int WARM_UP = 10;
  private static final int EPISODE_STEPS = 500;

  /** Standard deviations at noise 1: position and velocity in m and m/s, and so on. */
  private static final float[] NOISE = noise();

  private final ApgConfig config;
  private final Mlp actor;
  private final float[] parameters;
  private final List<SampledQuadrotor> vehicles;
  private final long seed;
  private final int lanes;
  private final int rows;
  private final SplittableRandom random;

  private final Environment environment;
  private final SimulatorGradient physics;
  private final Mlp.Workspace workspace;
  private final Adam adam;
  private final float[] gradient;

  private final int[] vehicle;
  private final int[] age;
  private long episodes;
  private final FlightCost flightCost;

  private final float[] states;
  private final float[] observations;
  private final float[] actions;
  private final float[] costGradients;
  private final boolean[] cuts;

  private final float[] seen;
  private final float[] action;
  private final float[] reward;
  private final boolean[] terminated;
  private final float[] stateGradient;
  private final float[] actionGradient;
  private final float[] previousGradient;
  private final float[] changeGradient;
  private final float[] observationGradient;
  private double cost;

  Apg(
      Mlp actor,
      float[] parameters,
      List<SampledQuadrotor> vehicles,
      ApgConfig config,
      long seed,
      long stream) {
    this.actor = actor;
    this.parameters = parameters;
    this.vehicles = vehicles;
    this.config = config;
    this.seed = seed;
    lanes = config.environments();
    rows = actor.inputs();
    random = RandomStreams.of(seed, 5, stream);
    environment = new Environment(lanes);
    workspace = actor.workspace(lanes);
    adam = new Adam(parameters.length, 1e-8f);
    gradient = new float[parameters.length];
    vehicle = new int[lanes];
    age = new int[lanes];
    flightCost = new FlightCost(lanes, FlightCost.Weights.TEACHER);
    int window = config.window();
    states = new float[window * Simulator.STATE_ROWS * lanes];
    observations = new float[window * rows * lanes];
    actions = new float[window * 4 * lanes];
    costGradients = new float[window * Simulator.STATE_ROWS * lanes];
    cuts = new boolean[window * lanes];
    seen = new float[Environment.TEACHER_ROWS * lanes];
    action = new float[4 * lanes];
    reward = new float[lanes];
    terminated = new boolean[lanes];
    stateGradient = new float[Simulator.STATE_ROWS * lanes];
    actionGradient = new float[4 * lanes];
    previousGradient = new float[4 * lanes];
    changeGradient = new float[4 * lanes];
    observationGradient = new float[rows * lanes];
    for (int lane = 0; lane < lanes; lane++) {
      beginVehicle(lane);
      // Ages apart, so that not all lanes begin anew at once.
      age[lane] = lane * window % EPISODE_STEPS;
    }
    physics = new SimulatorGradient(environment.simulator());
  }

  /**
   * Trains one actor for all vehicles, told each vehicle's parameters.
   *
   * @param pool the vehicles that it learns on
   */
  public static GenericTeacher trainGeneric(
      List<SampledQuadrotor> pool, ApgConfig config, long seed, DoubleConsumer listener) {
    float[] parameters = new float[GenericTeacher.ACTOR.parameterCount()];
    GenericTeacher.ACTOR.initialiseOrthogonal(parameters, 1.4f, 0.01f, RandomStreams.of(seed, 6));
    new Apg(GenericTeacher.ACTOR, parameters, pool, config, seed, -1).run(listener);
    return new GenericTeacher(parameters);
  }

  /** Tunes the generic teacher to one vehicle. */
  public static Teacher tune(
      GenericTeacher generic, SampledQuadrotor quadrotor, ApgConfig config, long seed) {
    Teacher start = generic.teacherOf(quadrotor.index(), quadrotor.quadrotor());
    new Apg(Teacher.ACTOR, start.parameters(), List.of(quadrotor), config, seed, quadrotor.index())
        .run(share -> {});
    return start;
  }

  /** The listener is told the mean cost of a step after every update. */
  private void run(DoubleConsumer listener) {
    LearningRate rate = new LearningRate(config.learningRate(), WARM_UP, config.updates());
    for (int i = 0; i < config.updates(); i++) {
      double cost = flyAndDifferentiate();
      Adam.clip(gradient, config.maxGradientNorm());
      adam.update(parameters, gradient, (float) rate.at(i));
      listener.accept(cost);
    }
  }

  /** Flies one window and leaves the {@link #gradient} of the mean cost of a step, returned. */
  double flyAndDifferentiate() {
    cost = 0;
    fly();
    Arrays.fill(gradient, 0);
    differentiate();
    return cost / (config.window() * lanes);
  }

  /** The gradient by the parameters, live. */
  float[] gradient() {
    return gradient;
  }

  private void beginVehicle(int lane) {
    vehicle[lane] = random.nextInt(vehicles.size());
    SampledQuadrotor sampled = vehicles.get(vehicle[lane]);
    Task task = Task.training(sampled);
    flightCost.setLimitM(lane, POSITION_LIMIT_SHARE * task.limits().positionM());
    environment.assign(lane, sampled.quadrotor(), task);
    if (rows > Environment.TEACHER_ROWS) {
      float[] features = GenericTeacher.features(sampled.quadrotor());
      for (int t = 0; t < config.window(); t++) {
        for (int i = 0; i < features.length; i++) {
          observations[(t * rows + Environment.TEACHER_ROWS + i) * lanes + lane] = features[i];
        }
      }
    }
    beginEpisode(lane);
  }

  private void beginEpisode(int lane) {
    age[lane] = 0;
    SplittableRandom episode =
        RandomStreams.of(seed, 7, vehicles.get(vehicle[lane]).index(), episodes++);
    boolean langevin = episode.nextFloat() < config.langevinShare();
    environment.reset(lane, episode, langevin ? ReferenceKind.LANGEVIN : ReferenceKind.HOVER);
  }

  private void fly() {
    // A vehicle may change between windows only: the gradient knows but the present one.
    for (int lane = 0; lane < lanes; lane++) {
      if (age[lane] >= EPISODE_STEPS) {
        beginVehicle(lane);
      }
    }
    Arrays.fill(cuts, false);
    float[] state = environment.simulator().state();
    for (int t = 0; t < config.window(); t++) {
      System.arraycopy(state, 0, states, t * state.length, state.length);
      Teacher.observe(environment, seen);
      int at = t * rows * lanes;
      addNoise(at);
      workspace.forward(parameters, 0, observations, at);
      System.arraycopy(workspace.output(), 0, action, 0, action.length);
      System.arraycopy(action, 0, actions, t * action.length, action.length);
      environment.step(action, reward, terminated);
      cost +=
          flightCost.charge(
              state, environment.reference(), costGradients, t * Simulator.STATE_ROWS * lanes);
      for (int lane = 0; lane < lanes; lane++) {
        age[lane]++;
        if (terminated[lane]) {
          cuts[t * lanes + lane] = true;
          beginEpisode(lane);
        }
      }
    }
  }

  private void addNoise(int at) {
    for (int row = 0; row < Environment.TEACHER_ROWS; row++) {
      float std = config.observationNoise() * NOISE[row];
      for (int lane = 0; lane < lanes; lane++) {
        int i = row * lanes + lane;
        observations[at + i] = std > 0 ? seen[i] + std * (float) random.nextGaussian() : seen[i];
      }
    }
  }

  private static float[] noise() {
    float[] noise = new float[Environment.TEACHER_ROWS];
    Arrays.fill(noise, 0, 3, 0.02f);
    Arrays.fill(noise, 3, 12, 0.01f);
    Arrays.fill(noise, 12, 15, 0.05f);
    Arrays.fill(noise, 15, 18, 0.03f);
    return noise;
  }

  private void differentiate() {
    float scale = 1f / (config.window() * lanes);
    Arrays.fill(stateGradient, 0);
    Arrays.fill(previousGradient, 0);
    for (int t = config.window() - 1; t >= 0; t--) {
      int stateAt = t * stateGradient.length;
      int observationAt = t * rows * lanes;
      for (int lane = 0; lane < lanes; lane++) {
        float kept = cuts[t * lanes + lane] ? 0 : config.discount();
        for (int row = 0; row < Simulator.STATE_ROWS; row++) {
          int i = row * lanes + lane;
          stateGradient[i] = kept * stateGradient[i] + scale * costGradients[stateAt + i];
        }
        for (int i = lane; i < 4 * lanes; i += lanes) {
          actionGradient[i] = kept * previousGradient[i];
        }
      }
      chargeChange(t, scale);
      physics.backward(
          states,
          stateAt,
          actions,
          t * action.length,
          stateGradient,
          stateGradient,
          actionGradient);
      workspace.forward(parameters, 0, observations, observationAt);
      System.arraycopy(actionGradient, 0, workspace.outputGradient(), 0, actionGradient.length);
      workspace.backward(parameters, 0, gradient, 0, observationGradient);
      Teacher.observationGradient(lanes, observationGradient);
      environment.teacherObservationGradient(
          states, stateAt, observationGradient, 0, stateGradient, previousGradient);
      for (int i = 0; i < 4 * lanes; i++) {
        previousGradient[i] -= changeGradient[i];
      }
    }
  }

  /** Charges for the change of action at step t. */
  private void chargeChange(int t, float scale) {
    int previous = (t * rows + Observation.PREVIOUS_ACTION) * lanes;
    cost +=
        flightCost.chargeChange(actions, t * action.length, observations, previous, changeGradient);
    for (int i = 0; i < 4 * lanes; i++) {
      changeGradient[i] *= scale;
      actionGradient[i] += changeGradient[i];
    }
  }
}
