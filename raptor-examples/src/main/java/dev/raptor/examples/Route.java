package dev.raptor.examples;

import dev.raptor.sim.Environment;
import dev.raptor.sim.Lissajous;
import dev.raptor.sim.Quadrotor;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import java.util.SplittableRandom;

/** What {@code raptor fly} asks a vehicle to follow. */
enum Route {
  /** The origin. */
  HOVER("hover", "stay where it is asked to be") {
    @Override
    void start(Environment environment, SplittableRandom random) {
      environment.reset(0, random, ReferenceKind.HOVER);
    }
  },
  /** A smoothed random walk around the origin. */
  LANGEVIN("langevin", "follow a random walk around the origin") {
    @Override
    void start(Environment environment, SplittableRandom random) {
      environment.reset(0, random, ReferenceKind.LANGEVIN);
    }
  },
  /** The paper's figure-eight, 2 m by 1 m. */
  FIGURE_EIGHT("figure-eight", "follow a figure-eight, 2 m by 1 m in 10 s") {
    @Override
    Task task(Quadrotor quadrotor) {
      // As far from the figure as the task allows from the origin.
      return Task.platform(quadrotor).withTerminationPositionM(2).withTerminationSpeedMS(4);
    }

    @Override
    void start(Environment environment, SplittableRandom random) {
      environment.setErrorClip(ERROR_CLIP_M, ERROR_CLIP_MS);
      environment.reset(0, random, Lissajous.figureEight(10));
    }
  };

  // What a deployment shows the policy at most, so that far targets do not upset it.
  private static final double ERROR_CLIP_M = 0.5;
  private static final double ERROR_CLIP_MS = 1;

  private final String name;
  private final String description;

  Route(String name, String description) {
    this.name = name;
    this.description = description;
  }

  /** The task of a platform on this route. */
  Task task(Quadrotor quadrotor) {
    return Task.platform(quadrotor);
  }

  /** Draws the start of a flight. */
  abstract void start(Environment environment, SplittableRandom random);

  /** What the vehicle is asked to do, for people. */
  String description() {
    return description;
  }

  @Override
  public String toString() {
    return name;
  }
}
