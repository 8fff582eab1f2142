package dev.raptor.app.report;

import java.util.Locale;

/**
 * SVG being written. Colours and fonts are classes and variables of {@link #THEME}, which follows
 * the reader's choice of light or dark.
 */
final class Svg {
  /** How many colours there are for lines; the variables {@code --c0} and on. */
  static final int COLOURS = 9;

  /** The style sheet, for a page or a file of its own. */
  static final String THEME =
      """
      :root{--paper:#fff;--ink:#1f2328;--muted:#59636e;--grid:#d8dee4;\
      --c0:#0969da;--c1:#d1242f;--c2:#1a7f37;--c3:#bc4c00;--c4:#8250df;\
      --c5:#0e8a94;--c6:#bf3989;--c7:#7d6a00;--c8:#57606a}
      @media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--muted:#9198a1;\
      --grid:#30363d;--c0:#58a6ff;--c1:#ff7b72;--c2:#56d364;--c3:#f0883e;--c4:#bc8cff;\
      --c5:#39c5cf;--c6:#f778ba;--c7:#e3b341;--c8:#b1bac4}}
      svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--muted)}
      svg .title{font-weight:600;fill:var(--ink)}
      svg .grid{stroke:var(--grid);fill:none}
      svg .line{fill:none;stroke-width:1.5;stroke-linejoin:round}
      svg .shadow{fill:none;stroke:var(--muted);opacity:.25}
      svg .target{fill:none;stroke:var(--ink);stroke-dasharray:3 3;opacity:.6}
      """;

  private final StringBuilder out = new StringBuilder();

  /** Begins a drawing of that size, which scales to the width it is given. */
  Svg(int width, int height, String description) {
    out.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
            .formatted(width, height));
    out.append("aria-label=\"").append(escape(description)).append("\">\n");
  }

  /** Makes this a file of its own, with its own style and background. */
  Svg standalone() {
    out.append("<style>\n").append(THEME).append("</style>\n");
    out.append("<rect width=\"100%\" height=\"100%\" style=\"fill:var(--paper)\"/>\n");
    return this;
  }

  void text(double x, double y, String anchor, String style, String text) {
    out.append("<text x=\"%s\" y=\"%s\"".formatted(number(x), number(y)));
    out.append(" text-anchor=\"").append(anchor).append('"');
    if (!style.isEmpty()) {
      out.append(" class=\"").append(style).append('"');
    }
    out.append('>').append(escape(text)).append("</text>\n");
  }

  /** A line through points; it is broken where one is not finite, and skips those that repeat. */
  void path(double[] x, double[] y, String style, String colour) {
    out.append("<path class=\"").append(style).append('"').append(stroke(colour)).append(" d=\"");
    String last = "";
    for (int i = 0; i < x.length; i++) {
      boolean finite = Double.isFinite(x[i]) && Double.isFinite(y[i]);
      String point = finite ? number(x[i]) + " " + number(y[i]) : "";
      if (finite && !point.equals(last)) {
        out.append(last.isEmpty() ? 'M' : 'L').append(point);
      }
      last = point;
    }
    out.append("\"/>\n");
  }

  void dot(double x, double y, double radius, boolean filled, String colour) {
    if (Double.isFinite(x) && Double.isFinite(y)) {
      out.append(
          "<circle cx=\"%s\" cy=\"%s\" r=\"%s\"".formatted(number(x), number(y), number(radius)));
      out.append(
          " style=\"stroke:%s;fill:%s\"/>\n".formatted(colour, filled ? colour : "var(--paper)"));
    }
  }

  /** A short stroke of a colour and what it stands for. */
  void key(double x, double y, String colour, String text) {
    out.append(
        "<rect x=\"%s\" y=\"%s\" width=\"12\" height=\"3\" style=\"fill:%s\"/>\n"
            .formatted(number(x), number(y - 5), colour));
    text(x + 16, y, "start", "", text);
  }

  /** The whole drawing. */
  String end() {
    return out + "</svg>\n";
  }

  /** The colour of line number {@code i}. */
  static String colour(int i) {
    return "var(--c" + i % COLOURS + ")";
  }

  /** Text that is safe in XML and HTML, attributes too. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String stroke(String colour) {
    return colour.isEmpty() ? "" : " style=\"stroke:" + colour + "\"";
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
