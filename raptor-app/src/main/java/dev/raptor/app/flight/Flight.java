package dev.raptor.app.flight;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.Environment;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.rollout.BatchController;
import dev.raptor.sim.rollout.EpisodeMetrics;
import dev.raptor.sim.rollout.Rollout;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One flight, sample by sample.
 *
 * @param vehicle what was flown
 * @param pilot what flew it
 * @param route what it was asked to follow
 * @param terminated whether it left the task's limits, which ended the flight
 * @param samples the start, then one for each step
 * @param metrics how well it followed
 * @param quality how calmly the vehicle was held in the last ten seconds of this flight, or of one
 *     of 20 s from the same start if this one is shorter; all NaN if it was cut short
 */
public record Flight(
    Quadrotor vehicle,
    NamedController pilot,
    Route route,
    boolean terminated,
    List<Sample> samples,
    EpisodeMetrics metrics,
    ControlQuality quality) {
  /** Oscillations take longer to show than five seconds. */
  private static final int QUALITY_STEPS = 2000;

  /**
   * A moment of a flight.
   *
   * @param positionM where the vehicle was, world frame
   * @param attitude its quaternion (w, x, y, z), body to world
   * @param targetM where it should have been
   * @param commands the motor commands that led here, clamped to [-1, 1]
   * @param memory what the policy remembers; empty if no policy flies
   * @param windMS how the air moved during the step that led here, world frame; empty if there are
   *     no effects
   */
  public record Sample(
      float[] positionM,
      float[] attitude,
      float[] targetM,
      float[] commands,
      float[] memory,
      float[] windMS) {
    /** The distance between where the vehicle was and where it should have been, m. */
    public double errorM() {
      float[] e = error();
      return Math.sqrt((double) e[0] * e[0] + (double) e[1] * e[1] + (double) e[2] * e[2]);
    }

    private float[] error() {
      float[] error = new float[3];
      for (int k = 0; k < 3; k++) {
        error[k] = positionM[k] - targetM[k];
      }
      return error;
    }
  }

  /**
   * Flies from a random start until the mission is done or the task's limits are left.
   *
   * @param stream of the mission's seed that the start is drawn from
   */
  public static Flight fly(
      Quadrotor quadrotor, NamedController pilot, FlightPlan mission, int stream) {
    List<Sample> samples = new ArrayList<>(mission.steps() + 1);
    EpisodeMetrics metrics = fly(quadrotor, pilot, mission, stream, samples);
    boolean isLong = metrics.terminated() || mission.steps() >= QUALITY_STEPS;
    ControlQuality quality =
        (isLong
                ? metrics
                : fly(quadrotor, pilot, mission.lasting(QUALITY_STEPS), stream, new ArrayList<>()))
            .quality();
    return new Flight(
        quadrotor, pilot, mission.route(), metrics.terminated(), samples, metrics, quality);
  }

  private static EpisodeMetrics fly(
      Quadrotor quadrotor,
      NamedController pilot,
      FlightPlan mission,
      int stream,
      List<Sample> samples) {
    Environment environment = new Environment(1);
    environment.assign(0, quadrotor, mission.task(quadrotor));
    mission.route().start(environment, 0, RandomStreams.of(mission.seed(), stream));
    mission.far().ifPresent(far -> far.place(environment, 0, quadrotor));
    Surroundings surroundings = new Surroundings(environment);
    WindVane vane = new WindVane();
    surroundings.start(0, quadrotor, vane.after(mission.effects()), mission.seed());
    Controller controller = pilot.factory().apply(quadrotor);
    samples.add(sample(environment, controller, vane));
    return Rollout.fly(
            surroundings,
            BatchController.of(List.of(controller)),
            mission.steps(),
            mission.pokeStep(),
            mission.far().map(FarStart::headingRad).orElse(0.0),
            () -> samples.add(sample(environment, controller, vane)))
        .get(0);
  }

  private static Sample sample(Environment environment, Controller controller, WindVane vane) {
    float[] commands = environment.previousAction().clone();
    for (int i = 0; i < commands.length; i++) {
      commands[i] = Math.clamp(commands[i], -1f, 1f);
    }
    float[] state = environment.simulator().state();
    return new Sample(
        Arrays.copyOfRange(state, Simulator.PX, Simulator.PX + 3),
        Arrays.copyOfRange(state, Simulator.QW, Simulator.QW + 4),
        Arrays.copyOf(environment.reference(), 3),
        commands,
        controller instanceof WatchedPolicy policy ? policy.memory() : new float[0],
        vane.windMS());
  }

  /** The name of the vehicle. */
  public String platform() {
    return vehicle.name();
  }

  /** How many steps were flown. */
  public int steps() {
    return samples.size() - 1;
  }

  /** The flight's line of the report for machines. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("platform", platform());
    json.put("controller", pilot.name());
    json.put("reference", route.toString());
    json.put("steps", steps());
    json.put("terminated", terminated);
    json.put("rmse_position_m", orNull(metrics.rmseM()));
    json.put("steady_state_error_m", orNull(metrics.steadyStateErrorM()));
    json.put("max_position_error_m", metrics.maxErrorM());
    json.put("rmse_plane_m", orNull(metrics.planarRmseM()));
    json.put("settled_share", metrics.settledShare());
    json.put("settling_time_s", orNull(metrics.settlingTimeS()));
    json.put("recovery_time_s", orNull(metrics.recoveryTimeS()));
    json.put("knows_vehicle", pilot.knowsTheVehicle());
    json.put("heading_error_deg", orNull(Math.toDegrees(quality.headingErrorRad())));
    json.put("rate_rms_rad_s", orNull(quality.rateRmsRadS()));
    json.put("oscillation", orNull(quality.oscillation()));
    json.put("action_change", orNull(quality.actionChange()));
    json.put("saturated_share", orNull(quality.saturatedShare()));
    return json;
  }

  private static Object orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
