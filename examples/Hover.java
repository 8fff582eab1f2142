///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//REPOS mavenLocal
//DEPS dev.raptor:raptor-sim:0.1.0

import dev.raptor.core.Policies;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;

/**
 * A quadrotor in one file: {@code jbang examples/Hover.java mrs} flies a known platform from a
 * random start to hover for three seconds, and prints where it is. Before, {@code ./mvnw
 * -Dmaven.test.skip install} puts Raptor into your local repository.
 */
public class Hover {
  public static void main(String... arguments) throws Exception {
    Quadrotor vehicle = Quadrotors.named(arguments.length > 0 ? arguments[0] : "x500_real");
    Environment world = new Environment(1);
    world.assign(0, vehicle, Task.platform(vehicle));
    world.reset(0, RandomStreams.of(3), ReferenceKind.HOVER);

    Policy policy = Policies.pretrained();
    PolicySession session = policy.newSession();
    session.reset();
    float[] observation = new float[22];
    float[] action = new float[4];
    for (int step = 0; step <= 300; step++) {
      if (step % 50 == 0) {
        float[] p = world.simulator().state();
        System.out.printf("%.1f s: x %5.2f m, y %5.2f m, z %5.2f m%n", step * 0.01, p[0], p[1], p[2]);
      }
      world.observe(ObservationKind.RELATIVE, observation);
      session.step(observation, action);
      world.step(action, new float[1], new boolean[1]);
    }
  }
}
