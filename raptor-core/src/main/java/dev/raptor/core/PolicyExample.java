package dev.raptor.core;

/**
 * Inputs of a policy and the outputs that it gave, from a cleared memory on: what a loader replays.
 *
 * @param steps length of each sequence
 * @param sequences number of sequences
 * @param inputs {@code [steps][sequences][observationSize]}
 * @param outputs {@code [steps][sequences][actionSize]}
 */
public record PolicyExample(int steps, int sequences, float[] inputs, float[] outputs) {
  /** The mean difference above which a replay is refused; the upstream loader's bound. */
  public static final double TOLERANCE = 1e-6;

  /** Runs a policy over random inputs and records what it does. */
  public static PolicyExample record(Policy policy, int steps, int sequences, long seed) {
    float[] inputs = new float[steps * sequences * policy.observationSize()];
    var random = RandomStreams.of(seed);
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    return new PolicyExample(steps, sequences, inputs, run(policy, steps, sequences, inputs));
  }

  /** The mean absolute difference between the recorded outputs and those of {@code policy}. */
  public double meanDifference(Policy policy) {
    float[] actual = run(policy, steps, sequences, inputs);
    double sum = 0;
    for (int i = 0; i < outputs.length; i++) {
      sum += Math.abs((double) actual[i] - outputs[i]);
    }
    return sum / outputs.length;
  }

  private static float[] run(Policy policy, int steps, int sequences, float[] inputs) {
    int in = policy.observationSize();
    int out = policy.actionSize();
    float[] outputs = new float[steps * sequences * out];
    float[] observation = new float[in];
    float[] action = new float[out];
    PolicySession session = policy.newSession();
    for (int s = 0; s < sequences; s++) {
      session.reset();
      for (int t = 0; t < steps; t++) {
        System.arraycopy(inputs, (t * sequences + s) * in, observation, 0, in);
        session.step(observation, action);
        System.arraycopy(action, 0, outputs, (t * sequences + s) * out, out);
      }
    }
    return outputs;
  }
}
