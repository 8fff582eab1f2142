package dev.raptor.rl.evaluation;

import dev.raptor.core.Policy;
import dev.raptor.core.network.Mlp;
import dev.raptor.rl.teacher.Teacher;
import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.effects.Surroundings;
import dev.raptor.sim.rollout.BatchController;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The mean figures of a controller that flew an {@link EvaluationSuite}.
 *
 * @param returnMean sum of the rewards of an episode, averaged over all
 * @param returnStdOverQuads standard deviation of the quadrotors' mean returns
 * @param lengthMean steps of an episode, 500 at most unless the trial says otherwise
 * @param terminatedShare of the episodes that left the task's limits
 * @param steadyStateErrorM mean distance from the reference over the last half of the episodes that
 *     reached the end, m; NaN if none did
 * @param settlingTimeS mean time after which an episode that reached the end stays within 0.15 m of
 *     its reference, s; over those that do, NaN if none does
 * @param rmsePositionM root mean square of the distance from the reference over an episode that
 *     reached the end, m, averaged over these; NaN if none did
 * @param rmsePlaneM the same without z
 * @param quality how calmly the vehicles were held in the second half of an episode that reached
 *     the end, averaged over these
 * @param quads number of quadrotors
 * @param episodes of each quadrotor
 * @param seed of the episodes
 * @param offsetM mean position, m, relative to the reference over the same steps as the
 *     steady-state error
 */
public record Evaluation(
    double returnMean,
    double returnStdOverQuads,
    double lengthMean,
    double terminatedShare,
    double steadyStateErrorM,
    double settlingTimeS,
    double rmsePositionM,
    double rmsePlaneM,
    ControlQuality quality,
    int quads,
    int episodes,
    long seed,
    List<Double> offsetM) {
  /**
   * Evaluates a policy on every quadrotor in the {@linkplain Task#training training task}; the
   * result does not depend on the number of threads.
   */
  public static Evaluation of(
      Policy policy,
      List<SampledQuadrotor> quadrotors,
      int episodes,
      long seed,
      ObservationKind observation,
      ReferenceKind reference) {
    return EvaluationSuite.sampled(quadrotors, episodes, seed)
        .following(reference)
        .fly(policy, observation)
        .evaluation();
  }

  /** Evaluates a teacher on its quadrotor, on the calling thread. */
  public static Evaluation of(
      Teacher teacher,
      SampledQuadrotor quadrotor,
      int episodes,
      long seed,
      ReferenceKind reference) {
    return EvaluationSuite.sampled(List.of(quadrotor), episodes, seed)
        .following(reference)
        .fly((first, lanes) -> controller(teacher, lanes), false)
        .evaluation();
  }

  /** A teacher in all lanes, without exploration noise. */
  private static BatchController controller(Teacher teacher, int lanes) {
    Mlp.Workspace workspace = Teacher.ACTOR.workspace(lanes);
    float[] observation = new float[Teacher.ACTOR.inputs() * lanes];
    return new BatchController() {
      @Override
      public void reset(int lane) {}

      @Override
      public void act(Surroundings surroundings, float[] action) {
        Teacher.observe(surroundings.environment(), observation);
        workspace.forward(teacher.parameters(), 0, observation, 0);
        System.arraycopy(workspace.output(), 0, action, 0, action.length);
      }
    };
  }

  /** As JSON, under the names of the command line. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("return_mean", returnMean);
    json.put("return_std_over_quads", returnStdOverQuads);
    json.put("length_mean", lengthMean);
    json.put("terminated_share", terminatedShare);
    json.put("steady_state_error_m", steadyStateErrorM);
    json.put("settling_time_s", settlingTimeS);
    json.put("quads", quads);
    json.put("episodes", episodes);
    json.put("seed", seed);
    return json;
  }
}
