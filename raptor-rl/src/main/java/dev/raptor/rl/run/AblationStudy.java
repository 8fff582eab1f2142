package dev.raptor.rl.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Students that differ in one thing and are equal in all else, each a {@link TrainingRun} in a
 * folder of its own below that of the study. What they have in common, the teachers, is trained
 * once. It may be killed at any moment and goes on, as a run does.
 */
public final class AblationStudy {
  private final Path folder;
  private final Map<String, RunConfig> variants;

  /**
   * A study.
   *
   * @param variants by name; they must differ in nothing but the number of quadrotors and the
   *     student's learning, so that the teachers of one are teachers of the other
   */
  private AblationStudy(Path folder, Map<String, RunConfig> variants) {
    this.folder = folder;
    this.variants = variants;
  }

  /**
   * Students of the first so many teachers.
   *
   * @param equalPerTeacher whether a student has as many samples of each teacher as the others
   *     have, and so the fewer in all the fewer its teachers are; else it has as many in all
   */
  public static AblationStudy ofTeachers(
      Path folder, RunConfig base, List<Integer> counts, boolean equalPerTeacher) {
    Map<String, RunConfig> variants = new LinkedHashMap<>();
    int most = Collections.max(counts);
    int updates = base.distillation().updatesPerEpoch();
    for (int count : counts) {
      int fewer =
          equalPerTeacher ? Math.max(1, Math.round((float) updates * count / most)) : updates;
      variants.put(
          name(count, "teachers"),
          base.with(count, base.distillation().withUpdatesPerEpoch(fewer)));
    }
    return new AblationStudy(folder, variants);
  }

  /** Students of so many hidden units under the same teachers. */
  public static AblationStudy ofHiddenSizes(Path folder, RunConfig base, List<Integer> sizes) {
    Map<String, RunConfig> variants = new LinkedHashMap<>();
    for (int size : sizes) {
      variants.put(
          name(size, "hidden"), base.with(base.quadrotors(), base.distillation().withHidden(size)));
    }
    return new AblationStudy(folder, variants);
  }

  private static String name(int number, String of) {
    return String.format(Locale.ROOT, "%d-%s", number, of);
  }

  /**
   * Trains what is missing.
   *
   * @return the policy files of the students by the variants' names, in their order
   * @throws IOException if the folder cannot be written
   * @throws IllegalArgumentException if the folder holds another study or a damaged file
   */
  public Map<String, Path> run(RunListener listener) throws IOException {
    // The one with the most teachers first: the others take theirs from it.
    List<String> order =
        variants.keySet().stream()
            .sorted(Comparator.comparing(name -> -variants.get(name).quadrotors()))
            .toList();
    Path first = folder.resolve(order.get(0));
    for (int i = 0; i < order.size(); i++) {
      String name = order.get(i);
      Path run = folder.resolve(name);
      if (i > 0) {
        TrainingRun.shareTeachers(first, run, variants.get(name).quadrotors());
      }
      int before = i;
      RunListener part =
          (share, message) ->
              listener.progress((before + share) / order.size(), name + ": " + message);
      new TrainingRun(run, variants.get(name), part).run();
    }
    Map<String, Path> students = new LinkedHashMap<>();
    variants
        .keySet()
        .forEach(n -> students.put(n, folder.resolve(n).resolve("student.safetensors")));
    return students;
  }
}
