package dev.raptor.core.flight;

import dev.raptor.core.InvalidInputException;
import java.time.Duration;
import java.util.Optional;

/**
 * The configuration of a {@link ControlLoop}. Start from {@link #at} and change what is different:
 *
 * <pre>{@code ControlLoopConfig.at(400).withFailsafeCommand(-0.2)}</pre>
 *
 * @param callInterval the time from call to call that the caller means to keep; up to 20 ms
 * @param stepEveryCall whether each call runs the policy, however soon it comes; otherwise calls
 *     sooner than {@code callInterval} repeat the commands before
 * @param callsPerNativeStep every how many runs of the policy its memory advances, for a caller
 *     whose calls are bound to a sensor; 0 to go by the clock
 * @param timeouts how old what is known may become
 * @param failsafeCommand what all motors get when there is nothing left to go by, -1 (idle) to 1
 * @param errorClip how large an error the policy is shown; empty for that of the policy itself,
 *     which is what you want
 * @param guidance how a far target is approached
 */
public record ControlLoopConfig(
    Duration callInterval,
    boolean stepEveryCall,
    int callsPerNativeStep,
    Timeouts timeouts,
    double failsafeCommand,
    Optional<ErrorClip> errorClip,
    GuidanceLimits guidance) {
  /** The step that policies are trained with. */
  public static final Duration NATIVE_INTERVAL = Duration.ofMillis(10);

  private static final Duration LONGEST_INTERVAL = NATIVE_INTERVAL.multipliedBy(2);

  /** Shorter intervals are mistakes of unit. */
  private static final Duration SHORTEST_INTERVAL = Duration.ofNanos(100_000);

  /**
   * How old what is known may become.
   *
   * @param angularVelocity then the commands are held
   * @param attitude then the commands are held
   * @param position of position and velocity; then the commands are held
   * @param target then the vehicle hovers where it is
   * @param hold for how long commands are held, before all motors get the failsafe command
   */
  public record Timeouts(
      Duration angularVelocity,
      Duration attitude,
      Duration position,
      Duration target,
      Duration hold) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** 10, 50, 100 and 200 ms, as on PX4, and 100 ms of holding. */
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(100));

    /**
     * @throws InvalidInputException unless all are above 0, and at most an hour; {@code hold} may
     *     be 0
     */
    public Timeouts {
      require("angular velocity", angularVelocity);
      require("attitude", attitude);
      require("position", position);
      require("target", target);
      if (!hold.isZero()) {
        require("hold", hold);
      }
    }

    private static void require(String what, Duration timeout) {
      if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
        throw new InvalidInputException(
            "the timeout '%s' is %s, allowed: above 0, up to %s".formatted(what, timeout, LONGEST));
      }
    }
  }

  /**
   * @throws InvalidInputException if a number is outside what is said above
   */
  public ControlLoopConfig {
    if (callInterval.compareTo(SHORTEST_INTERVAL) < 0
        || callInterval.compareTo(LONGEST_INTERVAL) > 0) {
      throw new InvalidInputException(
          "the call interval is %s, allowed: %s to %s"
              .formatted(callInterval, SHORTEST_INTERVAL, LONGEST_INTERVAL));
    }
    if (callsPerNativeStep < 0) {
      throw new InvalidInputException(
          "callsPerNativeStep is %d, allowed: 0 or more".formatted(callsPerNativeStep));
    }
    if (!(failsafeCommand >= -1 && failsafeCommand <= 1)) {
      throw new InvalidInputException(
          "the failsafe command is %s, allowed: -1 to 1".formatted(failsafeCommand));
    }
    if (timeouts == null || errorClip == null || guidance == null) {
      throw new InvalidInputException("timeouts, error clip and guidance are needed");
    }
  }

  /**
   * Called so many times a second, each of which runs the policy; motors idle in failsafe.
   *
   * @throws InvalidInputException unless {@code hertz} is from 50 to 10,000
   */
  public static ControlLoopConfig at(int hertz) {
    if (hertz < 50 || hertz > 10_000) {
      throw new InvalidInputException("%d calls a second, allowed: 50 to 10000".formatted(hertz));
    }
    return new ControlLoopConfig(
        Duration.ofSeconds(1).dividedBy(hertz),
        true,
        0,
        Timeouts.DEFAULT,
        -1,
        Optional.empty(),
        GuidanceLimits.DEFAULT);
  }

  /** The same with other sorts of steps. */
  public ControlLoopConfig withSteps(boolean everyCall, int callsPerNative) {
    return new ControlLoopConfig(
        callInterval, everyCall, callsPerNative, timeouts, failsafeCommand, errorClip, guidance);
  }

  /** The same with other timeouts. */
  public ControlLoopConfig withTimeouts(Timeouts other) {
    return new ControlLoopConfig(
        callInterval,
        stepEveryCall,
        callsPerNativeStep,
        other,
        failsafeCommand,
        errorClip,
        guidance);
  }

  /** The same with another failsafe command. */
  public ControlLoopConfig withFailsafeCommand(double other) {
    return new ControlLoopConfig(
        callInterval, stepEveryCall, callsPerNativeStep, timeouts, other, errorClip, guidance);
  }

  /** The same with an error clip that is not the policy's. */
  public ControlLoopConfig withErrorClip(ErrorClip other) {
    return new ControlLoopConfig(
        callInterval,
        stepEveryCall,
        callsPerNativeStep,
        timeouts,
        failsafeCommand,
        Optional.of(other),
        guidance);
  }

  /** The same with other limits of the way to a target. */
  public ControlLoopConfig withGuidance(GuidanceLimits other) {
    return new ControlLoopConfig(
        callInterval,
        stepEveryCall,
        callsPerNativeStep,
        timeouts,
        failsafeCommand,
        errorClip,
        other);
  }
}
