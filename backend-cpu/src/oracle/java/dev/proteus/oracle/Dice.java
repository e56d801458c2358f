package dev.proteus.oracle;

import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What is drawn by chance. Equal seeds draw equally.
final class Dice {
  /// Large enough for every path of a kernel, small enough for thousands of cases.
  private static final long MOST_ELEMENTS = 3000;

  private final SplittableRandom random;

  Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /// From `low` to `high`, both included.
  int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /// From `low` to `high`, both included.
  double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  long word() {
    return random.nextLong();
  }

  double gaussian() {
    return random.nextGaussian();
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /// A size: small as a rule, sometimes over a vector's width, seldom 0.
  int size() {
    return switch (between(0, 19)) {
      case 0 -> 0;
      case 1, 2, 3 -> 1;
      case 4, 5, 6 -> between(6, 40);
      default -> between(2, 5);
    };
  }

  /// A size that is not 0.
  int someSize() {
    return Math.max(1, size());
  }

  /// A shape with that many axes, or fewer elements than would take long.
  Shape shape(int leastAxes, int mostAxes) {
    long[] sizes =
        IntStream.range(0, between(leastAxes, mostAxes)).mapToLong(_ -> size()).toArray();
    for (int i = 0; i < sizes.length; i++) {
      while (product(sizes) > MOST_ELEMENTS && sizes[i] > 2) {
        sizes[i] = 2;
      }
    }
    return Shape.of(sizes);
  }

  private static long product(long[] sizes) {
    return LongStream.of(sizes).reduce(1, (a, b) -> a * b);
  }

  /// A shape that broadcasts with `shape`, by chance wider than it.
  Shape broadcastable(Shape shape) {
    long[] sizes = shape.toArray();
    int dropped = oneIn(3) ? between(0, sizes.length) : 0;
    long[] result = new long[sizes.length - dropped];
    for (int i = 0; i < result.length; i++) {
      result[i] = oneIn(4) ? 1 : sizes[i + dropped];
    }
    return Shape.of(result);
  }

  /// `count` different numbers below `limit`, in random order.
  List<Integer> distinct(int count, int limit) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, limit).boxed().toList());
    for (int i = all.size() - 1; i > 0; i--) {
      Collections.swap(all, i, between(0, i));
    }
    return List.copyOf(all.subList(0, count));
  }
}
