package dev.proteus.tensor;

import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Tensors whose shape comes later (rules SD-60 to SD-64): a body that knows type and device, until
/// another body takes its place.
final class Uninitialized {
  private Uninitialized() {}

  static Tensor tensor(DType dtype, Device device) {
    return new Tensor(TensorBody.uninitialized(dtype, device));
  }

  static void materialize(Tensor tensor, TensorSpec wanted) {
    // What is held counts, whatever a snapshot in force says: its values would be lost.
    if (!(tensor.held().payload() instanceof Payload.Uninitialized)) {
      throw new IllegalStateException(
          "materialize: the tensor %s is initialized already; only its values can be changed"
              .formatted(tensor.held().spec()));
    }
    Tensor content =
        Scope.noGrad(
            () -> Scope.on(wanted.device(), () -> Tensor.empty(wanted.shape(), wanted.dtype())));
    Tensor.replaceAll(List.of(new Replacement(tensor, content)));
  }
}
