package dev.raptor.core.flight;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Flies one vehicle with a policy, from measurements of any age and calls at any rate; owned by one
 * thread. The clock is the caller's, any that counts nanoseconds, and nothing is allocated.
 *
 * <pre>{@code
 * state.angularVelocity(measuredAt, p, q, r);        // whenever there is something new
 * loop.step(now, state, target, throttles);          // 400 times a second
 * }</pre>
 *
 * <p>Policies are trained with steps of 10 ms, and their memory is a measure of time. At a higher
 * rate, the steps between are taken on a copy of the memory, which is then forgotten:
 *
 * <pre>
 * time, ms     0     2.5    5     7.5   10
 * step         native  intermediate     native
 * memory       h0 ------------------->  h1 ------------------->  h2
 * previous     a0    a0   ½(a0+a1) ...  ¼(a0+a1+a2+a3)
 * </pre>
 *
 * <p>The previous action in the observation is the mean of those since the native step before, not
 * clamped, as in training.
 *
 * <p>At a lower rate, down to 50 Hz, the memory advances by two steps a call where two are due: one
 * on what is measured, whose action is flown, and one on where the vehicle will be 10 ms later if
 * it goes on as it does, whose action is only remembered.
 *
 * <p>A policy was trained near its target. One that is far away, or turned away, or that jumps, is
 * not shown to it as it is: a setpoint leads there on a straight line, within the {@linkplain
 * ControlLoopConfig#guidance limits} of speed, acceleration and turning, and waits for a vehicle
 * that lags behind. It is never turned by more than 60 degrees from where the vehicle looks. A
 * target that is near, and moves as its velocity says, is followed as it is.
 *
 * <p>Where something is missing the loop does not guess:
 *
 * <ul>
 *   <li>target too old, or null: hover where the vehicle is, until there is a new one;
 *   <li>angular velocity, attitude, position or velocity too old, or a time before the last one:
 *       repeat the commands before, the memory stands still;
 *   <li>that for longer than {@code hold}, or nothing to repeat, or no state at all, or a policy
 *       that throws or gives no numbers: the failsafe command. When all is there again the policy
 *       starts with a cleared memory.
 * </ul>
 */
public final class ControlLoop {
  /** What a call did. */
  public enum Outcome {
    /** Ran the policy and advanced its memory. */
    NATIVE,
    /** Ran the policy on a copy of its memory. */
    INTERMEDIATE,
    /** Repeated the commands before, as the call came too soon. */
    EARLY,
    /** Repeated the commands before, as something was missing; {@link #warnings} says what. */
    HELD,
    /** Gave the failsafe command to all motors, as something was missing for too long. */
    FAILSAFE
  }

  /** What was not as it should be. */
  public enum Warning {
    /** The time is before that of the last call. */
    TIME_BACKWARD,
    /** The position is too old, or was never set. */
    STALE_POSITION,
    /** The velocity is too old, or was never set. */
    STALE_VELOCITY,
    /** The attitude is too old, or was never set. */
    STALE_ATTITUDE,
    /** The angular velocity is too old, or was never set. */
    STALE_ANGULAR_VELOCITY,
    /**
     * The target is too old, or was never set: the vehicle hovers where it was when it became so.
     */
    STALE_TARGET,
    /**
     * The policy threw, as on numbers so large that its sums overflow, or gave something that is no
     * number; it starts with a cleared memory.
     */
    NOT_A_NUMBER,
    /** Some of the last 100 runs of the policy were at the wrong time. */
    STEP_JITTER,
    /** The last 100 runs of the policy were too fast or too slow. */
    STEP_BIAS,
    /** Some of the last 100 native steps were at the wrong time. */
    NATIVE_JITTER,
    /** The last 100 native steps were too fast or too slow. */
    NATIVE_BIAS
  }

  /** Longer gaps between two calls count as this, so that times do not overflow. */
  private static final long LONGEST_GAP_NANOS = 3_600_000_000_000L;

  private static final long NATIVE_NANOS = ControlLoopConfig.NATIVE_INTERVAL.toNanos();

  private final Motors motors;
  private final ErrorClip clip;
  private final boolean stepEveryCall;
  private final int callsPerNativeStep;
  private final long callNanos;
  private final long angularVelocityNanos;
  private final long attitudeNanos;
  private final long positionNanos;
  private final long targetNanos;
  private final long holdNanos;
  private final float failsafeCommand;

  private final PolicySession session;
  private final PolicySession copy;
  private final float[] observation = new float[Observation.SIZE];
  private final float[] action = new float[Motors.COUNT];
  private final float[] previous = new float[Motors.COUNT];
  private final double[] mean = new double[Motors.COUNT];
  private final VehicleState<?> unknown = VehicleState.flu();
  private final Target<?> pose = Target.flu();
  private final Guidance guidance;
  private final RateGate steps;
  private final RateGate natives;
  private final IntervalStatistics stepIntervals;
  private final IntervalStatistics nativeIntervals;
  private final EnumSet<Warning> warnings = EnumSet.noneOf(Warning.class);
  private final Set<Warning> warningsView = Collections.unmodifiableSet(warnings);

  /** Whether there was a call. */
  private boolean called;

  private long lastNow;

  /** The caller's time without its jumps. */
  private long time;

  /** Whether the policy ran, and has been running since. */
  private boolean flying;

  private boolean hovering;
  private long lastStep;
  private long lastNative;
  private int stepsSinceNative;

  /** By how many native steps the memory is behind the time; below 0 it is ahead. */
  private double behind;

  /**
   * @param motors how the vehicle takes its commands
   * @throws InvalidInputException if the policy does not map 22 numbers to 4, or neither it nor
   *     {@code config} has an {@link ErrorClip}: one that is guessed may let the vehicle run away
   */
  public ControlLoop(Policy policy, Motors motors, ControlLoopConfig config) {
    if (policy.observationSize() != Observation.SIZE || policy.actionSize() != Motors.COUNT) {
      throw new InvalidInputException(
          "a policy of %d numbers to %d, allowed: %d to %d"
              .formatted(
                  policy.observationSize(), policy.actionSize(), Observation.SIZE, Motors.COUNT));
    }
    this.motors = motors;
    clip =
        config
            .errorClip()
            .or(() -> ErrorClip.of(policy))
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "neither policy nor configuration has an error clip, allowed: a policy whose provenance has \"%s\", which train, import and export write, or withErrorClip"
                            .formatted(ErrorClip.KEY)));
    guidance = new Guidance(config.guidance(), clip);
    stepEveryCall = config.stepEveryCall();
    callsPerNativeStep = config.callsPerNativeStep();
    callNanos = config.callInterval().toNanos();
    angularVelocityNanos = config.timeouts().angularVelocity().toNanos();
    attitudeNanos = config.timeouts().attitude().toNanos();
    positionNanos = config.timeouts().position().toNanos();
    targetNanos = config.timeouts().target().toNanos();
    holdNanos = config.timeouts().hold().toNanos();
    failsafeCommand = (float) config.failsafeCommand();
    session = policy.newSession();
    copy = policy.newSession();
    // Where calls are rarer than native steps, each is one.
    long nativeNanos = Math.max(NATIVE_NANOS, callNanos);
    steps = new RateGate(callNanos, callNanos / 2);
    natives = new RateGate(nativeNanos, callNanos / 2);
    stepIntervals = new IntervalStatistics(callNanos);
    nativeIntervals = new IntervalStatistics(nativeNanos);
    reset();
  }

  /** Forgets the flight. Call it before take-off. */
  public void reset() {
    called = false;
    time = 0;
    flying = false;
    hovering = false;
    warnings.clear();
    stepIntervals.clear();
    nativeIntervals.clear();
    restart(0);
  }

  /**
   * One call: what the motors shall do now.
   *
   * @param now the time, ns; any clock, of the same kind as that of the measurements
   * @param state what is known of the vehicle; null is as if nothing were
   * @param target where it shall be; null is as one that is too old
   * @param throttles receives 4 numbers in the order and range of the {@link Motors}; always
   *     written
   * @throws InvalidInputException if there is not room for 4 numbers; the loop is as it was
   */
  public <F extends Frame> Outcome step(
      long now, VehicleState<F> state, Target<F> target, double[] throttles) {
    Motors.requireCount("throttles", throttles.length);
    warnings.clear();
    boolean whole = advance(now) & isFresh(now, state == null ? unknown : state);
    Outcome outcome = whole ? fly(now, state, target) : hold();
    motors.toThrottles(action, throttles);
    warn(stepIntervals, Warning.STEP_JITTER, Warning.STEP_BIAS);
    warn(nativeIntervals, Warning.NATIVE_JITTER, Warning.NATIVE_BIAS);
    return outcome;
  }

  /** What was not as it should be in the last call; live. Warnings do not stop the policy. */
  public Set<Warning> warnings() {
    return warningsView;
  }

  /** The intervals between runs of the policy; live. */
  public IntervalStatistics stepIntervals() {
    return stepIntervals;
  }

  /** The intervals between native steps; live. */
  public IntervalStatistics nativeIntervals() {
    return nativeIntervals;
  }

  /** Returns whether the caller's time went on, or stood still. */
  private boolean advance(long now) {
    long gap = called ? now - lastNow : 0;
    called = true;
    lastNow = now;
    // If the clock cannot be trusted the calls are the clock, or holding would never end.
    time += gap < 0 ? callNanos : Math.min(gap, LONGEST_GAP_NANOS);
    if (gap < 0) {
      warnings.add(Warning.TIME_BACKWARD);
    }
    return gap >= 0;
  }

  private boolean isFresh(long now, VehicleState<?> state) {
    return isFresh(now, state.positionStamp, positionNanos, Warning.STALE_POSITION)
        & isFresh(now, state.velocityStamp, positionNanos, Warning.STALE_VELOCITY)
        & isFresh(now, state.attitudeStamp, attitudeNanos, Warning.STALE_ATTITUDE)
        & isFresh(
            now, state.angularVelocityStamp, angularVelocityNanos, Warning.STALE_ANGULAR_VELOCITY);
  }

  private boolean isFresh(long now, Timestamp stamp, long timeoutNanos, Warning otherwise) {
    boolean fresh = stamp.isFresh(now, timeoutNanos);
    if (!fresh) {
      warnings.add(otherwise);
    }
    return fresh;
  }

  private Outcome hold() {
    if (flying && time - lastStep <= holdNanos) {
      return Outcome.HELD;
    }
    return fail();
  }

  private Outcome fail() {
    if (flying) {
      flying = false;
      hovering = false;
      restart(failsafeCommand);
    }
    Arrays.fill(action, failsafeCommand);
    return Outcome.FAILSAFE;
  }

  private Outcome fly(long now, VehicleState<?> state, Target<?> target) {
    Target<?> aim = target;
    Timestamp asked = target == null ? pose.stamp : target.stamp;
    if (isFresh(now, asked, targetNanos, Warning.STALE_TARGET)) {
      hovering = false;
    } else {
      if (!hovering) {
        pose.holdPoseOf(state);
      }
      hovering = true;
      aim = pose;
    }
    boolean isNative =
        !flying
            || (callsPerNativeStep > 0
                ? stepsSinceNative + 1 >= callsPerNativeStep
                : natives.isDue(time));
    if (!isNative && !stepEveryCall && !steps.isDue(time)) {
      return Outcome.EARLY;
    }
    guidance.lead(flying ? (time - lastStep) * 1e-9 : 0, state, aim);
    state.write(guidance.setpoint(), clip, observation);
    writePreviousAction();
    note(isNative);
    if (!run(isNative)) {
      warnings.add(Warning.NOT_A_NUMBER);
      return fail();
    }
    return isNative ? Outcome.NATIVE : Outcome.INTERMEDIATE;
  }

  /** Runs the policy; returns whether it gave numbers. */
  private boolean run(boolean isNative) {
    try {
      if (isNative) {
        session.step(observation, previous);
      } else {
        copy.copyFrom(session);
        copy.step(observation, previous);
      }
      for (int i = 0; i < Motors.COUNT; i++) {
        action[i] = Math.clamp(previous[i], -1f, 1f);
      }
      if (isNative && isStepMissing()) {
        predict();
        session.step(observation, previous);
      }
    } catch (RuntimeException e) {
      // In flight nobody catches it, and motors that get no command do as they like.
      return false;
    }
    for (int i = 0; i < Motors.COUNT; i++) {
      if (!(Float.isFinite(previous[i]) && Float.isFinite(action[i]))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the next call will come so late that a native step has to be taken before it. */
  private boolean isStepMissing() {
    if (callNanos <= NATIVE_NANOS || callsPerNativeStep > 0) {
      return false;
    }
    behind--;
    boolean missing = behind + (double) callNanos / NATIVE_NANOS >= 0.5;
    behind -= missing ? 1 : 0;
    return missing;
  }

  /** Turns the observation into that of 10 ms later: p + v dt, R (I + [ω dt]_×) with unit rows. */
  private void predict() {
    float dt = NATIVE_NANOS * 1e-9f;
    for (int k = 0; k < 3; k++) {
      observation[Observation.POSITION + k] += dt * observation[Observation.VELOCITY + k];
    }
    float x = dt * observation[Observation.ANGULAR_VELOCITY];
    float y = dt * observation[Observation.ANGULAR_VELOCITY + 1];
    float z = dt * observation[Observation.ANGULAR_VELOCITY + 2];
    for (int row = 0; row < 3; row++) {
      int at = Observation.ROTATION + 3 * row;
      float r0 = observation[at] + observation[at + 1] * z - observation[at + 2] * y;
      float r1 = observation[at + 1] - observation[at] * z + observation[at + 2] * x;
      float r2 = observation[at + 2] + observation[at] * y - observation[at + 1] * x;
      float length = (float) Math.sqrt(r0 * r0 + r1 * r1 + r2 * r2);
      observation[at] = r0 / length;
      observation[at + 1] = r1 / length;
      observation[at + 2] = r2 / length;
    }
    System.arraycopy(previous, 0, observation, Observation.PREVIOUS_ACTION, Motors.COUNT);
  }

  /** The running mean m ← (k m + a)/(k + 1) of the k + 1 actions since the last native step. */
  private void writePreviousAction() {
    int k = stepsSinceNative;
    for (int i = 0; i < Motors.COUNT; i++) {
      mean[i] = (k * mean[i] + previous[i]) / (k + 1);
      observation[Observation.PREVIOUS_ACTION + i] = (float) mean[i];
    }
  }

  private void note(boolean isNative) {
    if (!flying) {
      steps.start(time);
      natives.start(time);
    } else {
      stepIntervals.add(time - lastStep);
      steps.beat(time);
      if (isNative) {
        nativeIntervals.add(time - lastNative);
        // What is farther behind is not made up for: the memory would run ahead of the flight.
        behind = Math.min(1, behind + (double) (time - lastNative) / NATIVE_NANOS);
        natives.beat(time);
      }
    }
    flying = true;
    lastStep = time;
    lastNative = isNative ? time : lastNative;
    stepsSinceNative = isNative ? 0 : stepsSinceNative + 1;
  }

  private void restart(float command) {
    session.reset();
    guidance.reset();
    behind = 0;
    Arrays.fill(previous, command);
    stepsSinceNative = 0;
  }

  private void warn(IntervalStatistics intervals, Warning jitter, Warning bias) {
    if (intervals.hasJitter()) {
      warnings.add(jitter);
    }
    if (intervals.hasBias()) {
      warnings.add(bias);
    }
  }
}
