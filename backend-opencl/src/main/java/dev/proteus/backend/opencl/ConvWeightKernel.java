package dev.proteus.backend.opencl;

import dev.proteus.codegen.Product;
import dev.proteus.codegen.Product.Bias;
import dev.proteus.codegen.Product.Left;
import dev.proteus.codegen.Product.Result;
import dev.proteus.codegen.Product.Right;
import dev.proteus.codegen.Product.RightReading;
import dev.proteus.codegen.WindowAxis;
import dev.proteus.expr.Expr;
import dev.proteus.op.ConvWeight;
import dev.proteus.op.Copies;
import dev.proteus.op.Reduce;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
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
    DType sums = w.dtype().accumulator();
    Layout layout = Layout.contiguous(Shape.of(parts).concat(w.shape()));
    OpenClStorage room = backend.allocate(layout.numel() * sums.bytes());
    try {
      Operand partial = new Operand(room, layout, sums);
      Products.run(
          backend,
          product(op, x, g, w.shape(), parts),
          new Products.Buffers(
              OpenClStorage.buffer(g), OpenClStorage.buffer(x), room.buffer(), room.buffer()));
      addUp(backend, partial, w);
    } finally {
      room.release();
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
                : new RightReading.Offsets(axes),
            List.of(images * ofX, ofX / op.groups()),
            ofX),
        new Bias.None(),
        new Result(0, columns, 1, List.of(w.numel(), filters * columns), Result.Kind.PARTIAL));
  }

  private static void addUp(OpenClBackend backend, Operand partial, Operand w) {
    Reduce sum = new Reduce(Reduce.Kind.SUM, new Expr.Input(0, partial.dtype()), List.of(0));
    Layout one = Layout.contiguous(Shape.of(1).concat(w.shape()));
    if (partial.dtype() == w.dtype()) {
      Layout result = w.layout().reshape(one.shape()).orElseThrow();
      backend.kernel(sum, List.of()).run(List.of(partial), List.of(w.withLayout(result)));
      return;
    }
    OpenClStorage room = backend.allocate(one.numel() * partial.dtype().bytes());
    try {
      Operand wide = new Operand(room, one, partial.dtype());
      backend.kernel(sum, List.of()).run(List.of(partial), List.of(wide));
      backend
          .kernel(Copies.cast(partial.dtype(), w.dtype()), List.of())
          .run(List.of(wide.withLayout(Layout.contiguous(w.shape()))), List.of(w));
    } finally {
      room.release();
    }
  }
}
