package dev.raptor.rl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.core.io.Safetensors;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.Tiny;
import dev.raptor.rl.teacher.TeacherMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationStudyTest {
  private static final RunConfig BASE = Tiny.run(TeacherMethod.GRADIENT).imitationOnly(2);

  @TempDir private Path folder;

  /** A run with teachers of its own comes to the same student as one with another's. */
  @Test
  void sharesTeachersThatAreTheSame() throws IOException {
    List<Double> shares = new ArrayList<>();
    Map<String, Path> students =
        AblationStudy.ofTeachers(folder, BASE, List.of(2, 3), false)
            .run((share, message) -> shares.add(share));

    assertThat(students.keySet()).containsExactly("2-teachers", "3-teachers");
    assertThat(shares).isSorted().endsWith(1.0);
    Path alone = folder.resolve("alone");
    new TrainingRun(alone, BASE.with(2, BASE.distillation()), (share, message) -> {}).run();
    for (String name :
        List.of("student.safetensors", "teachers.csv", "distillation.csv", "generic.csv")) {
      assertThat(folder.resolve("2-teachers").resolve(name))
          .as(name)
          .hasSameBinaryContentAs(alone.resolve(name));
    }
    assertThat(folder.resolve("3-teachers/refinement.csv")).doesNotExist();

    byte[] student = Files.readAllBytes(students.get("3-teachers"));
    AblationStudy.ofTeachers(folder, BASE, List.of(2, 3), false).run((share, message) -> {});
    assertThat(students.get("3-teachers")).hasBinaryContent(student);
  }

  /** Of three updates an epoch, a third of the teachers gets one. */
  @Test
  void givesEachTeacherAsManySamples() throws IOException {
    AblationStudy.ofTeachers(folder, BASE, List.of(1, 3), true).run((share, message) -> {});

    assertThat(updates("3-teachers")).isEqualTo(2 * 3);
    assertThat(updates("1-teachers")).isEqualTo(2 * 1);
  }

  private long updates(String name) throws IOException {
    Path checkpoint = folder.resolve(name).resolve("distillation.safetensors");
    return Long.parseLong(Safetensors.read(checkpoint).metadata().get("updates"));
  }

  @Test
  void makesStudentsOfEachSize() throws IOException {
    Map<String, Path> students =
        AblationStudy.ofHiddenSizes(folder, BASE, List.of(4, 8)).run((share, message) -> {});

    RecurrentPolicy small = PolicyFile.read(students.get("4-hidden"));
    RecurrentPolicy large = PolicyFile.read(students.get("8-hidden"));
    assertThat(small.stateSize()).isEqualTo(4);
    assertThat(large.stateSize()).isEqualTo(8);
  }
}
