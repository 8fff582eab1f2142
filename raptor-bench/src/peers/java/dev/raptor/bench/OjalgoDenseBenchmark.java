package dev.raptor.bench;

import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.R032Store;
import org.openjdk.jmh.annotations.Benchmark;

/** The products of {@link PeerDenseBenchmark} by ojAlgo, on one thread as by all others. */
public class OjalgoDenseBenchmark extends PeerDenseBenchmark<R032Store> {
  static {
    OjAlgoUtils.limitThreadsTo(1);
  }

  @Override
  R032Store make(int rows, int columns) {
    return R032Store.FACTORY.make(rows, columns);
  }

  @Override
  void set(R032Store matrix, int row, int column, float value) {
    matrix.set(row, column, value);
  }

  @Override
  float get(R032Store matrix, int row, int column) {
    return matrix.floatValue(row, column);
  }

  @Override
  @Benchmark
  public R032Store forward() {
    y.fillByMultiplying(x, w);
    return y;
  }

  @Override
  @Benchmark
  public R032Store weightGradient() {
    dw.fillByMultiplying(dy.transpose(), x);
    return dw;
  }
}
