package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Operators that describe samples along an axis: quantiles, the commonest value, covariances,
/// differences and areas.
///
/// Axes count from the end where they are negative.
///
/// @param <T> what operators are applied to
public interface StatisticsOps<T extends TensorOps<T>> extends Value<T> {
  /// The value below which the share `q` of all values lies; NaN if there is one.
  default T quantile(double q) {
    return self().flatten().quantile(q, 0);
  }

  /// The value along an axis below which the share `q` lies, between two neighbours on a line; NaN
  /// if there is one.
  ///
  /// @throws IllegalArgumentException if `q` is not from 0 to 1
  default T quantile(double q, int axis) {
    return quantile(q, axis, Quantile.Between.LINEAR);
  }

  /// The value along an axis below which the share `q` lies; NaN if there is one.
  ///
  /// @param between what stands for a place between two values
  default T quantile(double q, int axis, Quantile.Between between) {
    return new Quantile(q, between).of(self(), axis, Quantile.Nan.COUNTS);
  }

  /// The value below which the share `q` of all values lies that are not NaN.
  default T nanquantile(double q) {
    return self().flatten().nanquantile(q, 0);
  }

  /// The value along an axis below which the share `q` lies of those that are not NaN.
  default T nanquantile(double q, int axis) {
    return new Quantile(q, Quantile.Between.LINEAR).of(self(), axis, Quantile.Nan.LEFT_OUT);
  }

  /// [#quantile(double, int)] for several shares, along a new first axis.
  default T quantile(double[] shares, int axis) {
    List<T> results = new ArrayList<>(shares.length);
    for (double q : shares) {
      results.add(quantile(q, axis));
    }
    return ArrangeOps.stack(results, 0);
  }

  /// The median, the lower one of two, of what is not NaN.
  default T nanmedian() {
    T x = self().flatten();
    return new Quantile(0.5, Quantile.Between.LOWER).of(x, 0, Quantile.Nan.LEFT_OUT);
  }

  /// The commonest value along an axis, the smallest of several, and the last of its places.
  default Indexed<T> mode(int axis) {
    int at = spec().shape().axis(axis, "mode");
    T x = spec().rank() == 0 ? self().reshape(1) : self();
    Indexed<T> sorted = x.sort(at);
    T lines = sorted.values().moveAxis(at, -1).contiguous();
    T first = lines.searchsorted(lines, SearchSorted.Side.LEFT);
    T counts = lines.searchsorted(lines, SearchSorted.Side.RIGHT).sub(first).moveAxis(-1, at);
    Indexed<T> most = counts.max(Keep.AXES, at);
    T last = most.indices().add(most.values()).sub(1L);
    return new Indexed<>(
        Along.pick(sorted.values(), most.indices(), at).squeeze(at),
        Along.pick(sorted.indices(), last, at).squeeze(at));
  }

  /// The covariances of variables, one a row with its samples, with n - 1 in the denominator; the
  /// variance of one variable without axes.
  default T cov() {
    return cov(1);
  }

  /// The covariances of variables, one a row, with n - `correction` in the denominator.
  default T cov(double correction) {
    if (spec().rank() > 2) {
      throw new ShapeException(
          "cov: %s; it must be variables by samples, or one variable".formatted(spec().shape()));
    }
    T rows = spec().rank() == 2 ? self() : self().reshape(1, spec().numel());
    Folding.floating(spec().dtype(), "cov");
    T centered = rows.sub(rows.mean(Keep.AXES, 1));
    double count = Math.max(0, rows.spec().shape().size(1) - correction);
    T products = centered.matmul(centered.t()).div(count);
    return spec().rank() == 2 ? products : products.reshape(Shape.SCALAR);
  }

  /// The correlations of variables, one a row with its samples: covariances divided by deviations,
  /// kept between -1 and 1.
  default T corrcoef() {
    T products = cov();
    if (products.spec().rank() == 0) {
      return products.div(products);
    }
    T deviations = products.diagonal().sqrt();
    return products.div(deviations.unsqueeze(1)).div(deviations.unsqueeze(0)).clamp(-1.0, 1.0);
  }

  /// The differences of neighbours along an axis; of booleans, whether they differ.
  default T diff(int axis) {
    return diff(1, axis);
  }

  /// The differences of neighbours along an axis, taken `order` times; of booleans, whether they
  /// differ.
  ///
  /// @throws IllegalArgumentException if `order` is negative
  default T diff(int order, int axis) {
    int at = Axes.existing(spec().shape(), axis, "diff");
    if (order < 0) {
      throw new IllegalArgumentException(
          "diff: order %s is negative; expected at least 0".formatted(order));
    }
    T x = self();
    for (int i = 0; i < order && x.spec().shape().size(at) > 0; i++) {
      long left = x.spec().shape().size(at) - 1;
      T later = x.narrow(at, 1, left);
      T earlier = x.narrow(at, 0, left);
      x = spec().dtype() == DType.BOOL ? later.ne(earlier) : later.sub(earlier);
    }
    return x;
  }

  /// The area below values at distance `dx` along an axis, by trapezoids.
  default T trapezoid(double dx, int axis) {
    int at = Axes.existing(spec().shape(), axis, "trapezoid");
    return Trapezoids.heights(self(), at).sum(at).mul(dx);
  }

  /// The area below values at the places `x`, which are broadcast, along an axis.
  default T trapezoid(T x, int axis) {
    int at = Axes.existing(spec().shape(), axis, "trapezoid");
    return Trapezoids.areas(self(), x, at).sum(at);
  }

  /// The area so far at each but the first value at distance `dx` along an axis.
  default T cumulativeTrapezoid(double dx, int axis) {
    int at = Axes.existing(spec().shape(), axis, "cumulativeTrapezoid");
    return Trapezoids.heights(self(), at).cumsum(at).mul(dx);
  }

  /// The area so far at each but the first value at the places `x` along an axis.
  default T cumulativeTrapezoid(T x, int axis) {
    int at = Axes.existing(spec().shape(), axis, "cumulativeTrapezoid");
    return Trapezoids.areas(self(), x, at).cumsum(at);
  }
}
