package dev.raptor.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinearSystemTest {
  @Test
  void solvesWhatNeedsItsRowsSwapped() {
    double[][] equations = {{0, 2, 1e-9, 3}, {1e6, 0, 0, 5e6}, {0, 0, 4, 8}};
    assertThat(LinearSystem.solve(equations)).isPositive();
    assertThat(equations[0][3]).isCloseTo(5, within(1e-12));
    assertThat(equations[1][3]).isCloseTo((3 - 2e-9) / 2, within(1e-12));
    assertThat(equations[2][3]).isCloseTo(2, within(1e-12));
  }

  @Test
  void saysHowFarFromSingularTheMatrixIs() {
    assertThat(LinearSystem.solve(new double[][] {{1, 2, 0}, {2, 4 + 1e-12, 0}})).isLessThan(1e-11);
    assertThat(LinearSystem.solve(new double[][] {{1, 0, 1}, {0, 1e-30, 1}})).isEqualTo(1);
  }

  @Test
  void aLineIsFoundAgain() {
    SplittableRandom random = RandomStreams.of(1);
    List<RidgeRegression.Sample> samples = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      double[] x = {random.nextGaussian(), 100 + random.nextGaussian()};
      samples.add(new RidgeRegression.Sample(x, 2 * x[0] - 3 * x[1] + 7));
    }
    RidgeRegression line = RidgeRegression.fit(samples, 1e-9);
    assertThat(line.slopes()).containsExactly(new double[] {2, -3}, within(1e-8));
    assertThat(line.intercept()).isCloseTo(7, within(1e-5));
    assertThat(line.predict(new double[] {1, 1})).isCloseTo(6, within(1e-5));
  }

  @Test
  void thePenaltyShrinksSlopesAndNotTheIntercept() {
    List<RidgeRegression.Sample> samples =
        List.of(
            new RidgeRegression.Sample(new double[] {-1}, 4),
            new RidgeRegression.Sample(new double[] {1}, 8));
    // Sum of squares 2, of products 4: 4 / (2 + 2).
    RidgeRegression line = RidgeRegression.fit(samples, 2);
    assertThat(line.slopes()[0]).isEqualTo(1);
    assertThat(line.intercept()).isEqualTo(6);
  }
}
