package dev.raptor.rl.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.io.Json;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
  private static final List<SampledQuadrotor> QUADROTORS = QuadrotorDistribution.sample(5, 3);
  private static final RecurrentNetwork NETWORK = RecurrentNetwork.RAPTOR;

  @Test
  void oneSeedGivesOneResultWhateverTheThreads() {
    Evaluation expected = evaluate(untrained(), QUADROTORS, 50, 7);
    for (int threads : new int[] {1, 3}) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        assertThat(pool.submit(() -> evaluate(untrained(), QUADROTORS, 50, 7)).join())
            .isEqualTo(expected);
      }
    }
    assertThat(evaluate(untrained(), QUADROTORS, 50, 8)).isNotEqualTo(expected);
  }

  /** 150 episodes share their blocks otherwise than 3 times 50 do. */
  @Test
  void quadrotorsCountAloneAsTheyDoTogether() {
    Evaluation together = evaluate(untrained(), QUADROTORS, 50, 7);
    List<Evaluation> alone =
        QUADROTORS.stream().map(q -> evaluate(untrained(), List.of(q), 50, 7)).toList();
    assertThat(together.returnMean()).isCloseTo(mean(alone, Evaluation::returnMean), within(1e-9));
    assertThat(together.lengthMean()).isCloseTo(mean(alone, Evaluation::lengthMean), within(1e-9));
    assertThat(together.terminatedShare())
        .isCloseTo(mean(alone, Evaluation::terminatedShare), within(1e-9));
    double variance =
        mean(alone, evaluation -> Math.pow(evaluation.returnMean(), 2))
            - Math.pow(together.returnMean(), 2);
    assertThat(together.returnStdOverQuads()).isCloseTo(Math.sqrt(variance), within(1e-6));
    assertThat(alone).allMatch(evaluation -> evaluation.returnStdOverQuads() == 0);
    assertThat(together.quads()).isEqualTo(3);
    assertThat(together.episodes()).isEqualTo(50);
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, 1, 1e6f, -Float.MAX_VALUE})
  void garbageNeverStaysUp(float garbage) {
    for (ReferenceKind reference : ReferenceKind.values()) {
      Evaluation evaluation =
          Evaluation.of(constant(garbage), QUADROTORS, 30, 7, ObservationKind.ABSOLUTE, reference);
      assertThat(evaluation.terminatedShare()).isEqualTo(1);
      assertThat(evaluation.lengthMean()).isBetween(1.0, 200.0);
      assertThat(evaluation.returnMean()).isLessThan(200);
      assertThat(evaluation.steadyStateErrorM()).isNaN();
      assertThat(evaluation.settlingTimeS()).isNaN();
      assertThat(evaluation.offsetM()).containsExactly(0.0, 0.0, 0.0);
    }
  }

  @Test
  void jsonHasTheNamesOfTheCommand() {
    Map<String, Object> json = evaluate(constant(-1), QUADROTORS, 2, 7).toJson();
    assertThat(json.keySet())
        .containsExactly(
            "return_mean",
            "return_std_over_quads",
            "length_mean",
            "terminated_share",
            "steady_state_error_m",
            "settling_time_s",
            "quads",
            "episodes",
            "seed");
    assertThat(Json.write(json))
        .contains("\"terminated_share\":1.0,\"steady_state_error_m\":null,")
        .endsWith("\"quads\":3,\"episodes\":2,\"seed\":7}");
  }

  @Test
  void refusesToEvaluateNothing() {
    assertThatThrownBy(() -> evaluate(untrained(), List.of(), 10, 7))
        .hasMessage("0 quadrotors x 10 episodes; both must be at least 1");
    assertThatThrownBy(() -> evaluate(untrained(), QUADROTORS, 0, 7))
        .hasMessage("3 quadrotors x 0 episodes; both must be at least 1");
  }

  private static Evaluation evaluate(
      RecurrentPolicy policy, List<SampledQuadrotor> quadrotors, int episodes, long seed) {
    return Evaluation.of(
        policy, quadrotors, episodes, seed, ObservationKind.RELATIVE, ReferenceKind.MIX);
  }

  private static RecurrentPolicy untrained() {
    return new RecurrentPolicy(NETWORK, NETWORK.initialise(RandomStreams.of(1)), Map.of());
  }

  private static RecurrentPolicy constant(float action) {
    float[] parameters = new float[NETWORK.parameterCount()];
    int biases = NETWORK.decoderOffset() + NETWORK.decoder().biasOffset();
    for (int i = 0; i < NETWORK.outputs(); i++) {
      parameters[biases + i] = action;
    }
    return new RecurrentPolicy(NETWORK, parameters, Map.of());
  }

  private static double mean(List<Evaluation> all, ToDoubleFunction<Evaluation> value) {
    return all.stream().mapToDouble(value).average().orElseThrow();
  }
}
