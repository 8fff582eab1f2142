package dev.raptor.app.fleet;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.raptor.app.report.Page;
import dev.raptor.app.report.Page.Library;
import dev.raptor.core.InvalidInputException;
import dev.raptor.core.io.Json;
import dev.raptor.sim.vehicle.Quadrotor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * A fleet on the web, for this machine alone. Each visitor is served by a virtual thread.
 *
 * <pre>
 * GET  /         the page that shows it
 * GET  /events   server-sent events: state, 20 a second, a frame in base64; metrics, one a second
 * GET  /metrics  how it goes, JSON
 * POST /poke     pushes every vehicle
 * </pre>
 *
 * <p>A request is refused whose host is not this machine, or that a page from elsewhere makes:
 * names can be made to lead here, and any page may send requests. At most {@value #MAX_STREAMS}
 * visitors watch at a time, of whom a slow one misses frames and keeps none waiting.
 */
public final class FleetService implements AutoCloseable {
  private static final int FRAMES_PER_METRICS = 20;

  private static final int MAX_STREAMS = 16;

  private final Semaphore streams = new Semaphore(MAX_STREAMS);
  private final Fleet fleet;
  private final byte[] page;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Serves a fleet.
   *
   * @param port 0 is any that is free
   * @throws InvalidInputException if the port is taken
   */
  public FleetService(Fleet fleet, int port) throws IOException {
    this.fleet = fleet;
    page =
        new Page(fleet.vehicles().size() + " quadrotors, one policy", Library.THREE)
            .connected()
            .style(Page.resource("fleet.css"))
            .body(Page.resource("fleet.html"))
            .data("arms", fleet.vehicles().stream().map(Quadrotor::armM).toList())
            .script(Page.resource("fleet.js"))
            .html()
            .getBytes(StandardCharsets.UTF_8);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (BindException e) {
      throw new InvalidInputException(
          "--port is %d, which cannot be had (%s), allowed: a free port, or 0 for any"
              .formatted(port, e.getMessage()),
          e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Where the page is. */
  public String address() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!isFromHere(exchange.getRequestHeaders())) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
        case "GET /" -> answer(exchange, "text/html; charset=utf-8", page);
        case "GET /metrics" -> answer(exchange, "application/json", json(fleet.metrics()));
        case "GET /events" -> stream(exchange);
        case "POST /poke" -> {
          fleet.pokeAll();
          exchange.sendResponseHeaders(204, -1);
        }
        default -> exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private boolean isFromHere(Headers headers) {
    int port = server.getAddress().getPort();
    List<String> hosts = List.of("127.0.0.1:" + port, "localhost:" + port);
    String host = headers.getFirst("Host");
    String origin = headers.getFirst("Origin");
    return host != null
        && hosts.contains(host)
        && (origin == null || hosts.contains(origin.replaceFirst("^http://", "")));
  }

  private static byte[] json(Map<String, Object> value) {
    return Json.write(value).getBytes(StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private void stream(HttpExchange exchange) throws IOException {
    if (!streams.tryAcquire()) {
      exchange.sendResponseHeaders(503, -1);
      return;
    }
    try {
      watch(exchange);
    } finally {
      streams.release();
    }
  }

  private void watch(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      Fleet.Frame frame = null;
      for (int sent = 0; (frame = fleet.next(frame)) != null; sent++) {
        send(out, "state", Base64.getEncoder().encode(frame.vehicles()));
        if (sent % FRAMES_PER_METRICS == 0) {
          send(out, "metrics", json(fleet.metrics()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(OutputStream out, String event, byte[] data) throws IOException {
    out.write(("event: " + event + "\ndata: ").getBytes(StandardCharsets.UTF_8));
    out.write(data);
    out.write("\n\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Lands the fleet, which ends the streams, and closes the server. */
  @Override
  public void close() {
    fleet.close();
    server.stop(0);
    threads.close();
  }
}
