package dev.raptor.sim.effects;

import dev.raptor.core.Observation;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.Arrays;
import java.util.List;

/**
 * An environment with effects around it: observe and step through this instead. A lane without
 * effects is left alone. In one step of a lane with effects
 *
 * <ol>
 *   <li>the commands go through the effects, in their order;
 *   <li>so does the vehicle; if it is another one now, it takes over the state of the old;
 *   <li>the air starts still, and each effect adds its wind;
 *   <li>each adds its force and torque, taken at the start of the step and held during it, to the
 *       disturbance that the task drew;
 *   <li>the environment steps.
 * </ol>
 *
 * An observation shows the commands that were given, not what reached the motors, but the reward
 * charges for the latter. What a teacher is told of the disturbing force counts all of it, over the
 * mass at take-off.
 */
public final class Surroundings {
  private final Environment environment;
  private final int lanes;
  private final Effect.Active[][] effects;
  private final Quadrotor[] takeoff;

  /** As the effects have made them. */
  private final Quadrotor[] vehicles;

  private final float[] base;
  private final float[] commands;
  private final float[] laneAction = new float[Environment.ACTION_ROWS];
  private final float[] laneObservation = new float[Observation.SIZE];
  private final double[] wrench = new double[Simulator.DISTURBANCE_ROWS];
  private final FlightSnapshot moment = new FlightSnapshot();

  /** Without effects, until some are started. */
  public Surroundings(Environment environment) {
    this.environment = environment;
    lanes = environment.lanes();
    effects = new Effect.Active[lanes][0];
    takeoff = new Quadrotor[lanes];
    vehicles = new Quadrotor[lanes];
    base = new float[Simulator.DISTURBANCE_ROWS * lanes];
    commands = new float[Environment.ACTION_ROWS * lanes];
  }

  /** What is around the effects; step it through them. */
  public Environment environment() {
    return environment;
  }

  /**
   * Starts the effects of a flight. Call it after the environment's own reset of the lane.
   *
   * @param quadrotor the vehicle that the environment was assigned
   * @param around in the order in which they act
   * @param seed of what is random in them; each effect draws from a stream of its own
   * @throws IllegalArgumentException if there is no such lane
   */
  public void start(int lane, Quadrotor quadrotor, List<Effect> around, long seed) {
    if (lane < 0 || lane >= lanes) {
      throw new IllegalArgumentException("lane is %d, allowed: 0 to %d".formatted(lane, lanes - 1));
    }
    Quadrotor before = vehicles[lane];
    if (before != null && !before.equals(quadrotor)) {
      environment.simulator().replace(lane, quadrotor);
    }
    takeoff[lane] = quadrotor;
    vehicles[lane] = quadrotor;
    effects[lane] = new Effect.Active[around.size()];
    for (int i = 0; i < around.size(); i++) {
      effects[lane][i] = around.get(i).start(quadrotor, RandomStreams.of(seed, i));
    }
    float[] disturbance = environment.simulator().disturbance();
    for (int r = 0; r < Simulator.DISTURBANCE_ROWS; r++) {
      base[r * lanes + lane] = disturbance[r * lanes + lane];
    }
  }

  /** As {@link Environment#observe}, through the effects. */
  public void observe(ObservationKind kind, float[] out) {
    environment.observe(kind, out);
    for (int lane = 0; lane < lanes; lane++) {
      if (effects[lane].length == 0) {
        continue;
      }
      copyLane(out, lane, laneObservation);
      for (Effect.Active effect : effects[lane]) {
        effect.observe(laneObservation);
      }
      for (int r = 0; r < Observation.SIZE; r++) {
        out[r * lanes + lane] = laneObservation[r];
      }
    }
  }

  /** As {@link Environment#step}, through the effects. */
  public void step(float[] action, float[] reward, boolean[] terminated) {
    if (action.length != commands.length) {
      throw new IllegalArgumentException(
          "action has %d numbers, allowed: %d for each of %d lanes"
              .formatted(action.length, Environment.ACTION_ROWS, lanes));
    }
    System.arraycopy(action, 0, commands, 0, action.length);
    for (int lane = 0; lane < lanes; lane++) {
      if (effects[lane].length > 0) {
        act(lane);
      }
    }
    environment.step(commands, reward, terminated);
    for (int lane = 0; lane < lanes; lane++) {
      if (effects[lane].length > 0) {
        for (int i = 0; i < Environment.ACTION_ROWS; i++) {
          environment.previousAction()[i * lanes + lane] = action[i * lanes + lane];
        }
      }
    }
  }

  private void act(int lane) {
    double timeS = environment.steps(lane) * Simulator.STEP_S;
    moment.set(timeS, environment.simulator().state(), lane, lanes, vehicles[lane]);
    copyLane(commands, lane, laneAction);
    for (Effect.Active effect : effects[lane]) {
      effect.command(moment, laneAction);
    }
    for (int i = 0; i < laneAction.length; i++) {
      commands[i * lanes + lane] = laneAction[i];
    }
    Quadrotor vehicle = takeoff[lane];
    for (Effect.Active effect : effects[lane]) {
      vehicle = effect.vehicle(moment, vehicle);
    }
    if (!vehicle.equals(vehicles[lane])) {
      environment.simulator().replace(lane, vehicle);
      vehicles[lane] = vehicle;
      moment.setQuadrotor(vehicle);
    }
    for (Effect.Active effect : effects[lane]) {
      effect.blow(moment, moment.airMS());
    }
    Arrays.fill(wrench, 0);
    for (Effect.Active effect : effects[lane]) {
      effect.push(moment, wrench);
    }
    float[] disturbance = environment.simulator().disturbance();
    for (int r = 0; r < wrench.length; r++) {
      disturbance[r * lanes + lane] = (float) (base[r * lanes + lane] + wrench[r]);
    }
  }

  private void copyLane(float[] from, int lane, float[] to) {
    for (int r = 0; r < to.length; r++) {
      to[r] = from[r * lanes + lane];
    }
  }
}
