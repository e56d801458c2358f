package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// The linear map by a quantized weight. Few rows read the codes; for many, strips of the weight
/// become floats that are still in the cache when the matrix product packs them.
///
/// @param x the rows, `[*, k]`
/// @param weight the weight, `[n, k]`
/// @param bias what is added, `[1, n]`
/// @param out the results, `[*, n]`
record QuantizedLinear(Operand x, CodedWeight weight, Optional<NativeMatrix> bias, Operand out) {
  /// Rows up to which reading codes again and again is faster than making floats of them.
  static final int FEW = 8;

  /// Elements of a row that an array holds together with a few others.
  private static final long LONGEST = 1 << 24;

  /// Floats of a strip, about.
  private static final long STRIP = 1 << 20;

  private static final long WORTHWHILE = 1 << 15;

  /// Whether there is such a map for these rows.
  static boolean accepts(TensorSpec x) {
    long k = x.shape().size(-1);
    return x.dtype() != DType.FLOAT64 && k > 0 && k <= LONGEST && x.shape().numel() > 0;
  }

  void run(CpuBackend backend) {
    long n = out.shape().size(-1);
    if (n == 0) {
      return;
    }
    if (out.shape().numel() / n <= FEW) {
      new FewRows(x, weight, bias, out).run(backend);
    } else {
      inStrips(backend, n);
    }
  }

  private void inStrips(CpuBackend backend, long n) {
    long strip = Math.clamp(STRIP / weight.length(), 1, n);
    CpuStorage floats = backend.allocate(Float.BYTES * strip * weight.length());
    try {
      for (long first = 0; first < n; first += strip) {
        strip(backend, floats, first, Math.min(strip, n - first));
      }
    } finally {
      floats.release();
    }
  }

  private void strip(CpuBackend backend, CpuStorage floats, long first, long count) {
    long length = weight.length();
    backend
        .threads()
        .forRange(
            count,
            Math.max(1, WORTHWHILE / length),
            (from, to) -> {
              long start = floats.base() + Float.BYTES * length * from;
              int rows = (int) (to - from);
              weight.floats(backend.scratch(), first + from, rows, floats.segment(), start);
            });
    Shape turned = Shape.of(x.shape().size(-1), count);
    Layout layout = Layout.of(turned, new long[] {1, length}, 0);
    Operand results = atLeastTwo(out);
    new MatrixProduct(
            atLeastTwo(x),
            new Operand(floats, layout, DType.FLOAT32),
            bias.map(row -> row.plus(first * row.columnStride())),
            results.withLayout(results.layout().slice(-1, first, count, 1)))
        .run(backend);
  }

  // ---- operands

  static Operand atLeastTwo(Operand operand) {
    Layout layout = operand.layout();
    return layout.rank() > 1
        ? operand
        : operand.withLayout(layout.reshape(Shape.of(1, layout.numel())).orElseThrow());
  }

  /// An operand with one axis as a matrix with one row.
  static NativeMatrix row(Operand each) {
    long start = CpuStorage.start(each);
    long stride = each.layout().stride(0);
    return new NativeMatrix(CpuStorage.segment(each), start, 0, stride, each.dtype());
  }

  /// An operand with two axes.
  static NativeMatrix matrix(Operand each) {
    return new Batch(each, Shape.of()).matrix(0);
  }

  /// Codes whose rows are contiguous: where they lie, or a copy.
  static NativeMatrix codes(Operand each) {
    NativeMatrix codes = matrix(each);
    if (codes.columnStride() == 1) {
      return codes;
    }
    long rows = each.shape().size(0);
    long columns = each.shape().size(1);
    MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, rows * columns));
    for (long i = 0; i < rows * columns; i++) {
      long from = codes.at(i / columns, i % columns);
      copy.set(ValueLayout.JAVA_BYTE, i, codes.segment().get(ValueLayout.JAVA_BYTE, from));
    }
    return new NativeMatrix(copy, 0, columns, 1, codes.dtype());
  }
}
