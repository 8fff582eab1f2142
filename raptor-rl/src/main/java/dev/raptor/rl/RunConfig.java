package dev.raptor.rl;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Everything that decides what a {@link TrainingRun} comes to.
 *
 * @param seed draws the quadrotors and everything else
 * @param teachers the number of quadrotors, one teacher each
 * @param method how the teachers are trained
 * @param ppo used by {@link TeacherMethod#PPO}
 * @param generic and {@code fineTuning} are used by {@link TeacherMethod#GRADIENT}
 */
public record RunConfig(
    long seed,
    int teachers,
    TeacherMethod method,
    PpoConfig ppo,
    ApgConfig generic,
    ApgConfig fineTuning,
    DistillationConfig distillation) {
  /** Checks the number of teachers. */
  public RunConfig {
    if (teachers < 1) {
      throw new IllegalArgumentException("teachers is %d, allowed: 1 or more".formatted(teachers));
    }
  }

  /** As JSON; of the methods, the one that is used. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seed", seed);
    json.put("teachers", teachers);
    json.put("method", method.name().toLowerCase(Locale.ROOT));
    if (method == TeacherMethod.PPO) {
      json.put("ppo", components(ppo));
    } else {
      json.put("generic", components(generic));
      json.put("fine_tuning", components(fineTuning));
    }
    json.put("distillation", components(distillation));
    return json;
  }

  private static Map<String, Object> components(Record record) {
    Map<String, Object> out = new LinkedHashMap<>();
    try {
      for (var component : record.getClass().getRecordComponents()) {
        out.put(component.getName(), component.getAccessor().invoke(record));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return out;
  }
}
