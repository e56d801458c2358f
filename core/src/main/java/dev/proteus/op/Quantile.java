package dev.proteus.op;

import dev.proteus.error.TensorIndexException;
import dev.proteus.type.DType;

/// The value below which a share of sorted values lies.
///
/// @param share from 0 to 1
/// @param between what stands for a place between two values
public record Quantile(double share, Between between) {
  /// What stands for a place between two values.
  public enum Between {
    /// The line between them.
    LINEAR,
    LOWER,
    HIGHER,
    /// Their mean.
    MIDPOINT,
    /// The nearer one, the even place of two as near.
    NEAREST
  }

  /// What NaN does.
  enum Nan {
    /// The result is NaN, too.
    COUNTS,
    LEFT_OUT
  }

  public Quantile {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "quantile: the share is %s; it must be from 0 to 1".formatted(share));
    }
  }

  /// The quantile along an axis, which goes away. NaN is sorted last, so a place counted among the
  /// others never meets it, and the last place of all does.
  <T extends TensorOps<T>> T of(T operand, int axis, Nan nan) {
    Folding.floating(operand.spec().dtype(), "quantile");
    T x = operand.spec().rank() == 0 ? operand.reshape(1) : operand;
    int at = x.spec().shape().axis(axis, "quantile");
    long size = x.spec().shape().size(at);
    if (size == 0) {
      throw new TensorIndexException(
          "quantile: axis %s of %s is empty; it must have a value (rule DT-33)"
              .formatted(at, operand.spec().shape()));
    }
    T numbers = x.eq(x).sum(Keep.AXES, at);
    T last = numbers.sub(1L).clampMin(0L);
    T place = last.to(DType.FLOAT64).mul(share);
    if (nan == Nan.COUNTS) {
      place = place.maskedFill(numbers.lt(size), (double) (size - 1));
    }
    return picked(x.sort(at).values(), place, at).squeeze(at);
  }

  private <T extends TensorOps<T>> T picked(T sorted, T place, int axis) {
    T low = at(sorted, place.floor(), axis);
    T high = at(sorted, place.ceil(), axis);
    return switch (between) {
      case LINEAR -> low.lerp(high, place.frac().to(sorted.spec().dtype()));
      case LOWER -> low;
      case HIGHER -> high;
      case MIDPOINT -> low.lerp(high, 0.5);
      case NEAREST -> at(sorted, place.round(), axis);
    };
  }

  private static <T extends TensorOps<T>> T at(T sorted, T place, int axis) {
    return Along.pick(sorted, place.to(DType.INT64), axis);
  }
}
