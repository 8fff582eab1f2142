package dev.raptor.core.io;

import dev.raptor.core.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of text in UTF-8. A byte order mark, which some editors write, is left out. */
public final class TextFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidInputException if it is not UTF-8; the message says which byte is not
   */
  public static String read(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    CharBuffer text = CharBuffer.allocate(bytes.capacity());
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(bytes, text, true);
    if (result.isError()) {
      throw new InvalidInputException(
          "byte %d is 0x%02x, allowed: text in UTF-8"
              .formatted(bytes.position(), bytes.get(bytes.position())));
    }
    return withoutMark(text.flip().toString());
  }

  /** A text without the byte order mark that it may begin with. */
  public static String withoutMark(String text) {
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }
}
