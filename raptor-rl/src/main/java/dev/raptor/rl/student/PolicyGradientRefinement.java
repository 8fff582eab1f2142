package dev.raptor.rl.student;

import dev.raptor.core.Observation;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.fixed.quantise.FakeQuantisation;
import dev.raptor.core.network.Adam;
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
import dev.raptor.sim.reference.Lissajous;
import dev.raptor.sim.reference.Reference;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
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
 * <p>What flights hold beside the plain task, {@link FlightConditions} says: it is where the
 * student learns to hold back where haste would not be safe. A memory that keeps a difference for
 * long costs, see {@link MemoryContraction}.
 */
public final class PolicyGradientRefinement extends StudentTraining {
  /** Of so many vehicles drawn, the weakest is taken in a share of the cases. */
  static final int WEAKEST_OF = 3;

  static final int EPISODE_STEPS = 500;
  private static final int WARM_UP = 100;
  private static final int ACTIONS = Environment.ACTION_ROWS;

  /** The cost of the position rises from here, as a share of the termination radius. */
  private static final double POSITION_LIMIT_SHARE = 0.85;

  /** Nor may large vehicles stray farther than this, m, before it rises. */
  private static final double POSITION_LIMIT_M = 0.85;

  /** Flights go on somewhat beyond the task's limits: that is where the way back is learned. */
  private static final double LENIENCE = 1.5;

  /** Cost of an action beyond the motors' limits, where the physics has no gradient. */
  private static final float EXCESS_WEIGHT = 0.2f;

  private static final double MOST_AMPLITUDE_M = 1;
  private static final double MOST_SPEED_MS = 1.5;
  private static final double SHORTEST_ROUTE_S = 4;
  private static final double LONGEST_ROUTE_S = 15;

  /** A flight is asked to be calm from this step on. */
  private static final int CALM_AFTER_STEPS = 200;

  /** Bound of the gradient of the memory's cost, which may explode where the memory is chaotic. */
  private static final float MAX_MEMORY_GRADIENT = 0.3f;

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

  /**
   * How fast a change of the command turns a vehicle at hover, in 1/s² for the whole range of a
   * motor: κ f'(n)/f(1) at the hover throttle n. What is weak in this swings longest.
   */
  private static double authority(SampledQuadrotor sampled) {
    Quadrotor quadrotor = sampled.quadrotor();
    ThrustCurve curve = quadrotor.thrustCurve();
    double slope = curve.c1() + 2 * curve.c2() * quadrotor.hoverThrottle();
    return quadrotor.torqueToInertia() * slope / curve.thrustN(1);
  }

  /** Flights side by side, each of a quadrotor of its own. */
  private final class Flights extends Tile {
    private final int index;
    private final Environment environment = new Environment(lanes);
    private final SimulatorGradient physics = new SimulatorGradient(environment.simulator());
    private final FlightCost flightCost = new FlightCost(lanes, config.cost());
    private final ConditionedFlights conditioned =
        new ConditionedFlights(config.conditions(), steps, lanes);
    private final int maxDelay = (int) config.conditions().delay().most();
    private final MemoryContraction memory = new MemoryContraction(network);
    private final float[] memoryGradient = new float[parameters.length];
    private SplittableRandom random;

    /** The parameters, or what their integers stand for. */
    private float[] flying;

    private final Quadrotor[] vehicles = new Quadrotor[lanes];
    private final int[] age = new int[lanes];
    private final int[] delay = new int[lanes];
    private final int[] lifetime = new int[lanes];
    private final boolean[] far = new boolean[lanes];
    private final boolean[] routed = new boolean[lanes];
    private final boolean[] hovers = new boolean[lanes];

    /** Actions that are yet to reach the motors, {@code [maxDelay][4][lanes]}, newest first. */
    private final float[] underway = new float[maxDelay * ACTIONS * lanes];

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
        age[lane] = lane * steps % lifetime[lane];
        unrolled.reset(steps, lane);
      }
    }

    private void beginVehicle(int lane) {
      boolean lasts = random.nextFloat() < config.mix().longShare();
      lifetime[lane] = lasts ? config.mix().longSteps() : EPISODE_STEPS;
      SampledQuadrotor sampled = draw();
      if (random.nextFloat() < (lasts ? config.mix().longWeakShare() : config.mix().weakShare())) {
        for (int i = 1; i < WEAKEST_OF; i++) {
          SampledQuadrotor other = draw();
          sampled = authority(other) < authority(sampled) ? other : sampled;
        }
      }
      FlightConditions conditions = config.conditions();
      Task task = Task.training(sampled);
      double radius = task.limits().positionM();
      vehicles[lane] = conditioned.vehicle(lane, sampled.quadrotor(), random);
      far[lane] = conditioned.has(lane, conditions.far().share(), random);
      routed[lane] = !far[lane] && random.nextFloat() < config.mix().routeShare();
      double leeway =
          far[lane] ? 2 * conditions.far().most() : routed[lane] ? 2 * MOST_AMPLITUDE_M : 0;
      flightCost.setLimitM(
          lane, leeway + Math.min(POSITION_LIMIT_SHARE * radius, POSITION_LIMIT_M));
      flightCost.setLimitMS(
          lane,
          far[lane]
              ? config.cruiseMS()
              : routed[lane] ? 2 * MOST_SPEED_MS : FlightCost.SPEED_LIMIT_MS);
      environment.assign(
          lane,
          vehicles[lane],
          task.withTerminationPositionM(leeway + LENIENCE * radius)
              .withTerminationSpeedMS((routed[lane] ? 2 : 1) * LENIENCE * task.limits().speedMS()));
      beginEpisode(lane);
    }

    private SampledQuadrotor draw() {
      return quadrotors.get(random.nextInt(quadrotors.size()));
    }

    private void beginEpisode(int lane) {
      age[lane] = 0;
      episodes++;
      SplittableRandom episode = random.split();
      FlightConditions conditions = config.conditions();
      hovers[lane] =
          far[lane] || !routed[lane] && episode.nextFloat() >= config.mix().langevinShare();
      delay[lane] =
          conditioned.has(lane, conditions.delay().share(), episode)
              ? episode.nextInt(1, maxDelay + 1)
              : 0;
      boolean turned = conditioned.has(lane, conditions.turned().share(), episode);
      if (routed[lane]) {
        environment.reset(lane, episode, route(episode));
      } else {
        environment.reset(
            lane, episode, hovers[lane] ? ReferenceKind.HOVER : ReferenceKind.LANGEVIN);
      }
      if (far[lane]) {
        moveAway(lane, episode);
      }
      if (turned) {
        turn(lane, episode.nextDouble(-1, 1) * conditions.turned().most());
      }
      conditioned.begin(lane, vehicles[lane], environment.simulator().disturbance(), episode);
      for (int i = lane; i < underway.length; i += lanes) {
        underway[i] = environment.previousAction()[i % (ACTIONS * lanes)];
      }
    }

    /** A figure with sides, speed and direction of its own. */
    private static Reference route(SplittableRandom random) {
      double intervalS = random.nextDouble(SHORTEST_ROUTE_S, LONGEST_ROUTE_S);
      int x = random.nextInt(1, 3);
      int y = random.nextInt(1, 3);
      int z = random.nextInt(1, 3);
      double most = MOST_SPEED_MS * intervalS / (2 * Math.PI);
      return new Lissajous(
          new Vec3(
              random.nextDouble(-1, 1) * Math.min(MOST_AMPLITUDE_M, most / x),
              random.nextDouble(-1, 1) * Math.min(MOST_AMPLITUDE_M, most / y),
              random.nextDouble(-0.3, 0.3) * Math.min(MOST_AMPLITUDE_M, most / z)),
          x,
          y,
          z,
          intervalS,
          1);
    }

    private void moveAway(int lane, SplittableRandom random) {
      float[] state = environment.simulator().state();
      for (int k = 0; k < 3; k++) {
        state[(Simulator.PX + k) * lanes + lane] +=
            (float) (config.conditions().far().most() * random.nextDouble(-1, 1));
      }
    }

    /** Turns the vehicle about the vertical: q ← (cos ψ/2, 0, 0, sin ψ/2) ⊗ q. */
    private void turn(int lane, double yawRad) {
      float[] state = environment.simulator().state();
      int at = Simulator.QW * lanes + lane;
      double c = Math.cos(yawRad / 2);
      double d = Math.sin(yawRad / 2);
      double w = state[at];
      double x = state[at + lanes];
      double y = state[at + 2 * lanes];
      double z = state[at + 3 * lanes];
      state[at] = (float) (c * w - d * z);
      state[at + lanes] = (float) (c * x - d * y);
      state[at + 2 * lanes] = (float) (c * y + d * x);
      state[at + 3 * lanes] = (float) (c * z + d * w);
    }

    /** A vehicle may change between windows only: the gradient knows but the present one. */
    @Override
    void renew() {
      unrolled.carryOver();
      for (int lane = 0; lane < lanes; lane++) {
        if (age[lane] >= lifetime[lane]) {
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
      if (config.memoryWeight() > 0) {
        Arrays.fill(memoryGradient, 0);
        loss +=
            steps
                * lanes
                * config.memoryWeight()
                * memory.charge(
                    flying,
                    unrolled,
                    config.memoryWeight() / tiles.size(),
                    random.split(),
                    memoryGradient);
        Adam.clip(memoryGradient, MAX_MEMORY_GRADIENT);
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] += memoryGradient[i];
        }
      }
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
        conditioned.sense(t, observation, age, random);
        conditioned.push(t, environment.simulator().disturbance(), random);
        System.arraycopy(
            observation, 0, unrolled.inputs(), t * observation.length, observation.length);
        unrolled.step(flying, t);
        System.arraycopy(unrolled.outputs(), at, action, 0, action.length);
        send(t);
        environment.step(action, reward, terminated);
        // It is told what it commanded, not what arrived.
        System.arraycopy(unrolled.outputs(), at, environment.previousAction(), 0, action.length);
        for (int lane = 0; lane < lanes; lane++) {
          flightCost.setCalm(lane, hovers[lane] && age[lane] >= CALM_AFTER_STEPS);
        }
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
          for (int step = maxDelay - 1; step > 0; step--) {
            underway[step * block + i] = underway[(step - 1) * block + i];
          }
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
      conditioned.beginBackward();
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
        conditioned.recall(t, environment.simulator().disturbance());
        physics.backward(
            states, stateAt, flown, t * action.length, stateGradient, stateGradient, flownGradient);
        chargeActions(t, scale);
        unrolled.stepBackward(flying, t);
        unrolled.inputGradient(flying, t, observationGradient);
        conditioned.senseBackward(t, observationGradient);
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
