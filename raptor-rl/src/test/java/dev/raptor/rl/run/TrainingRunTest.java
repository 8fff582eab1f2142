package dev.raptor.rl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.io.Json;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.Tiny;
import dev.raptor.rl.teacher.TeacherMethod;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingRunTest {
  private static final List<String> RESULTS =
      List.of("student.safetensors", "refinement.csv", "metrics.json");

  private static final List<String> RESULTS_OF_TEACHERS =
      List.of("teachers.csv", "distillation.csv");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(TeacherMethod.class)
  void endsWithTheSameBitsHoweverOftenItIsKilled(TeacherMethod method) throws IOException {
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    List<Double> shares = new ArrayList<>();
    Map<String, Object> metrics =
        run(whole, Tiny.run(method), 1, (share, message) -> shares.add(share));
    assertThat(shares).isSorted().allMatch(share -> share >= 0 && share <= 1).endsWith(1.0);

    int runs = 0;
    Locale before = Locale.getDefault();
    try {
      while (!Files.exists(killed.resolve("student.safetensors"))) {
        // Digits of another script must not get into names.
        Locale.setDefault(runs % 2 == 0 ? before : Locale.forLanguageTag("ar-EG"));
        try {
          run(killed, Tiny.run(method), 3, TrainingRunTest::killAfterOneStep);
        } catch (Killed e) {
          runs++;
        }
      }
    } finally {
      Locale.setDefault(before);
    }
    boolean taught = method != TeacherMethod.NONE;
    // Of the teachers, several may be done before a kill takes effect.
    assertThat(runs).isBetween(taught ? 6 : 2, taught ? 8 : 2);
    List<String> results = new ArrayList<>(RESULTS);
    results.addAll(taught ? RESULTS_OF_TEACHERS : List.of());
    for (String name : results) {
      assertThat(killed.resolve(name)).as(name).hasSameBinaryContentAs(whole.resolve(name));
    }
    assertThat(files(killed)).isEqualTo(files(whole)).noneMatch(name -> name.endsWith(".tmp"));

    RecurrentPolicy student = PolicyFile.read(whole.resolve("student.safetensors"));
    assertThat(student.provenance())
        .containsEntry("made_by", "raptor train")
        .containsEntry("configuration", Json.parse(Json.write(Tiny.run(method).toJson())))
        .containsEntry("metrics", Json.parse(Json.write(metrics)));
    assertThat(Files.readString(whole.resolve("metrics.json")))
        .isEqualTo(Json.writePretty(metrics));
    assertThat(metrics)
        .containsOnlyKeys(
            taught
                ? List.of("teachers", "distilled", "student").toArray(new String[0])
                : new String[] {"student"});
    for (String name : taught ? RESULTS_OF_TEACHERS : List.<String>of()) {
      assertThat(whole.resolve(name)).content().hasLineCount(4);
    }
    assertThat(whole.resolve("refinement.csv")).content().hasLineCount(3);
  }

  /** Teachers that learned nothing are tried again, and named in the end. */
  @Test
  void namesThePoorTeachers() throws IOException {
    Map<String, Object> metrics =
        run(folder, Tiny.run(TeacherMethod.PPO).imitationOnly(1), 1, (share, message) -> {});
    assertThat(metrics.get("teachers"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("count", 3)
        .containsEntry("trained_again", 3L)
        .containsEntry("poor", List.of(0, 1, 2));
    assertThat(folder.resolve("teachers.csv")).content().containsPattern("\n0,[123],");
    assertThat(folder.resolve("refinement.csv")).doesNotExist();
  }

  /** Each vehicle once, and a student of another size; both are part of the configuration. */
  @Test
  void trainsForGivenVehicles() throws IOException {
    List<Quadrotor> vehicles = List.of(Quadrotors.named("crazyflie"), Quadrotors.named("x500_sim"));
    RunConfig config =
        Tiny.run(TeacherMethod.PPO)
            .withVehicles(new TrainingVehicles.Given(vehicles))
            .withHidden(5)
            .imitationOnly(1);
    Map<String, Object> metrics = run(folder, config, 1, (share, message) -> {});
    assertThat(metrics.get("teachers"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("count", 2);
    RecurrentPolicy student = PolicyFile.read(folder.resolve("student.safetensors"));
    assertThat(student.stateSize()).isEqualTo(5);
    assertThat(Files.readString(folder.resolve("config.json")))
        .contains("\"given\"", "0.0306", "\"hidden\": 5");

    RunConfig others =
        config.withVehicles(new TrainingVehicles.Given(List.of(vehicles.get(1), vehicles.get(0))));
    assertThatThrownBy(() -> run(folder, others, 1, (share, message) -> {}))
        .hasMessageContaining("another configuration");
  }

  @Test
  void givenVehiclesComeInTurnsAndAreDisturbed() {
    Quadrotor vehicle = Quadrotors.named("crazyflie");
    List<SampledQuadrotor> drawn =
        new TrainingVehicles.Given(List.of(vehicle, Quadrotors.named("mrs"))).sample(4, 3);
    assertThat(drawn).extracting(SampledQuadrotor::index).containsExactly(0, 1, 2);
    assertThat(drawn.get(2).quadrotor()).isEqualTo(vehicle);
    double r = vehicle.thrustToWeight();
    assertThat(drawn.get(2).disturbanceForceStdN())
        .isEqualTo(0.15 * (r - 1) * r * vehicle.massKg() / 3, within(1e-12));
    assertThatThrownBy(() -> new TrainingVehicles.Given(List.of()))
        .hasMessage("no vehicles, allowed: 1 or more");
  }

  @Test
  void tunesWeakVehiclesWithHyperParametersOfTheirOwn() {
    RunConfig config = Preset.FULL.config(TeacherMethod.PPO, 0);
    List<SampledQuadrotor> all = QuadrotorDistribution.sample(0, 1000);
    List<SampledQuadrotor> weak =
        all.stream().filter(q -> config.ppoOf(q.quadrotor()) == config.weakPpo()).toList();
    assertThat(weak).hasSizeBetween(70, 130);
    assertThat(weak).allMatch(q -> q.quadrotor().torqueToInertia() < 167);
    assertThat(all)
        .filteredOn(q -> config.ppoOf(q.quadrotor()) == config.ppo())
        .hasSize(1000 - weak.size());
    assertThat(config.toJson()).containsKeys("teacher", "weak_teacher");
  }

  @Test
  void refusesAFileForAFolderAndASecondRunAtOnce() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> run(file, Tiny.run(TeacherMethod.PPO), 1, (share, message) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a file, allowed: a run folder");

    Path shared = folder.resolve("shared");
    RunListener intruder =
        (share, message) -> {
          assertThatThrownBy(() -> run(shared, Tiny.run(TeacherMethod.PPO), 1, (s, m) -> {}))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("one at a time");
          throw new Killed();
        };
    assertThatThrownBy(() -> run(shared, Tiny.run(TeacherMethod.PPO), 1, intruder))
        .isInstanceOf(Killed.class);
  }

  @Test
  void refusesTheFolderOfAnotherRun() throws IOException {
    kill(0);
    assertThatThrownBy(
            () ->
                new TrainingRun(folder, Tiny.run(TeacherMethod.PPO), (share, message) -> {}).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(folder.resolve("config.json") + ": ")
        .hasMessageContaining("another configuration")
        .hasMessageContaining("allowed: the same one, or another folder");
  }

  @Test
  void refusesDamagedFiles() throws IOException {
    kill(6);
    Path teacher = folder.resolve("teachers/0001.safetensors");
    byte[] good = Files.readAllBytes(teacher);
    Files.write(teacher, Arrays.copyOf(good, good.length / 2));
    assertRefused(teacher).contains("truncated");

    Files.copy(
        folder.resolve("teachers/0002.safetensors"), teacher, StandardCopyOption.REPLACE_EXISTING);
    assertRefused(teacher).contains("the teacher of quadrotor 2.0, allowed is that of 1");
    Files.write(teacher, good);

    Path generic = folder.resolve("generic.safetensors");
    byte[] bytes = Files.readAllBytes(generic);
    bytes[bytes.length - 1] ^= 1;
    Files.write(generic, bytes);
    assertRefused(generic).contains("damaged");
    bytes[bytes.length - 1] ^= 1;
    Files.write(generic, bytes);

    Path checkpoint = folder.resolve("distillation.safetensors");
    Files.write(checkpoint, Arrays.copyOf(Files.readAllBytes(checkpoint), 1000));
    assertRefused(checkpoint).contains("truncated");
  }

  /** Leaves a folder in which so many teachers and epochs were done. */
  private void kill(int done) throws IOException {
    int[] left = {done};
    assertThatThrownBy(
            () ->
                run(
                    folder,
                    Tiny.run(TeacherMethod.GRADIENT),
                    1,
                    (share, message) -> {
                      if (!message.startsWith("generic") && left[0]-- == 0) {
                        throw new Killed();
                      }
                    }))
        .isInstanceOf(Killed.class);
  }

  private AbstractStringAssert<?> assertRefused(Path path) {
    return assertThatThrownBy(
            () ->
                new TrainingRun(folder, Tiny.run(TeacherMethod.GRADIENT), (share, message) -> {})
                    .run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(path + ": ")
        .message()
        .hasLineCount(1);
  }

  private static Map<String, Object> run(
      Path folder, RunConfig config, int threads, RunListener listener) throws IOException {
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      return pool.submit(
              () -> {
                try {
                  return new TrainingRun(folder, config, listener).run();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .join();
    }
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    }
  }

  private static void killAfterOneStep(double share, String message) {
    if (!message.startsWith("run folder") && !message.startsWith("generic")) {
      throw new Killed();
    }
  }

  /** Not public, so that a pool throws it as it is. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
