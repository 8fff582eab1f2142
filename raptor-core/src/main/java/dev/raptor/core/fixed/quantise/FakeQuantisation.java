package dev.raptor.core.fixed.quantise;

import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UniformQuantiser;
import dev.raptor.core.network.UnrolledNetwork;

/**
 * A policy's way forward in floats as its integers would go it, for learning with them in mind
 * (Jacob et al., 2018): weights and biases are what the quantiser would make of them, and features
 * and state are rounded where a matrix multiplies them. What has 16 bits in every format is not
 * rounded.
 *
 * @param scales what the integers stand for
 */
public record FakeQuantisation(Quantiser quantiser, Scales scales) {
  /** The parameters that the integers of {@code p} stand for, in the network's order. */
  public float[] parameters(float[] p) {
    return quantiser.round(p, scales);
  }

  /** The network with its features and state rounded. */
  public UnrolledNetwork unroll(RecurrentNetwork network, int steps, int lanes) {
    FixedFormat format = quantiser.format();
    UniformQuantiser features =
        new UniformQuantiser((float) scales.feature(), 0, format.featureLimit());
    float step = Math.scalb(1f, format.stateShift() - 15);
    UniformQuantiser states = new UniformQuantiser(step, -format.stateLimit(), format.stateLimit());
    return new UnrolledNetwork(network, steps, lanes, features, states);
  }
}
