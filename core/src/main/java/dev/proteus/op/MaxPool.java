package dev.proteus.op;

import dev.proteus.type.DType;
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
    throw new UnsupportedOperationException(name());
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
}
