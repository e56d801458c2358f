package dev.proteus.tensor;

import dev.proteus.expr.Exprs;
import dev.proteus.op.Map;
import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Tensors from nothing, on the default device.
final class Factory {
  private Factory() {}

  static TensorSpec spec(Shape shape, DType dtype) {
    return new TensorSpec(shape, dtype, Scope.device());
  }

  static Tensor full(Shape shape, Scalar value, DType dtype) {
    Map fill = Map.of("full", Exprs.constant(dtype, value), spec(shape, dtype));
    return Dispatcher.apply(fill, List.of()).getFirst();
  }

  static Tensor empty(Shape shape, DType dtype) {
    return Literals.made(empty(spec(shape, dtype)));
  }

  static TensorBody empty(TensorSpec spec) {
    Layout layout = Layout.contiguous(spec.shape());
    return spec.device().isMeta()
        ? TensorBody.fresh(spec, new Payload.Meta(layout))
        : Dispatcher.allocate(Backends.of(spec.device()), spec, layout);
  }
}
