package dev.raptor.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomStreamsTest {
  @Test
  void onePathGivesTheSameNumbers() {
    assertThat(numbers(RandomStreams.of(7, 3, 1), 20))
        .isEqualTo(numbers(RandomStreams.of(7, 3, 1), 20));
  }

  /** Runs are repeated by their seed years later: the numbers are part of the interface. */
  @Test
  void theNumbersStayWhatTheyAre() {
    assertThat(RandomStreams.of(0).nextLong()).isEqualTo(-6411193824288604561L);
    assertThat(RandomStreams.of(42, 1, 2).nextLong()).isEqualTo(-2352797150259663397L);
  }

  @Test
  void pathsDoNotCollide() {
    Set<Long> first = new HashSet<>();
    int count = 0;
    for (long seed = -8; seed < 8; seed++) {
      first.add(RandomStreams.of(seed).nextLong());
      count++;
      for (long a = -8; a < 8; a++) {
        first.add(RandomStreams.of(seed, a).nextLong());
        count++;
        for (long b = -8; b < 8; b++) {
          first.add(RandomStreams.of(seed, a, b).nextLong());
          first.add(RandomStreams.of(seed, a, b, 0).nextLong());
          count += 2;
        }
      }
    }
    assertThat(first).hasSize(count);
  }

  /** Sums over neighbouring paths would show a common offset or a shift by a step. */
  @Test
  void neighboursAreUnrelated() {
    int paths = 20_000;
    double mean = 0;
    double product = 0;
    for (int i = 0; i < paths; i++) {
      double here = RandomStreams.of(1, i).nextDouble() - 0.5;
      var next = RandomStreams.of(1, i + 1);
      double there = next.nextDouble() - 0.5;
      mean += here / paths;
      product += 12 * here * there / paths;
    }
    assertThat(mean).isCloseTo(0, within(0.01));
    assertThat(product).isCloseTo(0, within(0.03));
  }

  private static long[] numbers(SplittableRandom random, int count) {
    return LongStream.generate(random::nextLong).limit(count).toArray();
  }
}
