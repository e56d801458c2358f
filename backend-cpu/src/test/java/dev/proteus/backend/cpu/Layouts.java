package dev.proteus.backend.cpu;

import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Random;

/// Random shapes, and random ways for their elements to lie in memory.
final class Layouts {
  private Layouts() {}

  /// One of these values.
  static <V> V pick(Random random, List<V> values) {
    return values.get(random.nextInt(values.size()));
  }

  /// A shape: often small, now and then with a size of 0 or 1 or beyond a block.
  static Shape shape(Random random) {
    long[] sizes = new long[random.nextInt(5)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = random.nextInt(12) == 0 ? random.nextInt(2) : 1L + random.nextInt(7);
    }
    if (sizes.length > 0 && random.nextInt(3) == 0) {
      sizes[random.nextInt(sizes.length)] = 1L + random.nextInt(sizes.length == 1 ? 5000 : 300);
    }
    return Shape.of(sizes);
  }

  /// A layout of a shape that reads: dense, permuted, sliced, shifted or expanded.
  static Layout reading(Random random, Shape shape) {
    long[] sizes = shape.toArray();
    boolean[] expanded = new boolean[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      if (random.nextInt(6) == 0) {
        expanded[i] = true;
        sizes[i] = 1;
      }
    }
    return writing(random, Shape.of(sizes)).expand(shape);
  }

  /// A layout of a shape whose elements do not overlap.
  static Layout writing(Random random, Shape shape) {
    if (random.nextInt(3) == 0) {
      return Layout.contiguous(shape);
    }
    int rank = shape.rank();
    int[] order = permutation(random, rank);
    long[] stored = new long[rank];
    for (int i = 0; i < rank; i++) {
      stored[i] = shape.size(order[i]);
    }
    long[] steps = new long[rank];
    long[] padded = stored.clone();
    for (int i = 0; i < rank; i++) {
      steps[i] = random.nextInt(4) == 0 ? 1L + random.nextInt(3) : 1;
      padded[i] = stored[i] * steps[i] + random.nextInt(2);
    }
    Layout layout = Layout.contiguous(Shape.of(padded));
    for (int i = 0; i < rank; i++) {
      long start =
          stored[i] == 0 ? 0 : random.nextInt((int) (padded[i] - (stored[i] - 1) * steps[i]));
      layout = layout.slice(i, start, stored[i], steps[i]);
    }
    int[] back = new int[rank];
    for (int i = 0; i < rank; i++) {
      back[order[i]] = i;
    }
    return layout.permute(back);
  }

  private static int[] permutation(Random random, int rank) {
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
