package dev.proteus.nn;

import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;

/// The initial values that layers share, in the default floating type.
final class Weights {
  private Weights() {}

  static Tensor empty(Shape shape) {
    return Tensor.empty(shape, Scope.dtype());
  }

  /// A weight `[out, in, *kernel]`, uniform in ±1/√fan: PyTorch's kaiming with slope √5.
  static Tensor scaledByFan(Shape shape) {
    return Init.kaimingUniform_(empty(shape), Gain.leakyRelu(Math.sqrt(5)), Init.Fan.IN);
  }

  /// A vector, uniform in ±1/√fan.
  static Tensor bias(long size, long fan) {
    double bound = fan == 0 ? 0 : 1 / Math.sqrt((double) fan);
    return Init.uniform_(empty(Shape.of(size)), -bound, bound);
  }

  static Tensor ones(Shape shape) {
    return Tensor.ones(shape, Scope.dtype());
  }

  static Tensor zeros(Shape shape) {
    return Tensor.zeros(shape, Scope.dtype());
  }

  /// The shape of a convolution's weight.
  static Shape kernel(long first, long second, List<Integer> kernel) {
    return Shape.of(first, second)
        .concat(Shape.of(kernel.stream().map(Integer::longValue).toList()));
  }

  /// `a` divided by `groups`.
  ///
  /// @throws IllegalArgumentException if that leaves a rest
  static long perGroup(String layer, long channels, int groups) {
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "%s: %s channels in %s groups; they must be a multiple of them"
              .formatted(layer, channels, groups));
    }
    return channels / groups;
  }
}
