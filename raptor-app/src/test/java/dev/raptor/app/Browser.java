package dev.raptor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raptor.core.io.Json;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A headless Chromium with one page, spoken to by its DevTools protocol. A test that opens one is
 * skipped where there is none.
 */
public final class Browser implements WebSocket.Listener, AutoCloseable {
  private static final long TIMEOUT_S = 240;

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<Map<?, ?>>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final StringBuilder message = new StringBuilder();
  private final WebSocket socket;
  private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
  private int lastId;

  private Browser(Path folder) throws Exception {
    Path profile = folder.resolve("browser");
    process =
        new ProcessBuilder(
                chromium().toString(),
                "--headless",
                "--no-sandbox",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("browser.log").toFile())
            .start();
    try {
      socket = connect(profile.resolve("DevToolsActivePort"));
    } catch (Exception | Error e) {
      process.destroyForcibly();
      throw e;
    }
    for (String domain : List.of("Page", "Runtime", "Log")) {
      ask(domain + ".enable", Map.of());
    }
  }

  /** Starts a browser that keeps its files in {@code folder}. */
  public static Browser open(Path folder) throws Exception {
    return new Browser(folder);
  }

  private static Path chromium() {
    Optional<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .flatMap(
                folder ->
                    Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .findFirst();
    assumeThat(found).as("a Chromium is on the path").isPresent();
    return found.orElseThrow();
  }

  private WebSocket connect(Path portFile) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    while (!Files.exists(portFile) || Files.readAllLines(portFile).size() < 2) {
      assertThat(process.isAlive() && System.nanoTime() < end).as("the browser starts").isTrue();
      Thread.sleep(20);
    }
    URI list =
        URI.create("http://127.0.0.1:%s/json".formatted(Files.readAllLines(portFile).get(0)));
    String pages = http.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body();
    for (Object page : (List<?>) Json.parse(pages)) {
      Map<?, ?> described = (Map<?, ?>) page;
      if (described.get("type").equals("page")) {
        URI address = URI.create((String) described.get("webSocketDebuggerUrl"));
        return http.newWebSocketBuilder()
            .buildAsync(address, this)
            .get(TIMEOUT_S, TimeUnit.SECONDS);
      }
    }
    throw new IOException("the browser has no page: " + pages);
  }

  /** Opens an address in a window of that size, and waits until the page is there. */
  public void show(String address, int width, int height, boolean dark) throws Exception {
    ask(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    ask(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    loaded = new CompletableFuture<>();
    ask("Page.navigate", Map.of("url", address));
    loaded.get(TIMEOUT_S, TimeUnit.SECONDS);
  }

  /** Runs the body of an async function in the page, and returns what it returns. */
  public Object run(String script) throws Exception {
    Map<?, ?> answer =
        ask(
            "Runtime.evaluate",
            Map.of(
                "expression",
                "(async () => {" + script + "})()",
                "awaitPromise",
                true,
                "returnByValue",
                true));
    assertThat(answer.get("exceptionDetails")).isNull();
    return ((Map<?, ?>) answer.get("result")).get("value");
  }

  /** What the window shows. */
  public BufferedImage picture() throws Exception {
    String png = (String) ask("Page.captureScreenshot", Map.of()).get("data");
    return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(png)));
  }

  /** Errors, warnings and whatever else is on the console. */
  public List<String> complaints() {
    return complaints;
  }

  private Map<?, ?> ask(String method, Map<String, ?> parameters) throws Exception {
    int id = ++lastId;
    CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    socket.sendText(Json.write(Map.of("id", id, "method", method, "params", parameters)), true);
    Map<?, ?> whole = answer.get(TIMEOUT_S, TimeUnit.SECONDS);
    assertThat(whole.get("error")).as(method).isNull();
    return (Map<?, ?>) whole.get("result");
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    message.append(data);
    if (last) {
      Map<?, ?> told = (Map<?, ?>) Json.parse(message.toString());
      message.setLength(0);
      if (told.get("id") instanceof Double id) {
        waiting.remove(id.intValue()).complete(told);
      } else if (told.get("method").equals("Page.loadEventFired")) {
        loaded.complete(null);
      } else if (List.of("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
          .contains(told.get("method"))) {
        complaints.add(told.toString());
      }
    }
    from.request(1);
    return null;
  }

  @Override
  public void close() {
    socket.abort();
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    // Until then it writes to its folder.
    all.forEach(one -> one.onExit().join());
  }
}
