package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The folds of definitions: axes stay with size 1, and products are summed without a temporary.
final class Folds {
  private Folds() {}

  static <T extends TensorOps<T>> T sum(T x, int... axes) {
    return fold(Reduce.Kind.SUM, input(0, x), List.of(x), axes);
  }

  /// The sum of `a·b`, broadcast together.
  static <T extends TensorOps<T>> T sumOfProducts(T a, T b, int... axes) {
    return fold(Reduce.Kind.SUM, Exprs.mul(input(0, a), input(1, b)), List.of(a, b), axes);
  }

  static <T extends TensorOps<T>> T max(T x, int... axes) {
    return fold(Reduce.Kind.MAX, input(0, x), List.of(x), axes);
  }

  /// `kind` of an expression over inputs; negative axes count from the end of the broadcast shape.
  static <T extends TensorOps<T>> T fold(Reduce.Kind kind, Expr expr, List<T> inputs, int... axes) {
    int rank = inputs.stream().mapToInt(x -> x.spec().rank()).max().orElseThrow();
    List<Integer> ascending =
        Arrays.stream(axes).map(a -> a < 0 ? a + rank : a).sorted().boxed().toList();
    return inputs.getFirst().call(new Reduce(kind, expr, ascending), inputs);
  }

  static <T extends TensorOps<T>> Expr input(int index, T x) {
    return Exprs.input(index, x.spec().dtype());
  }

  /// The last `count` axes.
  static int[] last(int count) {
    return IntStream.range(-count, 0).toArray();
  }
}
