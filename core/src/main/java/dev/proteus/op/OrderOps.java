package dev.proteus.op;

import dev.proteus.error.TensorIndexException;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.List;

/// Operators for which the order along an axis counts: places of extremes, running totals, sorting.
///
/// The axis counts from the end where it is negative; a value without axes is taken as one element
/// along an axis (rule DT-34).
///
/// @param <T> what operators are applied to
public interface OrderOps<T extends TensorOps<T>> extends Value<T> {
  /// The place of the largest of all values, counted row-major.
  default T argmax() {
    return self().flatten().argmax(0);
  }

  /// The place of the largest value along an axis: the first of equal ones, the first NaN if there
  /// is one (rules DT-25, DT-32).
  default T argmax(int axis) {
    return argmax(Keep.NONE, axis);
  }

  /// The place of the largest value along an axis: the first of equal ones, the first NaN if there
  /// is one (rules DT-25, DT-32).
  default T argmax(Keep keep, int axis) {
    return left(place(Reduce.Kind.MAX, axis), keep, axis);
  }

  /// The place of the smallest of all values, counted row-major.
  default T argmin() {
    return self().flatten().argmin(0);
  }

  /// The place of the smallest value along an axis: the first of equal ones, the first NaN if there
  /// is one (rules DT-25, DT-32).
  default T argmin(int axis) {
    return argmin(Keep.NONE, axis);
  }

  /// The place of the smallest value along an axis: the first of equal ones, the first NaN if there
  /// is one (rules DT-25, DT-32).
  default T argmin(Keep keep, int axis) {
    return left(place(Reduce.Kind.MIN, axis), keep, axis);
  }

  /// The largest values along an axis and their places; the gradient is all theirs (rule DT-35).
  default Indexed<T> max(int axis) {
    return max(Keep.NONE, axis);
  }

  /// The largest values along an axis and their places; the gradient is all theirs (rule DT-35).
  default Indexed<T> max(Keep keep, int axis) {
    return extreme(Reduce.Kind.MAX, keep, axis);
  }

  /// The smallest values along an axis and their places; the gradient is all theirs (rule DT-35).
  default Indexed<T> min(int axis) {
    return min(Keep.NONE, axis);
  }

  /// The smallest values along an axis and their places; the gradient is all theirs (rule DT-35).
  default Indexed<T> min(Keep keep, int axis) {
    return extreme(Reduce.Kind.MIN, keep, axis);
  }

  /// The running sum; of integers and booleans in int64 (rule DT-30).
  default T cumsum(int axis) {
    return cumsum(axis, Folding.sumType(spec().dtype()));
  }

  /// The running sum of this converted to `dtype`.
  default T cumsum(int axis, DType dtype) {
    CumSum sum = new CumSum(axis(axis, "cumsum"), CumSum.Direction.FORWARD);
    T line = line().to(dtype);
    return shaped(line.call(sum, List.of(line)));
  }

  /// The running product; of integers and booleans in int64 (rule DT-30).
  default T cumprod(int axis) {
    return cumprod(axis, Folding.sumType(spec().dtype()));
  }

  /// The running product of this converted to `dtype`.
  default T cumprod(int axis, DType dtype) {
    return shaped(Along.cumulated(line().to(dtype), Cumulate.Kind.PROD, axis(axis, "cumprod")));
  }

  /// The logarithm of the running sum of exponentials, without overflow.
  default T logcumsumexp(int axis) {
    int at = axis(axis, "logcumsumexp");
    return shaped(Along.cumulated(line(), Cumulate.Kind.LOGSUMEXP, at));
  }

  /// The largest value so far and its place, the last of equal ones.
  default Indexed<T> cummax(int axis) {
    return running(Cumulate.Kind.MAX, axis(axis, "cummax"));
  }

  /// The smallest value so far and its place, the last of equal ones.
  default Indexed<T> cummin(int axis) {
    return running(Cumulate.Kind.MIN, axis(axis, "cummin"));
  }

  /// The values along an axis in ascending order, and their places before; equal ones keep their
  /// order, NaN comes last (rules DT-25, DT-35).
  default Indexed<T> sort(int axis) {
    return sort(axis, Sort.Order.ASCENDING);
  }

  /// The values along an axis in order, and their places before; equal ones keep their order, NaN
  /// counts as the largest (rules DT-25, DT-35).
  default Indexed<T> sort(int axis, Sort.Order order) {
    return indexed(new Sort(axis(axis, "sort"), order));
  }

  /// The places that would put the values along an axis in ascending order.
  default T argsort(int axis) {
    return argsort(axis, Sort.Order.ASCENDING);
  }

  /// The places that would put the values along an axis in order.
  default T argsort(int axis, Sort.Order order) {
    return sort(axis, order).indices();
  }

  /// The `k` largest values along the last axis, the largest first, and their places.
  default Indexed<T> topk(long k) {
    return topk(k, -1, Sort.Order.DESCENDING);
  }

  /// The first `k` values along an axis in order, and their places; NaN counts as the largest.
  ///
  /// @throws TensorIndexException if there are fewer (rule DT-35)
  default Indexed<T> topk(long k, int axis, Sort.Order order) {
    return indexed(new TopK(k, axis(axis, "topk"), order));
  }

  /// The `k`-th smallest value along an axis, from 1, and its place.
  ///
  /// @throws TensorIndexException if there are fewer
  default Indexed<T> kthvalue(long k, int axis) {
    int at = axis(axis, "kthvalue");
    Indexed<T> sorted = line().sort(at);
    return new Indexed<>(sorted.values().select(at, k - 1), sorted.indices().select(at, k - 1));
  }

  /// The middle of all values, the lower one of two; NaN if there is one, and of no real values
  /// (rule DT-35).
  default T median() {
    if (spec().numel() == 0 && spec().dtype().isFloating()) {
      return self().full(spec().withShape(Shape.SCALAR), Scalar.of(Double.NaN));
    }
    return self().flatten().median(0).values();
  }

  /// The middle value along an axis, the lower one of two, and its place; NaN if there is one (rule
  /// DT-35).
  default Indexed<T> median(int axis) {
    int at = axis(axis, "median");
    T line = line();
    long size = line.spec().shape().size(at);
    if (size == 0) {
      throw new TensorIndexException(
          "median: axis %s of %s is empty and has no median".formatted(at, line.spec().shape()));
    }
    Indexed<T> sorted = line.sort(at);
    long half = (size - 1) / 2;
    T hasNan = line.isnan().any(Keep.AXES, at);
    T middle = hasNan.to(DType.INT64).mul(size - 1 - half).add(half);
    return new Indexed<>(
        Along.pick(sorted.values(), middle, at).squeeze(at),
        Along.pick(sorted.indices(), middle, at).squeeze(at));
  }

  private int axis(int axis, String operator) {
    return spec().shape().axis(axis, operator);
  }

  private T line() {
    return spec().rank() == 0 ? self().reshape(1) : self();
  }

  private T shaped(T result) {
    return spec().rank() == 0 ? result.reshape(Shape.SCALAR) : result;
  }

  private T left(T folded, Keep keep, int axis) {
    int at = axis(axis, "axis");
    return keep == Keep.NONE || spec().rank() == 0 ? folded.squeeze(at) : folded;
  }

  private T place(Reduce.Kind kind, int axis) {
    T line = line();
    ArgMax place = new ArgMax(kind, axis(axis, kind == Reduce.Kind.MAX ? "argmax" : "argmin"));
    return line.call(place, List.of(line));
  }

  private Indexed<T> extreme(Reduce.Kind kind, Keep keep, int axis) {
    T place = place(kind, axis);
    T value = Along.pick(line(), place, axis(axis, "max"));
    return new Indexed<>(left(value, keep, axis), left(place, keep, axis));
  }

  private Indexed<T> indexed(Composite op) {
    T line = line();
    List<T> results = line.apply(op, List.of(line));
    return new Indexed<>(shaped(results.get(0)), shaped(results.get(1)));
  }

  private Indexed<T> running(Cumulate.Kind kind, int axis) {
    T line = line();
    T extreme = Along.cumulated(line, kind, axis);
    T here = line.eq(extreme).logicalOr(line.isnan());
    T places = Along.places(line, axis).expand(line.spec().shape());
    T latest = Along.cumulated(places.where(here, 0), Cumulate.Kind.MAX, axis);
    return new Indexed<>(shaped(Along.pick(line, latest, axis)), shaped(latest));
  }
}
