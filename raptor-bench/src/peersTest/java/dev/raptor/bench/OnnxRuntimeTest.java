package dev.raptor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.raptor.core.Policies;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.core.interop.OnnxModel;
import dev.raptor.core.network.RecurrentNetwork;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** ONNX Runtime computes the models that {@link OnnxModel} writes as Raptor computes them. */
class OnnxRuntimeTest {
  private static final int STEPS = 500;

  @Test
  void computesThePretrainedPolicy() throws OrtException {
    check(Policies.pretrained());
  }

  @Test
  void computesOtherShapes() throws OrtException {
    RecurrentNetwork network = new RecurrentNetwork(22, 5, 4);
    check(new RecurrentPolicy(network, network.initialise(RandomStreams.of(1)), Map.of()));
  }

  @Test
  void findsTheMetadata() throws OrtException {
    byte[] model = OnnxModel.of(Policies.pretrained());
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
      assertThat(session.getMetadata().getProducerName()).isEqualTo("raptor");
      assertThat(session.getMetadata().getDescription()).contains("rotation matrix");
      assertThat(session.getMetadata().getCustomMetadata())
          .containsEntry("format", "raptor-policy")
          .containsKeys("version", "provenance", "crc32");
    }
  }

  /** One model for any number of vehicles; each step from the memory that the policy had. */
  private static void check(RecurrentPolicy policy) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(OnnxModel.of(policy))) {
      for (int vehicles : new int[] {1, 3, 64}) {
        check(policy, environment, session, vehicles);
      }
    }
  }

  private static void check(
      RecurrentPolicy policy, OrtEnvironment environment, OrtSession session, int vehicles)
      throws OrtException {
    int hidden = policy.stateSize();
    RandomGenerator random = RandomStreams.of(vehicles);
    PolicyBatch batch = policy.newBatch(vehicles);
    float[] observations = new float[22 * vehicles];
    float[] actions = new float[4 * vehicles];
    float[] memory = new float[hidden];
    FloatBuffer given = FloatBuffer.allocate(22 * vehicles);
    FloatBuffer state = FloatBuffer.allocate(hidden * vehicles);
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < given.capacity(); i++) {
        float value = (float) random.nextGaussian();
        given.put(i, value);
        observations[i % 22 * vehicles + i / 22] = value;
      }
      batch.step(observations, actions);
      try (OnnxTensor x = OnnxTensor.createTensor(environment, given, new long[] {vehicles, 22});
          OnnxTensor h =
              OnnxTensor.createTensor(environment, state, new long[] {1, vehicles, hidden});
          OrtSession.Result out = session.run(Map.of("observation", x, "state", h))) {
        float[][] action = (float[][]) out.get("action").orElseThrow().getValue();
        float[][][] next = (float[][][]) out.get("next").orElseThrow().getValue();
        for (int lane = 0; lane < vehicles; lane++) {
          for (int i = 0; i < 4; i++) {
            assertThat(action[lane][i])
                .as("action %d of %d in step %d", i, lane, t)
                .isCloseTo(actions[i * vehicles + lane], within(5e-5f));
          }
          batch.readMemory(lane, memory);
          for (int i = 0; i < hidden; i++) {
            assertThat(next[0][lane][i]).isCloseTo(memory[i], within(1e-5f));
            state.put(lane * hidden + i, memory[i]);
          }
        }
      }
    }
  }
}
