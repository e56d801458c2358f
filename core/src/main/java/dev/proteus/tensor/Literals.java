package dev.proteus.tensor;

import dev.proteus.error.ShapeException;
import dev.proteus.op.HostArray;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;

/// Tensors from values on the host.
final class Literals {
  private Literals() {}

  /// Bytes already in the form of `dtype`, row-major.
  static Tensor bytes(MemorySegment bytes, Shape shape, DType dtype) {
    TensorSpec spec = new TensorSpec(shape, dtype, Scope.device());
    if (bytes.byteSize() != spec.bytes()) {
      throw new ShapeException(
          "tensor: "
              + bytes.byteSize()
              + " bytes were given, "
              + dtype
              + shape
              + " has "
              + spec.bytes());
    }
    return made(HostCopies.upload(bytes, spec));
  }

  /// Real values, rounded to the default floating type.
  static Tensor reals(double[] values, Shape shape) {
    TensorSpec spec = new TensorSpec(shape, Scope.dtype(), Scope.device());
    return made(HostCopies.write(new HostArray(shape, values), spec));
  }

  static Tensor made(TensorBody body) {
    Frame frame = Scope.current().frame();
    if (frame != null) {
      frame.add(body);
    }
    return new Tensor(body);
  }
}
