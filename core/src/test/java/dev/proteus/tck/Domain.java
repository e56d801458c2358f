package dev.proteus.tck;

import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Which values an operand takes: those for which the operator and its derivatives are smooth, so
/// that finite differences can tell.
@FunctionalInterface
public interface Domain {
  /// Small numbers of either sign.
  Domain ANY = between(-3, 3);

  /// Small numbers above 0.
  Domain POSITIVE = between(0.3, 3);

  /// Numbers between 0 and 1, away from both.
  Domain UNIT = between(0.1, 0.9);

  /// Numbers of either sign that no rounding to an integer makes 0.
  Domain NONZERO =
      (shape, random) ->
          each(shape, () -> (random.nextBoolean() ? 1 : -1) * random.nextDouble(0.6, 3));

  /// Numbers that are apart from each other, in random order, none near 0.
  Domain DISTINCT = Domain::distinct;

  /// Symmetric positive definite matrices along the last two axes, if those are square.
  Domain POSITIVE_DEFINITE = Domain::positiveDefinite;

  /// As many values as `shape` has elements, row-major.
  double[] draw(Shape shape, RandomGenerator random);

  /// Numbers from `low` to `high`.
  static Domain between(double low, double high) {
    return (shape, random) -> each(shape, () -> random.nextDouble(low, high));
  }

  /// Whole numbers from `low` to `high`, exclusive.
  static Domain integers(int low, int high) {
    return (shape, random) -> each(shape, () -> random.nextInt(low, high));
  }

  /// Whole numbers from 0 to `end`, exclusive, that differ along the last axis.
  static Domain permutations(int end) {
    return (shape, random) -> {
      int length = (int) shape.size(-1);
      double[] values = new double[(int) shape.numel()];
      for (int start = 0; start < values.length; start += length) {
        double[] order = shuffled(end, random);
        System.arraycopy(order, 0, values, start, length);
      }
      return values;
    };
  }

  /// This with values near one of `kinks` moved away from it.
  default Domain awayFrom(double... kinks) {
    double least = 0.15;
    return (shape, random) -> {
      double[] values = draw(shape, random);
      for (int i = 0; i < values.length; i++) {
        for (double kink : kinks) {
          double distance = values[i] - kink;
          if (Math.abs(distance) < least) {
            values[i] = kink + Math.copySign(least + Math.abs(distance) / 2, distance);
          }
        }
      }
      return values;
    };
  }

  private static double[] each(Shape shape, java.util.function.DoubleSupplier value) {
    double[] values = new double[(int) shape.numel()];
    Arrays.setAll(values, i -> value.getAsDouble());
    return values;
  }

  private static double[] distinct(Shape shape, RandomGenerator random) {
    int count = (int) shape.numel();
    double[] order = shuffled(count, random);
    double step = 6.0 / Math.max(count, 6);
    return Arrays.stream(order).map(i -> (i - 0.5 * count + 0.3) * step).toArray();
  }

  private static double[] shuffled(int count, RandomGenerator random) {
    double[] order = new double[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  private static double[] positiveDefinite(Shape shape, RandomGenerator random) {
    if (shape.rank() < 2 || shape.size(-1) != shape.size(-2)) {
      return ANY.draw(shape, random);
    }
    int size = (int) shape.size(-1);
    double[] values = new double[(int) shape.numel()];
    for (int start = 0; start < values.length; start += size * size) {
      double[] root = each(Shape.of(size, size), () -> random.nextDouble(-1, 1));
      for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++) {
          double sum = row == column ? 1 + row : 0;
          for (int k = 0; k < size; k++) {
            sum += root[row * size + k] * root[column * size + k];
          }
          values[start + row * size + column] = sum;
        }
      }
    }
    return values;
  }
}
