package dev.raptor.sim.vehicle;

/**
 * The Mersenne twister MT19937 (Matsumoto and Nishimura, 1998), with the conversions to real
 * numbers that the reference's sampler uses, so that the same seed draws the same vehicles.
 */
final class Mt19937 {
  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int at = N;

  Mt19937(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** The next 32 bits. */
  int nextInt() {
    if (at == N) {
      twist();
    }
    int y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** Uniform in [min, max): two words a, b give (a + b 2³²) / 2⁶⁴. */
  double uniform(double min, double max) {
    double low = Integer.toUnsignedLong(nextInt());
    double high = Integer.toUnsignedLong(nextInt());
    double unit = Math.min((low + high * 0x1p32) * 0x1p-64, Math.nextDown(1.0));
    return unit * (max - min) + min;
  }

  /** Normal by Marsaglia's polar method; the second number of each pair is thrown away. */
  double normal(double mean, double std) {
    double y;
    double rho;
    do {
      double x = uniform(-1, 1);
      y = uniform(-1, 1);
      rho = x * x + y * y;
    } while (rho > 1 || rho == 0);
    return y * Math.sqrt(-2 * Math.log(rho) / rho) * std + mean;
  }

  private void twist() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) * 0x9908b0df);
    }
    at = 0;
  }
}
