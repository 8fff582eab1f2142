package dev.raptor.rl.student;

import dev.raptor.core.Observation;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.quantise.FakeQuantisation;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import dev.raptor.rl.optim.FlightCost;
import dev.raptor.rl.optim.LearningRate;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.SimulatorGradient;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The student learns from its own flights, by the analytic policy gradient: {@link FlightCost} is
 * differentiated through physics, observation and memory, step by step backwards over a window, and
 * the student descends. Every lane flies another quadrotor, so that what pays off is to find out
 * which one it is. Imitation ends where the student cannot tell what its teachers know; this does
 * not, because it trades certainty against speed itself.
 *
 * <p>Nothing in a window is discounted: where the gradient does not reach far enough back, the
 * student learns to be quick and never comes to rest, as the swing of a weak vehicle takes seconds
 * to grow or to die down. What explodes instead, in flights that are getting lost, is cut off
 * flight by flight: the gradient of the cost by the state, on its way back, has a largest length.
 *
 * <p>In a share of the episodes the student sees through noise, in another its actions are late: it
 * learns to hold back where haste would not be safe.
 */
public final class PolicyGradientRefinement extends StudentTraining {
  /** Of so many vehicles drawn, the weakest is taken in a share of the cases. */
  static final int WEAKEST_OF = 3;

  private static final int EPISODE_STEPS = 500;
  private static final int WARM_UP = 100;
  private static final int MAX_DELAY = 2;
  private static final int ACTIONS = Environment.ACTION_ROWS;

  /** The cost of the position rises from here, as a share of the termination radius. */
  private static final double POSITION_LIMIT_SHARE = 0.85;

  /** Nor may large vehicles stray farther than this, m, before it rises. */
  private static final double POSITION_LIMIT_M = 0.85;

  /** Flights go on somewhat beyond the task's limits: that is where the way back is learned. */
  private static final double LENIENCE = 1.5;

  /** Largest added force, as a share of the thrust that is left beside the weight. */
  private static final double PUSH_OF_SPARE_THRUST = 0.5;

  /** Nor is it more than this share of the weight. */
  private static final double PUSH_OF_WEIGHT = 0.8;

  /** Cost of an action beyond the motors' limits, where the physics has no gradient. */
  private static final float EXCESS_WEIGHT = 0.2f;

  /**
   * Largest standard deviations of the noise: position, attitude, velocity, body rates; m, m/s,
   * rad/s.
   */
  private static final float[] NOISE = {0.02f, 0.01f, 0.05f, 0.03f};

  private final List<SampledQuadrotor> quadrotors;
  private final RefinementConfig config;
  private final long seed;
  private final FakeQuantisation rounding;
  private final List<Flights> tiles;

  /**
   * Goes on from a student.
   *
   * @param quadrotors that it will fly
   * @param parameters of {@code network}; copied
   */
  public PolicyGradientRefinement(
      List<SampledQuadrotor> quadrotors,
      RecurrentNetwork network,
      float[] parameters,
      RefinementConfig config,
      long seed) {
    this(quadrotors, network, parameters, config, seed, null);
  }

  /** The same for a student that will fly in integers, or with {@code null} not. */
  public PolicyGradientRefinement(
      List<SampledQuadrotor> quadrotors,
      RecurrentNetwork network,
      float[] parameters,
      RefinementConfig config,
      long seed,
      FakeQuantisation rounding) {
    super(
        network,
        parameters.clone(),
        1e-8f,
        config.maxGradientNorm(),
        config.updatesPerEpoch(),
        new LearningRate(
            config.learningRate(), WARM_UP, config.epochs() * config.updatesPerEpoch()));
    this.quadrotors = quadrotors;
    this.config = config;
    this.seed = seed;
    this.rounding = rounding;
    tiles = IntStream.range(0, config.tiles()).mapToObj(Flights::new).toList();
  }

  @Override
  List<Flights> tiles() {
    return tiles;
  }

  private static double torqueToInertia(SampledQuadrotor sampled) {
    return sampled.quadrotor().torqueToInertia();
  }

  /** Flights side by side, each of a quadrotor of its own. */
  private final class Flights extends Tile {
    private final int index;
    private final Environment environment = new Environment(lanes);
    private final SimulatorGradient physics = new SimulatorGradient(environment.simulator());
    private final FlightCost flightCost = new FlightCost(lanes);
    private SplittableRandom random;

    /** The parameters, or what their integers stand for. */
    private float[] flying;

    private final Quadrotor[] vehicles = new Quadrotor[lanes];
    private final int[] age = new int[lanes];
    private final int[] delay = new int[lanes];
    private final float[] noise = new float[lanes];

    /** Actions that are yet to reach the motors, {@code [MAX_DELAY][4][lanes]}, newest first. */
    private final float[] underway = new float[MAX_DELAY * ACTIONS * lanes];

    private final float[] states = new float[steps * Simulator.STATE_ROWS * lanes];
    private final float[] costGradients = new float[states.length];
    private final float[] previous = new float[steps * ACTIONS * lanes];
    private final float[] flown = new float[steps * ACTIONS * lanes];
    private final boolean[] cuts = new boolean[steps * lanes];

    /** The step whose output reached the motors at each step; -1 if it lies before. */
    private final int[] sources = new int[steps * lanes];

    private final float[] observation = new float[Environment.STUDENT_ROWS * lanes];
    private final float[] action = new float[ACTIONS * lanes];
    private final float[] reward = new float[lanes];
    private final boolean[] terminated = new boolean[lanes];
    private final float[] kept = new float[lanes];
    private final float[] length = new float[lanes];
    private final float[] stateGradient = new float[Simulator.STATE_ROWS * lanes];
    private final float[] flownGradient = new float[ACTIONS * lanes];
    private final float[] previousGradient = new float[ACTIONS * lanes];
    private final float[] changeGradient = new float[ACTIONS * lanes];
    private final float[] observationGradient = new float[Environment.TEACHER_ROWS * lanes];

    Flights(int index) {
      super(
          rounding == null
              ? new UnrolledNetwork(network, config.window(), config.lanes())
              : rounding.unroll(network, config.window(), config.lanes()),
          1);
      this.index = index;
    }

    @Override
    void begin() {
      random = RandomStreams.of(seed, 8, epoch(), index);
      for (int lane = 0; lane < lanes; lane++) {
        beginVehicle(lane);
        // Ages apart, so that not all lanes begin anew at once.
        age[lane] = lane * steps % EPISODE_STEPS;
        unrolled.reset(steps, lane);
      }
    }

    private void beginVehicle(int lane) {
      SampledQuadrotor sampled = draw();
      if (random.nextFloat() < config.weakShare()) {
        for (int i = 1; i < WEAKEST_OF; i++) {
          SampledQuadrotor other = draw();
          sampled = torqueToInertia(other) < torqueToInertia(sampled) ? other : sampled;
        }
      }
      Task task = Task.training(sampled);
      double radius = task.limits().positionM();
      flightCost.setLimitM(lane, Math.min(POSITION_LIMIT_SHARE * radius, POSITION_LIMIT_M));
      vehicles[lane] = sampled.quadrotor();
      environment.assign(
          lane,
          vehicles[lane],
          task.withTerminationPositionM(LENIENCE * radius)
              .withTerminationSpeedMS(LENIENCE * task.limits().speedMS()));
      beginEpisode(lane);
    }

    private SampledQuadrotor draw() {
      return quadrotors.get(random.nextInt(quadrotors.size()));
    }

    private void beginEpisode(int lane) {
      age[lane] = 0;
      episodes++;
      SplittableRandom episode = random.split();
      boolean langevin = episode.nextFloat() < config.langevinShare();
      noise[lane] = episode.nextFloat() < config.noiseShare() ? episode.nextFloat() : 0;
      delay[lane] =
          episode.nextFloat() < config.delayShare() ? episode.nextInt(1, MAX_DELAY + 1) : 0;
      boolean pushed = episode.nextFloat() < config.pushShare();
      environment.reset(lane, episode, langevin ? ReferenceKind.LANGEVIN : ReferenceKind.HOVER);
      if (pushed) {
        push(lane, episode);
      }
      for (int i = lane; i < underway.length; i += lanes) {
        underway[i] = environment.previousAction()[i % (ACTIONS * lanes)];
      }
    }

    /** Adds a steady force in a random direction. */
    private void push(int lane, SplittableRandom random) {
      Quadrotor quadrotor = vehicles[lane];
      double spare = PUSH_OF_SPARE_THRUST * (quadrotor.thrustToWeight() - 1);
      double weightN = quadrotor.massKg() * Simulator.GRAVITY_MS2;
      double forceN = random.nextDouble() * Math.min(spare, PUSH_OF_WEIGHT) * weightN;
      double[] direction = new double[3];
      double squares = 0;
      for (int k = 0; k < 3; k++) {
        direction[k] = random.nextGaussian();
        squares += direction[k] * direction[k];
      }
      for (int k = 0; k < 3; k++) {
        environment.simulator().disturbance()[k * lanes + lane] +=
            (float) (forceN * direction[k] / Math.sqrt(squares));
      }
    }

    /** A vehicle may change between windows only: the gradient knows but the present one. */
    @Override
    void renew() {
      unrolled.carryOver();
      for (int lane = 0; lane < lanes; lane++) {
        if (age[lane] >= EPISODE_STEPS) {
          beginVehicle(lane);
          unrolled.reset(0, lane);
        }
      }
    }

    @Override
    void flyAndDifferentiate() {
      flying = rounding == null ? parameters : rounding.parameters(parameters);
      fly();
      differentiate();
    }

    private void fly() {
      Arrays.fill(cuts, false);
      float[] state = environment.simulator().state();
      for (int t = 0; t < steps; t++) {
        System.arraycopy(state, 0, states, t * state.length, state.length);
        int at = t * action.length;
        environment.observe(ObservationKind.RELATIVE, observation);
        System.arraycopy(
            observation, Observation.PREVIOUS_ACTION * lanes, previous, at, action.length);
        addNoise();
        System.arraycopy(
            observation, 0, unrolled.inputs(), t * observation.length, observation.length);
        unrolled.step(flying, t);
        System.arraycopy(unrolled.outputs(), at, action, 0, action.length);
        send(t);
        environment.step(action, reward, terminated);
        // It is told what it commanded, not what arrived.
        System.arraycopy(unrolled.outputs(), at, environment.previousAction(), 0, action.length);
        loss +=
            flightCost.charge(
                state, environment.reference(), costGradients, t * Simulator.STATE_ROWS * lanes);
        for (int lane = 0; lane < lanes; lane++) {
          age[lane]++;
          if (terminated[lane]) {
            lost++;
            cuts[t * lanes + lane] = true;
            beginEpisode(lane);
            unrolled.reset(t + 1, lane);
          }
        }
      }
    }

    private void addNoise() {
      for (int lane = 0; lane < lanes; lane++) {
        if (noise[lane] == 0) {
          continue;
        }
        for (int row = 0; row < Observation.PREVIOUS_ACTION; row++) {
          float std = row < 3 ? NOISE[0] : row < 12 ? NOISE[1] : row < 15 ? NOISE[2] : NOISE[3];
          observation[row * lanes + lane] += noise[lane] * std * (float) random.nextGaussian();
        }
      }
    }

    /** Turns what was commanded into what arrives at the motors, which is kept. */
    private void send(int t) {
      int block = action.length;
      for (int lane = 0; lane < lanes; lane++) {
        int late = delay[lane];
        sources[t * lanes + lane] = late > age[lane] ? -1 : t - late;
        if (late == 0) {
          continue;
        }
        for (int i = lane; i < block; i += lanes) {
          float commanded = action[i];
          action[i] = underway[(late - 1) * block + i];
          underway[block + i] = underway[i];
          underway[i] = commanded;
        }
      }
      System.arraycopy(action, 0, flown, t * block, block);
    }

    private void differentiate() {
      float scale = 1f / (steps * lanes * tiles.size());
      Arrays.fill(stateGradient, 0);
      Arrays.fill(previousGradient, 0);
      Arrays.fill(unrolled.outputGradient(), 0);
      unrolled.beginBackward();
      for (int t = steps - 1; t >= 0; t--) {
        int stateAt = t * stateGradient.length;
        for (int lane = 0; lane < lanes; lane++) {
          kept[lane] = cuts[t * lanes + lane] ? 0 : 1;
        }
        for (int row = 0; row < stateGradient.length; row += lanes) {
          for (int lane = 0; lane < lanes; lane++) {
            int i = row + lane;
            stateGradient[i] = kept[lane] * stateGradient[i] + scale * costGradients[stateAt + i];
          }
        }
        limitStateGradient(scale * config.maxStateGradient());
        Arrays.fill(flownGradient, 0);
        physics.backward(
            states, stateAt, flown, t * action.length, stateGradient, stateGradient, flownGradient);
        chargeActions(t, scale);
        unrolled.stepBackward(flying, t);
        unrolled.inputGradient(flying, t, observationGradient);
        environment.teacherObservationGradient(
            states, stateAt, observationGradient, 0, stateGradient, previousGradient);
        for (int i = 0; i < changeGradient.length; i++) {
          previousGradient[i] -= changeGradient[i];
        }
      }
      unrolled.endBackward(gradient);
    }

    /** Shortens what is longer than {@code limit}, lane by lane. */
    private void limitStateGradient(float limit) {
      Arrays.fill(length, 0);
      for (int row = 0; row < stateGradient.length; row += lanes) {
        for (int lane = 0; lane < lanes; lane++) {
          length[lane] += stateGradient[row + lane] * stateGradient[row + lane];
        }
      }
      for (int lane = 0; lane < lanes; lane++) {
        length[lane] = limit / Math.max(limit, (float) Math.sqrt(length[lane]));
      }
      for (int row = 0; row < stateGradient.length; row += lanes) {
        for (int lane = 0; lane < lanes; lane++) {
          stateGradient[row + lane] *= length[lane];
        }
      }
    }

    /** Completes the gradient of the output of step t, and passes on that of what arrived late. */
    private void chargeActions(int t, float scale) {
      float[] output = unrolled.outputs();
      float[] outputGradient = unrolled.outputGradient();
      int at = t * action.length;
      loss += flightCost.chargeChange(output, at, previous, at, changeGradient);
      for (int row = 0; row < action.length; row += lanes) {
        for (int lane = 0; lane < lanes; lane++) {
          int i = row + lane;
          changeGradient[i] *= scale;
          float excess = output[at + i] - Math.clamp(output[at + i], -1f, 1f);
          outputGradient[at + i] +=
              kept[lane] * previousGradient[i] + changeGradient[i] + scale * EXCESS_WEIGHT * excess;
        }
      }
      for (int lane = 0; lane < lanes; lane++) {
        int source = sources[t * lanes + lane];
        for (int i = lane; source >= 0 && i < action.length; i += lanes) {
          outputGradient[source * action.length + i] += flownGradient[i];
        }
      }
    }
  }
}
