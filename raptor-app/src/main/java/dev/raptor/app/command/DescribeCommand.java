package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorFile;
import dev.raptor.sim.vehicle.Quadrotors;
import dev.raptor.sim.vehicle.TrainingCoverage;
import dev.raptor.sim.vehicle.Vec3;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code raptor describe}: what follows from a vehicle's parameters, and whether policies were
 * trained on its like.
 */
@Command(
    name = "describe",
    description =
        "Say what follows from a vehicle's parameters, and where it lies among those that policies"
            + " are trained on.")
public final class DescribeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "quad.json",
      description = "The vehicle's parameters, or the name of a platform.")
  private Path quad;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures for machines.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    FileArgument.output(json);
    Quadrotor quadrotor = vehicle();
    List<TrainingCoverage> figures = TrainingCoverage.of(quadrotor);
    List<String> warnings = warnings(quadrotor, figures);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s%n", quadrotor.name());
    out.printf("%-26s %10s   %-20s %s%n", "", "", "trained on", "lies at");
    for (TrainingCoverage figure : figures) {
      out.printf(
          "%-26s %10s   %-20s %s%n",
          figure.key(),
          number(figure.value()),
          number(figure.trained().min()) + " to " + number(figure.trained().max()),
          figure.isInside() ? Math.round(100 * figure.place()) + " %" : "outside");
    }
    out.printf("%-26s %10s%n", "arm_m", number(quadrotor.armM()));
    out.printf("%-26s %10s%n", "full_thrust_n", number(fullThrustN(quadrotor)));
    warnings.forEach(warning -> out.println("warning: " + warning));
    if (warnings.isEmpty()) {
      out.println("inside what policies are trained on");
    }
    if (json != null) {
      AtomicFile.write(
          json,
          Json.writePretty(toJson(quadrotor, figures, warnings)).getBytes(StandardCharsets.UTF_8));
      out.println("wrote " + json);
    }
    out.flush();
    return 0;
  }

  private Quadrotor vehicle() throws IOException {
    String allowed = "a readable file, " + String.join(", ", Quadrotors.names());
    if (quad == null) {
      throw new ParameterException(spec.commandLine(), "a vehicle is needed, allowed: " + allowed);
    }
    String name = quad.toString();
    if (Files.exists(quad)) {
      return QuadrotorFile.read(FileArgument.input(quad));
    }
    return PlatformNames.find(name)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "%s: no such file or platform, allowed: %s".formatted(name, allowed)));
  }

  private static List<String> warnings(Quadrotor quadrotor, List<TrainingCoverage> figures) {
    List<String> warnings = new ArrayList<>();
    if (!(quadrotor.thrustToWeight() > 1)) {
      warnings.add(
          "thrust_to_weight is %s: the vehicle cannot carry itself"
              .formatted(number(quadrotor.thrustToWeight())));
    }
    Vec3 j = quadrotor.inertiaKgM2();
    double most = Math.max(j.x(), Math.max(j.y(), j.z()));
    if (2 * most > j.x() + j.y() + j.z()) {
      warnings.add("inertia_kg_m2 has a part above the sum of the other two, which no body has");
    }
    for (TrainingCoverage figure : figures) {
      if (!figure.isInside()) {
        warnings.add(
            "%s is %s, trained on %s to %s: fly it in simulation first"
                .formatted(
                    figure.key(),
                    number(figure.value()),
                    number(figure.trained().min()),
                    number(figure.trained().max())));
      }
    }
    return warnings;
  }

  private static Map<String, Object> toJson(
      Quadrotor quadrotor, List<TrainingCoverage> figures, List<String> warnings) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("vehicle", quadrotor.name());
    for (TrainingCoverage figure : figures) {
      map.put(figure.key(), orNull(figure.value()));
    }
    map.put("arm_m", quadrotor.armM());
    map.put("full_thrust_n", fullThrustN(quadrotor));
    Map<String, Object> trained = new LinkedHashMap<>();
    for (TrainingCoverage figure : figures) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("min", figure.trained().min());
      one.put("max", figure.trained().max());
      one.put("place", orNull(figure.place()));
      one.put("inside", figure.isInside());
      trained.put(figure.key(), one);
    }
    map.put("trained", trained);
    map.put("warnings", warnings);
    return map;
  }

  private static double fullThrustN(Quadrotor quadrotor) {
    return Quadrotor.ROTORS * quadrotor.thrustCurve().thrustN(1);
  }

  /** JSON has no NaN, which a throttle is that the thrust curve never gets to. */
  private static Object orNull(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "none" : String.format(Locale.ROOT, "%.4g", value);
  }
}
