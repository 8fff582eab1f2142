package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.app.Run;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayCommandTest {
  @TempDir private Path folder;
  private Path quad;
  private Path log;
  private Path out;

  @BeforeEach
  void setUp() throws IOException {
    quad = folder.resolve("quad.json");
    log = folder.resolve("log.csv");
    out = folder.resolve("states.csv");
    QuadrotorFile.write(quad, Quadrotors.named("fs_base"));
  }

  private Run replay() {
    return Run.of("replay", "--quad", quad, "--log", log, "--out", out);
  }

  /** Set points .5, .4, .45 and .55 held, with a force; as the reference's double precision. */
  @Test
  void integratesAsTheReferenceDoes() throws IOException {
    StringBuilder text = new StringBuilder("wx,wy,wz,n0,n1,n2,n3,fx,fy,fz,a0,a1,a2,a3\n");
    text.append("1,2,3,.4,.45,.5,.42,.5,-.3,.2,0,-.2,-.1,.1\n");
    text.append("7,7,7,,,,,nonsense,,,0,-.2,-.1,.1\n".repeat(9));
    Files.writeString(log, text);

    assertThat(replay().succeeds().out()).contains("10 steps", out.toString());

    List<double[]> states = states();
    assertThat(states).hasSize(11);
    assertThat(states.get(0))
        .containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, .4, .45, .5, .42);
    assertThat(states.get(10))
        .containsExactly(
            new double[] {
              .004627040647,
              -.001931811385,
              .002778310822,
              .981548673,
              .052361298,
              .107912630,
              .148913938,
              .134174036,
              -.051331955,
              .063135954,
              1.140419639,
              2.035740063,
              3.000432892,
              .478366274,
              .410816863,
              .460816863,
              .521876157
            },
            within(1e-9));
  }

  @Test
  void startsAtRestWhereNothingElseIsSaid() throws IOException {
    Files.writeString(log, "a0,a1,a2,a3\n-1,-1,-1,-1\n");
    replay().succeeds();
    assertThat(states().get(0)).containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(Files.readAllLines(out).get(0))
        .isEqualTo("px,py,pz,qw,qx,qy,qz,vx,vy,vz,wx,wy,wz,n0,n1,n2,n3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                  | empty
          a0,a1,a2,a3                         | at least one row
          a0,a1,a2;0,0,0                      | 'a3' is missing
          a0,a1,a2,a3,a4;0,0,0,0,0            | unknown column 'a4'
          a0,a1,a2,a3,a3;0,0,0,0,0            | second column 'a3'
          a0,a1,a2,a3;0,0,0                   | as wide as the header
          a0,a1,a2,a3;0,0,0,0;0,0,0,0,0       | as wide as the header
          a0,a1,a2,a3;0,0,0,0;0,0,NaN,0       | line 3, column a2 is 'NaN'
          a0,a1,a2,a3;0,0,0,x                 | line 2, column a3 is 'x'
          a0,a1,a2,a3;0,0,0,                  | line 2, column a3 is ''
          a0,a1,a2,a3,px;0,0,0,0,Infinity     | column px is 'Infinity'
          a0,a1,a2,a3,qw;0,0,0,0,.5           | quaternion
          a0,a1,a2,a3,n2;0,0,0,0,1.5          | column n2 is 1.5, allowed: a number in [0, 1]
          """)
  void refusesABadLog(String text, String complaint) throws IOException {
    Files.writeString(log, text.replace(';', '\n'));
    replay().isRefused("raptor replay: " + log, complaint, "allowed");
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "mass_kg": 3.35                     | "mass_kg": -1                   | mass_kg is -1.0
          "mass_kg": 3.35,                    | ''                              | 'mass_kg' is missing
          "mass_kg": 3.35                     | "mass_kg": 3.35, "colour": 3    | unknown key 'colour'
          "mass_kg": 3.35                     | "mass_kg": 3.35, "mass_kg": 1   | "mass_kg" again
          "mass_kg": 3.35                     | "mass_kg": "heavy"              | mass_kg is "heavy"
          {                                   | [                               | not JSON
          """)
  void refusesABadVehicle(String good, String bad, String complaint) throws IOException {
    String text = Files.readString(quad);
    assertThat(text).contains(good);
    Files.writeString(quad, text.replace(good, bad));
    Files.writeString(log, "a0,a1,a2,a3\n0,0,0,0\n");
    replay().isRefused("raptor replay: " + quad, complaint);
    assertThat(out).doesNotExist();
  }

  @Test
  void refusesFilesThatAreNotThere() throws IOException {
    Files.writeString(log, "a0,a1,a2,a3\n0,0,0,0\n");
    Path none = folder.resolve("none");
    Run.of("replay", "--quad", none, "--log", log, "--out", out).isRefused("no such file");
    Run.of("replay", "--quad", quad, "--log", none, "--out", out).isRefused("no such file");
    Run.of("replay", "--quad", quad, "--log", log, "--out", folder).isRefused("a folder");
    Run.of("replay", "--quad", quad, "--log", log, "--out", log.resolve("x")).isRefused("folder");
    Run.of("replay", "--quad", quad).isRefused("--log", "--out");
    Files.write(log, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    replay().isRefused(log.toString());
  }

  private List<double[]> states() throws IOException {
    return Files.readAllLines(out).stream()
        .skip(1)
        .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }
}
