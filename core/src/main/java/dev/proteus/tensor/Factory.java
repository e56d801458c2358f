package dev.proteus.tensor;

import dev.proteus.expr.Exprs;
import dev.proteus.op.Map;
import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.Promotion;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Tensors from nothing, on the default device.
final class Factory {
  /// Where calls without operands start.
  private static final Tensor ORIGIN =
      new Tensor(empty(new TensorSpec(Shape.SCALAR, DType.FLOAT32, Device.META)));

  private Factory() {}

  static TensorSpec spec(Shape shape, DType dtype) {
    return new TensorSpec(shape, dtype, Scope.device());
  }

  static Tensor full(Shape shape, Scalar value, DType dtype) {
    Map fill = Map.of("full", Exprs.constant(dtype, value), spec(shape, dtype));
    return Dispatcher.apply(fill, List.of()).getFirst();
  }

  static Tensor empty(Shape shape, DType dtype) {
    return Literals.made(empty(spec(shape, dtype)));
  }

  static TensorBody empty(TensorSpec spec) {
    Layout layout = Layout.contiguous(spec.shape());
    return spec.device().isMeta()
        ? TensorBody.fresh(spec, new Payload.Meta(layout))
        : Dispatcher.allocate(Backends.of(spec.device()), spec, layout);
  }

  /// The length is the number of steps that fit (rule FC-2).
  static Tensor arange(Scalar start, Scalar end, Scalar step) {
    return ORIGIN.arange(start, end, step, Promotion.of(start, Scope.dtype()), Scope.device());
  }

  static Tensor linspace(double start, double end, long count) {
    return ORIGIN.linspace(start, end, spec(Shape.of(count), Scope.dtype()));
  }

  static Tensor eye(long rows, long columns) {
    return ORIGIN.eye(spec(Shape.of(rows, columns), Scope.dtype()));
  }

  static Tensor rand(Shape shape, DType dtype) {
    TensorSpec spec = spec(shape, dtype);
    Generator.Draw draw = draw(spec, 2);
    return ORIGIN.rand(spec, draw.seed(), draw.offset());
  }

  static Tensor randn(Shape shape, DType dtype) {
    TensorSpec spec = spec(shape, dtype);
    Generator.Draw draw = draw(spec, 4);
    return ORIGIN.randn(spec, draw.seed(), draw.offset());
  }

  static Tensor randint(long low, long high, Shape shape) {
    TensorSpec spec = spec(shape, DType.INT64);
    Generator.Draw draw = draw(spec, 2);
    return ORIGIN.randint(low, high, spec, draw.seed(), draw.offset());
  }

  static Tensor randperm(long count) {
    Generator.Draw draw = draw(spec(Shape.of(count), DType.INT64), 2);
    return ORIGIN.randperm(count, Scope.device(), draw.seed(), draw.offset());
  }

  /// The stretch of the generator that a tensor of this spec takes; none on meta (rule MD-4).
  static Generator.Draw draw(TensorSpec spec, long wordsPerElement) {
    return spec.device().isMeta()
        ? new Generator.Draw(0, 0)
        : Scope.generator().draw(Math.multiplyExact(spec.numel(), wordsPerElement));
  }
}
