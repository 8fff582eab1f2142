package dev.raptor.app.command;

import dev.raptor.app.fleet.Fleet;
import dev.raptor.app.fleet.FleetService;
import dev.raptor.app.flight.Route;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code raptor fleet}: policies in a service, as one would embed them. A thousand vehicles fly in
 * this process; a page in the browser shows them live, and each minute a line says how it goes.
 */
@Command(
    name = "fleet",
    description = "Fly a fleet in real time, and show it live in the browser.",
    sortOptions = false)
public final class FleetCommand implements Callable<Integer> {
  private static final int MAX_VEHICLES = 100_000;
  private static final double MAX_SECONDS = 1e6;
  private static final double REPORT_S = 60;

  @Spec private CommandSpec spec;
  @Mixin private PolicyOption policyOption;

  @Option(
      names = "--vehicles",
      defaultValue = "1000",
      paramLabel = "N",
      description = "How many, all different; ${DEFAULT-VALUE} if not given.")
  private int vehicles;

  @Option(
      names = "--reference",
      defaultValue = "figure-eight",
      paramLabel = "ROUTE",
      converter = Route.Converter.class,
      description = "What they follow, as in raptor fly; ${DEFAULT-VALUE} if not given.")
  private Route route;

  @Option(
      names = "--port",
      defaultValue = "8080",
      paramLabel = "P",
      description = "Where the page is, 0 for any free port; ${DEFAULT-VALUE} if not given.")
  private int port;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "When to land; not before the command is stopped, if not given.")
  private Double seconds;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "S",
      description = "Draws the vehicles and their starts; ${DEFAULT-VALUE} if not given.")
  private long seed;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures for machines when landed.")
  private Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Options.within(spec, "--vehicles", vehicles, 1, MAX_VEHICLES);
    Options.within(spec, "--port", port, 0, 65535);
    if (seconds != null) {
      Options.within(spec, "--seconds", seconds, 0.1, MAX_SECONDS);
    }
    FileArgument.output(json);
    PrintWriter out = spec.commandLine().getOut();
    Fleet fleet = new Fleet(vehicles, policyOption.load(), route, seed);
    CountDownLatch landed = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread onInterrupt = new Thread(() -> landThen(landed, stopped));
    try (FleetService service = new FleetService(fleet, port)) {
      fleet.start();
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      out.printf("%d vehicles fly; see %s, and stop it by Ctrl-C%n", vehicles, service.address());
      out.flush();
      double left = seconds == null ? Double.POSITIVE_INFINITY : seconds;
      while (left > 0
          && !landed.await((long) (1000 * Math.min(left, REPORT_S)), TimeUnit.MILLISECONDS)) {
        left -= REPORT_S;
        if (left > 0) {
          out.println(line(fleet.metrics()));
          out.flush();
        }
      }
    }
    Map<String, Object> metrics = fleet.finalMetrics();
    out.println(line(metrics));
    out.printf(Locale.ROOT, "heap grown by %.1f MB%n", metrics.get("heap_growth_mb"));
    if (json != null) {
      AtomicFile.write(json, Json.writePretty(metrics).getBytes(StandardCharsets.UTF_8));
      out.println("wrote " + json);
    }
    out.flush();
    stopped.countDown();
    if (landed.getCount() > 0) {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
    return 0;
  }

  /** What an interrupt does: asks to land, and waits until that is done and said. */
  private static void landThen(CountDownLatch landed, CountDownLatch stopped) {
    landed.countDown();
    try {
      stopped.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(Map<String, Object> metrics) {
    return String.format(
        Locale.ROOT,
        "%d steps, %d missed deadlines, step mean %.2f ms, worst %.2f ms, worst wake-up %.2f ms late,"
            + " %d vehicles lost, heap %.1f MB",
        metrics.get("steps"),
        metrics.get("missed_deadlines"),
        metrics.get("mean_step_ms"),
        metrics.get("worst_step_ms"),
        metrics.get("worst_wake_up_ms"),
        metrics.get("lost_vehicles"),
        metrics.get("heap_mb"));
  }
}
