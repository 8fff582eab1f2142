package dev.raptor.bench;

import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.openjdk.jmh.annotations.Benchmark;

/** The products of {@link PeerDenseBenchmark} by EJML. */
public class EjmlDenseBenchmark extends PeerDenseBenchmark<FMatrixRMaj> {
  @Override
  FMatrixRMaj make(int rows, int columns) {
    return new FMatrixRMaj(rows, columns);
  }

  @Override
  void set(FMatrixRMaj matrix, int row, int column, float value) {
    matrix.set(row, column, value);
  }

  @Override
  float get(FMatrixRMaj matrix, int row, int column) {
    return matrix.get(row, column);
  }

  @Override
  @Benchmark
  public FMatrixRMaj forward() {
    CommonOps_FDRM.mult(x, w, y);
    return y;
  }

  @Override
  @Benchmark
  public FMatrixRMaj weightGradient() {
    CommonOps_FDRM.multTransA(dy, x, dw);
    return dw;
  }
}
