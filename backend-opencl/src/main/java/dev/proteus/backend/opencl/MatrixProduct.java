package dev.proteus.backend.opencl;

import dev.proteus.codegen.Product;
import dev.proteus.codegen.Product.Bias;
import dev.proteus.codegen.Product.Left;
import dev.proteus.codegen.Product.Result;
import dev.proteus.codegen.Product.Right;
import dev.proteus.codegen.Product.RightReading;
import dev.proteus.codegen.Tile;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The product of matrices a `[*, m, k]` by b `[*, k, n]` of any strides, at most four batch axes
/// broadcast. The result has b's element type, or the type its sums are kept in.
///
/// @param a left operand
/// @param b right operand
/// @param bias what is added to each row of the result, `[n]`
/// @param c result `[*, m, n]`
record MatrixProduct(Operand a, Operand b, Optional<Operand> bias, Operand c) {
  /// What must be saved in tiles to exchange rows and columns, as a divisor.
  private static final long WORTH = 4;

  MatrixProduct(Operand a, Operand b, Operand c) {
    this(a, b, Optional.empty(), c);
  }

  void run(OpenClBackend backend) {
    MatrixProduct flat = flattened();
    Product product = flat.product();
    Product other = product.transposed();
    Tile tile = Tile.of(c.dtype(), backend.programs().vectorBytes());
    if (other.covered(tile) < product.covered(tile) - product.covered(tile) / WORTH) {
      Products.run(backend, other, flat.buffers(b, a));
    } else {
      Products.run(backend, product, flat.buffers(a, b));
    }
  }

  private Products.Buffers buffers(Operand left, Operand right) {
    return new Products.Buffers(
        OpenClStorage.buffer(left),
        OpenClStorage.buffer(right),
        OpenClStorage.buffer(bias.orElse(right)),
        OpenClStorage.buffer(c));
  }

  /// The same with all rows of a as one matrix, where b is one matrix and strides allow it.
  private MatrixProduct flattened() {
    if (b.shape().numel() != b.shape().size(-1) * b.shape().size(-2)) {
      return this;
    }
    Optional<Layout> rows = rows(a);
    Optional<Layout> results = rows(c);
    return rows.isPresent() && results.isPresent()
        ? new MatrixProduct(
            a.withLayout(rows.orElseThrow()),
            b.withLayout(b.layout().reshape(matrix(b.shape())).orElseThrow()),
            bias,
            c.withLayout(results.orElseThrow()))
        : this;
  }

  private static Optional<Layout> rows(Operand x) {
    Shape shape = x.shape();
    return x.layout().reshape(Shape.of(shape.numel() / shape.size(-1), shape.size(-1)));
  }

  private static Shape matrix(Shape shape) {
    return shape.slice(shape.rank() - 2, shape.rank());
  }

  private Product product() {
    Shape batch = c.shape().slice(0, c.shape().rank() - 2);
    Layout left = a.layout().expand(batch.concat(matrix(a.shape())));
    Layout right = b.layout().expand(batch.concat(matrix(b.shape())));
    Layout result = c.layout();
    long[][] strides = {left.strides(), right.strides(), result.strides()};
    Space space = Space.of(batch, strides, IntStream.range(0, batch.rank()).toArray());
    long terms = a.shape().size(-1);
    return new Product(
        result.shape().size(-2),
        result.shape().size(-1),
        terms,
        1,
        list(space.sizes()),
        new Left(
            a.dtype(),
            left.offset(),
            left.stride(-2),
            1,
            0,
            terms,
            left.stride(-1),
            list(space.strides(0))),
        new Right(
            b.dtype(),
            right.offset(),
            new RightReading.Matrix(right.stride(-2), right.stride(-1)),
            list(space.strides(1)),
            0),
        bias.<Bias>map(added -> new Bias.Columns(added.layout().offset())).orElse(new Bias.None()),
        new Result(
            result.offset(),
            result.stride(-2),
            result.stride(-1),
            list(space.strides(2)),
            c.dtype() == b.dtype() ? Result.Kind.WHOLE : Result.Kind.PARTIAL));
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
