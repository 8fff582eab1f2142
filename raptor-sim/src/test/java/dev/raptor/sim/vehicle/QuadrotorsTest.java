package dev.raptor.sim.vehicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuadrotorsTest {
  @ParameterizedTest
  @CsvSource({
    "crazyflie, 1.4675, .11013, .806124, .03960, 463.1",
    "x500_real, 3.2469, 15.926, .554964, .25, 183.4",
    "x500_sim, 1.7819, 8.74, .749141, .25, 100.8",
    "fs_base, 3.4014, 27.946, .436670, .31872, 109.2",
    "mrs, 2.6917, 11.222, .558069, .17, 241.1",
    "arpl, 3.9368, 7.550, .280678, .12502, 468.5",
    "flightmare, 12.125, 21.708, .246231, .17, 466.5",
    "soft, 3.3111, 7.877, .429038, .22074, 194.0",
    "soft_rigid, 3.3163, 6.539, .361732, .22074, 199.4"
  })
  void followFromTheirParameters(
      String name,
      double thrustToWeight,
      double maxThrustN,
      double hover,
      double armM,
      double torqueToInertia) {
    Quadrotor q = Quadrotors.named(name);
    assertThat(q.name()).isEqualTo(name);
    assertThat(q.thrustToWeight()).isCloseTo(thrustToWeight, within(6e-4));
    assertThat(q.thrustCurve().thrustN(1)).isCloseTo(maxThrustN, within(6e-4));
    assertThat(q.hoverThrottle()).isCloseTo(hover, within(6e-7));
    assertThat(q.armM()).isCloseTo(armM, within(6e-6));
    assertThat(q.torqueToInertia()).isCloseTo(torqueToInertia, within(0.06));
  }

  @Test
  void areNine() {
    assertThat(Quadrotors.names())
        .containsExactly(
            "crazyflie",
            "x500_real",
            "x500_sim",
            "fs_base",
            "mrs",
            "arpl",
            "flightmare",
            "soft",
            "soft_rigid");
    assertThat(Quadrotors.all()).extracting(Quadrotor::name).isEqualTo(Quadrotors.names());
  }

  @Test
  void unknownNameListsTheKnown() {
    assertThatThrownBy(() -> Quadrotors.named("x501"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown platform 'x501', allowed: " + String.join(", ", Quadrotors.names()));
  }

  @Test
  void rotorsOutOfOrderAreRefused() {
    Quadrotor q = Quadrotors.named("mrs");
    List<Vec3> r = q.rotorPositionsM();
    assertThatThrownBy(
            () ->
                Quadrotor.of(
                    "px4 order",
                    q.massKg(),
                    q.inertiaKgM2(),
                    List.of(r.get(0), r.get(2), r.get(3), r.get(1)),
                    q.thrustCurve(),
                    q.torqueConstantM(),
                    q.timeConstantRisingS(),
                    q.timeConstantFallingS()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rotor_positions_m[1] is [-0.12")
        .hasMessageContaining("back right");
  }
}
