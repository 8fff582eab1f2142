package dev.raptor.bench;

import dev.raptor.core.RandomStreams;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ojalgo.matrix.store.R032Store;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The product of {@link DenseBenchmark#forward}, without biases, by other libraries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerBenchmark {
  /** Outputs, inputs and lanes. */
  @Param({"64x64x128", "64x64x256"})
  public String shape;

  private FMatrixRMaj ejmlW;
  private FMatrixRMaj ejmlX;
  private FMatrixRMaj ejmlY;
  private R032Store ojalgoW;
  private R032Store ojalgoX;
  private R032Store ojalgoY;

  /** Draws the operands and checks one against the other. */
  @Setup
  public void setUp() {
    String[] sides = shape.split("x");
    int outputs = Integer.parseInt(sides[0]);
    int inputs = Integer.parseInt(sides[1]);
    int lanes = Integer.parseInt(sides[2]);
    ejmlW = new FMatrixRMaj(outputs, inputs);
    ejmlX = new FMatrixRMaj(inputs, lanes);
    ejmlY = new FMatrixRMaj(outputs, lanes);
    ojalgoW = R032Store.FACTORY.make(outputs, inputs);
    ojalgoX = R032Store.FACTORY.make(inputs, lanes);
    ojalgoY = R032Store.FACTORY.make(outputs, lanes);
    SplittableRandom random = RandomStreams.of(1);
    for (int i = 0; i < inputs; i++) {
      for (int o = 0; o < outputs; o++) {
        ejmlW.set(o, i, random.nextFloat(-1, 1));
        ojalgoW.set(o, i, ejmlW.get(o, i));
      }
      for (int l = 0; l < lanes; l++) {
        ejmlX.set(i, l, random.nextFloat(-1, 1));
        ojalgoX.set(i, l, ejmlX.get(i, l));
      }
    }
    ejml();
    ojalgo();
    for (int o = 0; o < outputs; o++) {
      double sum = 0;
      for (int i = 0; i < inputs; i++) {
        sum += ejmlW.get(o, i) * ejmlX.get(i, o);
      }
      Check.close("EJML", ejmlY.get(o, o), sum);
      Check.close("ojAlgo", ojalgoY.floatValue(o, o), sum);
    }
  }

  /** EJML, single precision, row by row. */
  @Benchmark
  public FMatrixRMaj ejml() {
    CommonOps_FDRM.mult(ejmlW, ejmlX, ejmlY);
    return ejmlY;
  }

  /** ojAlgo, single precision. */
  @Benchmark
  public R032Store ojalgo() {
    ojalgoY.fillByMultiplying(ojalgoW, ojalgoX);
    return ojalgoY;
  }
}
