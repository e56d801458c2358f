package dev.proteus.op;

import dev.proteus.type.Shape;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// What the operators that search, add up and sort along one axis share.
final class Along {
  /// The indices that [#picked(Backward, int)] reads.
  static final Saved INDICES = new Saved(0, 0b10);

  private Along() {}

  /// The places along an axis of `x`, as int64; all other axes have size 1.
  static <T extends TensorOps<T>> T places(T x, int axis) {
    Shape shape = x.spec().shape();
    return x.arange(shape.size(axis), x.spec().device()).reshape(Positions.alone(shape, axis));
  }

  /// `x` at `indices` along an axis.
  static <T extends TensorOps<T>> T pick(T x, T indices, int axis) {
    return x.call(new Gather(axis), List.of(x, indices));
  }

  static <T extends TensorOps<T>> T cumulated(T x, Cumulate.Kind kind, int axis) {
    return x.call(new Cumulate(kind, axis), List.of(x));
  }

  /// Each value of `x` combined with all before it, or after it: log2 of the size steps, each of
  /// which combines with what lies twice as far (Hillis and Steele, 1986).
  static <T extends TensorOps<T>> T scan(
      T x, int axis, CumSum.Direction direction, BinaryOperator<T> combine) {
    long size = x.spec().shape().size(axis);
    T result = x;
    for (long shift = 1; shift < size; shift *= 2) {
      T early = result.narrow(axis, 0, size - shift);
      T late = result.narrow(axis, shift, size - shift);
      long start = direction == CumSum.Direction.FORWARD ? shift : 0;
      Place place = Place.slice(axis, start, size - shift, 1, Place.Mode.SET);
      result = result.call(place, List.of(result, combine.apply(early, late)));
    }
    return result;
  }

  /// Of an operator that picks values, result 0, at indices, result 1: each gradient goes back to
  /// where its value was.
  static <T extends TensorOps<T>> List<@Nullable T> picked(Backward<T> g, int axis) {
    T zeros = g.grad(0).zeros(g.spec(0));
    Scatter add = new Scatter(axis, Scatter.Mode.ADD);
    return Collections.singletonList(zeros.call(add, List.of(zeros, g.output(1), g.grad(0))));
  }
}
