package dev.raptor.sim.vehicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raptor.core.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuadrotorRangesTest {
  private static final QuadrotorRanges RACERS =
      QuadrotorRanges.parse(
          "{\"mass_kg\": [0.2, 0.4], \"thrust_to_weight\": [4, 8],"
              + " \"time_constant_rising_s\": [0.02, 0.02]}");

  @Test
  void whatIsMissingIsThePapers() {
    assertThat(RACERS.massKg()).isEqualTo(new Range(0.2, 0.4));
    assertThat(RACERS.thrustToWeight()).isEqualTo(new Range(4, 8));
    assertThat(RACERS.torqueToInertia()).isEqualTo(QuadrotorDistribution.TORQUE_TO_INERTIA);
    assertThat(QuadrotorRanges.parse("{}")).isEqualTo(QuadrotorRanges.PAPER);
    assertThat(QuadrotorRanges.parse(Json.write(RACERS.toJson()))).isEqualTo(RACERS);
  }

  @Test
  void vehiclesStayInTheRangesAndFillThem() {
    var drawn = QuadrotorDistribution.sample(RACERS, 3, 300);
    assertThat(drawn)
        .allSatisfy(
            sampled -> {
              Quadrotor q = sampled.quadrotor();
              assertThat(q.massKg()).isBetween(0.2, 0.4);
              assertThat(q.thrustToWeight()).isBetween(4 - 1e-9, 8 + 1e-9);
              assertThat(q.timeConstantRisingS()).isEqualTo(0.02);
              assertThat(sampled.disturbanceForceStdN()).isNotNegative();
            });
    assertThat(drawn).anyMatch(sampled -> sampled.quadrotor().massKg() < 0.22);
    assertThat(drawn).anyMatch(sampled -> sampled.quadrotor().massKg() > 0.38);
    assertThat(QuadrotorDistribution.sample(QuadrotorRanges.PAPER, 3, 20))
        .isEqualTo(QuadrotorDistribution.sample(3, 20));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          [];                              not an object
          {"mass": [1, 2]};                unknown key 'mass', allowed: thrust_to_weight, mass_kg
          {"mass_kg": [2, 1]};             mass_kg is [2.0,1.0], allowed: [MIN, MAX]
          {"mass_kg": 1};                  mass_kg is 1.0, allowed: [MIN, MAX]
          {"mass_kg": [0, 1]};             mass_kg is [0.0, 1.0], allowed: finite numbers above 0.0
          {"thrust_to_weight": [0.9, 2]};  thrust_to_weight is [0.9, 2.0], allowed: finite numbers above 1.0
          """)
  void refusesWhatCannotFly(String text, String message) {
    assertThatThrownBy(() -> QuadrotorRanges.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesTheFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("racers.json"), "{\"mass_kg\": 1}");
    assertThatThrownBy(() -> QuadrotorRanges.read(file)).hasMessageStartingWith(file + ": mass_kg");
  }
}
