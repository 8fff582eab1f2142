package dev.raptor.core;

import java.util.SplittableRandom;

/**
 * Independent random generators from one seed, split by index and never by thread, so that one seed
 * gives one result whatever the number of threads.
 */
public final class RandomStreams {
  private RandomStreams() {}

  /**
   * The generator at {@code path} below {@code seed}: the same arguments give the same numbers, and
   * different paths give unrelated ones. {@code of(seed, 3, 7)} may be, for example, the eighth
   * episode of the fourth vehicle.
   */
  public static SplittableRandom of(long seed, long... path) {
    long state = mix(seed + 0x9E3779B97F4A7C15L);
    for (long index : path) {
      state = mix(state * 31 + mix(index + 0x9E3779B97F4A7C15L));
    }
    return new SplittableRandom(state);
  }

  /** The finalizer of MurmurHash3 in Stafford's variant 13: every input bit moves every output. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
