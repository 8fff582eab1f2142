package dev.raptor.bench;

import dev.raptor.core.network.RecurrentNetwork;

/** The policy's network as one would write it down: rows, loops and the JDK's exp and tanh. */
final class PlainStep {
  private final float[] p;
  private final float[] features = new float[16];
  private final float[] inputGates = new float[48];
  private final float[] stateGates = new float[48];
  private final float[] state = new float[16];

  PlainStep(float[] parameters) {
    p = parameters;
  }

  void step(float[] observation, float[] action) {
    int gru = RecurrentNetwork.RAPTOR.gruOffset();
    dense(16, 22, 0, observation, features);
    for (int i = 0; i < 16; i++) {
      features[i] = Math.max(0, features[i]);
    }
    dense(48, 16, gru, features, inputGates);
    dense(48, 16, gru + 48 * 17, state, stateGates);
    for (int i = 0; i < 16; i++) {
      float r = sigmoid(inputGates[i] + stateGates[i]);
      float z = sigmoid(inputGates[16 + i] + stateGates[16 + i]);
      float c = (float) Math.tanh(inputGates[32 + i] + r * stateGates[32 + i]);
      state[i] = (1 - z) * c + z * state[i];
    }
    dense(4, 16, RecurrentNetwork.RAPTOR.decoderOffset(), state, action);
  }

  private static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }

  private void dense(int outputs, int inputs, int at, float[] x, float[] y) {
    for (int o = 0; o < outputs; o++) {
      float sum = p[at + outputs * inputs + o];
      for (int i = 0; i < inputs; i++) {
        sum += p[at + o * inputs + i] * x[i];
      }
      y[o] = sum;
    }
  }
}
