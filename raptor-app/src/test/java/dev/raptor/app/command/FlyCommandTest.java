package dev.raptor.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.app.Run;
import dev.raptor.app.TestPolicies;
import dev.raptor.core.io.Json;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class FlyCommandTest {
  @TempDir private Path folder;
  private Path policy;
  private Path html;
  private Path json;
  private Path svg;

  @BeforeEach
  void setUp() throws IOException {
    policy = TestPolicies.saveRandom(folder);
    html = folder.resolve("flight.html");
    json = folder.resolve("flight.json");
    svg = folder.resolve("flight.svg");
  }

  private Run fly(Object... more) {
    Object[] all = new Object[9 + more.length];
    Object[] first = {"fly", "--policy", policy, "--html", html, "--json", json, "--svg", svg};
    System.arraycopy(first, 0, all, 0, 9);
    System.arraycopy(more, 0, all, 9, more.length);
    return Run.of(all);
  }

  private List<Map<String, Object>> flights() throws IOException {
    Map<?, ?> all = (Map<?, ?>) Json.parse(Files.readString(json));
    assertThat(all.keySet().toArray()).containsExactly("flights");
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> flights = (List<Map<String, Object>>) all.get("flights");
    return flights;
  }

  @Test
  void fliesAllPlatformsUnlessToldOtherwise() throws IOException {
    Run run = fly("--seconds", "0.2").succeeds();

    assertThat(flights())
        .extracting(flight -> flight.get("platform"))
        .isEqualTo(List.copyOf(Quadrotors.names()));
    assertThat(flights())
        .allSatisfy(
            flight ->
                assertThat(flight.keySet())
                    .containsExactly(
                        "platform",
                        "controller",
                        "reference",
                        "steps",
                        "terminated",
                        "rmse_position_m",
                        "steady_state_error_m",
                        "max_position_error_m",
                        "rmse_plane_m",
                        "settled_share",
                        "settling_time_s",
                        "recovery_time_s",
                        "knows_vehicle",
                        "heading_error_deg",
                        "rate_rms_rad_s",
                        "oscillation",
                        "action_change",
                        "saturated_share"))
        .allSatisfy(
            flight ->
                assertThat(flight)
                    .containsEntry("controller", "random")
                    .containsEntry("reference", "hover"));
    assertThat(run.out().lines()).hasSize(1 + 9 + 3);
    assertThat(run.out()).contains("platform", "x500_real", html.toString(), json.toString());
  }

  @Test
  void howCalmlyAVehicleIsHeldIsThatOfTwentySeconds() throws IOException {
    fly("--platform", "crazyflie", "--controller", "pid").succeeds();
    Map<?, ?> five = flights().get(0);
    fly("--platform", "crazyflie", "--controller", "pid", "--seconds", "20").succeeds();
    Map<?, ?> twenty = flights().get(0);
    assertThat(five.get("steps")).isEqualTo(500.0);
    assertThat(twenty.get("steps")).isEqualTo(2000.0);
    for (String figure : List.of("rate_rms_rad_s", "action_change", "heading_error_deg")) {
      assertThat((Object) five.get(figure)).as(figure).isEqualTo(twenty.get(figure));
    }
    assertThat((double) five.get("rate_rms_rad_s")).isLessThan(0.1);
  }

  @Test
  void aFlightThatIsOverHasNoSteadyState() throws IOException {
    fly("--platform", "crazyflie", "--seconds", "30").succeeds();
    assertThat(flights())
        .singleElement()
        .satisfies(
            flight ->
                assertThat(flight)
                    .containsEntry("terminated", true)
                    .containsEntry("steady_state_error_m", null));
  }

  @Test
  void aFlightDependsOnItsPlatformAndSeedAlone() throws IOException {
    fly("--platform", "arpl,soft", "--seed", "3").succeeds();
    Map<String, Object> soft = flights().get(1);
    fly("--platform", "soft", "--seed", "3").succeeds();
    assertThat(flights()).containsExactly(soft);
    fly("--platform", "soft", "--seed", "4").succeeds();
    assertThat(flights().get(0)).isNotEqualTo(soft);
  }

  @Test
  void fliesAVehicleOfOnesOwn() throws IOException {
    Path quad = folder.resolve("a<b & c.json");
    QuadrotorFile.write(quad, Quadrotors.named("mrs"));
    fly("--quad", quad, "--seconds", "0.1").succeeds();
    assertThat(flights()).extracting(flight -> flight.get("platform")).containsExactly("a<b & c");
    assertThat(html).content().contains("a&lt;b &amp; c").doesNotContain("a<b");
  }

  @ParameterizedTest
  @CsvSource({"hover", "langevin", "figure-eight", "step", "circle", "waypoints"})
  void followsReferences(String reference) throws Exception {
    fly("--platform", "all", "--seconds", "0.3", "--reference", reference).succeeds();
    assertThat(flights()).allMatch(flight -> flight.get("reference").equals(reference));
    Document picture =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
    assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
  }

  @Test
  void fliesAWholeLapOfARoute() {
    Run run = fly("--platform", "MRS", "--reference", "Waypoints", "--controller", "Geometric");
    assertThat(run.succeeds().out()).containsPattern("mrs +1100 +no ");
  }

  @Test
  void comparesThePolicyWithTheTextbook() throws IOException {
    Run run =
        fly("--controller", "policy,pid,geometric", "--platform", "soft,arpl", "--seconds", "4")
            .succeeds();
    assertThat(flights())
        .extracting(flight -> flight.get("platform") + " " + flight.get("controller"))
        .containsExactly(
            "soft random",
            "soft pid",
            "soft geometric",
            "arpl random",
            "arpl pid",
            "arpl geometric");
    assertThat(flights())
        .allSatisfy(
            flight -> {
              boolean knows = !flight.get("controller").equals("random");
              assertThat(flight)
                  .containsEntry("knows_vehicle", knows)
                  .containsEntry("terminated", !knows);
            });
    assertThat(run.out())
        .contains(
            "the policy against the textbook",
            "over at ",
            "random is told nothing of the vehicle",
            "pid knows the vehicle",
            "geometric knows the vehicle");
    assertThat(run.out().lines()).hasSize(3 + 2 + 3 + 3);
    assertThat(html).content().contains("soft, geometric", "arpl, random");
  }

  @ParameterizedTest
  @CsvSource({"figure-eight", "step", "circle", "waypoints"})
  void theTextbookFollowsReferences(String reference) throws IOException {
    fly("--controller", "pid,geometric,lqr", "--reference", reference, "--seconds", "15")
        .succeeds();
    assertThat(flights())
        .filteredOn(flight -> !flight.get("platform").equals("crazyflie"))
        .hasSize(24)
        .allSatisfy(
            flight -> assertThat((Double) flight.get("steady_state_error_m")).isBetween(0.0, 0.2));
  }

  @ParameterizedTest
  @CsvSource({
    "--wind,1",
    "--gust,0.5",
    "--turbulence,3",
    "--floor,0.5",
    "--battery,0.5",
    "--noise,1",
    "--delay,1",
    "--observation-delay,1",
    "--poke,0.5",
    "--payload,0.2",
    "--motor,0.95",
    "--balance,3",
    "--motors,0.05",
    "--torque-gust,0.02",
    "--imu,0.5",
    "--vibration,0.2",
    "--attitude-lag,5",
    "--gyro-lag,5",
    "--dropouts,0.05",
    "--propellers,1.1"
  })
  void whatMakesAFlightHarderIsSeenAndSurvived(String option, String value) throws IOException {
    Object[] flight = {"--controller", "geometric", "--platform", "soft", "--reference", "circle"};
    fly(flight).succeeds();
    Map<String, Object> plain = flights().get(0);
    Object[] harder = Arrays.copyOf(flight, flight.length + 2);
    harder[flight.length] = option;
    harder[flight.length + 1] = value;
    fly(harder).succeeds();
    Map<String, Object> hard = flights().get(0);
    assertThat(hard).containsEntry("terminated", false).isNotEqualTo(plain);
    assertThat((Double) hard.get("rmse_position_m")).isLessThan(0.5);
    assertThat(hard.get("recovery_time_s") != null).isEqualTo(option.equals("--poke"));
  }

  @Test
  void theTextbookNeedsNoPolicy() throws IOException {
    policy = folder.resolve("missing");
    fly("--controller", "geometric", "--platform", "mrs", "--seconds", "0.1").succeeds();
    assertThat(flights())
        .extracting(flight -> flight.get("controller"))
        .containsExactly("geometric");
  }

  @Test
  void theReleasedPolicyFlies() throws IOException {
    Path released = folder.resolve("released.safetensors");
    Run.of("import", TestPolicies.releasedCheckpoint(), "--out", released).succeeds();
    policy = released;
    fly("--seed", "1", "--seconds", "5").succeeds();
    assertThat(flights())
        .filteredOn(flight -> flight.get("terminated").equals(false))
        .hasSizeGreaterThanOrEqualTo(7)
        .allSatisfy(flight -> assertThat(flight).containsEntry("steps", 500.0))
        .allSatisfy(
            flight -> assertThat((Double) flight.get("steady_state_error_m")).isLessThan(0.15));
  }

  @Test
  void refusesBadUsage() throws IOException {
    fly("--platform", "boeing").isRefused("'boeing'", "allowed: all, crazyflie, ");
    fly("--wind", "NaN").isRefused("--wind is NaN, allowed: a finite number");
    fly("--noise", "-1").isRefused("--noise: factor is -1.0");
    fly("--balance", "900").isRefused("--balance: centre of mass of ", "allowed: less than");
    fly("--payload-at", "1,2").isRefused("'1,2' is no place", "three numbers in mm");
    fly("--payload", "1", "--payload-at", "9000,0,0").isRefused("--payload: centre of mass of ");
    fly("--motors", "2").isRefused("--motors: share by which motors differ is 2.0");
    fly("--seconds", "0").isRefused("--seconds", "allowed: 0.01 to 600");
    fly("--seconds", "NaN").isRefused("--seconds", "allowed: 0.01 to 600");
    fly("--seconds", "long").isRefused("--seconds", "'long'");
    fly("--seed", "1.5").isRefused("--seed", "'1.5'");
    fly("--controller", "pid,autopilot").isRefused("'autopilot'", "policy, pid, geometric, lqr");
    fly("--payload", "-1")
        .isRefused("--payload: payload over mass is -1.0", "allowed: 0.0 to 10.0");
    fly("--delay", "1.5").isRefused("--delay", "'1.5'");
    fly("--wind", "1e9").isRefused("--wind: ", "allowed: numbers within");
    fly("--reference", "moon")
        .isRefused(
            "--reference", "'moon'", "hover, langevin, figure-eight, step, circle, waypoints");
    Run.of("fly", "--policy", policy, "--html", folder).isRefused("a folder");
    Path same = folder.resolve("none").resolve("..").resolve("flight.svg");
    Run.of("fly", "--policy", policy, "--html", svg, "--svg", same)
        .isRefused("flight.svg: to be written twice", "allowed: ");
    Files.writeString(folder.resolve("bad.json"), "{}");
    fly("--quad", folder.resolve("bad.json")).isRefused("bad.json", "'mass_kg' is missing");
    assertThat(html).doesNotExist();
    assertThat(json).doesNotExist();
    assertThat(svg).doesNotExist();
  }

  @Test
  void refusesADamagedPolicy() throws IOException {
    byte[] whole = Files.readAllBytes(policy);
    policy = folder.resolve("damaged.safetensors");
    for (int length : new int[] {0, 4, 100, whole.length / 2, whole.length - 1}) {
      Files.write(policy, Arrays.copyOf(whole, length));
      fly().isRefused(policy.toString());
    }
    byte[] changed = whole.clone();
    changed[whole.length - 20000] ^= 0x41;
    Files.write(policy, changed);
    fly().isRefused(policy.toString());
    assertThat(html).doesNotExist();
  }

  /** In two processes, as the order of some maps of the JDK changes from one to the next. */
  @Test
  void oneSeedIsOnePageToTheByte() throws Exception {
    for (int i = 0; i < 2; i++) {
      Path page = folder.resolve(i + ".html");
      Run.inAProcess(
              folder.resolve("out"),
              "fly",
              "--platform",
              "mrs,arpl",
              "--controller",
              "policy,pid",
              "--seconds",
              0.2,
              "--html",
              page)
          .succeeds();
    }
    assertThat(folder.resolve("1.html")).hasSameBinaryContentAs(folder.resolve("0.html"));
  }

  @Test
  void fliesFromFarAwayAndTurns() throws IOException {
    Run.of(
            "fly",
            "--platform",
            "x500_real,crazyflie",
            "--from",
            "-6,3,2",
            "--heading",
            "170",
            "--html",
            html,
            "--json",
            json)
        .succeeds();

    assertThat(flights())
        .hasSize(2)
        .allSatisfy(
            flight -> {
              assertThat(flight.get("terminated")).isEqualTo(false);
              assertThat((double) flight.get("max_position_error_m")).isBetween(6.5, 7.1);
              // Of the second half nothing is spent on the way.
              assertThat((double) flight.get("steady_state_error_m")).isLessThan(0.05);
              assertThat((double) flight.get("steps")).isEqualTo(2000);
              assertThat((double) flight.get("heading_error_deg")).isLessThan(15);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--from 1,2                      | allowed: X,Y,Z",
        "--from 1,2,1e9                  | up to 1000.0 m per axis",
        "--heading 30                    | --from is missing",
        "--from 1,2,3 --speed 9          | --speed is 9.0 m/s, allowed: above 0, up to ",
        "--from 1,2,3 --heading NaN      | --heading is NaN",
        "--from 1,2,3 --controller pid   | allowed: --controller policy",
        "--from 1,2,3 --reference circle | --reference hover",
      })
  void saysWhatIsWrongWithAFarStart(String options, String message) {
    List<Object> all = new ArrayList<>(List.of("fly", "--html", html));
    all.addAll(List.of(options.split(" ")));
    Run.of(all.toArray()).isRefused(message);
  }
}
