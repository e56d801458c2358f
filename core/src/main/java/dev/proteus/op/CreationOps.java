package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// New values from nothing but a spec: what derivatives and definitions need. User-side factories
/// are static methods of `Tensor`.
///
/// @param <T> what operators are applied to
public interface CreationOps<T extends TensorOps<T>> extends Value<T> {
  /// A value of this spec filled with a number.
  default T full(TensorSpec spec, Scalar value) {
    return call(Map.of("full", new Expr.Const(spec.dtype(), value), spec), List.of());
  }

  /// A value of this spec filled with zeros.
  default T zeros(TensorSpec spec) {
    return full(spec, Scalar.of(0L));
  }

  /// A value of this spec filled with ones.
  default T ones(TensorSpec spec) {
    return full(spec, Scalar.of(1L));
  }

  /// The int64 numbers from 0 to `count`, exclusive.
  default T arange(long count, Device device) {
    TensorSpec spec = new TensorSpec(Shape.of(count), DType.INT64, device);
    return call(Map.of("arange", new Expr.Coord(0), spec), List.of());
  }
}
