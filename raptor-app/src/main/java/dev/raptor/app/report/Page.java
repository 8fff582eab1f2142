package dev.raptor.app.report;

import dev.raptor.core.io.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A page of HTML that needs no network and no other file: its style, scripts, libraries and data
 * stand in it, and it forbids the browser to fetch anything else. Its colours are those of {@link
 * Svg#THEME}, light or dark as the reader likes.
 */
public final class Page {
  /** What others have written for pages, with its licence. */
  public enum Library {
    /** three.js, for scripts to import as {@code three}; and {@code raptor/view}, built on it. */
    THREE("three.js"),
    /** uPlot, a global of that name. */
    UPLOT("uPlot");

    private final String title;

    Library(String title) {
      this.title = title;
    }

    private String licence() {
      return resource(name().toLowerCase(Locale.ROOT) + "/LICENSE");
    }
  }

  private final String title;
  private final Set<Library> libraries = EnumSet.noneOf(Library.class);
  private final StringBuilder style = new StringBuilder(Svg.THEME).append(resource("page.css"));
  private final StringBuilder body = new StringBuilder();
  private final List<String> scripts = new ArrayList<>();
  private String mayConnectTo = "'none'";

  /** An empty page with a heading. */
  public Page(String title, Library... libraries) {
    this.title = title;
    this.libraries.addAll(List.of(libraries));
  }

  /** Lets the page's scripts connect to the server that it came from. */
  public Page connected() {
    mayConnectTo = "'self'";
    return this;
  }

  /** Adds to the style sheet. */
  public Page style(String css) {
    style.append(css);
    return this;
  }

  /** Adds below what is there; text in it must be {@linkplain Svg#escape escaped}. */
  public Page body(String html) {
    body.append(html);
    return this;
  }

  /** Adds a value as JSON, the text of the element with that id. */
  public Page data(String id, Object value) {
    // So that nothing in the text can end the element.
    String json = Json.write(value).replace("<", "\\u003c");
    return body("<script type=\"application/json\" id=\"%s\">%s</script>\n".formatted(id, json));
  }

  /** Adds a module that runs when the page is there. */
  public Page script(String module) {
    scripts.add(module);
    return this;
  }

  /** The text of one of the files that pages are made of. */
  public static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream("web/" + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "web/%s is not in the jar; build it by ./mvnw -B package".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole page. */
  public String html() {
    StringBuilder out = new StringBuilder();
    out.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    out.append(
        """
        <meta http-equiv="Content-Security-Policy" content="default-src 'none';\
         script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data:;\
         connect-src %s">
        """
            .formatted(mayConnectTo));
    out.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    out.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.append("<link rel=\"icon\" href=\"data:,\">\n");
    out.append("<title>").append(Svg.escape(title)).append("</title>\n");
    if (libraries.contains(Library.UPLOT)) {
      style.insert(0, resource("uplot/uPlot.min.css") + "\n");
    }
    out.append("<style>\n").append(style).append("</style>\n");
    out.append("<h1>").append(Svg.escape(title)).append("</h1>\n");
    out.append(body);
    for (Library library : libraries) {
      out.append("<details><summary>Made with ").append(library.title).append("</summary><pre>");
      out.append(Svg.escape(library.licence())).append("</pre></details>\n");
    }
    if (libraries.contains(Library.UPLOT)) {
      out.append("<script>").append(resource("uplot/uPlot.iife.min.js")).append("</script>\n");
    }
    if (libraries.contains(Library.THREE)) {
      out.append("<script type=\"importmap\">").append(Json.write(importMap()));
      out.append("</script>\n");
    }
    for (String script : scripts) {
      out.append("<script type=\"module\">\n").append(script).append("</script>\n");
    }
    return out.append("</html>\n").toString();
  }

  private static Map<String, Object> importMap() {
    // What has no address of its own can import nothing beside it, only what the map names.
    String module =
        resource("three/three.module.min.js").replace("\"./three.core.min.js\"", "\"three/core\"");
    Map<String, Object> imports = new LinkedHashMap<>();
    imports.put("three", address(module));
    imports.put("three/core", address(resource("three/three.core.min.js")));
    imports.put(
        "three/addons/controls/OrbitControls.js", address(resource("three/OrbitControls.js")));
    imports.put("raptor/view", address(resource("view.js")));
    return Map.of("imports", imports);
  }

  private static String address(String module) {
    byte[] bytes = module.getBytes(StandardCharsets.UTF_8);
    return "data:text/javascript;base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
