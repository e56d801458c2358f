package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Operators that fold axes away.
///
/// Axes count from the end where they are negative; none named means all of them. Folded axes
/// vanish, unless [Keep#AXES] keeps them with size 1. An empty axis folds to what an empty sum or
/// product is; to fold it to an extreme is a `TensorIndexException` (rules DT-33, DT-34).
///
/// @param <T> what operators are applied to
public interface ReduceOps<T extends TensorOps<T>> extends Value<T> {
  /// The sum; of integers and booleans in int64 (rule DT-30).
  default T sum(int... axes) {
    return sum(Keep.NONE, axes);
  }

  /// The sum; of integers and booleans in int64 (rule DT-30).
  default T sum(Keep keep, int... axes) {
    return sum(Folding.sumType(spec().dtype()), keep, axes);
  }

  /// The sum of this converted to `dtype`.
  default T sum(DType dtype, Keep keep, int... axes) {
    return fold(Reduce.Kind.SUM, "sum", Folding.elements(spec(), dtype), keep, axes);
  }

  /// The sum of what is not NaN.
  default T nansum(int... axes) {
    return nansum(Keep.NONE, axes);
  }

  /// The sum of what is not NaN.
  default T nansum(Keep keep, int... axes) {
    return numbers(Folding.sumType(spec().dtype()), "nansum", keep, axes);
  }

  /// The product; of integers and booleans in int64 (rule DT-30).
  default T prod(int... axes) {
    return prod(Keep.NONE, axes);
  }

  /// The product; of integers and booleans in int64 (rule DT-30).
  default T prod(Keep keep, int... axes) {
    return prod(Folding.sumType(spec().dtype()), keep, axes);
  }

  /// The product of this converted to `dtype`.
  default T prod(DType dtype, Keep keep, int... axes) {
    return fold(Reduce.Kind.PROD, "prod", Folding.elements(spec(), dtype), keep, axes);
  }

  /// The mean of floating values (rule DT-31); NaN of none.
  default T mean(int... axes) {
    return mean(Keep.NONE, axes);
  }

  /// The mean of floating values (rule DT-31); NaN of none.
  default T mean(Keep keep, int... axes) {
    return mean(spec().dtype(), keep, axes);
  }

  /// The mean of this converted to `dtype`, which is floating.
  default T mean(DType dtype, Keep keep, int... axes) {
    Folding.floating(dtype, "mean");
    List<Integer> folded = Folding.axes(spec(), axes, "mean");
    Expr elements = Exprs.cast(dtype.accumulator(), Folding.elements(spec(), dtype));
    T sum = Folding.fold(Reduce.Kind.SUM, self(), elements, folded);
    T mean = sum.div((double) Folding.count(spec(), folded)).to(dtype);
    return Folding.left(mean, folded, keep);
  }

  /// The mean of what is not NaN.
  default T nanmean(int... axes) {
    DType dtype = spec().dtype();
    Folding.floating(dtype, "nanmean");
    Expr x = Exprs.input(0, dtype);
    Expr number = Exprs.cast(dtype.accumulator(), Exprs.eq(x, x));
    T count = fold(Reduce.Kind.SUM, "nanmean", number, Keep.NONE, axes);
    return numbers(dtype.accumulator(), "nanmean", Keep.NONE, axes).div(count).to(dtype);
  }

  /// The largest value; NaN if there is one. Ties share the gradient evenly (rule DT-25).
  default T amax(int... axes) {
    return amax(Keep.NONE, axes);
  }

  /// The largest value; NaN if there is one. Ties share the gradient evenly (rule DT-25).
  default T amax(Keep keep, int... axes) {
    return fold(Reduce.Kind.MAX, "amax", Exprs.input(0, spec().dtype()), keep, axes);
  }

  /// The smallest value; NaN if there is one. Ties share the gradient evenly (rule DT-25).
  default T amin(int... axes) {
    return amin(Keep.NONE, axes);
  }

  /// The smallest value; NaN if there is one. Ties share the gradient evenly (rule DT-25).
  default T amin(Keep keep, int... axes) {
    return fold(Reduce.Kind.MIN, "amin", Exprs.input(0, spec().dtype()), keep, axes);
  }

  /// The smallest and the largest value.
  default Extent<T> aminmax(int... axes) {
    return aminmax(Keep.NONE, axes);
  }

  /// The smallest and the largest value.
  default Extent<T> aminmax(Keep keep, int... axes) {
    return new Extent<>(amin(keep, axes), amax(keep, axes));
  }

  /// The largest of all values. With an axis it is [OrderOps#max(int)].
  default T max() {
    return amax();
  }

  /// The smallest of all values. With an axis it is [OrderOps#min(int)].
  default T min() {
    return amin();
  }

  /// Whether any value is not zero; of uint8 as uint8 (rule DT-32).
  default T any(int... axes) {
    return any(Keep.NONE, axes);
  }

  /// Whether any value is not zero; of uint8 as uint8 (rule DT-32).
  default T any(Keep keep, int... axes) {
    return truth(Reduce.Kind.MAX, "any", keep, axes);
  }

  /// Whether all values are not zero; of uint8 as uint8 (rule DT-32).
  default T all(int... axes) {
    return all(Keep.NONE, axes);
  }

  /// Whether all values are not zero; of uint8 as uint8 (rule DT-32).
  default T all(Keep keep, int... axes) {
    return truth(Reduce.Kind.MIN, "all", keep, axes);
  }

  /// How many values are not zero, as int64 (rule DT-32).
  default T countNonzero(int... axes) {
    Expr counted = Exprs.cast(DType.INT64, Folding.elements(spec(), DType.BOOL));
    return fold(Reduce.Kind.SUM, "countNonzero", counted, Keep.NONE, axes);
  }

  /// The variance with n - 1 in the denominator (rule DT-31).
  default T var(int... axes) {
    return var(1, Keep.NONE, axes);
  }

  /// The variance with n - `correction` in the denominator (rule DT-31).
  default T var(double correction, Keep keep, int... axes) {
    List<Integer> folded = Folding.axes(spec(), axes, "var");
    T variance = call(new Variance(folded, correction), List.of(self()));
    return Folding.left(variance, folded, keep);
  }

  /// The standard deviation with n - 1 in the denominator (rule DT-31).
  default T std(int... axes) {
    return std(1, Keep.NONE, axes);
  }

  /// The standard deviation with n - `correction` in the denominator (rule DT-31). Its derivative
  /// where it is 0 is 0.
  default T std(double correction, Keep keep, int... axes) {
    return Pointwise.ROOT.call(var(correction, keep, axes), Scalar.of(0.5));
  }

  /// The Euclidean length of all values.
  default T norm() {
    return norm(2);
  }

  /// The `p`-norm: `(sum |x|^p)^(1/p)`; the largest size for infinity, the smallest for negative
  /// infinity, the number of non-zero values for 0. Its derivative where it is 0 is 0.
  default T norm(double p, int... axes) {
    return norm(p, Keep.NONE, axes);
  }

  /// The `p`-norm: `(sum |x|^p)^(1/p)`; the largest size for infinity, the smallest for negative
  /// infinity, the number of non-zero values for 0. Its derivative where it is 0 is 0.
  default T norm(double p, Keep keep, int... axes) {
    Folding.floating(spec().dtype(), "norm");
    Expr size = Exprs.abs(Exprs.input(0, spec().dtype()));
    if (Double.isInfinite(p)) {
      Reduce.Kind kind = p > 0 ? Reduce.Kind.MAX : Reduce.Kind.MIN;
      return fold(kind, "norm", size, keep, axes);
    }
    Expr power = Norms.power(size, p);
    return Norms.root(fold(Reduce.Kind.SUM, "norm", power, keep, axes), p).to(spec().dtype());
  }

  /// The `p`-norm of the difference of this and `other`.
  default T dist(T other, double p) {
    return self().sub(other).norm(p);
  }

  /// The logarithm of the sum of exponentials, without overflow.
  default T logsumexp(int... axes) {
    return logsumexp(Keep.NONE, axes);
  }

  /// The logarithm of the sum of exponentials, without overflow.
  default T logsumexp(Keep keep, int... axes) {
    List<Integer> folded = Folding.axes(spec(), axes, "logsumexp");
    T sum = call(new LogSumExp(folded), List.of(self()));
    return Folding.left(sum, folded, keep);
  }

  /// This summed to a shape that expands to its own: the inverse of broadcasting (rule AG-13).
  default T sumTo(Shape target) {
    Shape shape = spec().shape();
    if (shape.equals(target)) {
      return self();
    }
    List<Integer> axes = Folding.expandedAxes(target, shape);
    Expr elements = Exprs.input(0, spec().dtype());
    return Folding.fold(Reduce.Kind.SUM, self(), elements, axes).reshape(target);
  }

  private T numbers(DType dtype, String name, Keep keep, int[] axes) {
    Expr x = Folding.elements(spec(), dtype);
    Expr numbers = Exprs.where(Formulas.isNan(x), Formulas.zero(x), x);
    return fold(Reduce.Kind.SUM, name, numbers, keep, axes);
  }

  private T fold(Reduce.Kind kind, String name, Expr expr, Keep keep, int[] axes) {
    List<Integer> folded = Folding.axes(spec(), axes, name);
    return Folding.left(Folding.fold(kind, self(), expr, folded), folded, keep);
  }

  private T truth(Reduce.Kind kind, String name, Keep keep, int[] axes) {
    DType result = spec().dtype() == DType.UINT8 ? DType.UINT8 : DType.BOOL;
    List<Integer> folded = Folding.axes(spec(), axes, name);
    if (Folding.count(spec(), folded) == 0) {
      TensorSpec kept =
          new TensorSpec(Folding.kept(spec().shape(), folded), result, spec().device());
      return Folding.left(self().full(kept, Scalar.of(kind == Reduce.Kind.MIN)), folded, keep);
    }
    Expr truth = Exprs.cast(result, Folding.elements(spec(), DType.BOOL));
    return Folding.left(Folding.fold(kind, self(), truth, folded), folded, keep);
  }
}
