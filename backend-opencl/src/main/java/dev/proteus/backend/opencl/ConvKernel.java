package dev.proteus.backend.opencl;

import dev.proteus.codegen.Product;
import dev.proteus.codegen.Product.Bias;
import dev.proteus.codegen.Product.Left;
import dev.proteus.codegen.Product.Result;
import dev.proteus.codegen.Product.Right;
import dev.proteus.codegen.Product.RightReading;
import dev.proteus.codegen.Product.Sight;
import dev.proteus.codegen.WindowAxis;
import dev.proteus.op.Conv;
import dev.proteus.op.ConvTranspose;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Conv] and [ConvTranspose] over one to three spatial axes, as products of the weight by what
/// windows see, for every image and group. Windows are never laid out in memory as a whole.
final class ConvKernel {
  private ConvKernel() {}

  static Optional<Kernel> conv(OpenClBackend backend, Conv op, List<TensorSpec> inputs) {
    return accepts(op.stride().size(), inputs, op.infer(inputs).getFirst().shape())
        ? Optional.of(Dense.of(backend, (in, out) -> run(backend, op, in, out.getFirst())))
        : Optional.empty();
  }

  static Optional<Kernel> transpose(
      OpenClBackend backend, ConvTranspose op, List<TensorSpec> inputs) {
    return accepts(op.stride().size(), inputs, op.infer(inputs).getFirst().shape())
        ? Optional.of(Dense.of(backend, (in, out) -> run(backend, op, in, out.getFirst())))
        : Optional.empty();
  }

  /// Whether there are one to three spatial axes, and anything to compute.
  static boolean accepts(int axes, List<TensorSpec> inputs, Shape result) {
    return axes >= 1
        && axes <= WindowAxis.AXES
        && result.numel() > 0
        && inputs.stream().allMatch(spec -> spec.numel() > 0);
  }

  private static void run(OpenClBackend backend, Conv op, List<Operand> in, Operand y) {
    Operand x = in.get(0);
    Operand w = in.get(1);
    Shape spatial = y.shape().slice(2, y.shape().rank());
    List<WindowAxis> axes =
        WindowAxis.of(
            x.shape().slice(2, x.shape().rank()),
            spatial,
            w.shape().slice(2, w.shape().rank()),
            op.stride(),
            op.padding(),
            op.dilation());
    long filters = w.shape().size(0) / op.groups();
    long places = spatial.numel();
    long terms = w.shape().numel() / w.shape().size(0);
    long image = image(x);
    Left left =
        new Left(
            w.dtype(), w.layout().offset(), terms, 1, 0, terms, 1, List.of(0L, filters * terms));
    Bias bias =
        in.size() > 2
            ? new Bias.Rows(in.get(2).layout().offset(), List.of(0L, filters))
            : new Bias.None();
    Product product =
        new Product(
            filters,
            places,
            terms,
            1,
            List.of(x.shape().size(0), (long) op.groups()),
            left,
            right(
                x,
                WindowAxis.areSingle(axes)
                    ? new RightReading.Matrix(places, 1)
                    : new RightReading.Windows(Sight.PLACES, axes),
                image,
                image / op.groups()),
            bias,
            result(y, places, filters));
    Products.run(backend, product, buffers(w, x, in.size() > 2 ? in.get(2) : x, y));
  }

  private static void run(OpenClBackend backend, ConvTranspose op, List<Operand> in, Operand y) {
    Operand g = in.get(0);
    Operand w = in.get(1);
    Shape spatial = y.shape().slice(2, y.shape().rank());
    Shape kernel = w.shape().slice(2, w.shape().rank());
    List<WindowAxis> axes =
        WindowAxis.of(
            g.shape().slice(2, g.shape().rank()),
            spatial,
            kernel,
            op.stride(),
            op.padding(),
            op.dilation());
    long channels = w.shape().size(1);
    long filters = w.shape().size(0) / op.groups();
    long places = spatial.numel();
    long image = image(g);
    Left left =
        new Left(
            w.dtype(),
            w.layout().offset(),
            kernel.numel(),
            filters,
            channels * kernel.numel(),
            kernel.numel(),
            1,
            List.of(0L, filters * channels * kernel.numel()));
    Product product =
        new Product(
            channels,
            places,
            filters * kernel.numel(),
            1,
            List.of(g.shape().size(0), (long) op.groups()),
            left,
            right(
                g,
                WindowAxis.areSingle(axes)
                    ? new RightReading.Matrix(places, 1)
                    : new RightReading.Windows(Sight.SPREAD, axes),
                image,
                image / op.groups()),
            new Bias.None(),
            result(y, places, channels));
    Products.run(backend, product, buffers(w, g, g, y));
  }

  /// Elements of one image of a batch.
  static long image(Operand x) {
    return x.shape().numel() / x.shape().size(0);
  }

  private static Right right(Operand x, RightReading reading, long image, long group) {
    return new Right(x.dtype(), x.layout().offset(), reading, List.of(image, group), 0);
  }

  private static Result result(Operand y, long places, long rows) {
    return new Result(
        y.layout().offset(), places, 1, List.of(image(y), rows * places), Result.Kind.WHOLE);
  }

  private static Products.Buffers buffers(Operand w, Operand x, Operand bias, Operand y) {
    return new Products.Buffers(
        OpenClStorage.buffer(w),
        OpenClStorage.buffer(x),
        OpenClStorage.buffer(bias),
        OpenClStorage.buffer(y));
  }
}
