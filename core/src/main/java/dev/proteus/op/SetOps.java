package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Promotion;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.stream.LongStream;

/// Operators that compare elements with others to find, count and sort them into places.
///
/// Where the number of results depends on the data, it is read on the host.
///
/// @param <T> what operators are applied to
public interface SetOps<T extends TensorOps<T>> extends Value<T> {
  /// The different values, ascending; each NaN is one of its own.
  default Unique<T> unique() {
    return self().flatten().unique(0).withInverse(spec().shape());
  }

  /// The different slices along an axis, ordered by their first elements, of those by their second,
  /// and so on. `inverse` and `counts` have one axis.
  ///
  /// @throws ShapeException if slices are empty
  default Unique<T> unique(int axis) {
    int at = Axes.existing(spec().shape(), axis, "unique");
    T rows = Slices.rows(self(), at, "unique");
    return Slices.grouped(self(), at, Slices.ranks(rows).select(1, 0));
  }

  /// One of each run of equal elements, row-major.
  default Unique<T> uniqueConsecutive() {
    return self().flatten().uniqueConsecutive(0).withInverse(spec().shape());
  }

  /// One of each run of equal slices along an axis. `inverse` and `counts` have one axis.
  ///
  /// @throws ShapeException if slices are empty
  default Unique<T> uniqueConsecutive(int axis) {
    int at = Axes.existing(spec().shape(), axis, "uniqueConsecutive");
    T rows = Slices.rows(self(), at, "uniqueConsecutive");
    return Slices.grouped(self(), at, Slices.runs(rows).select(1, 0));
  }

  /// Where `values` would have to be inserted into this, which ascends along its last axis.
  default T searchsorted(T values, SearchSorted.Side side) {
    return call(new SearchSorted(side), List.of(self(), values));
  }

  /// The number of the interval between ascending `boundaries` in which each element lies; an
  /// element equal to a boundary is on the given side of it.
  default T bucketize(T boundaries, SearchSorted.Side side) {
    if (boundaries.spec().rank() != 1) {
      throw new ShapeException(
          "bucketize: boundaries are %s; they must have one axis"
              .formatted(boundaries.spec().shape()));
    }
    return boundaries.searchsorted(self(), side);
  }

  /// Whether each element is equal to one of `candidates`.
  default T isin(T candidates) {
    DType common = Promotion.of(List.of(spec(), candidates.spec()));
    T elements = self().to(common).unsqueeze(-1);
    Expr isEqual = Exprs.eq(Exprs.input(0, common), Exprs.input(1, common));
    Reduce count =
        new Reduce(Reduce.Kind.SUM, Exprs.cast(DType.INT64, isEqual), List.of(spec().rank()));
    T matches = call(count, List.of(elements, candidates.to(common).flatten()));
    return matches.squeeze(-1).ne(0);
  }

  /// How often each number from 0 occurs among integers with one axis.
  ///
  /// @param atLeast the least number of counts
  default T bincount(long atLeast) {
    T ones = self().onesLike().to(DType.INT64);
    return counted(ones, atLeast);
  }

  /// The sum of the weights of each number from 0 among integers with one axis.
  ///
  /// @param atLeast the least number of sums
  default T bincount(T weights, long atLeast) {
    return counted(weights, atLeast);
  }

  private T counted(T weights, long atLeast) {
    if (!spec().dtype().isInteger()) {
      throw new DTypeException(
          "bincount: the operand is %s; it must be integers".formatted(spec().dtype()));
    }
    if (spec().rank() != 1) {
      throw new ShapeException(
          "bincount: the operand is %s; it must have one axis".formatted(spec().shape()));
    }
    long largest = spec().numel() == 0 ? -1 : self().max().itemLong();
    Shape shape = Shape.of(Math.max(atLeast, largest + 1));
    return weights
        .zeros(weights.spec().withShape(shape))
        .scatterAdd(0, self().to(DType.INT64), weights);
  }

  /// How many elements lie in each of `bins` intervals of one length from `min` to `max`; the last
  /// includes its end. Others are not counted.
  default T histc(int bins, double min, double max) {
    if (bins < 1 || !(min < max)) {
      throw new IllegalArgumentException(
          "histc: %s bins from %s to %s; expected at least one bin and min below max"
              .formatted(bins, min, max));
    }
    T x = self().flatten();
    Folding.floating(spec().dtype(), "histc");
    T place = x.sub(min).mul(bins / (max - min)).floor().clamp(0, bins - 1).to(DType.INT64);
    T isInside = x.ge(min).logicalAnd(x.le(max));
    T bin = place.where(isInside, bins);
    T none = x.zeros(x.spec().withShape(Shape.of(bins + 1L)));
    return none.scatterAdd(0, bin, x.onesLike()).narrow(0, 0, bins);
  }

  /// Each element of an axis repeated in place as often as `counts` says for it.
  ///
  /// @param counts integers with one axis, as many as the axis has elements
  default T repeatInterleave(T counts, int axis) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "repeatInterleave");
    if (counts.spec().rank() != 1 || counts.spec().numel() != shape.size(at)) {
      throw new ShapeException(
          "repeatInterleave: counts are %s for axis %s of %s; there must be one for each element"
              .formatted(counts.spec().shape(), at, shape));
    }
    T ends = counts.to(DType.INT64).cumsum(0);
    long total = shape.size(at) == 0 ? 0 : ends.select(0, -1).itemLong();
    T places = self().arange(total, spec().device());
    return self().indexSelect(at, ends.searchsorted(places, SearchSorted.Side.RIGHT));
  }

  /// 1 at the class that each element names, 0 elsewhere, along a new last axis as long as the
  /// largest element demands.
  default T oneHot() {
    return self().oneHot(self().max().itemLong() + 1);
  }

  /// The row and column numbers of the lower triangle of a matrix, as two rows.
  ///
  /// @param shift the last diagonal that belongs to it
  default T trilIndices(long rows, long columns, long shift) {
    T whole = self().ones(new TensorSpec(Shape.of(rows, columns), DType.BOOL, spec().device()));
    return Slices.places(whole.tril(shift), below(rows, columns, shift));
  }

  /// The row and column numbers of the upper triangle of a matrix, as two rows.
  ///
  /// @param shift the first diagonal that belongs to it
  default T triuIndices(long rows, long columns, long shift) {
    T whole = self().ones(new TensorSpec(Shape.of(rows, columns), DType.BOOL, spec().device()));
    long count = rows * columns - below(rows, columns, shift - 1);
    return Slices.places(whole.triu(shift), count);
  }

  /// How many elements of a matrix are on or below a diagonal.
  private static long below(long rows, long columns, long shift) {
    return LongStream.range(0, rows).map(row -> Math.clamp(row + shift + 1, 0, columns)).sum();
  }
}
