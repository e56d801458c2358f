package dev.proteus.tensor;

import dev.proteus.spi.Operand;
import dev.proteus.spi.Storage;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import java.util.List;

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

  /// A promise of elements whose shape is not known yet (rule SD-60).
  record Uninitialized(DType dtype, Device device) implements Payload {
    @Override
    public Layout layout() {
      throw unknown();
    }

    @Override
    public Uninitialized withLayout(Layout newLayout) {
      throw unknown();
    }

    IllegalStateException unknown() {
      return new IllegalStateException(
          "the tensor is uninitialized, %s@%s: its shape is not known, so no operator can use it;"
                  .formatted(dtype, device)
              + " call the module's forward once, load a state dict, or materialize the tensor"
              + " (rule SD-60)");
    }
  }

  /// What a [Kind] makes of other tensors; it has no elements of its own (rule SC-10).
  ///
  /// @param kind how operators understand the value
  /// @param value what the tensor consists of
  /// @param parts bodies of the tensors in the value, each owned by whoever holds this
  /// @param layout row-major, in the shape that the tensor shows
  record Wrapped<P>(Kind<P> kind, P value, List<TensorBody> parts, Layout layout)
      implements Payload {
    public Wrapped {
      parts = List.copyOf(parts);
    }

    /// Views of a kind are made by the kind.
    @Override
    public Payload withLayout(Layout newLayout) {
      throw new AssertionError(kind.name());
    }

    void release() {
      parts.forEach(TensorBody::disown);
    }
  }
}
