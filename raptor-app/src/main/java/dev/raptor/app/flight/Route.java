package dev.raptor.app.flight;

import dev.raptor.sim.Environment;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Task;
import dev.raptor.sim.reference.Circle;
import dev.raptor.sim.reference.Lissajous;
import dev.raptor.sim.reference.MinimumSnap;
import dev.raptor.sim.reference.Reference;
import dev.raptor.sim.reference.StepReference;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A reference that {@code raptor fly} knows by name. */
public enum Route {
  /** The origin. */
  HOVER("hover", 5) {
    @Override
    public void start(Environment environment, int lane, SplittableRandom random) {
      environment.reset(lane, random, ReferenceKind.HOVER);
    }
  },
  /** A smoothed random walk around the origin. */
  LANGEVIN("langevin", 5) {
    @Override
    public void start(Environment environment, int lane, SplittableRandom random) {
      environment.reset(lane, random, ReferenceKind.LANGEVIN);
    }
  },
  /** The paper's figure-eight, 2 m by 1 m. */
  FIGURE_EIGHT("figure-eight", 10) {
    @Override
    Reference reference() {
      return Lissajous.figureEight(10);
    }
  },
  /** A jump of 1 m after a second. */
  STEP("step", 5) {
    @Override
    Reference reference() {
      return new StepReference(new Vec3(1, 0, 0), 1);
    }
  },
  /** A circle of 1 m in diameter. */
  CIRCLE("circle", 5) {
    @Override
    Reference reference() {
      return new Circle(0.5, 5, 1);
    }
  },
  /** A lap with climbs and a turn back, as smooth as its waypoints allow. */
  WAYPOINTS("waypoints", 11) {
    @Override
    Reference reference() {
      return MinimumSnap.atSpeed(
          0.5,
          List.of(
              Vec3.ZERO,
              new Vec3(1, 0.5, 0.3),
              new Vec3(0.5, 1, 0.6),
              new Vec3(-0.5, 0.5, 0.3),
              new Vec3(-1, -0.5, 0),
              new Vec3(0, -0.5, 0),
              Vec3.ZERO));
    }
  };

  // What a deployment shows the policy at most, so that far targets do not upset it.
  private static final double ERROR_CLIP_M = 0.5;
  private static final double ERROR_CLIP_MS = 1;

  private final String name;
  private final double seconds;

  Route(String name, double seconds) {
    this.name = name;
    this.seconds = seconds;
  }

  /** How long a flight takes if nobody says: a whole lap, where there are laps. */
  public double seconds() {
    return seconds;
  }

  /** What is followed; none for the random walk, which the environment draws. */
  Reference reference() {
    return null;
  }

  /** The task of a platform on this route. */
  Task task(Quadrotor quadrotor) {
    Task task = Task.platform(quadrotor);
    return reference() == null ? task : task.widened();
  }

  /** Draws the start of the flight of a lane. */
  public void start(Environment environment, int lane, SplittableRandom random) {
    environment.setErrorClip(ERROR_CLIP_M, ERROR_CLIP_MS);
    environment.reset(lane, random, reference());
  }

  @Override
  public String toString() {
    return name;
  }

  /** Reads the name of a route from the command line. */
  public static final class Converter implements ITypeConverter<Route> {
    @Override
    public Route convert(String value) {
      for (Route route : values()) {
        if (route.name.equalsIgnoreCase(value)) {
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
