package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradient of [Conv] for its w.
///
/// Operands: x `[N, C, *S]` and g `[N, O, *out]`, of one floating type; the result is `[O,
/// C/groups, *kernel]`.
///
/// @param stride distance between windows, per spatial axis
/// @param padding zeros added at both ends, per spatial axis
/// @param dilation distance between elements of a window, per spatial axis
/// @param groups parts of the channels that do not see each other
/// @param kernel spatial sizes of the result
public record ConvWeight(
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> dilation,
    int groups,
    List<Integer> kernel)
    implements Composite, Differentiable {
  public ConvWeight {
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
    kernel = List.copyOf(kernel);
    Sliding.check("convWeight", kernel.size(), stride, padding, dilation);
  }

  @Override
  public String name() {
    return "convWeight" + stride.size() + "d";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Shape x = inputs.get(0).shape();
    Shape g = inputs.get(1).shape();
    Operands.floating(name(), inputs);
    int rank = stride.size() + 2;
    if (x.rank() != rank || g.rank() != rank || x.size(0) != g.size(0)) {
      throw new ShapeException(
          "%s: x is %s, g is %s; both must have %s axes and the same first"
              .formatted(name(), x, g, rank));
    }
    if (groups < 1 || x.size(1) % groups != 0 || g.size(1) % groups != 0) {
      throw new ShapeException(
          "%s: x is %s, g is %s; channels must be multiples of groups %s"
              .formatted(name(), x, g, groups));
    }
    Shape out = sliding().windows(name(), x, Rounding.FLOOR);
    Operands.shape(name(), "g", g.slice(2, rank), out);
    return List.of(inputs.get(0).withShape(result(x, g)));
  }

  private Sliding sliding() {
    return new Sliding(kernel, stride, padding, dilation);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.get(0);
    T g = inputs.get(1);
    Shape shape = g.spec().shape();
    ConvAxes axes = new ConvAxes(groups, stride.size());
    T windows = sliding().windows(x, shape.slice(2, shape.rank()), Scalar.of(0L));
    T sums = Folding.sumOfProducts(axes.windows(windows), axes.result(g), axes.ofWeight());
    return List.of(sums.reshape(result(x.spec().shape(), shape)));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    Shape x = g.spec(0).shape();
    ConvTranspose transpose =
        new ConvTranspose(stride, padding, dilation, groups, x.slice(2, x.rank()).toList());
    T ofX = g.needs(0) ? grad.call(transpose, List.of(g.input(1), grad)) : null;
    Conv conv = new Conv(stride, padding, dilation, groups);
    return Arrays.asList(ofX, g.needs(1) ? grad.call(conv, List.of(g.input(0), grad)) : null);
  }

  private Shape result(Shape x, Shape g) {
    Shape channels = Shape.of(g.size(1), x.size(1) / groups);
    return channels.concat(Shape.of(kernel.stream().mapToLong(Integer::longValue).toArray()));
  }
}
