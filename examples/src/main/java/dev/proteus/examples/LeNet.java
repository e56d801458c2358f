package dev.proteus.examples;

import dev.proteus.nn.Conv2d;
import dev.proteus.nn.Flatten;
import dev.proteus.nn.Linear;
import dev.proteus.nn.MaxPool2d;
import dev.proteus.nn.Relu;
import dev.proteus.nn.Sequential;
import dev.proteus.op.ConvOptions;

/// The network of the example: two convolutions and three linear layers (LeCun et al.,
/// "Gradient-based learning applied to document recognition", 1998, with ReLU and maximum pooling).
final class LeNet {
  private LeNet() {}

  /// A new network for images [n, 1, 28, 28] and 10 classes.
  static Sequential create() {
    return new Sequential(
        new Conv2d(1, 6, 5, ConvOptions.DEFAULT.withPadding(2)),
        new Relu(),
        new MaxPool2d(2),
        new Conv2d(6, 16, 5),
        new Relu(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(400, 120),
        new Relu(),
        new Linear(120, 84),
        new Relu(),
        new Linear(84, 10));
  }
}
