package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Slices along an axis, put in order and told apart.
final class Slices {
  private Slices() {}

  /// The slices of `x` along an axis, each as a row.
  static <T extends TensorOps<T>> T rows(T x, int axis, String operator) {
    Shape shape = x.spec().shape();
    long elements = shape.without(axis).numel();
    if (elements == 0) {
      throw new ShapeException(
          "%s: slices of %s along axis %s have no elements to compare"
              .formatted(operator, shape, axis));
    }
    return x.moveAxis(axis, 0).reshape(shape.size(axis), elements);
  }

  /// The place of each row among the different rows in ascending order, as a column.
  ///
  /// First each element becomes its rank in its column. Then two columns become one, `left · n +
  /// right`, which orders rows as the pair does, and its ranks again: log2 of the columns rounds.
  static <T extends TensorOps<T>> T ranks(T rows) {
    T ranks = columnRanks(rows);
    long count = rows.spec().shape().size(0);
    for (long columns = ranks.spec().shape().size(1); columns > 1; columns = (columns + 1) / 2) {
      T even = columns % 2 == 0 ? ranks : ranks.pad(0, 1);
      T left = even.slice(1, 0, columns + 1, 2);
      T right = even.slice(1, 1, columns + 1, 2);
      ranks = columnRanks(left.mul(count).add(right));
    }
    return ranks;
  }

  /// For each element its place among the different elements of its column.
  private static <T extends TensorOps<T>> T columnRanks(T x) {
    Indexed<T> sorted = x.sort(0);
    T ranks = columnRuns(sorted.values());
    return ranks.zerosLike().scatter(0, sorted.indices(), ranks);
  }

  /// For each element the number of the run of equal ones in its column.
  private static <T extends TensorOps<T>> T columnRuns(T x) {
    return x.spec().numel() == 0
        ? x.zeros(x.spec().withDType(DType.INT64))
        : changes(x).cumsum(0).pad(0, 0, 1, 0);
  }

  /// For each row the number of the run of equal ones, as a column.
  static <T extends TensorOps<T>> T runs(T rows) {
    TensorSpec column = rows.spec().withShape(rows.spec().shape().with(1, 1));
    return rows.spec().numel() == 0
        ? rows.zeros(column.withDType(DType.INT64))
        : changes(rows).any(Keep.AXES, 1).cumsum(0).pad(0, 0, 1, 0);
  }

  /// Whether an element differs from the one before in its column; the first has none.
  private static <T extends TensorOps<T>> T changes(T x) {
    long others = x.spec().shape().size(0) - 1;
    return x.narrow(0, 1, others).ne(x.narrow(0, 0, others));
  }

  /// The row and column numbers of the elements of a matrix that are true, `count` of them.
  static <T extends TensorOps<T>> T places(T matrix, long count) {
    return matrix.call(new NonZero(count), List.of(matrix)).t();
  }

  /// One slice of each group along an axis.
  ///
  /// @param group for each slice the number of its group; none is left out
  static <T extends TensorOps<T>> Unique<T> grouped(T x, int axis, T group) {
    long slices = group.spec().numel();
    long groups = slices == 0 ? 0 : group.max().itemLong() + 1;
    T zeros = group.zeros(group.spec().withShape(Shape.of(groups)));
    T places = zeros.scatter(0, group, x.arange(slices, x.spec().device()));
    T counts = zeros.scatterAdd(0, group, group.onesLike());
    return new Unique<>(x.indexSelect(axis, places), group, counts);
  }
}
