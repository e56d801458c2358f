package dev.proteus.backend.opencl;

import dev.proteus.codegen.Product;
import dev.proteus.codegen.Product.Bias;
import dev.proteus.codegen.Product.Left;
import dev.proteus.codegen.Product.Result;
import dev.proteus.codegen.Product.Right;
import dev.proteus.codegen.Product.RightReading;
import dev.proteus.codegen.Tile;
import dev.proteus.op.Linear;
import dev.proteus.op.MatMul;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// [MatMul] and [Linear] of floating types, for operands of any strides. Products of a few rows or
/// columns are left to the definition, which folds without packing.
final class MatMulKernel {
  /// Rows and columns from which packing pays.
  private static final long FEW = 4;

  /// What must be saved in tiles to exchange rows and columns, as a divisor.
  private static final long WORTH = 4;

  private MatMulKernel() {}

  static Optional<Kernel> matMul(OpenClBackend backend, MatMul op, List<TensorSpec> inputs) {
    Shape result = op.infer(inputs).getFirst().shape();
    Shape a = inputs.getFirst().shape();
    return accepts(inputs, result.size(-2), a.size(-1), result)
        ? Optional.of((in, out) -> run(backend, in.get(0), in.get(1), List.of(), out.getFirst()))
        : Optional.empty();
  }

  static Optional<Kernel> linear(OpenClBackend backend, Linear op, List<TensorSpec> inputs) {
    Shape result = op.infer(inputs).getFirst().shape();
    long rows = result.numel() / Math.max(1, result.size(-1));
    Shape x = inputs.getFirst().shape();
    return x.rank() > 1 && accepts(inputs, rows, x.size(-1), result)
        ? Optional.of((in, out) -> {
          Operand w = in.get(1);
          run(
              backend,
              in.get(0),
              w.withLayout(w.layout().permute(1, 0)),
              in.subList(2, in.size()),
              out.getFirst());
        })
        : Optional.empty();
  }

  private static boolean accepts(List<TensorSpec> inputs, long rows, long terms, Shape result) {
    return inputs.getFirst().dtype().isFloating()
        && rows >= FEW
        && result.size(-1) >= FEW
        && terms > 0
        && result.numel() > 0
        && result.rank() <= Product.AXES + 2;
  }

  private static void run(
      OpenClBackend backend, Operand a, Operand b, List<Operand> bias, Operand c) {
    Optional<Layout> rowsOfA = rows(a, b);
    Optional<Layout> rowsOfC = rows(c, b);
    if (rowsOfA.isPresent() && rowsOfC.isPresent()) {
      multiply(
          backend,
          a.withLayout(rowsOfA.orElseThrow()),
          b.withLayout(matrix(b.layout())),
          bias,
          c.withLayout(rowsOfC.orElseThrow()));
    } else {
      multiply(backend, a, b, bias, c);
    }
  }

  /// All rows as one matrix, if b is one matrix and strides allow it.
  private static Optional<Layout> rows(Operand x, Operand b) {
    Shape shape = x.shape();
    if (b.shape().numel() != b.shape().size(-1) * b.shape().size(-2)) {
      return Optional.empty();
    }
    return x.layout().reshape(Shape.of(shape.numel() / shape.size(-1), shape.size(-1)));
  }

  private static Layout matrix(Layout layout) {
    Shape shape = layout.shape();
    return layout.reshape(shape.slice(shape.rank() - 2, shape.rank())).orElseThrow();
  }

  private static void multiply(
      OpenClBackend backend, Operand a, Operand b, List<Operand> bias, Operand c) {
    Product product = product(a, b, bias, c);
    Product other = product.transposed();
    Tile tile = Tile.of(c.dtype(), backend.programs().vectorBytes());
    boolean isExchanged =
        other.covered(tile) < product.covered(tile) - product.covered(tile) / WORTH;
    Operand left = isExchanged ? b : a;
    Operand right = isExchanged ? a : b;
    Operand added = bias.isEmpty() ? right : bias.getFirst();
    Products.run(
        backend,
        isExchanged ? other : product,
        new Products.Buffers(
            OpenClStorage.buffer(left),
            OpenClStorage.buffer(right),
            OpenClStorage.buffer(added),
            OpenClStorage.buffer(c)));
  }

  private static Product product(Operand a, Operand b, List<Operand> bias, Operand c) {
    Shape batch = c.shape().slice(0, c.shape().rank() - 2);
    Layout left =
        a.layout().expand(batch.concat(a.shape().slice(a.shape().rank() - 2, a.shape().rank())));
    Layout right =
        b.layout().expand(batch.concat(b.shape().slice(b.shape().rank() - 2, b.shape().rank())));
    long[][] strides = {left.strides(), right.strides(), c.layout().strides()};
    Space space = Space.of(batch, strides, IntStream.range(0, batch.rank()).toArray());
    long terms = a.shape().size(-1);
    return new Product(
        c.shape().size(-2),
        c.shape().size(-1),
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
        bias.isEmpty() ? new Bias.None() : new Bias.Columns(bias.getFirst().layout().offset()),
        new Result(
            c.layout().offset(),
            c.layout().stride(-2),
            c.layout().stride(-1),
            list(space.strides(2)),
            Result.Kind.WHOLE));
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
