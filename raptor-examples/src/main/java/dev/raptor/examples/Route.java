package dev.raptor.examples;

import dev.raptor.sim.Environment;
import dev.raptor.sim.Lissajous;
import dev.raptor.sim.Quadrotor;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What {@code raptor fly} asks a vehicle to follow. */
enum Route {
  /** The origin. */
  HOVER("hover") {
    @Override
    void start(Environment environment, SplittableRandom random) {
      environment.reset(0, random, ReferenceKind.HOVER);
    }
  },
  /** A smoothed random walk around the origin. */
  LANGEVIN("langevin") {
    @Override
    void start(Environment environment, SplittableRandom random) {
      environment.reset(0, random, ReferenceKind.LANGEVIN);
    }
  },
  /** The paper's figure-eight, 2 m by 1 m. */
  FIGURE_EIGHT("figure-eight") {
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

  Route(String name) {
    this.name = name;
  }

  /** The task of a platform on this route. */
  Task task(Quadrotor quadrotor) {
    return Task.platform(quadrotor);
  }

  /** Draws the start of a flight. */
  abstract void start(Environment environment, SplittableRandom random);

  @Override
  public String toString() {
    return name;
  }

  /** Reads the name of a route from the command line. */
  static final class Converter implements ITypeConverter<Route> {
    @Override
    public Route convert(String value) {
      for (Route route : values()) {
        if (route.name.equals(value)) {
          return route;
        }
      }
      throw new TypeConversionException(
          "'%s', allowed: %s"
              .formatted(
                  value,
                  Arrays.stream(values()).map(Route::toString).collect(Collectors.joining(", "))));
    }
  }
}
