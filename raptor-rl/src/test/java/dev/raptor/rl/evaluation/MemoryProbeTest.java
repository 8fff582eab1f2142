package dev.raptor.rl.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.core.Observation;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryProbeTest {
  private static final RecurrentPolicy POLICY =
      new RecurrentPolicy(
          RecurrentNetwork.RAPTOR,
          RecurrentNetwork.RAPTOR.initialise(RandomStreams.of(1)),
          Map.of());

  /** Even untrained, a memory tells more after it has seen something, and nothing if cleared. */
  @Test
  void readsWhatIsInTheMemory() {
    List<SampledQuadrotor> quadrotors = QuadrotorDistribution.sample(3, 60);
    List<MemoryProbe.Reading> readings =
        MemoryProbe.read(
            POLICY, quadrotors.subList(0, 45), quadrotors.subList(45, 60), 8, 1, 1, 15);

    assertThat(readings).extracting(MemoryProbe.Reading::timeS).containsExactly(0.01, 0.15);
    assertThat(readings.get(0).flights()).isEqualTo(120);
    assertThat(readings.get(1).flights()).isBetween(60, 120);
    assertThat(readings).allMatch(reading -> reading.r2() < 1 && reading.meanSquaredError() > 0);
    assertThat(readings.get(1).r2()).isGreaterThan(readings.get(0).r2());
  }

  @Test
  void withoutMemoryEveryStepIsTheFirst() {
    float[] observation = new float[Observation.SIZE];
    observation[0] = 0.3f;
    float[] first = new float[4];
    POLICY.newSession().step(observation, first);

    PolicySession session = new MemorylessPolicy(POLICY).newSession();
    PolicyBatch batch = new MemorylessPolicy(POLICY).newBatch(1);
    for (int i = 0; i < 3; i++) {
      float[] action = new float[4];
      session.step(observation, action);
      assertThat(action).isEqualTo(first);
      batch.step(observation, action);
      assertThat(action).isEqualTo(first);
    }
  }
}
