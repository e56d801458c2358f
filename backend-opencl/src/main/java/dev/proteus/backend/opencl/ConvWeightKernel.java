package dev.proteus.backend.opencl;

import dev.proteus.codegen.Product;
import dev.proteus.codegen.Product.Bias;
import dev.proteus.codegen.Product.Left;
import dev.proteus.codegen.Product.Result;
import dev.proteus.codegen.Product.Right;
import dev.proteus.codegen.Product.RightReading;
import dev.proteus.codegen.Product.Sight;
import dev.proteus.codegen.WindowAxis;
import dev.proteus.expr.Expr;
import dev.proteus.op.ConvWeight;
import dev.proteus.op.Reduce;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [ConvWeight] over one to three spatial axes: products of the gradients by what windows see, one
/// for each image, added up in parts that depend on the number of images alone.
final class ConvWeightKernel {
  /// Parts of the images that are added up side by side.
  private static final long PARTS = 16;

  private ConvWeightKernel() {}

  static Optional<Kernel> make(OpenClBackend backend, ConvWeight op, List<TensorSpec> inputs) {
    return ConvKernel.accepts(op.stride().size(), inputs, op.infer(inputs).getFirst().shape())
        ? Optional.of(
            Dense.of(backend, (in, out) -> run(backend, op, in.get(0), in.get(1), out.getFirst())))
        : Optional.empty();
  }

  private static void run(OpenClBackend backend, ConvWeight op, Operand x, Operand g, Operand w) {
    long parts = parts(x.shape().size(0));
    try (Scratch scratch = new Scratch(backend)) {
      Operand partial = scratch.of(w.dtype().accumulator(), Shape.of(parts).concat(w.shape()));
      Products.run(
          backend,
          product(op, x, g, w.shape(), parts),
          new Products.Buffers(
              OpenClStorage.buffer(g),
              OpenClStorage.buffer(x),
              OpenClStorage.buffer(partial),
              OpenClStorage.buffer(partial)));
      addUp(backend, scratch, partial, w);
    }
  }

  /// As many parts as there may be and the images can be shared among.
  private static long parts(long images) {
    long parts = Math.min(PARTS, images);
    while (images % parts != 0) {
      parts--;
    }
    return parts;
  }

  private static Product product(ConvWeight op, Operand x, Operand g, Shape w, long parts) {
    Shape windows = g.shape().slice(2, g.shape().rank());
    List<WindowAxis> axes =
        WindowAxis.of(
            x.shape().slice(2, x.shape().rank()),
            windows,
            w.slice(2, w.rank()),
            op.stride(),
            op.padding(),
            op.dilation());
    long filters = w.size(0) / op.groups();
    long columns = w.numel() / w.size(0);
    long places = windows.numel();
    long images = x.shape().size(0) / parts;
    long ofX = ConvKernel.image(x);
    long ofG = ConvKernel.image(g);
    return new Product(
        filters,
        columns,
        places,
        images,
        List.of(parts, (long) op.groups()),
        new Left(
            g.dtype(),
            g.layout().offset(),
            places,
            images,
            ofG,
            places,
            1,
            List.of(images * ofG, filters * places)),
        new Right(
            x.dtype(),
            x.layout().offset(),
            WindowAxis.areSingle(axes)
                ? new RightReading.Matrix(1, places)
                : new RightReading.Windows(Sight.OFFSETS, axes),
            List.of(images * ofX, ofX / op.groups()),
            ofX),
        new Bias.None(),
        new Result(0, columns, 1, List.of(w.numel(), filters * columns), Result.Kind.PARTIAL));
  }

  private static void addUp(OpenClBackend backend, Scratch scratch, Operand partial, Operand w) {
    Reduce sum = new Reduce(Reduce.Kind.SUM, new Expr.Input(0, partial.dtype()), List.of(0));
    Operand sums = partial.dtype() == w.dtype() ? w : scratch.of(partial.dtype(), w.shape());
    Layout one = sums.layout().reshape(Shape.of(1).concat(w.shape())).orElseThrow();
    backend.kernel(sum, List.of()).run(List.of(partial), List.of(sums.withLayout(one)));
    if (sums != w) {
      backend.copy(sums, w);
    }
  }
}
