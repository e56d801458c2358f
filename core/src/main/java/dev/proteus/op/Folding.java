package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// What reductions share: which axes, what is left of them, and in which type.
final class Folding {
  private Folding() {}

  /// The axes to fold, ascending: all if none is named (rule DT-34).
  static List<Integer> axes(TensorSpec x, int[] axes, String operator) {
    if (axes.length == 0) {
      return IntStream.range(0, x.rank()).boxed().toList();
    }
    List<Integer> named = Axes.distinct(x.shape(), axes, operator);
    Collections.sort(named);
    return x.rank() == 0 ? List.of() : named;
  }

  /// The axes of `to` along which it repeats elements of `from`, which expands to it.
  static List<Integer> expandedAxes(Shape from, Shape to) {
    int added = to.rank() - from.rank();
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < to.rank(); axis++) {
      if (axis < added || from.size(axis - added) != to.size(axis)) {
        axes.add(axis);
      }
    }
    return axes;
  }

  /// How many elements are folded into one.
  static long count(TensorSpec x, List<Integer> axes) {
    long count = 1;
    for (int axis : axes) {
      count *= x.shape().size(axis);
    }
    return count;
  }

  static Shape kept(Shape shape, List<Integer> axes) {
    long[] sizes = shape.toArray();
    for (int axis : axes) {
      sizes[axis] = 1;
    }
    return Shape.of(sizes);
  }

  /// A folded value as the caller wants it.
  static <T extends TensorOps<T>> T left(T folded, List<Integer> axes, Keep keep) {
    if (keep == Keep.AXES || axes.isEmpty()) {
      return folded;
    }
    Shape shape = folded.spec().shape();
    for (int axis : axes.reversed()) {
      shape = shape.without(axis);
    }
    return folded.reshape(shape);
  }

  /// `x` folded, the axes kept.
  static <T extends TensorOps<T>> T fold(Reduce.Kind kind, T x, Expr expr, List<Integer> axes) {
    return x.call(new Reduce(kind, expr, axes), List.of(x));
  }

  /// `kind` of an expression over inputs broadcast together, the axes kept; negative axes count
  /// from the end of the broadcast shape, and none is none.
  static <T extends TensorOps<T>> T fold(Reduce.Kind kind, Expr expr, List<T> inputs, int... axes) {
    int rank = inputs.stream().mapToInt(x -> x.spec().rank()).max().orElseThrow();
    List<Integer> ascending =
        Arrays.stream(axes).map(a -> a < 0 ? a + rank : a).sorted().boxed().toList();
    return inputs.getFirst().call(new Reduce(kind, expr, ascending), inputs);
  }

  /// The sum of `a·b` without a temporary, the axes kept.
  static <T extends TensorOps<T>> T sumOfProducts(T a, T b, int... axes) {
    Expr product = Exprs.mul(input(0, a), input(1, b));
    return fold(Reduce.Kind.SUM, product, List.of(a, b), axes);
  }

  /// The elements of operand `index`, which is `x`.
  static <T extends TensorOps<T>> Expr input(int index, T x) {
    return Exprs.input(index, x.spec().dtype());
  }

  /// The last `count` axes.
  static int[] last(int count) {
    return IntStream.range(-count, 0).toArray();
  }

  /// The elements of an operand converted to `dtype`.
  static Expr elements(TensorSpec x, DType dtype) {
    return Exprs.cast(dtype, Exprs.input(0, x.dtype()));
  }

  /// The type of sums of this type (rule DT-30).
  static DType sumType(DType dtype) {
    return dtype.isFloating() ? dtype : DType.INT64;
  }

  static void floating(DType dtype, String operator) {
    if (!dtype.isFloating()) {
      throw new DTypeException(
          operator + ": operand is " + dtype + "; it must be floating, cast it first (rule DT-31)");
    }
  }
}
