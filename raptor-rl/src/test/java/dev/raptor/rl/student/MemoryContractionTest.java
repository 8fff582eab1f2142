package dev.raptor.rl.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MemoryContractionTest {
  private static final RecurrentNetwork NETWORK = RecurrentNetwork.RAPTOR;

  /** A flight of noise, and memories that are all zero. */
  private static UnrolledNetwork flight() {
    UnrolledNetwork flight = new UnrolledNetwork(NETWORK, 120, 8);
    SplittableRandom random = RandomStreams.of(3);
    for (int i = 0; i < flight.inputs().length; i++) {
      flight.inputs()[i] = (float) (0.5 * random.nextGaussian());
    }
    return flight;
  }

  private static double cost(float[] parameters, float[] gradient) {
    return new MemoryContraction(NETWORK)
        .charge(parameters, flight(), 2, RandomStreams.of(4), gradient);
  }

  @Test
  void theGradientIsTwiceThatOfTheCost() {
    SplittableRandom random = RandomStreams.of(9);
    float[] parameters = NETWORK.initialise(random);
    // Slow update gates, as those of memories that are worth the cost.
    int bias = NETWORK.gruOffset() + 3 * NETWORK.hidden() * NETWORK.hidden() + NETWORK.hidden();
    for (int i = 0; i < NETWORK.hidden(); i++) {
      parameters[bias + i] += 3;
    }
    float[] gradient = new float[parameters.length];
    cost(parameters, gradient);
    double norm = 0;
    for (float g : gradient) {
      norm += g * g;
    }
    norm = Math.sqrt(norm);
    assertThat(norm).isPositive();
    for (int n = 0; n < 5; n++) {
      float[] up = parameters.clone();
      float[] down = parameters.clone();
      double slope = 0;
      for (int i = 0; i < parameters.length; i++) {
        double direction =
            gradient[i] / norm + random.nextGaussian() / Math.sqrt(parameters.length);
        slope += gradient[i] * direction;
        up[i] += (float) (1e-2 * direction);
        down[i] -= (float) (1e-2 * direction);
      }
      float[] ignored = new float[parameters.length];
      double difference = 2 * (cost(up, ignored) - cost(down, ignored)) / 2e-2;
      assertThat(difference).isCloseTo(slope, within(0.02 * norm));
    }
  }

  @Test
  void aMemoryThatIsKeptCostsMoreThanOneThatIsNot() {
    float[] forgets = new float[NETWORK.parameterCount()];
    float[] keeps = forgets.clone();
    // The biases of the update gate, of the inputs' part: an open gate keeps the state.
    int bias = NETWORK.gruOffset() + 3 * NETWORK.hidden() * NETWORK.hidden() + NETWORK.hidden();
    for (int i = 0; i < NETWORK.hidden(); i++) {
      keeps[bias + i] = 8;
    }
    float[] ignored = new float[forgets.length];
    assertThat(cost(forgets, ignored)).isLessThan(1e-6);
    assertThat(cost(keeps, ignored)).isGreaterThan(0.9);
  }
}
