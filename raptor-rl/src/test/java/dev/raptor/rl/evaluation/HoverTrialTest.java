package dev.raptor.rl.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.controller.LqrController;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HoverTrialTest {
  private static final Quadrotor MRS = Quadrotors.named("mrs");

  @Test
  void whoKnowsTheVehicleHoldsItAndIsTheSameTwice() {
    Policy lqr = new ControllerPolicy(() -> new LqrController(MRS));
    HoverTrial trial = HoverTrial.of(lqr, MRS, 3);
    assertThat(trial.lost()).isZero();
    assertThat(trial.swinging()).isZero();
    assertThat(trial.errorM()).isBetween(0.0, 1e-3);
    assertThat(HoverTrial.of(lqr, MRS, 3)).isEqualTo(trial);
  }

  @Test
  void whoDoesNothingLosesAll() {
    Policy nobody = new ControllerPolicy(HoverTrialTest::idle);
    HoverTrial trial = HoverTrial.of(nobody, MRS, 3);
    assertThat(trial.lost()).isEqualTo(HoverTrial.FLIGHTS);
    assertThat(trial.errorM()).isNaN();
  }

  @Test
  void whoShakesTheVehicleIsSeenToSwing() {
    Policy shaking =
        new ControllerPolicy(
            () -> {
              Controller lqr = new LqrController(MRS);
              return new Controller() {
                private int step;

                @Override
                public void reset() {
                  lqr.reset();
                }

                @Override
                public void act(float[] observation, float[] action) {
                  lqr.act(observation, action);
                  float by = step++ / 10 % 2 == 0 ? 0.2f : -0.2f;
                  action[0] += by;
                  action[1] += by;
                  action[2] -= by;
                  action[3] -= by;
                }
              };
            });
    assertThat(HoverTrial.of(shaking, MRS, 3).swinging()).isEqualTo(HoverTrial.FLIGHTS);
  }

  @Test
  void thePolicyInTheJarHoldsAPlatform() {
    assertThat(HoverTrial.of(Policies.pretrained(), MRS, 3).lost()).isZero();
  }

  private static Controller idle() {
    return new Controller() {
      @Override
      public void reset() {}

      @Override
      public void act(float[] observation, float[] action) {
        Arrays.fill(action, -1);
      }
    };
  }
}
