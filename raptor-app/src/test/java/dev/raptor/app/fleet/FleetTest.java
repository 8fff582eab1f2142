package dev.raptor.app.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.app.Browser;
import dev.raptor.app.Run;
import dev.raptor.app.flight.Route;
import dev.raptor.core.Policies;
import dev.raptor.core.io.Json;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet flies, is seen, is pushed and lands. */
class FleetTest {
  private static final int VEHICLES = 20;

  @TempDir private Path folder;

  @Test
  void aServiceStreamsTheFleetAndEndsWithIt() throws Exception {
    Fleet fleet = new Fleet(VEHICLES, Policies.pretrained(), Route.HOVER, 3);
    HttpClient client = HttpClient.newHttpClient();
    try (FleetService service = new FleetService(fleet, 0)) {
      fleet.start();
      HttpResponse<Stream<String>> events =
          client.send(request(service, "events").build(), BodyHandlers.ofLines());
      assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");
      Iterator<String> lines = events.body().iterator();
      assertThat(frame(lines)).isNotEqualTo(frame(lines));
      assertThat(get(client, service, "").body())
          .contains("20 quadrotors, one policy", "connect-src 'self'");
      assertThat(get(client, service, "nothing").statusCode()).isEqualTo(404);
      Map<?, ?> metrics = (Map<?, ?>) Json.parse(get(client, service, "metrics").body());
      assertThat(metrics.get("vehicles")).isEqualTo(20.0);
      assertThat((Double) metrics.get("steps")).isGreaterThan(5);
      assertThat((Double) metrics.get("worst_step_ms"))
          .isGreaterThanOrEqualTo((Double) metrics.get("mean_step_ms"));

      fleet.close();
      while (lines.hasNext()) {
        lines.next();
      }
      assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals("fleet"));
    }
  }

  /** A name that leads here, and a page from elsewhere that pushes. */
  @Test
  void strangersAreRefusedAndVisitorsCounted() throws Exception {
    Fleet fleet = new Fleet(VEHICLES, Policies.pretrained(), Route.HOVER, 3);
    try (FleetService service = new FleetService(fleet, 0)) {
      int port = URI.create(service.address()).getPort();
      String here = "127.0.0.1:" + port;
      assertThat(status(port, "GET / HTTP/1.1", "Host: " + here)).isEqualTo(200);
      assertThat(status(port, "GET / HTTP/1.1", "Host: localhost:" + port)).isEqualTo(200);
      assertThat(status(port, "GET / HTTP/1.1", "Host: evil.example:" + port)).isEqualTo(403);
      assertThat(status(port, "GET / HTTP/1.0")).isEqualTo(403);
      String poke = "POST /poke HTTP/1.1";
      assertThat(status(port, poke, "Host: " + here, "Origin: http://evil.example")).isEqualTo(403);
      assertThat(status(port, poke, "Host: " + here, "Origin: http://" + here)).isEqualTo(204);

      fleet.start();
      HttpClient client = HttpClient.newHttpClient();
      for (int i = 0; i < 16; i++) {
        assertThat(
                client
                    .send(request(service, "events").build(), BodyHandlers.ofLines())
                    .statusCode())
            .isEqualTo(200);
      }
      assertThat(
              client.send(request(service, "events").build(), BodyHandlers.ofLines()).statusCode())
          .isEqualTo(503);
    }
  }

  /** The status of a request, by hand, as a client of the JDK sets its own host. */
  private static int status(int port, String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = String.join("\r\n", lines) + "\r\nContent-Length: 0\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return Integer.parseInt(in.readLine().split(" ")[1]);
    }
  }

  @Test
  void aPushIsSeenAndFlownOff() throws Exception {
    try (Fleet fleet = new Fleet(VEHICLES, Policies.pretrained(), Route.HOVER, 3)) {
      fleet.start();
      double calm = meanErrorMm(fleet, 40);
      fleet.pokeAll();
      double pushed = meanErrorMm(fleet, 6);
      double after = meanErrorMm(fleet, 40);
      assertThat(pushed).isGreaterThan(2 * calm);
      assertThat(after).isLessThan(pushed / 2);
    }
  }

  /** After that many frames. */
  private static double meanErrorMm(Fleet fleet, int frames) throws InterruptedException {
    Fleet.Frame frame = null;
    for (int i = 0; i < frames; i++) {
      frame = fleet.next(frame);
    }
    double sum = 0;
    for (int at = 14; at < frame.vehicles().length; at += Fleet.BYTES_PER_VEHICLE) {
      sum += (frame.vehicles()[at] & 0xff) + 256 * frame.vehicles()[at + 1];
    }
    return sum / VEHICLES;
  }

  @Test
  void thePageShowsIt() throws Exception {
    Fleet fleet = new Fleet(VEHICLES, Policies.pretrained(), Route.HOVER, 3);
    try (FleetService service = new FleetService(fleet, 0);
        Browser browser = Browser.open(folder)) {
      fleet.start();
      browser.show(service.address(), 800, 600, false);
      String script =
          """
          const frame = () => new Promise(done => requestAnimationFrame(done));
          while (!(+document.documentElement.dataset.frames > 3)) await frame();
          document.getElementById('poke').click();
          for (let i = 0; i < 3; i++) await frame();
          return document.getElementById('readout').textContent;
          """;
      assertThat(browser.run(script).toString()).startsWith("20 vehicles, ");
      assertThat(browser.complaints()).isEmpty();
      BufferedImage picture = browser.picture();
      int dark = 0;
      for (int x = 100; x < 700; x++) {
        for (int y = 150; y < 400; y++) {
          int rgb = picture.getRGB(x, y);
          dark += (rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff) < 3 * 190 ? 1 : 0;
        }
      }
      // Ground and grid are lighter than any colour of a vehicle.
      assertThat(dark).as("pixels of vehicles").isGreaterThan(200);
    }
  }

  @Test
  void theCommandFliesAndReports() throws IOException {
    Path json = folder.resolve("fleet.json");
    Object[] flight = {"fleet", "--vehicles", 5, "--port", 0, "--seconds", 0.3, "--json", json};
    assertThat(Run.of(flight).succeeds().out())
        .contains("5 vehicles fly; see http://127.0.0.1:", "missed deadlines", "heap grown by");
    Map<?, ?> metrics = (Map<?, ?>) Json.parse(Files.readString(json));
    assertThat(metrics.get("vehicles")).isEqualTo(5.0);
    assertThat((Double) metrics.get("steps")).isBetween(1.0, 40.0);
    assertThat(metrics.get("heap_growth_mb")).isNotNull();
  }

  @Test
  void fliesOnTheClassPathWithoutTheVectorModule() throws Exception {
    Path out = folder.resolve("out.txt");
    Object[] flight = {"fleet", "--vehicles", 3, "--port", 0, "--seconds", 0.2};
    assertThat(Run.inAProcess(out, flight).succeeds().out()).contains("3 vehicles fly");
  }

  @Test
  void refusesBadUsage() throws IOException {
    Run.of("fleet", "--vehicles", 0).isRefused("--vehicles is 0, allowed: 1 to 100000");
    Run.of("fleet", "--port", 70000).isRefused("--port is 70000, allowed: 0 to 65535");
    Run.of("fleet", "--seconds", "NaN").isRefused("--seconds", "allowed: 0.1 to");
    Run.of("fleet", "--reference", "moon").isRefused("--reference", "'moon'");
    Run.of("fleet", "--policy", folder.resolve("none")).isRefused("no such file");
    Run.of("fleet", "--json", folder).isRefused("a folder");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Run.of("fleet", "--vehicles", 1, "--port", taken.getLocalPort())
          .isRefused("--port is " + taken.getLocalPort(), "allowed: a free port, or 0 for any");
    }
  }

  private static byte[] frame(Iterator<String> lines) {
    while (!lines.next().equals("event: state")) {
      // Metrics, and the lines between events.
    }
    byte[] frame = Base64.getDecoder().decode(lines.next().substring("data: ".length()));
    assertThat(frame).hasSize(VEHICLES * Fleet.BYTES_PER_VEHICLE);
    return frame;
  }

  private static HttpResponse<String> get(HttpClient client, FleetService service, String path)
      throws Exception {
    return client.send(request(service, path).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(FleetService service, String path) {
    return HttpRequest.newBuilder(URI.create(service.address() + path));
  }
}
