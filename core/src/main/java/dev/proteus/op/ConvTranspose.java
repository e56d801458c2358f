package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The transposed convolution: the gradient of [Conv] for its x.
///
/// Operands: g `[N, O, *out]`, w `[O, C/groups, *K]`, of one floating type; the result is `[N, C,
/// *outputSpatial]`.
///
/// @param stride distance between windows, per spatial axis
/// @param padding zeros added at both ends, per spatial axis
/// @param dilation distance between elements of a window, per spatial axis
/// @param groups parts of the channels that do not see each other
/// @param outputSpatial spatial sizes of the result; those that [Conv] takes to g's
public record ConvTranspose(
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> dilation,
    int groups,
    List<Long> outputSpatial)
    implements Composite, Differentiable {
  public ConvTranspose {
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
    outputSpatial = List.copyOf(outputSpatial);
    Sliding.check("convTranspose", outputSpatial.size(), stride, padding, dilation);
  }

  @Override
  public String name() {
    return "convTranspose" + stride.size() + "d";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Shape g = inputs.get(0).shape();
    Shape w = inputs.get(1).shape();
    Operands.floating(name(), inputs);
    int rank = stride.size() + 2;
    if (g.rank() != rank || w.rank() != rank) {
      throw new ShapeException(
          "%s: x is %s, w is %s; both must have %s axes".formatted(name(), g, w, rank));
    }
    if (groups < 1 || g.size(1) != w.size(0) || w.size(0) % groups != 0) {
      throw new ShapeException(
          "%s: x is %s, w is %s, groups %s; x's channels must be w's first axis, a multiple of groups"
              .formatted(name(), g, w, groups));
    }
    Shape x = Shape.of(g.size(0), w.size(1) * groups).concat(Shape.of(outputSpatial));
    Shape out = sliding(w).windows(name(), x, Rounding.FLOOR);
    if (!out.equals(g.slice(2, rank))) {
      throw new ShapeException(
          "%s: the output's spatial sizes %s belong to %s windows, x has %s"
              .formatted(name(), outputSpatial, out, g.slice(2, rank)));
    }
    return List.of(inputs.get(0).withShape(x));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T g = inputs.get(0);
    T w = inputs.get(1);
    Shape shape = g.spec().shape();
    Shape kernel = w.spec().shape().slice(2, shape.rank());
    Shape out = shape.slice(2, shape.rank());
    ConvAxes axes = new ConvAxes(groups, stride.size());
    Shape channels = Shape.of(shape.size(0), w.spec().shape().size(1) * groups);
    T windows =
        Folding.sumOfProducts(axes.result(g), axes.weight(w), axes.ofWindows())
            .reshape(channels.concat(out).concat(kernel));
    return List.of(sliding(w.spec().shape()).overlay(windows, out, Shape.of(outputSpatial)));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    T ofG =
        g.needs(0)
            ? grad.call(new Conv(stride, padding, dilation, groups), List.of(grad, g.input(1)))
            : null;
    ConvWeight weight =
        new ConvWeight(stride, padding, dilation, groups, Conv.kernel(g.spec(1).shape()));
    return Arrays.asList(ofG, g.needs(1) ? grad.call(weight, List.of(grad, g.input(0))) : null);
  }

  private Sliding sliding(Shape w) {
    return new Sliding(Conv.kernel(w), stride, padding, dilation);
  }
}
