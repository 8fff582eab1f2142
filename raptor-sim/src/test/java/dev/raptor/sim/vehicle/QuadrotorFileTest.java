package dev.raptor.sim.vehicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuadrotorFileTest {
  private static final String GOOD =
      """
      {"mass_kg": 1.5,
       "inertia_kg_m2": [0.01, 0.011, 0.02],
       "rotor_positions_m": [[0.1, -0.12, 0], [-0.1, -0.12, 0], [-0.1, 0.12, 0], [0.1, 0.12, 0]],
       "thrust_coefficients_n": [0.1, 1, 7],
       "torque_constant_m": 0.016,
       "time_constant_rising_s": 0.04,
       "time_constant_falling_s": 0.05}
      """;

  @TempDir Path folder;

  @Test
  void readsWhatItSays() throws IOException {
    Path file = Files.writeString(folder.resolve("my.json"), GOOD);
    Quadrotor q = QuadrotorFile.read(file);
    assertThat(q.name()).isEqualTo("my");
    assertThat(q.massKg()).isEqualTo(1.5);
    assertThat(q.inertiaKgM2()).isEqualTo(new Vec3(0.01, 0.011, 0.02));
    assertThat(q.inverseInertia().z()).isCloseTo(50, within(1e-12));
    assertThat(q.rotorPositionsM()).isEqualTo(Quadrotor.rotorsAt(0.1, 0.12));
    assertThat(q.thrustCurve()).isEqualTo(new ThrustCurve(0.1, 1, 7));
    assertThat(q.torqueConstantM()).isEqualTo(0.016);
    assertThat(q.timeConstantRisingS()).isEqualTo(0.04);
    assertThat(q.timeConstantFallingS()).isEqualTo(0.05);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    for (Quadrotor quadrotor : Quadrotors.all()) {
      Path file = folder.resolve(quadrotor.name() + ".json");
      QuadrotorFile.write(file, quadrotor);
      QuadrotorFile.write(file, quadrotor);
      assertThat(QuadrotorFile.read(file)).isEqualTo(quadrotor);
    }
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(Quadrotors.all().size());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"mass_kg\": 1.5,       | ''                       | key 'mass_kg' is missing, needed: ",
        "1.5                     | -1.5                     | mass_kg is -1.5, allowed: ",
        "1.5                     | 0                        | mass_kg is 0.0, allowed: ",
        "1.5                     | 1e999                    | mass_kg is Infinity, allowed: ",
        "1.5                     | \"1.5\"                  | mass_kg is \"1.5\", allowed: a number",
        "1.5                     | null                     | mass_kg is null, allowed: a number",
        "mass_kg                 | mass                     | unknown key 'mass', allowed: mass_kg,",
        "[0.01, 0.011, 0.02]     | [0.01, 0.011]            | inertia_kg_m2 is [0.01,0.011], allowed: a list of 3",
        "0.011                   | 0                        | inertia_kg_m2[1] is 0.0, allowed",
        "[-0.1, 0.12, 0]         | [0.1, 0.12, 0]           | rotor_positions_m[2] is [0.1, 0.12, 0.0], allowed",
        "[-0.1, 0.12, 0],        | ''                       | rotor_positions_m is [[0.1,-0.12,0.0]",
        "[-0.1, 0.12, 0]         | 7                        | rotor_positions_m[2] is 7.0, allowed: a list of 3",
        "[0.1, 1, 7]             | [0.1, 1, -7]             | thrust_coefficients_n is [0.1, 1.0, -7.0], allowed",
        "0.016                   | -1                       | torque_constant_m is -1.0, allowed",
        "0.04                    | 0                        | time_constant_rising_s is 0.0, allowed",
        "0.05                    | 0.001                    | time_constant_falling_s is 0.001, allowed",
        "0.05}                   | 0.05                     | not JSON at line 8"
      })
  void refuses(String given, String instead, String message) throws IOException {
    assertThat(GOOD).contains(given);
    Path file = Files.writeString(folder.resolve("bad.json"), GOOD.replace(given, instead));
    assertThatThrownBy(() -> QuadrotorFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + ": " + message);
  }

  @Test
  void refusesWhatIsNotAnObject() {
    assertThatThrownBy(() -> QuadrotorFile.parse("list", "[1]"))
        .hasMessageStartingWith("not an object, allowed: an object with the keys mass_kg,");
  }
}
