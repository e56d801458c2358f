package dev.proteus.spi;

import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;

/// What a kernel reads or writes: a storage, how the elements lie in it, and their type.
public record Operand(Storage storage, Layout layout, DType dtype) {
  public Shape shape() {
    return layout.shape();
  }

  public Operand withLayout(Layout newLayout) {
    return new Operand(storage, newLayout, dtype);
  }
}
