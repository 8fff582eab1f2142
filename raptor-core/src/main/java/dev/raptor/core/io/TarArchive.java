package dev.raptor.core.io;

import dev.raptor.core.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A tar archive of a few small files in the ustar format of POSIX.1-1988, held in memory:
 *
 * <pre>
 *   entry:   header, 512 bytes | data | zeros up to a multiple of 512 bytes
 *   archive: entries | 1024 zeros
 *
 *   header:  0 name 100   100 mode 8   108 uid 8   116 gid 8   124 size 12   136 mtime 12
 *            148 checksum 8   156 type 1   157 link 100   257 "ustar" 6   263 version 2
 *            265 user 32   297 group 32   329 device 16   345 prefix 155
 * </pre>
 *
 * Numbers are octal digits that end with a zero byte. The checksum is the sum of the header's bytes
 * with its own eight as spaces. An archive may lack the zeros at its end.
 *
 * @param entries the files' contents by path, in the order of the archive
 */
public record TarArchive(Map<String, byte[]> entries) {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE = 12;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM = 8;
  private static final int TYPE_AT = 156;
  private static final int MAGIC_AT = 257;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX = 155;
  private static final String MAGIC = "ustar";

  /**
   * Copies the map.
   *
   * @throws InvalidInputException if a path does not fit: 1 to 99 characters of ASCII
   */
  public TarArchive {
    entries = new LinkedHashMap<>(entries);
    for (String path : entries.keySet()) {
      if (path.isEmpty() || path.length() >= NAME || !path.chars().allMatch(c -> c < 128)) {
        throw new InvalidInputException(
            "the path '%s', allowed: 1 to %d characters of ASCII".formatted(path, NAME - 1));
      }
    }
  }

  /** Whether the bytes begin as a tar archive does. */
  public static boolean isOne(byte[] bytes) {
    return bytes.length >= BLOCK && text(bytes, MAGIC_AT, MAGIC.length()).equals(MAGIC);
  }

  /** The archive's bytes; the same content gives the same bytes. */
  public byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    entries.forEach(
        (path, data) -> {
          out.writeBytes(header(path, data.length));
          out.writeBytes(data);
          out.writeBytes(new byte[padding(data.length)]);
        });
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static byte[] header(String path, int size) {
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    put(header, 0, path);
    put(header, 100, octal(0644, 8));
    put(header, 108, octal(1000, 8));
    put(header, 116, octal(1000, 8));
    put(header, SIZE_AT, octal(size, SIZE));
    put(header, 136, octal(0, 12));
    put(header, TYPE_AT, "0");
    put(header, MAGIC_AT, MAGIC);
    put(header, 263, "00");
    put(header, 265, "user");
    put(header, 297, "group");
    put(header, CHECKSUM_AT, octal(checksum(header.array(), 0), CHECKSUM));
    return header.array();
  }

  private static void put(ByteBuffer header, int at, String text) {
    header.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Digits for a field of {@code width} bytes, of which the last stays zero. */
  private static String octal(int value, int width) {
    return String.format(Locale.ROOT, "%0" + (width - 1) + "o", value);
  }

  private static int checksum(byte[] bytes, int at) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM;
      sum += own ? ' ' : Byte.toUnsignedInt(bytes[at + i]);
    }
    return sum;
  }

  private static int padding(int size) {
    return (BLOCK - size % BLOCK) % BLOCK;
  }

  /**
   * Reads an archive's bytes. Folders in it are passed over.
   *
   * @param name begins the message of an error
   * @throws InvalidInputException if they are no such archive, or a damaged one; an entry is
   *     neither file nor folder, or stands there twice
   */
  public static TarArchive parse(byte[] bytes, String name) {
    try {
      return parse(bytes);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(name + ": " + e.getMessage(), e);
    }
  }

  private static TarArchive parse(byte[] bytes) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    int at = 0;
    while (at + BLOCK <= bytes.length && bytes[at] != 0) {
      if (!text(bytes, at + MAGIC_AT, MAGIC.length()).equals(MAGIC)) {
        throw new InvalidInputException(
            "no header of a tar archive at byte %d, allowed: the ustar format".formatted(at));
      }
      if (number(bytes, at + CHECKSUM_AT, CHECKSUM) != checksum(bytes, at)) {
        throw new InvalidInputException(
            "damaged: the header at byte %d does not match its checksum".formatted(at));
      }
      String prefix = text(bytes, at + PREFIX_AT, PREFIX);
      String path = (prefix.isEmpty() ? "" : prefix + "/") + text(bytes, at, NAME);
      long size = number(bytes, at + SIZE_AT, SIZE);
      char type = (char) bytes[at + TYPE_AT];
      at += BLOCK;
      if (size > bytes.length - at) {
        throw new InvalidInputException(
            "truncated: '%s' has %d bytes, of which %d are there"
                .formatted(path, size, bytes.length - at));
      }
      if (type == '0' || type == 0) {
        byte[] data = new byte[(int) size];
        System.arraycopy(bytes, at, data, 0, data.length);
        if (entries.put(path, data) != null) {
          throw new InvalidInputException("'%s' stands there twice".formatted(path));
        }
      } else if (type != '5') {
        throw new InvalidInputException(
            "'%s' is of type '%s', allowed: files and folders".formatted(path, type));
      }
      at = (int) Math.min(bytes.length, at + size + padding((int) size));
    }
    if (at < bytes.length && at + BLOCK > bytes.length) {
      throw new InvalidInputException("truncated within the header at byte " + at);
    }
    return new TarArchive(entries);
  }

  /** A field up to its first zero byte. */
  private static String text(byte[] bytes, int at, int width) {
    int length = 0;
    while (length < width && bytes[at + length] != 0) {
      length++;
    }
    return new String(bytes, at, length, StandardCharsets.US_ASCII);
  }

  private static long number(byte[] bytes, int at, int width) {
    String digits = text(bytes, at, width).strip();
    if (!digits.matches("[0-7]{1,11}")) {
      throw new InvalidInputException(
          "damaged: '%s' at byte %d, allowed: octal digits".formatted(digits, at));
    }
    return Long.parseLong(digits, 8);
  }
}
