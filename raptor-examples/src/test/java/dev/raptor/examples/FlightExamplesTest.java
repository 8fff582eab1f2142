package dev.raptor.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples on flying do what they say. */
class FlightExamplesTest {
  @Test
  void firstFlightComesToItsTarget() throws IOException {
    List<String> lines = Printed.by(FirstFlight::main);
    assertThat(lines).hasSize(5);
    assertThat(Printed.number(lines.getLast(), "after 5 s: (.*) m from the target"))
        .isLessThan(0.1);
  }

  @Test
  void trackFigureEightFollowsAsWellAsItSays() throws IOException {
    List<String> lines = Printed.by(TrackFigureEight::main);
    assertThat(lines).hasSize(2);
    String fields = "a round in .* s, up to .* m/s: (.*) m off on average, .*";
    assertThat(Printed.number(lines.get(0), fields)).isLessThan(0.2);
    assertThat(Printed.number(lines.get(1), fields)).isLessThan(0.4);
  }

  @Test
  void myOwnDroneIsLikeThoseOfTheTrainingAndFlies() throws IOException {
    List<String> lines = Printed.by(MyOwnDrone::main);
    assertThat(lines.toString()).contains("thrust_to_weight").doesNotContain("look out");
    assertThat(Printed.number(lines.getLast(), "after 5 s: (.*) m from the target"))
        .isLessThan(0.15);
  }

  @Test
  void pokeAndWindIsFlownOff() throws IOException {
    List<String> lines = Printed.by(PokeAndWind::main);
    assertThat(lines).hasSize(24);
    String fields = " *[.0-9]+ s  ([.0-9]+) m  #* *(?:<- pushed)?";
    double calm = Printed.number(lines.get(11), fields);
    assertThat(Printed.number(lines.get(13), fields)).isGreaterThan(1.5 * calm);
    assertThat(Printed.number(lines.get(17), fields)).isLessThan(0.3);
  }

  @Test
  void compareWithPidShowsThatThePolicyNeedsNoTuning() throws IOException {
    List<String> lines = Printed.by(CompareWithPid::main);
    assertThat(lines).hasSize(10);
    String policy = "arpl +([.0-9]+) m .*lost";
    assertThat(Printed.number(lines.get(6), policy)).isLessThan(0.3);
    assertThat(lines.get(5)).matches("mrs +0\\.\\d\\d m +0\\.\\d\\d m +0\\.\\d\\d m");
  }

  @Test
  void fixedPointFliesAsFloatingPointDoes() throws IOException {
    List<String> lines = Printed.by(FixedPoint::main);
    assertThat(lines).hasSize(6);
    String fields = "after 5 s: float (.*) m, fixed (.*) m from the target";
    double floating = Printed.number(lines.getLast(), fields);
    assertThat(floating).isLessThan(0.1);
    assertThat(Double.parseDouble(lines.getLast().replaceFirst(fields, "$2")))
        .isCloseTo(floating, within(0.05));
  }

  @Test
  void embedInControlLoopFliesThroughWhatItSays() throws IOException {
    List<String> lines = Printed.by(EmbedInControlLoop::main);
    assertThat(lines).hasSize(9);
    String fields = " *\\d s +(?:[-.0-9]+) m +([.0-9]+) m .*";
    for (int second = 3; second <= 8; second++) {
      assertThat(Printed.number(lines.get(second), fields)).isLessThan(0.25);
    }
    assertThat(lines.get(2)).endsWith("{NATIVE=100, INTERMEDIATE=300} []");
    assertThat(lines.get(4)).contains("HELD=").contains("[STALE_POSITION, STALE_VELOCITY");
    assertThat(lines.get(7)).endsWith("{NATIVE=100, INTERMEDIATE=300} [STALE_TARGET]");
    assertThat(String.join("", lines)).doesNotContain("FAILSAFE");
  }

  @Test
  void latencyHistogramPrintsPercentilesInOrder() throws IOException {
    List<String> lines = Printed.by(LatencyHistogram::main, "2000");
    assertThat(lines).hasSize(6);
    double before = 1;
    for (String line : lines.subList(1, 6)) {
      double nanos = Printed.number(line, "(?:p[0-9.]+|worst) +(\\d+) ns.*");
      assertThat(nanos).isGreaterThanOrEqualTo(before);
      before = nanos;
    }
    assertThat(lines.getLast()).endsWith(" of 2000 steps");
  }
}
