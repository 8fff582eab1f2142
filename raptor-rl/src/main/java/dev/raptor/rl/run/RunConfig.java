package dev.raptor.rl.run;

import dev.raptor.core.InvalidInputException;
import dev.raptor.rl.student.DistillationConfig;
import dev.raptor.rl.student.RefinementConfig;
import dev.raptor.rl.teacher.ApgConfig;
import dev.raptor.rl.teacher.PpoConfig;
import dev.raptor.rl.teacher.TeacherMethod;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Everything that decides what a {@link TrainingRun} comes to.
 *
 * @param seed draws the quadrotors and everything else
 * @param quadrotors the number of quadrotors, one teacher each
 * @param method how the teachers are trained
 * @param genericPpo and {@code ppo}, of each teacher, are used by {@link TeacherMethod#PPO}
 * @param genericApg and {@code apg}, of each teacher, are used by {@link TeacherMethod#GRADIENT}
 * @param distillation used if there are teachers
 * @param refinement of the distilled student, or of a random one if there are no teachers
 */
public record RunConfig(
    long seed,
    int quadrotors,
    TeacherMethod method,
    PpoConfig genericPpo,
    PpoConfig ppo,
    ApgConfig genericApg,
    ApgConfig apg,
    DistillationConfig distillation,
    RefinementConfig refinement) {
  /** Checks the number of quadrotors. */
  public RunConfig {
    if (quadrotors < 1) {
      throw new InvalidInputException("quadrotors is %d, allowed: 1 or more".formatted(quadrotors));
    }
  }

  /** This configuration with another number of quadrotors and another distillation. */
  RunConfig with(int number, DistillationConfig other) {
    return new RunConfig(seed, number, method, genericPpo, ppo, genericApg, apg, other, refinement);
  }

  /**
   * This configuration for a student that only imitates, for so many epochs, and so tells what its
   * teachers are worth.
   */
  public RunConfig imitationOnly(int epochs) {
    return new RunConfig(
        seed,
        quadrotors,
        method,
        genericPpo,
        ppo,
        genericApg,
        apg,
        distillation.withEpochs(epochs),
        refinement.withEpochs(0));
  }

  /** As JSON; only what is used. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seed", seed);
    json.put("quadrotors", quadrotors);
    json.put("method", method.name().toLowerCase(Locale.ROOT));
    if (method != TeacherMethod.NONE) {
      boolean byPpo = method == TeacherMethod.PPO;
      json.put("generic_teacher", components(byPpo ? genericPpo : genericApg));
      json.put("teacher", components(byPpo ? ppo : apg));
      json.put("distillation", components(distillation));
    }
    json.put("refinement", components(refinement));
    return json;
  }

  private static Map<String, Object> components(Record record) {
    Map<String, Object> out = new LinkedHashMap<>();
    try {
      for (var component : record.getClass().getRecordComponents()) {
        Object value = component.getAccessor().invoke(record);
        out.put(component.getName(), value instanceof Record inner ? components(inner) : value);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return out;
  }
}
