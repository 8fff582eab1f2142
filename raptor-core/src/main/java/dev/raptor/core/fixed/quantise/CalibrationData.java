package dev.raptor.core.fixed.quantise;

/**
 * The observations of a policy on flights side by side, each from a cleared memory on.
 *
 * @param lanes number of flights
 * @param steps of the longest flight
 * @param inputs numbers of an observation
 * @param lengths steps of each flight
 * @param observations {@code [steps][inputs][lanes]}; what is beyond a flight's length is not read
 */
public record CalibrationData(
    int lanes, int steps, int inputs, int[] lengths, float[] observations) {
  /** Checks the shapes. */
  public CalibrationData {
    if (lengths.length != lanes || observations.length != steps * inputs * lanes) {
      throw new IllegalArgumentException(
          "%d lengths and %d numbers for %d flights of up to %d steps of %d numbers"
              .formatted(lengths.length, observations.length, lanes, steps, inputs));
    }
    int total = 0;
    for (int length : lengths) {
      if (length < 0 || length > steps) {
        throw new IllegalArgumentException(
            "a flight of %d steps, allowed: 0 to %d".formatted(length, steps));
      }
      total += length;
    }
    if (total == 0) {
      throw new IllegalArgumentException("no flight has a step; there is nothing to calibrate by");
    }
  }
}
