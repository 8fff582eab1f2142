package dev.raptor.sim.vehicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.raptor.sim.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuadrotorDistributionTest {
  /** The C++ standard gives the 10000th number from the default seed. */
  @Test
  void generatesTheNumbersOfTheStandard() {
    Mt19937 random = new Mt19937(5489);
    for (int i = 1; i < 10_000; i++) {
      random.nextInt();
    }
    assertThat(Integer.toUnsignedLong(random.nextInt())).isEqualTo(4123659995L);
  }

  @Test
  void drawsTheThousandOfTheReference() {
    List<String> lines = Golden.text("/quads1000.csv").lines().toList();
    assertThat(lines.get(0)).isEqualTo("index,m,x,arm,cm,fstd,tr,tf,t2w,tti,Jxx,Jyy,Jzz,c0,c1,c2");
    List<SampledQuadrotor> drawn = QuadrotorDistribution.sample(0, 1000);
    assertThat(drawn).hasSize(lines.size() - 1);
    for (int i = 0; i < drawn.size(); i++) {
      String[] cells = lines.get(i + 1).split(",");
      SampledQuadrotor sampled = drawn.get(i);
      Quadrotor q = sampled.quadrotor();
      assertThat(sampled.index()).isEqualTo(Integer.parseInt(cells[0]));
      double[] row = {
        q.massKg(),
        q.rotorPositionsM().get(0).x(),
        q.armM(),
        q.torqueConstantM(),
        sampled.disturbanceForceStdN(),
        q.timeConstantRisingS(),
        q.timeConstantFallingS(),
        q.thrustToWeight(),
        q.torqueToInertia(),
        q.inertiaKgM2().x(),
        q.inertiaKgM2().y(),
        q.inertiaKgM2().z(),
        q.thrustCurve().c0(),
        q.thrustCurve().c1(),
        q.thrustCurve().c2()
      };
      for (int column = 0; column < row.length; column++) {
        double expected = Double.parseDouble(cells[column + 1]);
        assertThat(row[column])
            .as("row %d, column %d", i, column + 1)
            .isCloseTo(expected, withinPercentage(1e-10));
      }
      assertThat(q.inverseInertia().z() * q.inertiaKgM2().z())
          .isCloseTo(1, withinPercentage(1e-10));
    }
  }

  @Test
  void staysInItsRanges() {
    for (SampledQuadrotor sampled : QuadrotorDistribution.sample(5, 500)) {
      Quadrotor q = sampled.quadrotor();
      assertThat(QuadrotorDistribution.MASS_KG.contains(q.massKg())).isTrue();
      assertThat(QuadrotorDistribution.THRUST_TO_WEIGHT.contains(q.thrustToWeight())).isTrue();
      assertThat(QuadrotorDistribution.TORQUE_TO_INERTIA.contains(q.torqueToInertia())).isTrue();
    }
  }

  @Test
  void countDoesNotChangeTheFirst() {
    assertThat(QuadrotorDistribution.sample(3, 2))
        .isEqualTo(QuadrotorDistribution.sample(3, 10).subList(0, 2));
  }

  @Test
  void seedCountsByItsLow32Bits() {
    assertThat(QuadrotorDistribution.sample(7 + (1L << 32), 3))
        .isEqualTo(QuadrotorDistribution.sample(7, 3))
        .isNotEqualTo(QuadrotorDistribution.sample(8, 3));
  }

  @Test
  void refusesANegativeCount() {
    assertThatThrownBy(() -> QuadrotorDistribution.sample(0, -1))
        .hasMessage("count of quadrotors is -1, allowed: 0 to 1000000");
  }
}
