package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The largest element of each window, and where it is.
///
/// Operand: x `[N, C, *S]`. Results: values and int64 indices `[N, C, *out]`; an index counts over
/// the spatial axes of x in row-major order and names the first of equal ones. NaN is the largest
/// (rule DT-25). Padding is -inf.
///
/// @param kernel elements of a window, per spatial axis
/// @param stride distance between windows, per spatial axis
/// @param padding elements added at both ends, per spatial axis, at most half a kernel
/// @param dilation distance between elements of a window, per spatial axis
/// @param rounding what happens to a last window that only partly fits
public record MaxPool(
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> dilation,
    Rounding rounding)
    implements Composite, Differentiable {
  public MaxPool {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
    Sliding.check("maxPool", kernel.size(), stride, padding, dilation);
    Sliding.checkPadding("maxPool", kernel, padding);
  }

  @Override
  public String name() {
    return "maxPool" + kernel.size() + "d";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    Shape out = sliding().pooled(name(), x.shape(), rounding);
    return List.of(x.withShape(out), x.withShape(out).withDType(DType.INT64));
  }

  private Sliding sliding() {
    return new Sliding(kernel, stride, padding, dilation);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    Shape shape = x.spec().shape();
    Shape spatial = shape.slice(2, shape.rank());
    Shape pooled = sliding().pooled(name(), shape, rounding);
    Shape out = pooled.slice(2, shape.rank());
    T windows = sliding().windows(x, out, lowest(x.spec().dtype()));
    T positions = sliding().windows(positions(x), out, Scalar.of(spatial.numel() - 1));
    int[] kernelAxes = Folding.last(kernel.size());
    T values = windows.amax(Keep.AXES, kernelAxes);
    T indices = first(windows, values, positions, kernelAxes);
    return List.of(values.reshape(pooled), indices.reshape(pooled));
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return new Saved(0, 2);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    Shape x = g.spec(0).shape();
    MaxPoolBackward backward = new MaxPoolBackward(x.slice(2, x.rank()).toList());
    return Collections.singletonList(g.grad().call(backward, List.of(g.grad(0), g.output(1))));
  }

  /// The numbers of x's spatial elements, as `[1, 1, *S]`.
  static <T extends TensorOps<T>> T positions(T x) {
    Shape shape = x.spec().shape();
    Shape spatial = shape.slice(2, shape.rank());
    return x.arange(spatial.numel(), x.spec().device()).reshape(Shape.of(1, 1).concat(spatial));
  }

  /// The smallest position, along the axes, of an element that equals the maximum; both may be NaN.
  static <T extends TensorOps<T>> T first(T x, T max, T positions, int... axes) {
    Expr element = Folding.input(0, x);
    Expr found = Exprs.or(Exprs.eq(element, Folding.input(1, max)), Exprs.ne(element, element));
    Expr none = Exprs.constant(DType.INT64, Scalar.of(Long.MAX_VALUE));
    return Folding.fold(
        Reduce.Kind.MIN,
        Exprs.where(found, Folding.input(2, positions), none),
        List.of(x, max, positions),
        axes);
  }

  private static Scalar lowest(DType dtype) {
    return switch (dtype) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> Scalar.of(Double.NEGATIVE_INFINITY);
      case INT64 -> Scalar.of(Long.MIN_VALUE);
      case INT32 -> Scalar.of(Integer.MIN_VALUE);
      case INT16 -> Scalar.of(Short.MIN_VALUE);
      case INT8 -> Scalar.of(Byte.MIN_VALUE);
      case UINT8, BOOL -> Scalar.of(0L);
    };
  }
}
