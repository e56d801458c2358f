package dev.proteus.tensor;

import dev.proteus.error.NoDataException;
import dev.proteus.error.ShapeException;
import dev.proteus.op.Copies;
import dev.proteus.op.HostArray;
import dev.proteus.op.Op;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Copies between a tensor and arrays of the host.
final class HostCopies {
  private HostCopies() {}

  /// The body, if it has one element.
  static TensorBody onlyElement(TensorBody body) {
    if (body.spec().numel() != 1) {
      throw new ShapeException(
          "item: the tensor "
              + body.spec()
              + " has "
              + body.spec().numel()
              + " elements; item needs exactly one");
    }
    return body;
  }

  /// The elements in row-major order, in their own type; those of a kind are what it dequantizes
  /// to.
  static MemorySegment rowMajor(TensorBody given, DType dtype, String operator) {
    if (given.spec().device().isMeta()) {
      throw new NoDataException(
          operator + ": the tensor " + given.spec() + " has no data; it is on the meta device");
    }
    TensorBody body = Kinds.elements(given, operator);
    try {
      return rowMajorElements(body, dtype, operator);
    } finally {
      if (body != given) {
        body.disown();
      }
    }
  }

  private static MemorySegment rowMajorElements(TensorBody body, DType dtype, String operator) {
    if (body.spec().dtype() == dtype && body.layout().isContiguous()) {
      return bytes(body, operator);
    }
    DType own = body.spec().dtype();
    if (own != dtype && mustConvertHere(body.spec().device(), own, dtype)) {
      MemorySegment values = rowMajorElements(body, own, operator);
      return own == DType.FLOAT64
          ? HostCasts.ofDoubles(values, dtype)
          : HostCasts.toDoubles(values, own);
    }
    TensorBody cast = body;
    if (own != dtype) {
      cast = run(Copies.cast(own, dtype), body);
    }
    TensorBody dense = cast.layout().isContiguous() ? cast : run(Copies.contiguous(dtype), cast);
    MemorySegment copied = bytes(dense, operator);
    if (dense != body) {
      dense.disown();
    }
    if (cast != body && cast != dense) {
      cast.disown();
    }
    return copied;
  }

  /// Whether a conversion is of float64 on a device that has none.
  private static boolean mustConvertHere(Device device, DType from, DType to) {
    return (from == DType.FLOAT64 || to == DType.FLOAT64)
        && !device.isMeta()
        && !Backends.of(device).computes(DType.FLOAT64);
  }

  private static TensorBody run(Op op, TensorBody body) {
    return Dispatcher.compute(op, List.of(body), Scope.current()).getFirst();
  }

  /// The bytes of a dense body in the order in which they lie.
  static MemorySegment bytes(TensorBody body, String operator) {
    Operand operand = body.operand(operator);
    long bytes = body.spec().bytes();
    MemorySegment host = onHeap(bytes);
    Backend backend = Backends.of(body.spec().device());
    if (bytes > 0) {
      long offset = body.layout().offset() * body.spec().dtype().bytes();
      backend.copyToHost(operand.storage(), offset, host);
    }
    return host;
  }

  /// Heap memory aligned for any element type; beyond what one array holds, native memory of the
  /// garbage collector.
  static MemorySegment onHeap(long bytes) {
    long words = (bytes + 7) / 8;
    return words <= Integer.MAX_VALUE - 8
        ? MemorySegment.ofArray(new long[(int) words]).asSlice(0, bytes)
        : Arena.ofAuto().allocate(bytes, 8);
  }

  static double[] doubles(TensorBody body, String operator) {
    return rowMajor(body, DType.FLOAT64, operator).toArray(ValueLayout.JAVA_DOUBLE);
  }

  static boolean[] booleans(TensorBody body, String operator) {
    MemorySegment bytes = rowMajor(body, DType.BOOL, operator);
    boolean[] values = new boolean[Math.toIntExact(bytes.byteSize())];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.get(ValueLayout.JAVA_BYTE, i) != 0;
    }
    return values;
  }

  /// The elements as a host array.
  static HostArray read(TensorBody body, String operator) {
    return new HostArray(body.spec().shape(), doubles(body, operator));
  }

  /// A new body of this spec with these values.
  static TensorBody write(HostArray values, TensorSpec spec) {
    MemorySegment doubles = MemorySegment.ofArray(values.values());
    TensorSpec wide = spec.withDType(DType.FLOAT64).withShape(values.shape());
    if (spec.dtype() == DType.FLOAT64) {
      return upload(doubles, wide);
    }
    if (mustConvertHere(spec.device(), DType.FLOAT64, spec.dtype())) {
      return upload(HostCasts.ofDoubles(doubles, spec.dtype()), spec.withShape(values.shape()));
    }
    TensorBody body = upload(doubles, wide);
    TensorBody cast = run(Copies.cast(DType.FLOAT64, spec.dtype()), body);
    body.disown();
    return cast;
  }

  /// A new contiguous body filled with the bytes of `source`.
  static TensorBody upload(MemorySegment source, TensorSpec spec) {
    Layout layout = Layout.contiguous(spec.shape());
    if (spec.device().isMeta()) {
      return TensorBody.fresh(spec, new Payload.Meta(layout));
    }
    Backend backend = Backends.of(spec.device());
    TensorBody body = Dispatcher.allocate(backend, spec, layout);
    if (source.byteSize() > 0) {
      backend.copyFromHost(source, body.operand("tensor").storage(), 0);
    }
    return body;
  }
}
