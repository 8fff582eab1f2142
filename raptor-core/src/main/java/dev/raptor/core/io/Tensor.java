package dev.raptor.core.io;

import dev.raptor.core.InvalidInputException;
import java.util.Arrays;
import java.util.List;

/** A named array's shape and numbers, row-major. */
public record Tensor(List<Integer> shape, float[] data) {
  /** Checks that the numbers fill the shape. */
  public Tensor {
    shape = List.copyOf(shape);
    if (size(shape) != data.length) {
      throw new InvalidInputException(
          "%d numbers for a tensor of shape %s".formatted(data.length, shape));
    }
  }

  /** A tensor of the given shape. */
  public static Tensor of(float[] data, Integer... shape) {
    return new Tensor(Arrays.asList(shape), data);
  }

  private static long size(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }
}
