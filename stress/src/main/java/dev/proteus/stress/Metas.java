package dev.proteus.stress;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;

/// Tensors without content, told apart by size and type.
final class Metas {
  private Metas() {}

  static Tensor sized(long size) {
    return Scope.on(Device.META, () -> Tensor.empty(Shape.of(size), DType.FLOAT32));
  }

  static Tensor typed(DType dtype) {
    return Scope.on(Device.META, () -> Tensor.empty(Shape.of(1), dtype));
  }

  static Parameter parameter(DType dtype) {
    return Parameter.of(typed(dtype));
  }
}
