package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.NoDataException;
import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.stream.IntStream;

/// Operators that pick and place elements by index.
///
/// Axes count from the end where they are negative; indices do only where it says so. An index out
/// of range is a `TensorIndexException`.
///
/// @param <T> what operators are applied to
public interface IndexOps<T extends TensorOps<T>> extends Value<T> {
  /// The only element as an integer, read on the host: what operators need whose result has as many
  /// elements as the data say.
  ///
  /// @throws NoDataException if there is no element to read yet, as in a trace or on the meta
  ///   device
  default long itemLong() {
    throw new NoDataException("item: %s has no values on the host to decide by".formatted(spec()));
  }

  /// What PyTorch's brackets read: a view where all indices are numbers, slices and new axes, else
  /// a copy (rules IX-1 to IX-5).
  default T get(List<Index<T>> indices) {
    return new Indexing<>(self(), indices).read();
  }

  /// A copy in which what [#get(List)] would read is `value`, or has it added; `value` is
  /// broadcast. Where an index repeats, the last one written stays, and all are added (rule IX-6).
  default T indexPut(List<Index<T>> indices, T value, Place.Mode mode) {
    return new Indexing<>(self(), indices).written(value, mode);
  }

  /// `out[…, j, …] = this[…, index[…, j, …], …]` along `axis` (rule IX-7).
  ///
  /// @param index int64, of the same rank and not larger but along the axis
  default T gather(int axis, T index) {
    int at = spec().shape().axis(axis, "gather");
    T x = atLeast1d(self());
    return x.call(new Gather(at), List.of(x, atLeast1d(index))).reshape(index.spec().shape());
  }

  /// [#gather(int, TensorOps)] with this and `index` broadcast together but for the axis, and
  /// indices that may count from the end.
  default T takeAlongAxis(T index, int axis) {
    Shape shape = spec().shape();
    Shape places = index.spec().shape();
    int at = Axes.existing(shape, axis, "takeAlongAxis");
    if (places.rank() != shape.rank()) {
      throw new ShapeException(
          "takeAlongAxis: index %s and operand %s must have the same rank"
              .formatted(places, shape));
    }
    Shape common = Shape.broadcast(shape.with(at, 1), places.with(at, 1), "takeAlongAxis");
    T source = self().expand(common.with(at, shape.size(at)));
    T positions = Positions.fromStart(index, shape.size(at));
    return source.gather(at, positions.expand(common.with(at, places.size(at))));
  }

  /// The elements at each of `index` along `axis`.
  ///
  /// @param index integers with one axis or none
  default T indexSelect(int axis, T index) {
    int at = spec().shape().axis(axis, "indexSelect");
    T x = atLeast1d(self());
    T lines = lines("indexSelect", x, at, index);
    return x.call(new Gather(at), List.of(x, lines))
        .reshape(spec().rank() == 0 ? Shape.SCALAR : lines.spec().shape());
  }

  /// The elements at row-major positions, which may count from the end.
  ///
  /// @param index integers of any shape, the result's
  default T take(T index) {
    return self().flatten().get(List.of(Index.at(index.flatten()))).reshape(index.spec().shape());
  }

  /// The elements where a mask is true, along one axis; this and the mask are broadcast together
  /// (rule IX-5).
  default T maskedSelect(T mask) {
    requireMask("maskedSelect", mask);
    Shape common = Shape.broadcast(spec().shape(), mask.spec().shape(), "maskedSelect");
    T places = mask.expand(common).flatten();
    return self().expand(common).flatten().get(List.of(Index.at(places)));
  }

  /// A copy whose elements, where a mask is true, are those of `source` in order.
  default T maskedScatter(T mask, T source) {
    requireMask("maskedScatter", mask);
    Shape common = Shape.broadcast(spec().shape(), mask.spec().shape(), "maskedScatter");
    T wide = mask.expand(common);
    // Position 0 stands for what is not taken, so the elements of the source count from 1.
    T order = wide.flatten().cumsum(0).reshape(common);
    T values = source.flatten().pad(1, 0).take(order.where(wide, 0));
    return values.where(wide, self().expand(common));
  }

  /// A copy in which `source` is at the places that [#gather(int, TensorOps)] would read; of
  /// several for one place, the last.
  default T scatter(int axis, T index, T source) {
    return scattered(axis, index, source, Scatter.Mode.SET);
  }

  /// A copy in which `value` is at the places that [#gather(int, TensorOps)] would read.
  default T scatter(int axis, T index, Scalar value) {
    return scatter(axis, index, index.full(index.spec().withDType(spec().dtype()), value));
  }

  /// A copy to which `source` is added at the places that [#gather(int, TensorOps)] would read.
  default T scatterAdd(int axis, T index, T source) {
    return scattered(axis, index, source, Scatter.Mode.ADD);
  }

  private T scattered(int axis, T index, T source, Scatter.Mode mode) {
    int at = spec().shape().axis(axis, "scatter");
    T base = atLeast1d(self());
    List<T> operands = List.of(base, atLeast1d(index), atLeast1d(source));
    return base.call(new Scatter(at, mode), operands).reshape(spec().shape());
  }

  /// A copy in which `source` is combined at the places that [#gather(int, TensorOps)] would read.
  default T scatterReduce(
      int axis, T index, T source, ScatterReduce.How how, ScatterReduce.Old old) {
    int at = spec().shape().axis(axis, "scatterReduce");
    T base = atLeast1d(self());
    List<T> operands = List.of(base, atLeast1d(index), atLeast1d(source));
    return base.call(new ScatterReduce(at, how, old), operands).reshape(spec().shape());
  }

  /// A copy to which the elements of `source` along `axis` are added at each of `index`.
  default T indexAdd(int axis, T index, T source) {
    return indexWritten("indexAdd", axis, index, source, Scatter.Mode.ADD);
  }

  /// A copy in which the elements of `source` along `axis` are at each of `index`.
  default T indexCopy(int axis, T index, T source) {
    return indexWritten("indexCopy", axis, index, source, Scatter.Mode.SET);
  }

  /// A copy in which `value` is at each of `index` along `axis`; indices may count from the end.
  default T indexFill(int axis, T index, Scalar value) {
    int at = spec().shape().axis(axis, "indexFill");
    T x = atLeast1d(self());
    Shape shape = x.spec().shape().with(at, index.spec().numel());
    T positions = Positions.fromStart(index, x.spec().shape().size(at));
    return indexCopy(at, positions, x.full(x.spec().withShape(shape), value));
  }

  private T indexWritten(String name, int axis, T index, T source, Scatter.Mode mode) {
    int at = spec().shape().axis(axis, name);
    T base = atLeast1d(self());
    T lines = lines(name, base, at, index);
    T values = atLeast1d(source);
    if (!values.spec().shape().equals(lines.spec().shape())) {
      throw new ShapeException(
          "%s: source is %s; for %s indices along axis %s of %s it must be %s"
              .formatted(
                  name,
                  source.spec().shape(),
                  index.spec().numel(),
                  at,
                  spec().shape(),
                  lines.spec().shape()));
    }
    return base.call(new Scatter(at, mode), List.of(base, lines, values)).reshape(spec().shape());
  }

  /// An index with one axis spread over the lines of `x` along `axis`.
  private static <T extends TensorOps<T>> T lines(String name, T x, int axis, T index) {
    if (index.spec().rank() > 1) {
      throw new ShapeException(
          "%s: index is %s; expected one axis or none".formatted(name, index.spec().shape()));
    }
    if (!index.spec().dtype().isInteger()) {
      throw new DTypeException(
          "%s: index is %s; expected integers".formatted(name, index.spec().dtype()));
    }
    Shape target = x.spec().shape().with(axis, index.spec().numel());
    return index.to(DType.INT64).reshape(Positions.alone(target, axis)).expand(target);
  }

  private static <T extends TensorOps<T>> T atLeast1d(T x) {
    return x.spec().rank() == 0 ? x.reshape(1) : x;
  }

  private static void requireMask(String name, TensorOps<?> mask) {
    if (mask.spec().dtype() != DType.BOOL) {
      throw new DTypeException(
          "%s: mask is %s; it must be bool (rule DT-8)".formatted(name, mask.spec().dtype()));
    }
  }

  /// The places of the elements that are not zero, one a row, in row-major order; the number of
  /// rows is read on the host (rule IX-7).
  default T nonzero() {
    Expr isSet = Exprs.cast(DType.BOOL, Exprs.input(0, spec().dtype()));
    List<Integer> axes = IntStream.range(0, spec().rank()).boxed().toList();
    Reduce count = new Reduce(Reduce.Kind.SUM, Exprs.cast(DType.INT64, isSet), axes);
    return call(new NonZero(call(count, List.of(self())).itemLong()), List.of(self()));
  }

  /// The places of the elements that are not zero, for each axis one tensor of indices, as `at`
  /// takes them: `x.get(…)` of them all are those elements.
  default List<T> nonzeroAxes() {
    return nonzero().unbind(1);
  }

  /// 1 at the class that each element names, 0 elsewhere, along a new last axis.
  ///
  /// @param classes number of classes; the elements, int64, are from 0 to it
  default T oneHot(long classes) {
    if (spec().dtype() != DType.INT64) {
      throw new DTypeException(
          "oneHot: elements are %s; they must be int64".formatted(spec().dtype()));
    }
    Shape shape = spec().shape().concat(Shape.of(classes));
    T base = self().zeros(spec().withShape(shape));
    return base.scatter(-1, self().unsqueeze(-1), Scalar.of(1L));
  }
}
