package dev.raptor.core.kernel.vector;

/** Memory for the packed operands and partial sums of the calling thread, kept between calls. */
final class Scratch {
  private static final ThreadLocal<float[]> FLOATS = ThreadLocal.withInitial(() -> new float[4096]);

  private Scratch() {}

  /** At least {@code n} floats of any value, the same ones until a call asks for more. */
  static float[] floats(int n) {
    float[] floats = FLOATS.get();
    if (floats.length < n) {
      floats = new float[n];
      FLOATS.set(floats);
    }
    return floats;
  }
}
