package dev.proteus.bench;

import dev.proteus.nn.Conv2d;
import dev.proteus.nn.Flatten;
import dev.proteus.nn.Layer;
import dev.proteus.nn.Linear;
import dev.proteus.nn.MaxPool2d;
import dev.proteus.nn.Relu;
import dev.proteus.nn.Sequential;
import dev.proteus.nn.TransformerEncoderLayer;
import dev.proteus.nn.TransformerOptions;
import dev.proteus.op.ConvOptions;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// The models of the work list.
final class Networks {
  private Networks() {}

  static Layer mlp() {
    return new Sequential(
        new Linear(784, 512), new Relu(), new Linear(512, 256), new Relu(), new Linear(256, 10));
  }

  static Layer leNet() {
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

  static Layer convolution() {
    return new Conv2d(64, 64, 3, ConvOptions.DEFAULT.withPadding(1));
  }

  static Layer encoder() {
    return new TransformerEncoderLayer(384, 12, TransformerOptions.DEFAULT.withHidden(1536));
  }

  /// Twenty linear layers of 1024 × 1024.
  static Layer wide() {
    List<Linear> layers = Stream.generate(() -> new Linear(1024, 1024)).limit(20).toList();
    return new Sequential(Collections.unmodifiableList(layers));
  }
}
