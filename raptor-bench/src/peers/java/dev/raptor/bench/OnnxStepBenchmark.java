package dev.raptor.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.raptor.core.PolicyBatch;
import dev.raptor.core.interop.OnnxModel;
import dev.raptor.core.policy.RecurrentPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The steps of {@link StepBenchmark} by ONNX Runtime, on the same network and weights: one thread,
 * all optimisations, inputs and outputs in buffers that are made once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OnnxStepBenchmark {
  private Vehicles single;
  private Vehicles few;
  private Vehicles many;

  /** Makes the models, and checks each over 100 steps against a batch of the policy. */
  @Setup
  public void setUp() throws OrtException {
    single = new Vehicles(1);
    few = new Vehicles(64);
    many = new Vehicles(1024);
    for (Vehicles vehicles : new Vehicles[] {single, few, many}) {
      vehicles.check();
    }
  }

  /** One vehicle. */
  @Benchmark
  public FloatBuffer one() throws OrtException {
    return single.step();
  }

  /** 64 vehicles. */
  @Benchmark
  public FloatBuffer batch64() throws OrtException {
    return few.step();
  }

  /** 1024 vehicles. */
  @Benchmark
  public FloatBuffer batch1024() throws OrtException {
    return many.step();
  }

  /** Two states take turns: what one step writes the next one reads. */
  private static final class Vehicles {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    final int lanes;
    final OrtSession session;
    final FloatBuffer observation;
    final FloatBuffer action;
    final float[] last;
    final Map<String, OnnxTensor> evenInputs;
    final Map<String, OnnxTensor> evenOutputs;
    final Map<String, OnnxTensor> oddInputs;
    final Map<String, OnnxTensor> oddOutputs;
    boolean odd;

    Vehicles(int lanes) throws OrtException {
      this.lanes = lanes;
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = ENVIRONMENT.createSession(OnnxModel.of(StepBenchmark.policy()), options);
      observation = buffer(22 * lanes);
      action = buffer(4 * lanes);
      last = new float[4];
      float[] first = StepBenchmark.observation();
      for (int lane = 0; lane < lanes; lane++) {
        observation.put(22 * lane, first);
      }
      OnnxTensor observations = OnnxTensor.createTensor(ENVIRONMENT, observation, shape(lanes, 22));
      OnnxTensor actions = OnnxTensor.createTensor(ENVIRONMENT, action, shape(lanes, 4));
      OnnxTensor even =
          OnnxTensor.createTensor(ENVIRONMENT, buffer(16 * lanes), shape(1, lanes, 16));
      OnnxTensor odd =
          OnnxTensor.createTensor(ENVIRONMENT, buffer(16 * lanes), shape(1, lanes, 16));
      evenInputs = Map.of("observation", observations, "state", even);
      evenOutputs = Map.of("action", actions, "next", odd);
      oddInputs = Map.of("observation", observations, "state", odd);
      oddOutputs = Map.of("action", actions, "next", even);
    }

    private static FloatBuffer buffer(int n) {
      return ByteBuffer.allocateDirect(4 * n).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private static long[] shape(long... sides) {
      return sides;
    }

    FloatBuffer step() throws OrtException {
      session.run(odd ? oddInputs : evenInputs, odd ? oddOutputs : evenOutputs).close();
      odd = !odd;
      for (int lane = 0; lane < lanes; lane++) {
        action.get(4 * lane, last);
        observation.put(22 * lane + 18, last);
      }
      return action;
    }

    void check() throws OrtException {
      RecurrentPolicy policy = StepBenchmark.policy();
      PolicyBatch batch = policy.newBatch(1);
      float[] observation = StepBenchmark.observation();
      float[] expected = new float[4];
      for (int t = 0; t < 100; t++) {
        batch.step(observation, expected);
        System.arraycopy(expected, 0, observation, 18, 4);
        step();
        for (int lane = 0; lane < lanes; lane += 13) {
          for (int i = 0; i < 4; i++) {
            float actual = action.get(4 * lane + i);
            if (!(Math.abs(actual - expected[i]) < 1e-5)) {
              throw new IllegalStateException(
                  "ONNX Runtime's action[%d] of lane %d in step %d is %s, expected %s"
                      .formatted(i, lane, t, actual, expected[i]));
            }
          }
        }
      }
    }
  }
}
