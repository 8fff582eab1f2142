package dev.raptor.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The most multiply-adds that the core makes: ten independent chains, more than latency times width
 * asks for, and nothing from memory. Everything else is a share of this.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeakBenchmark {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int TURNS = 10_000;

  /** Floating-point operations of one call with vectors of at most so many bits, null for any. */
  static double flops(Integer bits) {
    int width = SPECIES.vectorBitSize();
    return 2.0 * 10 * TURNS * (bits == null ? width : Math.min(bits, width)) / Float.SIZE;
  }

  /** Not a constant for the compiler. */
  public float half = 0.5f;

  /** Every chain converges to 1. */
  @Benchmark
  public float multiplyAdds() {
    FloatVector x = FloatVector.broadcast(SPECIES, half);
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a.add(1);
    FloatVector c = a.add(2);
    FloatVector d = a.add(3);
    FloatVector e = a.add(4);
    FloatVector f = a.add(5);
    FloatVector g = a.add(6);
    FloatVector h = a.add(7);
    FloatVector i = a.add(8);
    FloatVector j = a.add(9);
    for (int turn = 0; turn < TURNS; turn++) {
      a = a.fma(x, x);
      b = b.fma(x, x);
      c = c.fma(x, x);
      d = d.fma(x, x);
      e = e.fma(x, x);
      f = f.fma(x, x);
      g = g.fma(x, x);
      h = h.fma(x, x);
      i = i.fma(x, x);
      j = j.fma(x, x);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j);
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
