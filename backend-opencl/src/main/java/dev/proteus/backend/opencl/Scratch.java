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
    return of(dtype, Shape.of(n));
  }

  /// Room for the elements of a shape in row-major order, undefined.
  Operand of(DType dtype, Shape shape) {
    OpenClStorage storage = backend.allocate(shape.numel() * dtype.bytes());
    storages.add(storage);
    return new Operand(storage, Layout.contiguous(shape), dtype);
  }

  @Override
  public void close() {
    storages.forEach(OpenClStorage::release);
  }
}
