package dev.raptor.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void parsesEveryKindOfValue() {
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("a", 1.0);
    expected.put("b", Arrays.asList(true, false, null, "x", List.of(), Map.of()));
    assertThat(Json.parse(" {\"a\" : 1 ,\n\t\"b\":[true,false,null,\"x\",[ ],{ }]}\r\n"))
        .isEqualTo(expected);
  }

  @Test
  void keepsTheOrderOfKeys() {
    Map<?, ?> map = (Map<?, ?>) Json.parse("{\"z\":1,\"a\":2,\"m\":3}");
    assertThat(new ArrayList<Object>(map.keySet())).isEqualTo(List.of("z", "a", "m"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[1]", "[[1]]"})
  void listsCannotBeChanged(String text) {
    List<?> list = (List<?>) Json.parse(text);
    assertThatThrownBy(() -> list.remove(null)).isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, -0.0",
    "12, 12",
    "-1.5, -1.5",
    "1e3, 1000",
    "1E+3, 1000",
    "25e-1, 2.5",
    "0.1, 0.1",
    "0e5, 0",
    "4.9e-324, 4.9e-324",
    "1.7976931348623157e308, 1.7976931348623157e308",
    "1e-999, 0",
    "1e999, Infinity",
    "-1e999, -Infinity"
  })
  void parsesNumbers(String text, double expected) {
    assertThat(Json.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01",
        "-01",
        "00",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e3",
        "1e",
        "1e+",
        "0x10",
        "1_000",
        "1f",
        "NaN",
        "Infinity",
        "-Infinity",
        "１"
      })
  void refusesWhatIsNotANumber(String text) {
    assertNotJson(text);
    assertNotJson("[" + text + "]");
  }

  @Test
  void unescapesStrings() {
    assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00C9\\ud83d\\ude81 é🚁\""))
        .isEqualTo("\"\\/\b\f\n\r\téÉ🚁 é🚁");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u００４１\"",
        "\"\\u",
        "\"a\nb\"",
        "\"\t\"",
        "'a'"
      })
  void refusesWhatIsNotAString(String text) {
    assertNotJson(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[",
        "]",
        "{",
        "}",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{1:2}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "nul",
        "nulll",
        "True",
        "1 2",
        "{} {}",
        "[1]x",
        "//c\n1",
        "\u00a01",
        "\uFEFF1",
        "\0"
      })
  void refusesWhatIsNotJson(String text) {
    assertNotJson(text);
  }

  @Test
  void refusesAKeyTwiceHoweverItIsWritten() {
    assertThatThrownBy(() -> Json.parse("{\"a\":1,\n \"\\u0061\":2}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2, column 2")
        .hasMessageContaining("each key once, not \"a\" again");
    assertThat(Json.parse("{\"a\":{\"a\":1}}")).isEqualTo(Map.of("a", Map.of("a", 1.0)));
  }

  @Test
  void limitsTheDepth() {
    assertThat(Json.parse("[".repeat(100) + "]".repeat(100))).isInstanceOf(List.class);
    assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 100 levels");
    assertNotJson("{\"a\":".repeat(1_000_000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1 2]| 1, column 4: found '2', expected ']'",
        "{\"a\":\\n  x}| 2, column 3: found 'x', expected a value",
        "[\\n\\n1,\\n| 4, column 1: found the end of the text, expected a value",
        "\"a\\nb\"| 1, column 3: found U+000A, expected an escaped control character",
        "\"\\x\"| 1, column 3: found 'x', expected an escape such as \\n",
        "\"\\| 1, column 3: found the end of the text, expected an escape such as \\n",
        "1 🚁| 1, column 3: found '🚁', expected end of text"
      })
  void saysWhere(String text, String message) {
    // A backslash and n stand for the character in the text.
    assertThatThrownBy(() -> Json.parse(text.replace("\\n", "\n")))
        .hasMessage("not JSON at line " + message);
  }

  @Test
  void messagesStayOnOneLine() {
    for (String text : List.of("\"\n", "{\"a\nb\":1}", "{\"\\n\":1,\"\\n\":2}", "\r\n\u0085")) {
      assertThatThrownBy(() -> Json.parse(text)).message().hasLineCount(1);
    }
  }

  @Property(tries = 500)
  void garbageIsRefusedWithAMessage(@ForAll("almostJson") String text) {
    try {
      Json.parse(text);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).startsWith("not JSON at line ").hasLineCount(1);
    }
  }

  @Property(tries = 500)
  void whatIsWrittenReadsTheSame(@ForAll("values") Object value) {
    assertThat(Json.parse(Json.write(value))).isEqualTo(value);
    assertThat(Json.parse(Json.writePretty(value))).isEqualTo(value);
    assertThat(Json.write(value)).doesNotContain("\n");
  }

  @Test
  void writesWhatIsNotFiniteAsNull() {
    assertThat(
            Json.write(
                List.of(
                    Double.NaN,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    Float.NaN,
                    Float.NEGATIVE_INFINITY)))
        .isEqualTo("[null,null,null,null,null]");
  }

  @Test
  void writesNumbersAsTheyAre() {
    assertThat(Json.write(List.of(1, 2L, 1.5, 0.1f, -0.0, Long.MAX_VALUE)))
        .isEqualTo("[1,2,1.5,0.1,-0.0,9223372036854775807]");
  }

  @Test
  void escapesWhatItMust() {
    assertThat(Json.write("\"\\/\b\n\r\t\u001fé🚁"))
        .isEqualTo("\"\\\"\\\\/\\u0008\\n\\r\\t\\u001fé🚁\"");
  }

  @Test
  void writesPrettyOverSeveralLines() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("numbers", List.of(1, 2.5));
    value.put("texts", List.of("a", "b"));
    value.put("nested", Map.of("x", List.of(List.of(1, 2), List.of(3))));
    value.put("empty", List.of(Map.of(), List.of()));
    value.put("none", Map.of());
    value.put("missing", null);
    assertThat(Json.writePretty(value))
        .isEqualTo(
            """
            {
              "numbers": [1, 2.5],
              "texts": [
                "a",
                "b"
              ],
              "nested": {
                "x": [
                  [1, 2],
                  [3]
                ]
              },
              "empty": [
                {},
                []
              ],
              "none": {},
              "missing": null
            }
            """);
    assertThat(Json.writePretty(1)).isEqualTo("1\n");
  }

  @Provide
  Arbitrary<String> almostJson() {
    return Arbitraries.strings()
        .withChars("{}[],:\"\\u019eE+-. \n\ttruefalsn\0é\u2028")
        .ofMaxLength(30);
  }

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> leaves =
        Arbitraries.oneOf(
            Arbitraries.doubles().asGeneric(),
            Arbitraries.strings().ofMaxLength(20).asGeneric(),
            Arbitraries.of(true, false).asGeneric(),
            Arbitraries.just(null));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(4).asGeneric(),
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(5), inner)
                    .ofMaxSize(4)
                    .asGeneric()),
        0,
        4);
  }

  private static void assertNotJson(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not JSON at line ");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1, -(1L << 53) - 1})
  void seedsKeepTheirDigits(long seed) {
    assertThat(Json.parse(Json.write(seed))).isEqualTo(seed);
    assertThat(Json.parse("9007199254740991")).isEqualTo(9007199254740991.0);
    assertThat(Json.parse("9223372036854775808")).isEqualTo(0x1p63);
  }
}
