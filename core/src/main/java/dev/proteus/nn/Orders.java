package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.Layout;

/// Tensors whose elements lie in an order that was asked for.
final class Orders {
  private Orders() {}

  /// Whether `tensor` lies so already, or is none that the order is for.
  static boolean isIn(Tensor tensor, Conversion.Order order) {
    return switch (order) {
      case KEEP -> true;
      case CHANNELS_LAST -> !hasChannels(tensor) || channelsLast(tensor.layout()).isContiguous();
    };
  }

  /// The same values in this order; `tensor` itself where it lies so already.
  static Tensor in(Tensor tensor, Conversion.Order order) {
    if (isIn(tensor, order)) {
      return tensor;
    }
    Tensor moved =
        tensor.rank() == 4
            ? tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
            : tensor.permute(0, 2, 3, 4, 1).contiguous().permute(0, 4, 1, 2, 3);
    return moved.detach();
  }

  private static boolean hasChannels(Tensor tensor) {
    return tensor.rank() == 4 || tensor.rank() == 5;
  }

  private static Layout channelsLast(Layout layout) {
    return layout.rank() == 4 ? layout.permute(0, 2, 3, 1) : layout.permute(0, 2, 3, 4, 1);
  }
}
