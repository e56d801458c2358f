package dev.proteus.backend.opencl;

import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Memory for as long as one call takes.
final class Scratch implements AutoCloseable {
  private final OpenClBackend backend;
  private final List<OpenClStorage> storages = new ArrayList<>();

  Scratch(OpenClBackend backend) {
    this.backend = backend;
  }

  /// Room for `n` elements, undefined.
  Operand of(DType dtype, long n) {
    OpenClStorage storage = backend.allocate(n * dtype.bytes());
    storages.add(storage);
    return new Operand(storage, Layout.contiguous(Shape.of(n)), dtype);
  }

  @Override
  public void close() {
    storages.forEach(OpenClStorage::release);
  }
}
