package dev.proteus.tensor;

import dev.proteus.error.ShapeException;
import dev.proteus.op.HostArray;
import dev.proteus.spi.Backends;
import dev.proteus.spi.Storage;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// Tensors from values on the host.
final class Literals {
  private Literals() {}

  /// Bytes already in the form of `dtype`, row-major.
  static Tensor bytes(MemorySegment bytes, Shape shape, DType dtype) {
    return made(HostCopies.upload(bytes, spec(bytes, shape, dtype)));
  }

  /// The same bytes where the device takes them, else a copy.
  static Tensor sharing(MemorySegment bytes, Shape shape, DType dtype, Runnable released) {
    TensorSpec spec = spec(bytes, shape, dtype);
    Optional<Storage> adopted =
        spec.device().isMeta() || bytes.address() % dtype.bytes() != 0
            ? Optional.empty()
            : Backends.of(spec.device()).adopt(bytes, released);
    if (adopted.isPresent()) {
      Layout layout = Layout.contiguous(shape);
      return made(TensorBody.fresh(spec, new Payload.Dense(adopted.get(), layout)));
    }
    Tensor copy = made(HostCopies.upload(bytes, spec));
    released.run();
    return copy;
  }

  private static TensorSpec spec(MemorySegment bytes, Shape shape, DType dtype) {
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
    return spec;
  }

  /// Real values, rounded to the default floating type.
  static Tensor reals(double[] values, Shape shape) {
    TensorSpec spec = new TensorSpec(shape, Scope.dtype(), Scope.device());
    return made(HostCopies.write(new HostArray(shape, values), spec));
  }

  /// Rows of equal length.
  static Tensor rows(double[][] rows) {
    long width = width(Arrays.stream(rows).mapToLong(row -> row.length).toArray());
    double[] values = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return reals(values, Shape.of(rows.length, width));
  }

  /// Rows of equal length.
  static Tensor rows(long[][] rows) {
    long width = width(Arrays.stream(rows).mapToLong(row -> row.length).toArray());
    long[] values = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
    return bytes(MemorySegment.ofArray(values), Shape.of(rows.length, width), DType.INT64);
  }

  private static long width(long[] lengths) {
    if (Arrays.stream(lengths).distinct().count() > 1) {
      throw new ShapeException(
          "tensor: rows have lengths %s; they must be the same (rule FC-1)"
              .formatted(Arrays.toString(lengths)));
    }
    return lengths.length == 0 ? 0 : lengths[0];
  }

  static Tensor made(TensorBody body) {
    Frame frame = Scope.current().frame();
    if (frame != null) {
      frame.add(body);
    }
    return new Tensor(body);
  }
}
