package dev.raptor.core.flight;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The largest error that a policy is shown, per axis of the target-yaw frame. A policy has been
 * trained near its target; a farther one is approached as if it were this near.
 *
 * <p>The clip belongs to the policy: towards a far target the vehicle speeds up until its velocity
 * outweighs the clipped position error, and a policy that cannot see that velocity, as it is above
 * the velocity clip, never brakes. Where it is known it stands in the {@linkplain Policy#provenance
 * provenance} of the policy, and so in its file:
 *
 * <pre>"error_clip": {"position_m": 0.4, "velocity_m_s": 2.4, "found_by": "..."}</pre>
 *
 * @param positionM m, above 0 and at most 1000; the larger, the faster the vehicle goes there
 * @param velocityMS m/s, above 0 and at most 1000
 */
public record ErrorClip(double positionM, double velocityMS) {
  /** Where the provenance of a policy holds its clip. */
  public static final String KEY = "error_clip";

  private static final String POSITION = "position_m";
  private static final String VELOCITY = "velocity_m_s";
  private static final double MOST = 1000;

  /**
   * @throws InvalidInputException unless both are within
   */
  public ErrorClip {
    if (!(positionM > 0 && positionM <= MOST && velocityMS > 0 && velocityMS <= MOST)) {
      throw new InvalidInputException(
          "error clips are %s m and %s m/s, allowed: above 0, up to %s"
              .formatted(positionM, velocityMS, MOST));
    }
  }

  /**
   * The clip that a policy comes with; empty if it was never measured.
   *
   * @throws InvalidInputException if what stands there is none
   */
  public static Optional<ErrorClip> of(Policy policy) {
    Object entry = policy.provenance().get(KEY);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry instanceof Map<?, ?> map
        && map.get(POSITION) instanceof Number position
        && map.get(VELOCITY) instanceof Number velocity) {
      return Optional.of(new ErrorClip(position.doubleValue(), velocity.doubleValue()));
    }
    throw new InvalidInputException(
        "\"%s\" is %s, allowed: the numbers \"%s\" and \"%s\""
            .formatted(KEY, entry, POSITION, VELOCITY));
  }

  /**
   * This clip as it stands in the provenance of a policy, under {@link #KEY}.
   *
   * @param foundBy how it was found, for people
   */
  public Map<String, Object> toJson(String foundBy) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(POSITION, positionM);
    json.put(VELOCITY, velocityMS);
    json.put("found_by", foundBy);
    return json;
  }
}
