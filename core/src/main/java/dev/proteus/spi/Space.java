package dev.proteus.spi;

import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.Arrays;

/// The axes a kernel iterates over, as few as possible: axes of size 1 are left out, and neighbours
/// that every operand passes as one are merged. There is at least one.
public final class Space {
  /// Elements that do not lie in one line of the cache.
  private static final long LEAP = 8;

  /// Sides from which a matrix is more than a few lines.
  private static final long MATRIX = 8;

  private final long[] sizes;
  private final long[][] strides;

  private Space(long[] sizes, long[][] strides) {
    this.sizes = sizes;
    this.strides = strides;
  }

  /// The space of some axes of a shape, in the order given.
  ///
  /// @param strides for each operand, by axis of the shape
  public static Space of(Shape shape, long[][] strides, int[] axes) {
    long[] sizes = new long[axes.length];
    long[][] merged = new long[strides.length][axes.length];
    int rank = 0;
    for (int axis : axes) {
      long size = shape.size(axis);
      if (size == 1) {
        continue;
      }
      if (rank > 0 && follows(strides, axis, size, merged, rank - 1)) {
        sizes[rank - 1] *= size;
        rank--;
      } else {
        sizes[rank] = size;
      }
      for (int k = 0; k < strides.length; k++) {
        merged[k][rank] = strides[k][axis];
      }
      rank++;
    }
    if (rank == 0) {
      sizes = new long[] {1};
      rank = 1;
    }
    for (int k = 0; k < strides.length; k++) {
      merged[k] = Arrays.copyOf(merged[k], rank);
    }
    return new Space(Arrays.copyOf(sizes, rank), merged);
  }

  private static boolean follows(
      long[][] strides, int axis, long size, long[][] merged, int previous) {
    for (int k = 0; k < strides.length; k++) {
      if (merged[k][previous] != strides[k][axis] * size) {
        return false;
      }
    }
    return true;
  }

  /// Sizes, the fastest axis last.
  public long[] sizes() {
    return sizes;
  }

  /// Strides of operand `k`, in elements.
  public long[] strides(int k) {
    return strides[k];
  }

  /// The stride of operand `k` along the fastest axis.
  public long lastStride(int k) {
    return strides[k][sizes.length - 1];
  }

  /// The size of the fastest axis.
  public long lastSize() {
    return sizes[sizes.length - 1];
  }

  /// The axis along which operand `k` moves by one element, or -1.
  public int axisOfStep(int k) {
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      if (strides[k][axis] == 1) {
        return axis;
      }
    }
    return -1;
  }

  /// Whether operand `k` moves by one element along another axis than the fastest, along which it
  /// leaps: as a transposed matrix.
  public boolean isAcross(int k) {
    int axis = axisOfStep(k);
    return lastStride(k) >= LEAP && lastSize() >= MATRIX && axis >= 0 && sizes[axis] >= MATRIX;
  }

  /// This space without its fastest axis and without axis `across`.
  public Space without(int across) {
    long[] others = without(sizes, across);
    long[][] moved = new long[strides.length][];
    for (int k = 0; k < strides.length; k++) {
      moved[k] = without(strides[k], across);
    }
    if (others.length == 0) {
      others = new long[] {1};
      Arrays.setAll(moved, _ -> new long[1]);
    }
    return new Space(others, moved);
  }

  private static long[] without(long[] values, int across) {
    long[] left = new long[values.length - 2];
    for (int axis = 0, at = 0; axis < values.length - 1; axis++) {
      if (axis != across) {
        left[at++] = values[axis];
      }
    }
    return left;
  }

  /// The axes of one space followed by those of another: their sizes, or their strides.
  public static long[] joined(long[] outer, long[] inner) {
    long[] both = Arrays.copyOf(outer, outer.length + inner.length);
    System.arraycopy(inner, 0, both, outer.length, inner.length);
    return both;
  }

  /// Number of elements.
  public long numel() {
    long product = 1;
    for (long size : sizes) {
      product *= size;
    }
    return product;
  }

  /// The strides of a coordinate: it grows along its axis alone.
  public static long[] coordinate(int axis, int rank) {
    long[] strides = new long[rank];
    strides[axis] = 1;
    return strides;
  }

  /// All axes of a layout, from the largest stride to the smallest.
  public static int[] order(Layout layout) {
    if (!layout.isContiguous()) {
      return layout.byStride();
    }
    int[] order = new int[layout.rank()];
    Arrays.setAll(order, i -> i);
    return order;
  }
}
