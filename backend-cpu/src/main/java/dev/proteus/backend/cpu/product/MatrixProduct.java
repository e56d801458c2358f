package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The products of matrices a `[*, m, k]` by b `[*, k, n]`, batch axes broadcast, in a floating
/// type.
///
/// @param a left operand
/// @param b right operand
/// @param bias what is added to each row of the result, `[1, n]`
/// @param c result `[*, m, n]`
record MatrixProduct(Operand a, Operand b, Optional<NativeMatrix> bias, Operand c) {
  /// Computes the result.
  void run(CpuBackend backend) {
    MatrixProduct flat = flatten();
    if (flat.c.shape().numel() == 0 || flat.runAsRow(backend)) {
      return;
    }
    if (c.dtype() == DType.FLOAT64) {
      flat.run(backend, InnerLoops.CHOSEN.doubles());
    } else {
      flat.run(backend, InnerLoops.CHOSEN.floats());
    }
  }

  private <B> void run(CpuBackend backend, Tiles<B> tiles) {
    Product.Start<B> start =
        bias.map(row -> Product.columns(tiles, row)).orElseGet(() -> Product.zeros(tiles));
    Shape shape = c.shape();
    Shape batch = shape.slice(0, shape.rank() - 2);
    Batch left = new Batch(a, batch);
    Batch right = new Batch(b, batch);
    Batch result = new Batch(c, batch);
    new Products<B>(
            tiles,
            batch.numel(),
            i ->
                new Product<>(
                    new Product.Stored<>(tiles, left.matrix(i)),
                    new Product.Stored<>(tiles, right.matrix(i)),
                    start,
                    Product.into(tiles, result.matrix(i)),
                    shape.size(-2),
                    shape.size(-1),
                    a.shape().size(-1)))
        .run(backend);
  }

  /// The same with all rows of a as one matrix, where b is one matrix and strides allow it.
  private MatrixProduct flatten() {
    int rank = c.layout().rank();
    Shape matrix = b.shape().slice(b.layout().rank() - 2, b.layout().rank());
    if (rank == 2 || b.shape().numel() != matrix.numel() || c.shape().numel() == 0) {
      return this;
    }
    Shape rows = c.shape().slice(0, rank - 1);
    long k = a.shape().size(-1);
    Optional<Layout> left =
        a.layout().expand(rows.concat(Shape.of(k))).reshape(Shape.of(rows.numel(), k));
    Optional<Layout> right = b.layout().reshape(matrix);
    Optional<Layout> result = c.layout().reshape(Shape.of(rows.numel(), c.shape().size(-1)));
    if (left.isEmpty() || right.isEmpty() || result.isEmpty()) {
      return this;
    }
    return new MatrixProduct(
        a.withLayout(left.get()), b.withLayout(right.get()), bias, c.withLayout(result.get()));
  }

  /// Products of one row, or of one column, read the matrix where it lies.
  private boolean runAsRow(CpuBackend backend) {
    long m = c.shape().size(-2);
    long n = c.shape().size(-1);
    if (m == 1) {
      return runRows(backend, a, b, bias, c, UnaryOperator.identity());
    }
    return n == 1 && bias.isEmpty() && runRows(backend, b, a, bias, c, NativeMatrix::transposed);
  }

  private static boolean runRows(
      CpuBackend backend,
      Operand x,
      Operand b,
      Optional<NativeMatrix> bias,
      Operand c,
      UnaryOperator<NativeMatrix> turn) {
    Shape shape = c.shape();
    Shape batch = shape.slice(0, shape.rank() - 2);
    Batch rows = new Batch(x, batch);
    Batch matrices = new Batch(b, batch);
    Batch results = new Batch(c, batch);
    long k = x.shape().numel() == 0 ? 0 : Math.max(x.shape().size(-1), x.shape().size(-2));
    if (k == 0 || !RowProduct.accepts(turn.apply(matrices.matrix(0)), k)) {
      return false;
    }
    long n = Math.max(shape.size(-1), shape.size(-2));
    for (long i = 0; i < batch.numel(); i++) {
      new RowProduct(
              turn.apply(rows.matrix(i)),
              turn.apply(matrices.matrix(i)),
              bias,
              turn.apply(results.matrix(i)),
              (int) k,
              n)
          .run(backend.threads(), backend.scratch());
    }
    return true;
  }
}
