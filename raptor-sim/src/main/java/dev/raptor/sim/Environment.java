package dev.raptor.sim;

import dev.raptor.core.Observation;
import dev.raptor.sim.kernel.Dynamics;
import dev.raptor.sim.kernel.Episodes;
import dev.raptor.sim.reference.Reference;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Many episodes in lockstep: one {@link Simulator}, and a {@link Task} and a reference for each of
 * its lanes. Arrays are laid out as there. An episode depends on its vehicle, task, generator and
 * actions alone, never on its lane or its neighbours.
 *
 * <p>The reference of a lane is the origin, a given {@link Reference}, or the Langevin process:
 * with γ = 1 1/s, ω0 = 2 1/s, σ = 0.5, α = 0.01, ξ standard normal, per axis and step:
 *
 * <pre>
 * v   ← v + (−γ v − ω0² x) dt + σ √dt ξ
 * x   ← x + v dt
 * v_s ← α v + (1 − α) v_s
 * x_s ← x_s + v_s dt
 * p_ref = x_s,  v_ref = v_s
 * </pre>
 *
 * <p>A step is one pass over the lanes, on the Vector API where it is present, with the same
 * results to the last bit, and allocates nothing. Environments share nothing: several threads may
 * each have one.
 */
public final class Environment {
  /** Rows of the student's observation. */
  public static final int STUDENT_ROWS = Observation.SIZE;

  /** Rows of the teacher's observation. */
  public static final int TEACHER_ROWS = 29;

  /** Rows of the action. */
  public static final int ACTION_ROWS = Quadrotor.ROTORS;

  /** Rows of the reference: position in m, then velocity in m/s, world frame. */
  public static final int REFERENCE_ROWS = 6;

  private static final double LANGEVIN_NOISE = 0.5 * Math.sqrt(Simulator.STEP_S);

  private static final Reference HOVER = Reference.hover();

  private final int lanes;
  private final Simulator simulator;
  private final Task[] tasks;
  private final float[] massKg;
  private final Episodes episodes;

  /** Null in lanes whose reference is the Langevin process. */
  private final Reference[] references;

  /** How many of them are neither that nor the origin. */
  private int functions;

  private final double[] scratch = new double[REFERENCE_ROWS];
  private float positionClipM = Float.POSITIVE_INFINITY;
  private float velocityClipMS = Float.POSITIVE_INFINITY;

  /**
   * @throws IllegalArgumentException if {@code lanes} is not above 0
   */
  public Environment(int lanes) {
    this.lanes = lanes;
    simulator = new Simulator(lanes);
    tasks = new Task[lanes];
    massKg = new float[lanes];
    episodes = Episodes.of(lanes);
    references = new Reference[lanes];
    Arrays.fill(references, HOVER);
  }

  /** How many episodes there are. */
  public int lanes() {
    return lanes;
  }

  /** The vehicles; their states may be written. */
  public Simulator simulator() {
    return simulator;
  }

  /** Position and velocity of the reference, [6][lanes]; live. */
  public float[] reference() {
    return episodes.reference();
  }

  /**
   * The previous raw action as the policy sees it, [4][lanes]; live. Before the first step it is 2n
   * − 1 of the initial rotor speeds n.
   */
  public float[] previousAction() {
    return episodes.previousAction();
  }

  /** Steps since the start of the episode of {@code lane}. */
  public int steps(int lane) {
    return episodes.steps()[lane];
  }

  /**
   * Clips the errors that {@link #observe} shows in relative observations, per axis, as a
   * deployment does; teachers are not concerned. Infinite until set.
   *
   * @throws IllegalArgumentException unless both are above 0
   */
  public void setErrorClip(double positionM, double velocityMS) {
    if (!(positionM > 0 && velocityMS > 0)) {
      throw new IllegalArgumentException(
          "error clips are %s m and %s m/s, allowed: numbers above 0"
              .formatted(positionM, velocityMS));
    }
    positionClipM = (float) positionM;
    velocityClipMS = (float) velocityMS;
  }

  /**
   * Gives {@code lane} a vehicle and a task. Until it is reset, the vehicle is at rest at the
   * origin with its rotors stopped, and asked to hover there.
   *
   * @throws IllegalArgumentException if there is no such lane
   */
  public void assign(int lane, Quadrotor quadrotor, Task task) {
    simulator.assign(lane, quadrotor);
    tasks[lane] = task;
    episodes.rewardConstant()[lane] = (float) task.rewardConstant();
    float[] limits = episodes.limits();
    limits[lane] = floor(task.limits().positionM());
    limits[lanes + lane] = floor(task.limits().speedMS());
    limits[2 * lanes + lane] = floor(task.limits().rateRadS());
    massKg[lane] = (float) quadrotor.massKg();
    start(lane, HOVER);
  }

  /**
   * Starts an episode. What chance there is in it is drawn from {@code random} here; the noise of a
   * Langevin reference grows from two numbers of it.
   *
   * @throws IllegalArgumentException if there is no such lane, or the kind is null
   * @throws IllegalStateException if it has no vehicle
   */
  public void reset(int lane, SplittableRandom random, ReferenceKind kind) {
    requireReference(lane, kind);
    drawState(lane, random);
    boolean moves =
        kind == ReferenceKind.LANGEVIN || (kind == ReferenceKind.MIX && random.nextBoolean());
    if (moves) {
      episodes.keys()[lane] = random.nextInt();
      episodes.keys()[lanes + lane] = random.nextInt();
    }
    start(lane, moves ? null : HOVER);
  }

  /**
   * Starts an episode that follows {@code reference}. This and each step ask it for numbers, which
   * must be finite and within {@link Simulator#BOUND}.
   *
   * @throws IllegalArgumentException if there is no such lane, or the reference is null or gives
   *     another number
   * @throws IllegalStateException if it has no vehicle
   */
  public void reset(int lane, SplittableRandom random, Reference reference) {
    requireReference(lane, reference);
    drawState(lane, random);
    start(lane, reference);
  }

  /**
   * Writes what the student sees, [22][lanes]: position (3), R(q) row by row (9), velocity (3),
   * body rates (3), previous action (4).
   *
   * @throws IllegalArgumentException if {@code out} has another length
   */
  public void observe(ObservationKind kind, float[] out) {
    requireRows("observation", STUDENT_ROWS, out.length);
    if (kind == ObservationKind.RELATIVE) {
      observeErrors(positionClipM, velocityClipMS, out);
    } else {
      System.arraycopy(simulator.state(), Simulator.PX * lanes, out, 0, 3 * lanes);
      System.arraycopy(simulator.state(), Simulator.VX * lanes, out, 12 * lanes, 3 * lanes);
    }
    observeRest(out);
  }

  /**
   * Writes what teachers and critics see, [29][lanes]: the student's relative observation, not
   * clipped, 2n − 1 of the rotor speeds n (4), and the disturbing force over mass in m/s² (3),
   * which the paper's teachers see and the released code's do not.
   *
   * @throws IllegalArgumentException if {@code out} has another length
   */
  public void observeTeacher(float[] out) {
    requireRows("observation", TEACHER_ROWS, out.length);
    observeErrors(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, out);
    observeRest(out);
    float[] s = simulator.state();
    int n = Simulator.N0 * lanes;
    int to = STUDENT_ROWS * lanes;
    for (int i = 0; i < Quadrotor.ROTORS * lanes; i++) {
      out[to + i] = 2 * s[n + i] - 1;
    }
    float[] force = simulator.disturbance();
    for (int k = 0; k < 3; k++) {
      int row = to + (Quadrotor.ROTORS + k) * lanes;
      for (int lane = 0; lane < lanes; lane++) {
        out[row + lane] = force[k * lanes + lane] / massKg[lane];
      }
    }
  }

  /**
   * The gradient of {@link #observeTeacher}, for a loss whose gradient by the observation is ō:
   *
   * <pre>
   * p̄ += ō_p    v̄ += ō_v    ω̄ += ō_ω    n̄ += 2 ō_n    q̄_k += Σ_ij ō_Rij ∂R_ij/∂q_k
   * </pre>
   *
   * <p>Offsets are those of a block of the given shape within its array. Where the previous action
   * is still 2n − 1 of the initial rotor speeds, its gradient is not traced to these.
   *
   * @param state that was observed, [17][lanes] from {@code stateOffset}
   * @param observationGradient ō, [29][lanes] from {@code observationOffset}
   * @param stateGradient to [17][lanes] of which the gradient by the state is added
   * @param previousActionGradient the gradient by the previous action, [4][lanes], written
   * @throws IllegalArgumentException if a block is not within its array
   */
  public void teacherObservationGradient(
      float[] state,
      int stateOffset,
      float[] observationGradient,
      int observationOffset,
      float[] stateGradient,
      float[] previousActionGradient) {
    simulator.requireBlock("state", Simulator.STATE_ROWS, state, stateOffset);
    simulator.requireBlock(
        "observation gradient", TEACHER_ROWS, observationGradient, observationOffset);
    simulator.requireBlock("state gradient", Simulator.STATE_ROWS, stateGradient, 0);
    simulator.requireBlock("previous action gradient", ACTION_ROWS, previousActionGradient, 0);
    int lanes = this.lanes;
    float[] g = observationGradient;
    float[] to = stateGradient;
    int o = observationOffset;
    for (int i = 0; i < 3 * lanes; i++) {
      to[Simulator.PX * lanes + i] += g[o + i];
      to[Simulator.VX * lanes + i] += g[o + 12 * lanes + i];
      to[Simulator.WX * lanes + i] += g[o + 15 * lanes + i];
    }
    int q = stateOffset + Simulator.QW * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      float w = 2 * state[q + lane];
      float x = 2 * state[q + lanes + lane];
      float y = 2 * state[q + 2 * lanes + lane];
      float z = 2 * state[q + 3 * lanes + lane];
      float xx = -2 * g[o + 3 * lanes + lane];
      float xy = g[o + 4 * lanes + lane];
      float xz = g[o + 5 * lanes + lane];
      float yx = g[o + 6 * lanes + lane];
      float yy = -2 * g[o + 7 * lanes + lane];
      float yz = g[o + 8 * lanes + lane];
      float zx = g[o + 9 * lanes + lane];
      float zy = g[o + 10 * lanes + lane];
      float zz = -2 * g[o + 11 * lanes + lane];
      float aboutX = zy - yz;
      float aboutY = xz - zx;
      float aboutZ = yx - xy;
      float inXy = xy + yx;
      float inYz = yz + zy;
      float inZx = zx + xz;
      to[Simulator.QW * lanes + lane] += x * aboutX + y * aboutY + z * aboutZ;
      to[Simulator.QX * lanes + lane] += w * aboutX + y * inXy + z * inZx + x * (yy + zz);
      to[Simulator.QY * lanes + lane] += w * aboutY + x * inXy + z * inYz + y * (xx + zz);
      to[Simulator.QZ * lanes + lane] += w * aboutZ + x * inZx + y * inYz + z * (xx + yy);
    }
    System.arraycopy(g, o + 18 * lanes, previousActionGradient, 0, ACTION_ROWS * lanes);
    for (int i = 0; i < Quadrotor.ROTORS * lanes; i++) {
      to[Simulator.N0 * lanes + i] += 2 * g[o + STUDENT_ROWS * lanes + i];
    }
  }

  /**
   * Advances every episode by one step. A lane that terminates flies on until it is reset; one
   * whose state is no longer finite counts as terminated.
   *
   * @param action raw, [4][lanes]
   * @param reward of the step, [lanes], written
   * @param terminated whether the step ended in a state beyond the limits of the task, [lanes],
   *     written
   * @throws IllegalArgumentException if a length is wrong or an action not finite; states are then
   *     unchanged; or if a reference of the caller's own gives a number that is none
   * @throws IllegalStateException if a lane has no vehicle
   */
  public void step(float[] action, float[] reward, boolean[] terminated) {
    requireRows("action", ACTION_ROWS, action.length);
    requireRows("reward", 1, reward.length);
    requireRows("terminated", 1, terminated.length);
    simulator.requireAssigned();
    simulator.requireActions(action);
    Simulator.DYNAMICS.advance(
        simulator.vehicles(), episodes, simulator.state(), action, reward, terminated);
    System.arraycopy(action, 0, episodes.previousAction(), 0, action.length);
    System.arraycopy(action, 0, episodes.lastAction(), 0, action.length);
    int[] steps = episodes.steps();
    for (int lane = 0; lane < lanes; lane++) {
      steps[lane]++;
    }
    for (int lane = 0; functions > 0 && lane < lanes; lane++) {
      if (references[lane] != null && references[lane] != HOVER) {
        ask(references[lane], lane);
        writeReference(lane);
      }
    }
  }

  private void drawState(int lane, SplittableRandom random) {
    simulator.requireLane(lane);
    Task task = tasks[lane];
    if (task == null) {
      throw new IllegalStateException(
          "lane %d of %d has no vehicle; assign one first".formatted(lane, lanes));
    }
    float[] s = simulator.state();
    boolean guidance = random.nextDouble() < task.initial().guidanceProbability();
    for (int r = 0; r < Simulator.N0; r++) {
      s[r * lanes + lane] = r == Simulator.QW ? 1 : 0;
    }
    if (!guidance) {
      drawAxes(random, Simulator.PX, lane, task.initial().positionM());
      drawAttitude(random, lane, task.initial().angleRad());
      drawAxes(random, Simulator.VX, lane, task.initial().speedMS());
      drawAxes(random, Simulator.WX, lane, task.initial().rateRadS());
    }
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      s[(Simulator.N0 + i) * lanes + lane] =
          (float) (Task.INITIAL_ROTOR_SPEED * random.nextDouble());
    }
    float[] disturbance = simulator.disturbance();
    for (int k = 0; k < 3; k++) {
      disturbance[k * lanes + lane] =
          (float) (task.initial().disturbanceForceStdN() * random.nextGaussian());
      disturbance[(3 + k) * lanes + lane] = 0;
    }
  }

  private void drawAxes(SplittableRandom random, int row, int lane, double limit) {
    for (int k = 0; k < 3; k++) {
      simulator.state()[(row + k) * lanes + lane] = (float) (limit * (2 * random.nextDouble() - 1));
    }
  }

  private void drawAttitude(SplittableRandom random, int lane, double maxAngleRad) {
    double azimuth = 2 * Math.PI * random.nextDouble();
    double cos = 1 - 2 * random.nextDouble();
    double sin = Math.sqrt(1 - cos * cos);
    double halfAngle = maxAngleRad * random.nextDouble() / 2;
    double length = Math.sin(halfAngle);
    float[] s = simulator.state();
    s[Simulator.QW * lanes + lane] = (float) Math.cos(halfAngle);
    s[Simulator.QX * lanes + lane] = (float) (length * sin * Math.cos(azimuth));
    s[Simulator.QY * lanes + lane] = (float) (length * sin * Math.sin(azimuth));
    s[Simulator.QZ * lanes + lane] = (float) (length * cos);
  }

  /** What is left of a reset once the vehicle's state is there; null is the Langevin process. */
  private void start(int lane, Reference reference) {
    episodes.steps()[lane] = 0;
    for (int i = 0; i < ACTION_ROWS; i++) {
      episodes.previousAction()[i * lanes + lane] =
          2 * simulator.state()[(Simulator.N0 + i) * lanes + lane] - 1;
      episodes.lastAction()[i * lanes + lane] = 0;
    }
    count(lane, -1);
    references[lane] = reference;
    count(lane, 1);
    episodes.noise()[lane] = reference == null ? (float) LANGEVIN_NOISE : 0;
    for (int r = 0; r < REFERENCE_ROWS; r++) {
      episodes.langevin()[r * lanes + lane] = 0;
    }
    Arrays.fill(scratch, 0);
    if (reference != null) {
      ask(reference, lane);
    }
    writeReference(lane);
  }

  private void count(int lane, int by) {
    if (references[lane] == null) {
      episodes.moving()[lane / Dynamics.TILE] += by;
    } else if (references[lane] != HOVER) {
      functions += by;
    }
  }

  private void ask(Reference reference, int lane) {
    double timeS = episodes.steps()[lane] * Simulator.STEP_S;
    reference.at(timeS, scratch);
    for (double number : scratch) {
      if (!(Math.abs(number) <= Simulator.BOUND)) {
        throw new IllegalArgumentException(
            "reference of lane %d at %s s is %s, allowed: finite numbers within ±%s"
                .formatted(lane, timeS, Arrays.toString(scratch), Simulator.BOUND));
      }
    }
  }

  private void writeReference(int lane) {
    for (int r = 0; r < REFERENCE_ROWS; r++) {
      episodes.reference()[r * lanes + lane] = (float) scratch[r];
    }
  }

  /** The largest float up to {@code limit}, so that no float is on another side of it. */
  private static float floor(double limit) {
    float near = (float) limit;
    return near > limit ? Math.nextDown(near) : near;
  }

  private void observeErrors(float positionClip, float velocityClip, float[] out) {
    float[] s = simulator.state();
    writeErrors(s, Simulator.PX * lanes, 0, out, 0);
    writeErrors(s, Simulator.VX * lanes, 3 * lanes, out, 12 * lanes);
    clip(out, 0, positionClip);
    clip(out, 12 * lanes, velocityClip);
  }

  private void writeErrors(float[] s, int at, int target, float[] out, int to) {
    float[] reference = episodes.reference();
    for (int i = 0; i < 3 * lanes; i++) {
      out[to + i] = s[at + i] - reference[target + i];
    }
  }

  private void clip(float[] errors, int at, float limit) {
    if (limit == Float.POSITIVE_INFINITY) {
      return;
    }
    for (int i = 0; i < 3 * lanes; i++) {
      errors[at + i] = Math.max(-limit, Math.min(limit, errors[at + i]));
    }
  }

  private void observeRest(float[] out) {
    float[] s = simulator.state();
    Simulator.DYNAMICS.rotations(lanes, s, out, 3 * lanes);
    System.arraycopy(s, Simulator.WX * lanes, out, 15 * lanes, 3 * lanes);
    System.arraycopy(episodes.previousAction(), 0, out, 18 * lanes, ACTION_ROWS * lanes);
  }

  private static void requireReference(int lane, Object reference) {
    if (reference == null) {
      throw new IllegalArgumentException(
          "reference of lane %d is null, allowed: one to follow, Reference.hover() for the origin"
              .formatted(lane));
    }
  }

  private void requireRows(String what, int rows, int given) {
    if (given != rows * lanes) {
      throw new IllegalArgumentException(
          "%s has %d numbers, allowed: %d for each of %d lanes"
              .formatted(what, given, rows, lanes));
    }
  }
}
