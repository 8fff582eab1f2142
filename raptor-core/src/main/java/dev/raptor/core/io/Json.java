package dev.raptor.core.io;

import dev.raptor.core.InvalidInputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes JSON (RFC 8259). A value is a {@code Map<String, Object>} in the order of the
 * text, a {@code List<Object>}, a {@code String}, a {@code Double}, a {@code Boolean} or {@code
 * null}; and a {@code Long} for whole numbers from 2⁵³ on that fit one, such as seeds, which a
 * double would round. A number beyond the range of a double is infinite: who reads it knows its
 * name, and can say what is allowed. It is here, and small, because raptor-core depends on nothing
 * but the JDK.
 */
public final class Json {
  private static final int MAX_DEPTH = 100;
  private static final double EXACT = 0x1p53;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /**
   * Parses one JSON value.
   *
   * @throws InvalidInputException if the text is not JSON or names a key twice; the message says
   *     where
   */
  public static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value(0);
    json.skipSpace();
    if (json.at < text.length()) {
      throw json.error("end of text");
    }
    return value;
  }

  /** Writes a value on one line. Numbers that are not finite become {@code null}. */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out, -1);
    return out.toString();
  }

  /** Writes a value over several lines, two spaces a level; lists of numbers stay on one line. */
  public static String writePretty(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out, 0);
    return out.append('\n').toString();
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw error("at most " + MAX_DEPTH + " levels");
    }
    skipSpace();
    char c = at < text.length() ? text.charAt(at) : '\0';
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> list(depth);
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    skipSpace();
    if (take('}')) {
      return Collections.unmodifiableMap(map);
    }
    do {
      skipSpace();
      int keyAt = at;
      String key = string();
      if (map.containsKey(key)) {
        at = keyAt;
        throw error("each key once, not " + write(key) + " again");
      }
      skipSpace();
      expect(':');
      map.put(key, value(depth + 1));
      skipSpace();
    } while (take(','));
    expect('}');
    return Collections.unmodifiableMap(map);
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    at++;
    skipSpace();
    if (take(']')) {
      return Collections.unmodifiableList(list);
    }
    do {
      list.add(value(depth + 1));
      skipSpace();
    } while (take(','));
    expect(']');
    return Collections.unmodifiableList(list);
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        at--;
        throw error("an escaped control character");
      }
      out.append(c == '\\' ? escape() : c);
    }
    throw error("a closing quote");
  }

  private char escape() {
    char c = at < text.length() ? text.charAt(at) : '\0';
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          if (at == text.length() || !HexFormat.isHexDigit(text.charAt(at))) {
            throw error("four hexadecimal digits");
          }
          code = code * 16 + HexFormat.fromHexDigit(text.charAt(at++));
        }
        yield (char) code;
      }
      default -> {
        at--;
        throw error("an escape such as \\n");
      }
    };
  }

  private Object literal(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw error("a value");
    }
    at += word.length();
    return value;
  }

  private Number number() {
    int start = at;
    take('-');
    if (!take('0')) {
      digits();
    }
    boolean whole = true;
    if (take('.')) {
      digits();
      whole = false;
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      digits();
      whole = false;
    }
    String number = text.substring(start, at);
    double value = Double.parseDouble(number);
    if (whole && Math.abs(value) >= EXACT) {
      try {
        return Long.valueOf(number);
      } catch (NumberFormatException e) {
        // Too long for a long.
        return value;
      }
    }
    return value;
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw error("a value");
    }
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw error("'" + c + "'");
    }
  }

  private IllegalArgumentException error(String expected) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      column = text.charAt(i) == '\n' ? 1 : column + 1;
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    return new InvalidInputException(
        "not JSON at line %d, column %d: found %s, expected %s"
            .formatted(line, column, found(), expected));
  }

  /** What stands here; control characters by number, so that a message stays on one line. */
  private String found() {
    if (at == text.length()) {
      return "the end of the text";
    }
    int c = text.codePointAt(at);
    return Character.isISOControl(c) ? "U+%04X".formatted(c) : "'" + Character.toString(c) + "'";
  }

  private static void write(Object value, StringBuilder out, int level) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof Map<?, ?> map) {
      writeAll(map.entrySet(), '{', '}', out, level, true);
    } else if (value instanceof Map.Entry<?, ?> entry) {
      writeString(String.valueOf(entry.getKey()), out);
      out.append(level < 0 ? ":" : ": ");
      write(entry.getValue(), out, level);
    } else if (value instanceof Collection<?> list) {
      boolean flat = list.stream().allMatch(Number.class::isInstance);
      writeAll(list, '[', ']', out, level, !flat);
    } else if (value instanceof Double || value instanceof Float) {
      boolean finite = Double.isFinite(((Number) value).doubleValue());
      out.append(finite ? value.toString() : "null");
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      writeString(value.toString(), out);
    }
  }

  private static void writeAll(
      Collection<?> items, char open, char close, StringBuilder out, int level, boolean lines) {
    out.append(open);
    boolean broken = lines && level >= 0 && !items.isEmpty();
    int inner = level < 0 ? -1 : level + 1;
    String separator = "";
    for (Object item : items) {
      out.append(separator);
      if (broken) {
        out.append('\n').repeat("  ", inner);
      }
      write(item, out, inner);
      separator = broken || level < 0 ? "," : ", ";
    }
    if (broken) {
      out.append('\n').repeat("  ", level);
    }
    out.append(close);
  }

  private static void writeString(String string, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
