package dev.raptor.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.sim.ErrorClipAnalysis.Cruise;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorClipAnalysisTest {
  private static final Policy POLICY = Policies.pretrained();
  private static final ErrorClip CLIP = ErrorClip.of(POLICY).orElseThrow();

  static List<Quadrotor> platforms() {
    return Quadrotors.all();
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void thePolicyInTheJarCruisesWithItsClip(Quadrotor platform) {
    assertThat(ErrorClipAnalysis.isSafe(POLICY, CLIP, platform)).isTrue();
  }

  /** What is in the file is what is measured. */
  @Test
  void theClipInTheJarIsTheOneThatIsMeasured() {
    ErrorClip measured = ErrorClipAnalysis.measure(POLICY).orElseThrow();
    assertThat(measured.positionM()).isEqualTo(CLIP.positionM());
    assertThat(measured.velocityMS()).isCloseTo(CLIP.velocityMS(), within(0.11));
  }

  @Test
  void aPolicyThatCannotSeeItsCruiseRunsAway() {
    Quadrotor x500 = Quadrotors.named("x500_real");
    Cruise free =
        ErrorClipAnalysis.cruises(POLICY, new ErrorClip(CLIP.positionM(), 1000), List.of(x500))
            .get(0);
    assertThat(free.isFlight()).isTrue();

    ErrorClip blind = new ErrorClip(CLIP.positionM(), free.speedMS() / 2);
    Cruise away = ErrorClipAnalysis.cruises(POLICY, blind, List.of(x500)).get(0);

    assertThat(away.speedMS()).isGreaterThan(5 * free.speedMS());
    assertThat(ErrorClipAnalysis.isSafe(POLICY, blind, x500)).isFalse();
  }

  @Test
  void aPolicyThatDoesNotFlyHasNone() {
    RecurrentPolicy random =
        new RecurrentPolicy(
            RecurrentNetwork.RAPTOR,
            RecurrentNetwork.RAPTOR.initialise(RandomStreams.of(1)),
            Map.of("made_by", "chance"));
    List<Quadrotor> one = List.of(Quadrotors.named("x500_sim"));
    assertThat(ErrorClipAnalysis.measure(random, one)).isEmpty();
    assertThat(ErrorClipAnalysis.withErrorClip(random).provenance()).isEqualTo(random.provenance());
  }
}
