package dev.raptor.rl.run;

import dev.raptor.core.InvalidInputException;
import dev.raptor.rl.student.DistillationConfig;
import dev.raptor.rl.student.RefinementConfig;
import dev.raptor.rl.teacher.ApgConfig;
import dev.raptor.rl.teacher.PpoConfig;
import dev.raptor.rl.teacher.TeacherMethod;
import dev.raptor.sim.vehicle.Quadrotor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Everything that decides what a {@link TrainingRun} comes to.
 *
 * @param seed draws the quadrotors and everything else
 * @param vehicles what the quadrotors are
 * @param quadrotors their number, one teacher each
 * @param method how the teachers are trained
 * @param genericPpo trains the teacher of all vehicles by {@link TeacherMethod#PPO}
 * @param ppo tunes it to a vehicle
 * @param weakPpo the same where {@linkplain #WEAK_TORQUE_TO_INERTIA torque is little}
 * @param genericApg and {@code apg}, of each teacher, are used by {@link TeacherMethod#GRADIENT}
 * @param distillation used if there are teachers
 * @param refinement of the distilled student, or of a random one if there are no teachers
 */
public record RunConfig(
    long seed,
    TrainingVehicles vehicles,
    int quadrotors,
    TeacherMethod method,
    PpoConfig genericPpo,
    PpoConfig ppo,
    PpoConfig weakPpo,
    ApgConfig genericApg,
    ApgConfig apg,
    DistillationConfig distillation,
    RefinementConfig refinement) {
  /**
   * 1/s²: a tenth of the distribution has a smaller {@linkplain Quadrotor#torqueToInertia() torque
   * to inertia}, and loses most of all flights that are lost.
   */
  static final double WEAK_TORQUE_TO_INERTIA = 167;

  /** Checks the number of quadrotors. */
  public RunConfig {
    if (quadrotors < 1) {
      throw new InvalidInputException("quadrotors is %d, allowed: 1 or more".formatted(quadrotors));
    }
  }

  /** This configuration with another number of quadrotors and another distillation. */
  RunConfig with(int number, DistillationConfig other) {
    return new RunConfig(
        seed,
        vehicles,
        number,
        method,
        genericPpo,
        ppo,
        weakPpo,
        genericApg,
        apg,
        other,
        refinement);
  }

  /** This configuration for other vehicles; of those that are given, each once. */
  public RunConfig withVehicles(TrainingVehicles others) {
    int number =
        others instanceof TrainingVehicles.Given given ? given.vehicles().size() : quadrotors;
    return new RunConfig(
        seed,
        others,
        number,
        method,
        genericPpo,
        ppo,
        weakPpo,
        genericApg,
        apg,
        distillation,
        refinement);
  }

  /** This configuration with another number of quadrotors. */
  public RunConfig withQuadrotors(int number) {
    return with(number, distillation);
  }

  /** This configuration for a student of another number of hidden units. */
  public RunConfig withHidden(int units) {
    return with(quadrotors, distillation.withHidden(units));
  }

  /** This configuration for a student that only imitates: the paper's. */
  public RunConfig imitationOnly() {
    return imitationOnly(distillation.epochs());
  }

  /** The same, for so many epochs. */
  public RunConfig imitationOnly(int epochs) {
    return new RunConfig(
        seed,
        vehicles,
        quadrotors,
        method,
        genericPpo,
        ppo,
        weakPpo,
        genericApg,
        apg,
        distillation.withEpochs(epochs),
        refinement.withEpochs(0));
  }

  /** What tunes the generic teacher to this vehicle. */
  PpoConfig ppoOf(Quadrotor quadrotor) {
    return quadrotor.torqueToInertia() < WEAK_TORQUE_TO_INERTIA ? weakPpo : ppo;
  }

  /** As JSON; only what is used. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seed", seed);
    json.put("vehicles", vehicles.toJson());
    json.put("quadrotors", quadrotors);
    json.put("method", method.name().toLowerCase(Locale.ROOT));
    if (method != TeacherMethod.NONE) {
      boolean byPpo = method == TeacherMethod.PPO;
      json.put("generic_teacher", components(byPpo ? genericPpo : genericApg));
      json.put("teacher", components(byPpo ? ppo : apg));
      if (byPpo) {
        json.put("weak_teacher", components(weakPpo));
      }
      json.put("distillation", components(distillation));
    }
    if (method == TeacherMethod.NONE) {
      json.put("hidden", distillation.hidden());
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
