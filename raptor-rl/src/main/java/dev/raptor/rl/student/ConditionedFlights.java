package dev.raptor.rl.student;

import dev.raptor.core.Observation;
import dev.raptor.sim.Environment;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The {@link FlightConditions} of a block of lanes over a window of steps: what pushes them, and
 * what their sensors make of their state, with the gradient of it. With x_t what {@link
 * Environment#observe} gives, ν_t noise and α_t = dt/(τ + dt), or 0 while a measurement stands
 * still, or 1 at the start of a flight:
 *
 * <pre>
 * y_t = y_{t-1} + α_t (x_t + ν_t − y_{t-1})        what the sensor says
 * o_t = clip(y_t)                                  what the student sees
 * ȳ_t = [not clipped] ō_t + (1 − α_{t+1}) ȳ_{t+1},   x̄_t = α_t ȳ_t
 * </pre>
 */
final class ConditionedFlights {
  /** Rows of an observation that sensors give; the rest is the previous action. */
  private static final int SENSED = Observation.PREVIOUS_ACTION;

  private static final int SENSORS = 3;
  private static final int POSITION = 0;
  private static final int ATTITUDE = 1;
  private static final int GYROSCOPE = 2;
  private static final int WRENCH = Simulator.DISTURBANCE_ROWS;

  /**
   * Largest standard deviations of the noise: position, attitude, velocity, rates; m, m/s, rad/s.
   */
  private static final float[] NOISE = {0.02f, 0.01f, 0.05f, 0.2f};

  /** The largest share of the thrust beside the weight that a steady force takes. */
  private static final double PUSH_OF_SPARE_THRUST = 0.5;

  private static final int MAX_DROP_STEPS = 20;
  private static final int STEPS_BETWEEN_DROPS = 100;
  private static final double FASTEST_LAG_S = 0.004;
  private static final double SLOWEST_FAST_LAG_S = 0.03;
  private static final double MOST_THRUST_TO_WEIGHT = 12;
  private static final double MOST_TORQUE_TO_INERTIA = 2500;

  private final FlightConditions conditions;
  private final int lanes;
  private final boolean[] plain;

  private final float[] steady;
  private final float[] gust;
  private final float[] gustKeep;
  private final float[] gustKick;
  private final float[] wrenches;

  private final float[] compassCos;
  private final float[] compassSin;
  private final float[] noise;
  private final float[] shake;
  private final double[] shakePhase;
  private final double[] shakeTurn;
  private final float[] response;
  private final boolean[] fresh;
  private final boolean[] drops;
  private final int[] dropped;

  private final float[] responses;
  private final float[] seen;
  private final float[] sensed;
  private final float[] sensedGradient;

  ConditionedFlights(FlightConditions conditions, int steps, int lanes) {
    this.conditions = conditions;
    this.lanes = lanes;
    plain = new boolean[lanes];
    steady = new float[WRENCH * lanes];
    gust = new float[WRENCH * lanes];
    gustKeep = new float[lanes];
    gustKick = new float[WRENCH * lanes];
    wrenches = new float[steps * WRENCH * lanes];
    compassCos = new float[lanes];
    compassSin = new float[lanes];
    noise = new float[4 * lanes];
    shake = new float[lanes];
    shakePhase = new double[3 * lanes];
    shakeTurn = new double[lanes];
    response = new float[SENSORS * lanes];
    fresh = new boolean[lanes];
    drops = new boolean[lanes];
    dropped = new int[lanes];
    responses = new float[steps * SENSORS * lanes];
    seen = new float[steps * SENSED * lanes];
    sensed = new float[SENSED * lanes];
    sensedGradient = new float[SENSED * lanes];
  }

  /** Draws whether a share of the flights has {@code lane} among it. */
  boolean has(int lane, float share, SplittableRandom random) {
    return random.nextFloat() < share && !plain[lane];
  }

  /** The vehicle that the flights in {@code lane} have, made of {@code drawn}. */
  Quadrotor vehicle(int lane, Quadrotor drawn, SplittableRandom random) {
    plain[lane] = random.nextFloat() < conditions.plainShare();
    List<Vec3> rotors = drawn.rotorPositionsM();
    if (has(lane, conditions.balance().share(), random)) {
      double limit = conditions.balance().most() * drawn.armM() * random.nextDouble();
      double x = random.nextDouble(-1, 1) * limit;
      double y = random.nextDouble(-1, 1) * limit;
      rotors = rotors.stream().map(r -> new Vec3(r.x() - x, r.y() - y, r.z())).toList();
    }
    double rising = drawn.timeConstantRisingS();
    double falling = drawn.timeConstantFallingS();
    if (has(lane, conditions.fastShare(), random)) {
      rising = FASTEST_LAG_S * Math.pow(SLOWEST_FAST_LAG_S / FASTEST_LAG_S, random.nextDouble());
      falling = rising * random.nextDouble(1, 2);
    }
    double stronger = 1;
    double heavier = 1;
    if (has(lane, conditions.strongShare(), random)) {
      double most = MOST_THRUST_TO_WEIGHT / drawn.thrustToWeight();
      stronger = Math.pow(most, random.nextDouble());
      double turn = stronger * drawn.torqueToInertia();
      heavier =
          turn <= MOST_TORQUE_TO_INERTIA
              ? 1
              : Math.max(1, random.nextDouble(0.5, 1) * turn / MOST_TORQUE_TO_INERTIA);
    }
    ThrustCurve curve = drawn.thrustCurve();
    Vec3 j = drawn.inertiaKgM2();
    Vec3 inverse = drawn.inverseInertia();
    return new Quadrotor(
        drawn.name(),
        drawn.massKg(),
        new Vec3(j.x() * heavier, j.y() * heavier, j.z() * heavier),
        new Vec3(inverse.x() / heavier, inverse.y() / heavier, inverse.z() / heavier),
        rotors,
        new ThrustCurve(stronger * curve.c0(), stronger * curve.c1(), stronger * curve.c2()),
        drawn.torqueConstantM(),
        rising,
        falling);
  }

  /** Begins a flight, whose steady force is there already. */
  void begin(int lane, Quadrotor vehicle, float[] disturbance, SplittableRandom random) {
    double weight = vehicle.massKg() * Simulator.GRAVITY_MS2;
    double about = vehicle.armM() * weight;
    double aboutZ = vehicle.torqueConstantM() * weight;
    for (int k = 0; k < WRENCH; k++) {
      steady[k * lanes + lane] = disturbance[k * lanes + lane];
    }
    if (has(lane, conditions.push().share(), random)) {
      double spare = PUSH_OF_SPARE_THRUST * (vehicle.thrustToWeight() - 1);
      push(lane, random.nextDouble() * Math.min(spare, conditions.push().most()) * weight, random);
    }
    if (has(lane, conditions.torque().share(), random)) {
      double share = conditions.torque().most() * random.nextDouble();
      steady[3 * lanes + lane] += (float) (share * about * random.nextDouble(-1, 1));
      steady[4 * lanes + lane] += (float) (share * about * random.nextDouble(-1, 1));
      steady[5 * lanes + lane] += (float) (share * aboutZ * random.nextDouble(-1, 1));
    }
    boolean gusty = has(lane, conditions.gusts().share(), random);
    double correlationS = 0.1 * Math.pow(20, random.nextDouble());
    double keep = Math.exp(-Simulator.STEP_S / correlationS);
    gustKeep[lane] = (float) keep;
    double kick = gusty ? Math.sqrt(1 - keep * keep) * random.nextDouble() : 0;
    double spare = Math.min(1, vehicle.thrustToWeight() - 1);
    for (int k = 0; k < WRENCH; k++) {
      double size =
          k < 3
              ? conditions.gusts().force() * spare * weight
              : conditions.gusts().torque() * (k < 5 ? about : aboutZ);
      gustKick[k * lanes + lane] = (float) (kick * size);
      gust[k * lanes + lane] = 0;
    }
    double compass =
        has(lane, conditions.compass().share(), random)
            ? conditions.compass().most() * random.nextDouble(-1, 1)
            : 0;
    compassCos[lane] = (float) Math.cos(compass);
    compassSin[lane] = (float) Math.sin(compass);
    boolean noisy = has(lane, conditions.noise().share(), random);
    for (int i = 0; i < NOISE.length; i++) {
      noise[i * lanes + lane] =
          noisy ? NOISE[i] * conditions.noise().most() * random.nextFloat() : 0;
    }
    shake[lane] =
        has(lane, conditions.vibration().share(), random)
            ? (float) (Math.sqrt(2) * conditions.vibration().most() * random.nextDouble())
            : 0;
    shakeTurn[lane] = Math.PI * random.nextDouble(0.2, 1);
    for (int k = 0; k < 3; k++) {
      shakePhase[k * lanes + lane] = 2 * Math.PI * random.nextDouble();
    }
    respond(POSITION, lane, conditions.lags().positionS(), random);
    respond(ATTITUDE, lane, conditions.lags().attitudeS(), random);
    respond(GYROSCOPE, lane, conditions.lags().gyroS(), random);
    drops[lane] = has(lane, conditions.dropShare(), random);
    dropped[lane] = 0;
    fresh[lane] = true;
  }

  private void respond(int sensor, int lane, double mostS, SplittableRandom random) {
    boolean lags = has(lane, conditions.lags().share(), random);
    double lagS = lags ? mostS * random.nextDouble() : 0;
    response[sensor * lanes + lane] = (float) (Simulator.STEP_S / (lagS + Simulator.STEP_S));
  }

  private void push(int lane, double forceN, SplittableRandom random) {
    double[] direction = new double[3];
    double squares = 0;
    for (int k = 0; k < 3; k++) {
      direction[k] = random.nextGaussian();
      squares += direction[k] * direction[k];
    }
    for (int k = 0; k < 3; k++) {
      steady[k * lanes + lane] += (float) (forceN * direction[k] / Math.sqrt(squares));
    }
  }

  /** Writes what pushes the vehicles during step {@code t}. */
  void push(int t, float[] disturbance, SplittableRandom random) {
    for (int lane = 0; lane < lanes; lane++) {
      if (gustKick[lane] == 0) {
        for (int k = lane; k < WRENCH * lanes; k += lanes) {
          disturbance[k] = steady[k];
        }
        continue;
      }
      for (int k = lane; k < WRENCH * lanes; k += lanes) {
        gust[k] = gustKeep[lane] * gust[k] + gustKick[k] * (float) random.nextGaussian();
        disturbance[k] = steady[k] + gust[k];
      }
    }
    System.arraycopy(disturbance, 0, wrenches, t * WRENCH * lanes, WRENCH * lanes);
  }

  /** Writes what pushed the vehicles during step {@code t}. */
  void recall(int t, float[] disturbance) {
    System.arraycopy(wrenches, t * WRENCH * lanes, disturbance, 0, WRENCH * lanes);
  }

  /**
   * Makes of a state what the student sees at step {@code t}.
   *
   * @param observation [22][lanes], written over
   * @param age steps since the start of the flight, [lanes]
   */
  void sense(int t, float[] observation, int[] age, SplittableRandom random) {
    turn(0, 1, observation);
    turn(Observation.VELOCITY, 1, observation);
    for (int lane = 0; lane < lanes; lane++) {
      addNoise(lane, age[lane], observation, random);
      boolean standsStill = stepDrop(lane, random);
      for (int sensor = 0; sensor < SENSORS; sensor++) {
        float r = fresh[lane] ? 1 : response[sensor * lanes + lane];
        r = sensor == POSITION && standsStill ? 0 : r;
        responses[(t * SENSORS + sensor) * lanes + lane] = r;
      }
      fresh[lane] = false;
    }
    for (int row = 0; row < SENSED; row++) {
      int r = (t * SENSORS + sensor(row)) * lanes;
      float clip = clip(row);
      for (int lane = 0; lane < lanes; lane++) {
        int i = row * lanes + lane;
        float before = sensed[i];
        float now =
            responses[r + lane] == 1
                ? observation[i]
                : before + responses[r + lane] * (observation[i] - before);
        sensed[i] = now;
        observation[i] = Math.clamp(now, -clip, clip);
      }
    }
    System.arraycopy(sensed, 0, seen, t * sensed.length, sensed.length);
  }

  /** Turns the vectors in the rows from {@code row} by the error of the compass, or back. */
  private void turn(int row, int sign, float[] vectors) {
    int at = row * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      float s = sign * compassSin[lane];
      if (s != 0) {
        float x = vectors[at + lane];
        float y = vectors[at + lanes + lane];
        vectors[at + lane] = compassCos[lane] * x - s * y;
        vectors[at + lanes + lane] = s * x + compassCos[lane] * y;
      }
    }
  }

  private boolean stepDrop(int lane, SplittableRandom random) {
    if (!drops[lane] || fresh[lane]) {
      return false;
    }
    if (dropped[lane] == 0 && random.nextInt(STEPS_BETWEEN_DROPS) == 0) {
      dropped[lane] = random.nextInt(1, MAX_DROP_STEPS + 1);
    }
    dropped[lane] -= dropped[lane] > 0 ? 1 : 0;
    return dropped[lane] > 0;
  }

  private void addNoise(int lane, int age, float[] observation, SplittableRandom random) {
    if (noise[lane] > 0) {
      for (int row = 0; row < SENSED; row++) {
        int kind = row < 3 ? 0 : row < 12 ? 1 : row < 15 ? 2 : 3;
        observation[row * lanes + lane] +=
            noise[kind * lanes + lane] * (float) random.nextGaussian();
      }
    }
    if (shake[lane] > 0) {
      for (int k = 0; k < 3; k++) {
        observation[(Observation.ANGULAR_VELOCITY + k) * lanes + lane] +=
            shake[lane] * (float) Math.sin(shakePhase[k * lanes + lane] + age * shakeTurn[lane]);
      }
    }
  }

  private static int sensor(int row) {
    return row < Observation.ROTATION
            || row >= Observation.VELOCITY && row < Observation.ANGULAR_VELOCITY
        ? POSITION
        : row < Observation.VELOCITY ? ATTITUDE : GYROSCOPE;
  }

  private float clip(int row) {
    return row < Observation.ROTATION
        ? (float) conditions.clip().positionM()
        : row >= Observation.VELOCITY && row < Observation.ANGULAR_VELOCITY
            ? (float) conditions.clip().velocityMS()
            : Float.POSITIVE_INFINITY;
  }

  /** Begins to go back over a window. */
  void beginBackward() {
    Arrays.fill(sensedGradient, 0);
  }

  /** Turns the gradient by what was seen at step {@code t} into that by the state, in place. */
  void senseBackward(int t, float[] gradient) {
    for (int row = 0; row < SENSED; row++) {
      int r = (t * SENSORS + sensor(row)) * lanes;
      float clip = clip(row);
      int at = t * SENSED * lanes + row * lanes;
      for (int lane = 0; lane < lanes; lane++) {
        int i = row * lanes + lane;
        float through = Math.abs(seen[at + lane]) <= clip ? gradient[i] : 0;
        float sum = sensedGradient[i] + through;
        gradient[i] = responses[r + lane] * sum;
        sensedGradient[i] = sum - gradient[i];
      }
    }
    turn(0, -1, gradient);
    turn(Observation.VELOCITY, -1, gradient);
  }
}
