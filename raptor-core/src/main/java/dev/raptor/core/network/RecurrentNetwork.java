package dev.raptor.core.network;

import java.util.random.RandomGenerator;

/**
 * The student's network (raptor paper, methods): {@code inputs → Dense hidden ReLU → GRU hidden →
 * Dense outputs}. With 22 inputs, 16 hidden units and 4 outputs it has 2084 parameters, the initial
 * hidden state, which stays zero, counted. All are one flat array in the order of the layers, the
 * initial state last.
 */
public record RecurrentNetwork(int inputs, int hidden, int outputs) {
  /** The shape of the released policy: 22 observations, 16 units, 4 motors. */
  public static final RecurrentNetwork RAPTOR = new RecurrentNetwork(22, 16, 4);

  /** The first layer. */
  public Dense encoder() {
    return new Dense(inputs, hidden, Activation.RELU);
  }

  /** The recurrent layer. */
  public Gru gru() {
    return new Gru(hidden, hidden);
  }

  /** The last layer. */
  public Dense decoder() {
    return new Dense(hidden, outputs, Activation.IDENTITY);
  }

  /** Where the GRU's parameters begin. */
  public int gruOffset() {
    return encoder().parameterCount();
  }

  /** Where the last layer's parameters begin. */
  public int decoderOffset() {
    return gruOffset() + gru().parameterCount();
  }

  /** Where the initial hidden state begins. */
  public int initialStateOffset() {
    return decoderOffset() + decoder().parameterCount();
  }

  /** The number of parameters, the initial hidden state counted. */
  public int parameterCount() {
    return initialStateOffset() + hidden;
  }

  /** Random parameters, layer by layer as each layer draws them; the initial state is zero. */
  public float[] initialise(RandomGenerator random) {
    float[] parameters = new float[parameterCount()];
    encoder().initialise(parameters, 0, random);
    gru().initialise(parameters, gruOffset(), random);
    decoder().initialise(parameters, decoderOffset(), random);
    return parameters;
  }

  /** Inputs, units and outputs, as in "22-16-4". */
  @Override
  public String toString() {
    return "%d-%d-%d".formatted(inputs, hidden, outputs);
  }
}
