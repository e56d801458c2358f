package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The windows of adaptive pooling along one axis: `count` of them cover `extent` elements evenly,
/// window i from `⌊i·extent/count⌋` to `⌈(i + 1)·extent/count⌉`, exclusive.
///
/// @param axis axis from 0
/// @param extent its size
/// @param count windows
record EvenWindows(int axis, long extent, long count) {
  /// Whether all windows have one size and touch: plain pooling.
  static boolean divides(Shape x, List<Long> size) {
    for (int i = 0; i < size.size(); i++) {
      if (size.get(i) == 0 || x.size(i + 2) % size.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /// The size of windows that divide x.
  static List<Integer> kernel(Shape x, List<Long> size) {
    return IntStream.range(0, size.size())
        .mapToObj(i -> Math.toIntExact(x.size(i + 2) / size.get(i)))
        .toList();
  }

  /// Elements of the longest window.
  private long length() {
    long longest = 0;
    for (long i = 0; i < count; i++) {
      longest = Math.max(longest, Math.ceilDiv((i + 1) * extent, count) - i * extent / count);
    }
    return longest;
  }

  /// The windows of x as a last axis; a short one repeats its last element.
  <T extends TensorOps<T>> T windows(T x) {
    long length = length();
    Shape shape = x.spec().shape();
    Expr place = Exprs.min(Exprs.add(start(), new Expr.Coord(1)), Exprs.sub(end(), number(1)));
    T index = grid(x, place, length).flatten();
    Shape aligned = Shape.of(index.spec().numel());
    for (int i = axis + 1; i < shape.rank(); i++) {
      aligned = aligned.concat(Shape.of(1));
    }
    T all = index.reshape(aligned).expand(shape.with(axis, count * length));
    T gathered = x.call(new Gather(axis), List.of(x, all));
    return gathered.unflatten(axis, count, length).moveAxis(axis + 1, -1);
  }

  /// The mean of each window.
  <T extends TensorOps<T>> T means(T x) {
    Expr inside = Exprs.lt(Exprs.add(start(), new Expr.Coord(1)), end());
    T valid = aligned(grid(x, inside, length()), x.spec().rank());
    T sizes = aligned(grid(x, Exprs.sub(end(), start()), 1), x.spec().rank()).to(x.spec().dtype());
    T windows = windows(x).maskedFill(valid.logicalNot(), 0);
    return windows.sum(Keep.AXES, -1).div(sizes).squeeze(-1);
  }

  /// `[count, length]` as the axis and the last one of x's windows.
  private <T extends TensorOps<T>> T aligned(T grid, int rank) {
    long[] sizes = new long[rank - axis + 1];
    Arrays.fill(sizes, 1);
    sizes[0] = count;
    sizes[sizes.length - 1] = grid.spec().shape().size(1);
    return grid.reshape(Shape.of(sizes));
  }

  private <T extends TensorOps<T>> T grid(T x, Expr expr, long length) {
    TensorSpec spec = new TensorSpec(Shape.of(count, length), expr.dtype(), x.spec().device());
    return x.call(Map.of("adaptiveWindow", expr, spec), List.of());
  }

  private Expr start() {
    return Exprs.floorDiv(Exprs.mul(new Expr.Coord(0), number(extent)), number(count));
  }

  private Expr end() {
    Expr next = Exprs.mul(Exprs.add(new Expr.Coord(0), number(1)), number(extent));
    return Exprs.floorDiv(Exprs.add(next, number(count - 1)), number(count));
  }

  private static Expr number(long value) {
    return Exprs.constant(DType.INT64, Scalar.of(value));
  }
}
