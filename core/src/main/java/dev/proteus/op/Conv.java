package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The convolution (cross-correlation, as in deep learning) over any number of spatial axes.
///
/// Operands: x `[N, C, *S]`, w `[O, C/groups, *K]` and optionally bias `[O]`, of one floating type;
/// the result is `[N, O, *out]` with `out = ⌊(S + 2·padding − dilation·(K − 1) − 1) / stride⌋ + 1`.
/// Closed under differentiation with [ConvTranspose], its gradient for x, and [ConvWeight], its
/// gradient for w.
///
/// @param stride distance between windows, per spatial axis
/// @param padding zeros added at both ends, per spatial axis
/// @param dilation distance between elements of a window, per spatial axis
/// @param groups parts of the channels that do not see each other
public record Conv(List<Integer> stride, List<Integer> padding, List<Integer> dilation, int groups)
    implements Composite, Differentiable {
  public Conv {
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
    Sliding.check("conv", stride.size(), stride, padding, dilation);
  }

  @Override
  public String name() {
    return "conv" + stride.size() + "d";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Shape x = inputs.get(0).shape();
    Shape w = inputs.get(1).shape();
    Operands.floating(name(), inputs);
    int rank = stride.size() + 2;
    if (x.rank() != rank || w.rank() != rank) {
      throw new ShapeException(
          "%s: x is %s, w is %s; both must have %s axes".formatted(name(), x, w, rank));
    }
    if (groups < 1 || x.size(1) != w.size(1) * groups || w.size(0) % groups != 0) {
      throw new ShapeException(
          "%s: x is %s, w is %s, groups %s; x's channels must be w's second axis times groups, w's first a multiple of groups"
              .formatted(name(), x, w, groups));
    }
    if (inputs.size() > 2) {
      Operands.shape(name(), "bias", inputs.get(2).shape(), Shape.of(w.size(0)));
    }
    Shape out = sliding(kernel(w)).windows(name(), x, Rounding.FLOOR);
    return List.of(inputs.get(0).withShape(Shape.of(x.size(0), w.size(0)).concat(out)));
  }

  static List<Integer> kernel(Shape w) {
    return w.slice(2, w.rank()).toList().stream().map(Math::toIntExact).toList();
  }

  private Sliding sliding(List<Integer> kernel) {
    return new Sliding(kernel, stride, padding, dilation);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.get(0);
    T w = inputs.get(1);
    TensorSpec result = infer(inputs.stream().map(Value::spec).toList()).getFirst();
    Shape out = result.shape().slice(2, result.rank());
    ConvAxes axes = new ConvAxes(groups, stride.size());
    T windows = sliding(kernel(w.spec().shape())).windows(x, out, Scalar.of(0L));
    T sums = Folding.sumOfProducts(axes.windows(windows), axes.weight(w), axes.ofResult());
    T y = sums.reshape(result.shape());
    return List.of(
        inputs.size() > 2 ? y.add(BatchNorm.channels(inputs.get(2), result.shape())) : y);
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(0, 1);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    Shape x = g.spec(0).shape();
    Shape w = g.spec(1).shape();
    List<@Nullable T> grads = new ArrayList<>();
    grads.add(
        g.needs(0) ? grad.call(transposed(x.slice(2, x.rank())), List.of(grad, g.input(1))) : null);
    grads.add(g.needs(1) ? grad.call(weight(kernel(w)), List.of(g.input(0), grad)) : null);
    if (g.inputs() > 2) {
      T bias = g.needs(2) ? grad.sum(BatchNorm.others(grad.spec().shape())) : null;
      grads.add(bias);
    }
    return grads;
  }

  private ConvTranspose transposed(Shape spatial) {
    return new ConvTranspose(stride, padding, dilation, groups, spatial.toList());
  }

  private ConvWeight weight(List<Integer> kernel) {
    return new ConvWeight(stride, padding, dilation, groups, kernel);
  }
}
