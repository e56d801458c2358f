package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;

/// The checks of [RandomOps#multinomial(long, RandomOps.Drawing, long, long)].
final class Multinomial {
  private Multinomial() {}

  static <T extends TensorOps<T>> void check(T weights, long count, RandomOps.Drawing drawing) {
    Shape shape = weights.spec().shape();
    Folding.floating(weights.spec().dtype(), "multinomial");
    if (shape.rank() < 1 || shape.rank() > 2) {
      throw new ShapeException(
          "multinomial: weights are %s; they must be [n] or [m, n]".formatted(shape));
    }
    if (count < 1 || drawing == RandomOps.Drawing.WITHOUT_REPLACEMENT && count > shape.size(-1)) {
      throw new IllegalArgumentException(
          "multinomial: %s of %s things, %s; expected at least 1, and not more than there are"
              .formatted(count, shape.size(-1), drawing));
    }
    if (!weights.spec().device().isMeta()) {
      checkValues(weights, drawing == RandomOps.Drawing.WITHOUT_REPLACEMENT ? count : 1);
    }
  }

  /// Reads on the host whether each row can be drawn from.
  private static <T extends TensorOps<T>> void checkValues(T weights, long least) {
    T valid = weights.ge(0L).logicalAnd(weights.isfinite()).all(-1);
    T enough = weights.gt(0L).sum(-1).ge(least);
    if (valid.logicalAnd(enough).all().to(DType.INT64).itemLong() == 0) {
      throw new IllegalArgumentException(
          "multinomial: weights %s must be finite, not negative, and at least %s in a row above 0"
              .formatted(weights.spec(), least));
    }
  }
}
