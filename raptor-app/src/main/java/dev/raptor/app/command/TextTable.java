package dev.raptor.app.command;

import java.util.List;

/** Lays out a table for people: words to the left, numbers to the right. */
final class TextTable {
  private static final String GAP = "  ";

  private TextTable() {}

  /**
   * Lines of the rows, the first of which holds the titles.
   *
   * @param words how many of the columns, from the left, hold words; an empty one is left out
   */
  static String of(List<List<String>> rows, int words) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        if (widths[i] > 0) {
          String pad = " ".repeat(widths[i] - row.get(i).length());
          line.append(i < words ? row.get(i) + pad : pad + row.get(i)).append(GAP);
        }
      }
      table.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return table.toString();
  }
}
