package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import dev.raptor.rl.evaluation.HoverTrial;
import dev.raptor.sim.ControlQuality;
import dev.raptor.sim.ErrorClipAnalysis;
import dev.raptor.sim.controller.Trim;
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
import picocli.CommandLine.Mixin;
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
            + " are trained on; fly it too, 20 times for 20 s in still air.")
public final class DescribeCommand implements Callable<Integer> {
  private static final List<String> ROTORS =
      List.of("front right", "back right", "back left", "front left");

  private static final long SEED = 0;

  /** Further off than this in still air something is amiss. */
  private static final double MAX_ERROR_M = 0.1;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "quad.json",
      description = "The vehicle's parameters, or the name of a platform.")
  private Path quad;

  @Mixin private PolicyOption policyOption;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures for machines.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    FileArgument.output(json);
    Quadrotor quadrotor = vehicle();
    List<TrainingCoverage> figures = TrainingCoverage.of(quadrotor);
    Policy policy = policyOption.load();
    HoverTrial trial = HoverTrial.of(policy, quadrotor, SEED);
    Trim trim = trim(quadrotor);
    List<String> warnings = warnings(quadrotor, figures, trim, trial);
    if (trial.lost() == 0) {
      ErrorClip.of(policy)
          .filter(clip -> !ErrorClipAnalysis.isSafe(policy, clip, quadrotor))
          .ifPresent(
              clip ->
                  warnings.add(
                      "towards a target that stays far away it flies faster than the policy's error clip of %s m/s lets it see: keep to a control loop, which leads it there"
                          .formatted(number(clip.velocityMS()))));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s%n", quadrotor.name());
    out.printf("%-30s %10s   %-20s %s%n", "", "", "trained on", "lies at");
    for (TrainingCoverage figure : figures) {
      out.printf(
          "%-30s %10s   %-20s %s%n",
          figure.key(),
          number(figure.value()),
          number(figure.trained().min()) + " to " + number(figure.trained().max()),
          figure.isInside() ? Math.round(100 * figure.place()) + " %" : "outside");
    }
    out.printf("%-30s %10s%n", "arm_m", number(quadrotor.armM()));
    out.printf("%-30s %10s%n", "full_thrust_n", number(fullThrustN(quadrotor)));
    print(trim, quadrotor, out);
    out.printf("%s%n", flown(trial));
    warnings.forEach(warning -> out.println("warning: " + warning));
    if (warnings.isEmpty()) {
      out.println("inside what policies are trained on");
    }
    if (json != null) {
      AtomicFile.write(
          json,
          Json.writePretty(toJson(quadrotor, figures, trim, trial, warnings))
              .getBytes(StandardCharsets.UTF_8));
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

  /** Null where the rotors cannot turn the vehicle about each axis. */
  private static Trim trim(Quadrotor quadrotor) {
    try {
      return Trim.of(quadrotor);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void print(Trim trim, Quadrotor quadrotor, PrintWriter out) {
    if (trim == null) {
      return;
    }
    out.printf(
        "%-30s %10s %10s   %s%n",
        "rotor", "hover N", "throttle", "turns the body, seen from above");
    for (int i = 0; i < Quadrotor.ROTORS; i++) {
      out.printf(
          "%-30s %10s %10s   %s%n",
          ROTORS.get(i),
          number(trim.thrustsN().get(i)),
          number(trim.throttles().get(i)),
          Quadrotor.yawSign(i) < 0 ? "clockwise" : "counter-clockwise");
    }
    Vec3 torque = trim.torqueNm();
    out.printf(
        "%-30s %s %s %s%n",
        "torque to trim, N m", number(torque.x()), number(torque.y()), number(torque.z()));
  }

  private String flown(HoverTrial trial) {
    return "flown by %s: %d of %d flights hold, %s m off, %d swing"
        .formatted(
            policyOption.name(),
            HoverTrial.FLIGHTS - trial.lost(),
            HoverTrial.FLIGHTS,
            number(trial.errorM()),
            trial.swinging());
  }

  private List<String> warnings(
      Quadrotor quadrotor, List<TrainingCoverage> figures, Trim trim, HoverTrial trial) {
    List<String> warnings = new ArrayList<>();
    if (trim == null) {
      warnings.add(
          "the rotors cannot turn it about each axis: torque_constant_m is 0, or they do not surround the centre of mass");
    }
    for (int i = 0; trim != null && i < Quadrotor.ROTORS; i++) {
      double throttle = trim.throttles().get(i);
      if (!(throttle >= 0 && throttle <= 1)) {
        warnings.add(
            "the %s rotor would need a throttle of %s to hover level"
                .formatted(ROTORS.get(i), number(throttle)));
      }
    }
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
    if (trial.lost() > 0) {
      warnings.add(
          "%d of %d flights in still air were lost".formatted(trial.lost(), HoverTrial.FLIGHTS));
    }
    if (trial.swinging() > 0) {
      warnings.add(
          "%d of %d flights in still air end swinging, with body rates above %s rad/s rms"
              .formatted(trial.swinging(), HoverTrial.FLIGHTS, ControlQuality.OSCILLATION_RAD_S));
    }
    if (trial.errorM() > MAX_ERROR_M) {
      warnings.add(
          "flights in still air end %s m off on average, more than %s m"
              .formatted(number(trial.errorM()), MAX_ERROR_M));
    }
    return warnings;
  }

  private static Map<String, Object> toJson(
      Quadrotor quadrotor,
      List<TrainingCoverage> figures,
      Trim trim,
      HoverTrial trial,
      List<String> warnings) {
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
    if (trim != null) {
      map.put("hover_thrusts_n", trim.thrustsN());
      map.put("hover_throttles", trim.throttles().stream().map(DescribeCommand::orNull).toList());
      Vec3 torque = trim.torqueNm();
      map.put("trim_torque_nm", List.of(torque.x(), torque.y(), torque.z()));
    }
    map.put("flights", HoverTrial.FLIGHTS);
    map.put("flights_lost", trial.lost());
    map.put("flights_swinging", trial.swinging());
    map.put("flights_error_m", orNull(trial.errorM()));
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
