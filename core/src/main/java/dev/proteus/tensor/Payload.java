package dev.proteus.tensor;

import dev.proteus.spi.Operand;
import dev.proteus.spi.Storage;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;

/// What a tensor holds.
sealed interface Payload {
  /// How the elements lie, or would lie.
  Layout layout();

  /// The same content read through another layout.
  Payload withLayout(Layout layout);

  /// Elements in the storage of a backend.
  record Dense(Storage storage, Layout layout) implements Payload {
    @Override
    public Dense withLayout(Layout newLayout) {
      return new Dense(storage, newLayout);
    }

    Operand operand(DType dtype) {
      return new Operand(storage, layout, dtype);
    }
  }

  /// Metadata without elements (rule MD-7).
  record Meta(Layout layout) implements Payload {
    @Override
    public Meta withLayout(Layout newLayout) {
      return new Meta(newLayout);
    }
  }
}
